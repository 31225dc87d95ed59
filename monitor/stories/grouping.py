"""Whether a new article opens a story, joins one or copies one; always with the reason in words. Pure.

This version joins what is the same *text* or the same *headline*. Two outlets that report one event in their own words
and under their own headlines open two stories.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from monitor.model import Article, Copy, Fingerprint, Joins, Known, Opens, Placement
from monitor.stories.fingerprint import Likeness, likeness

_SHARED = 0.45  # of the shorter text: one word in eight may be another
_SHARED_WHEN_SHORT = 0.75
_SHARED_BY_OUTLET = 0.75  # an outlet's own standing phrases are in all of its articles
_BEGINS = 0.40  # of the first 100 words
_SHARED_WITH_BEGINNING = 0.25  # and this much of the rest, when only the beginning is alike
_SHORT = 60  # words
_FIGURES = 0.5  # fewer common figures than that, and it is the next of a series
_SAME_HEADLINE = timedelta(hours=48)
_SAME_HEADLINE_BY_OUTLET = timedelta(hours=12)  # "What we know this morning" comes every day


def place(article: Article, fingerprint: Fingerprint, known: Sequence[Known]) -> Placement:
    """Where `article` belongs among `known`, the remembered articles that share its address, headline or a band.

    The order of `known` does not matter. Of several candidates the most alike decides, of equals the earliest.
    """
    earliest = sorted((each for each in known if each.article != article.id), key=lambda each: (each.at, each.article))
    return (
        _same_address(fingerprint, earliest)
        or _copy(fingerprint, earliest)
        or _same_headline(article, fingerprint, earliest)
        or Opens(article.id)
    )


def _same_address(fingerprint: Fingerprint, known: Iterable[Known]) -> Placement | None:
    for each in known:
        if fingerprint.url_key and each.fingerprint.url_key == fingerprint.url_key:
            return Copy(each.story, each.article, 1.0, f"same address as {_named(each)}")
    return None


def _copy(fingerprint: Fingerprint, known: Iterable[Known]) -> Placement | None:
    best: tuple[float, Known] | None = None
    for each in known:
        alike = likeness(fingerprint, each.fingerprint)
        if _is_copy(alike, fingerprint, each.fingerprint):
            share = max(alike.shared, alike.begins)
            if best is None or share > best[0]:
                best = (share, each)
    if best is None:
        return None
    share, original = best
    return Copy(original.story, original.article, share, f"copy of {_named(original)} by {round(100 * share)} %")


def _is_copy(alike: Likeness, one: Fingerprint, other: Fingerprint) -> bool:
    if alike.figures < _FIGURES:
        return False
    needed = _SHARED
    if min(one.words, other.words) < _SHORT:
        needed = max(needed, _SHARED_WHEN_SHORT)
    if _outlet(one) and _outlet(one) == _outlet(other):
        needed = max(needed, _SHARED_BY_OUTLET)
    if alike.shared >= needed:
        return True
    return needed == _SHARED and alike.begins >= _BEGINS and alike.shared >= _SHARED_WITH_BEGINNING


def _same_headline(article: Article, fingerprint: Fingerprint, known: Iterable[Known]) -> Placement | None:
    for each in known:
        if not fingerprint.title_key or each.fingerprint.title_key != fingerprint.title_key:
            continue
        same_outlet = _outlet(fingerprint) == _outlet(each.fingerprint)
        within = _SAME_HEADLINE_BY_OUTLET if same_outlet else _SAME_HEADLINE
        if abs(article.found_at - each.at) <= within:
            hours = round(within.total_seconds() / 3600)
            return Joins(each.story, f"same headline as {_named(each)} within {hours} h")
    return None


def _outlet(fingerprint: Fingerprint) -> str:
    """The host of the article's address."""
    return fingerprint.url_key.partition("/")[0].partition("?")[0]


def _named(known: Known) -> str:
    title = known.title if len(known.title) <= 100 else known.title[:99].rstrip() + "…"
    return f"«{title}» ({known.outlet})"
