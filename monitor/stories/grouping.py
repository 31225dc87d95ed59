"""Whether a new article copies a known one or comes under its headline; always with the reason in words. Pure.

What tells an event in its own words, under its own headline, is placed by `topical`. Whether two articles are tied
does not depend on which came first, and stories are at least what ties hold together: so the order in which hosts
answer makes no difference to copies.
"""

from collections.abc import Sequence
from datetime import timedelta

from monitor.model import Article, Copy, Fingerprint, Joins, Known, Opens, Placement
from monitor.stories.fingerprint import Likeness, likeness

_SHARED = 0.45  # of the shorter text: one word in eight may be another
_SHARED_WHEN_SHORT = 0.75
_SHARED_BY_OUTLET = 0.75  # an outlet's own standing phrases are in all of its articles
_SHARED_OF_LONGER = 0.34  # a round-up holds the whole of many texts and is a copy of none; or both begin alike
_BEGINS = 0.40  # of the first 100 words
_SHARED_WITH_BEGINNING = 0.25  # and this much of the rest, when only the beginning is alike
_SHORT = 60  # words
_FIGURES = 0.5  # fewer common figures than that, and it is the next of a series
_SAME_HEADLINE = timedelta(hours=48)
_SAME_HEADLINE_BY_OUTLET = timedelta(hours=12)  # "What we know this morning" comes every day


def place(article: Article, fingerprint: Fingerprint, known: Sequence[Known]) -> Placement:
    """Where `article` belongs among `known`, the remembered articles that share its address, headline or a band."""
    return next(iter(ties(article, fingerprint, known)), Opens(article.id))


def ties(article: Article, fingerprint: Fingerprint, known: Sequence[Known]) -> tuple[Copy | Joins, ...]:
    """Each of `known` that `article` is tied to, as the placement that would follow from it; the closest first.

    The order of `known` does not matter: equally close are the earliest first. Ties to articles of several stories, or
    to several texts of one, make one of them.
    """
    earliest = sorted((each for each in known if each.article != article.id), key=lambda each: (each.at, each.article))
    found = [tie for each in earliest if (tie := _tie(article, fingerprint, each))]
    return tuple(placement for _, placement in sorted(found, key=lambda tie: -tie[0]))


def _tie(article: Article, fingerprint: Fingerprint, each: Known) -> tuple[float, Copy | Joins] | None:
    """How close (an address above any text, a text above any headline) and what follows."""
    other = each.fingerprint
    if fingerprint.url_key and other.url_key == fingerprint.url_key:
        return 2.0, Copy(each.story, each.article, 1.0, f"same address as {_named(each)}")
    alike = likeness(fingerprint, other)
    if _is_copy(alike, fingerprint, other):
        share = max(alike.shared, alike.begins)
        return share, Copy(each.story, each.article, share, f"copy of {_named(each)} by {round(100 * share)} %")
    if fingerprint.title_key and other.title_key == fingerprint.title_key:
        same_outlet = _outlet(fingerprint) == _outlet(other)
        within = _SAME_HEADLINE_BY_OUTLET if same_outlet else _SAME_HEADLINE
        if abs(article.found_at - each.at) <= within:
            hours = round(within.total_seconds() / 3600)
            return 0.0, Joins(each.story, f"same headline as {_named(each)} within {hours} h")
    return None


def _is_copy(alike: Likeness, one: Fingerprint, other: Fingerprint) -> bool:
    if alike.figures < _FIGURES:
        return False
    needed = _SHARED
    if min(one.words, other.words) < _SHORT:
        needed = max(needed, _SHARED_WHEN_SHORT)
    if _outlet(one) and _outlet(one) == _outlet(other):
        needed = max(needed, _SHARED_BY_OUTLET)
    shorter, longer = sorted((one.words, other.words))
    if alike.shared >= needed and (alike.begins >= _BEGINS or alike.shared * shorter >= _SHARED_OF_LONGER * longer):
        return True
    return needed == _SHARED and alike.begins >= _BEGINS and alike.shared >= _SHARED_WITH_BEGINNING


def _outlet(fingerprint: Fingerprint) -> str:
    """The host of the article's address."""
    return fingerprint.url_key.partition("/")[0].partition("?")[0]


def _named(known: Known) -> str:
    return named(known.title, known.outlet)


def named(title: str, outlet: str) -> str:
    """A report as reasons name it."""
    short = title if len(title) <= 100 else title[:99].rstrip() + "…"
    return f"«{short}» ({outlet})" if outlet else f"«{short}»"
