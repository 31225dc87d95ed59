"""What changed in an article after it was told: its headline, or its figures. Pure.

Figures are compared where one run of words replaces another, so that "62 million" can be shown beside the "65 million"
that took its place. What was only added or left out, times of day and other words are no correction.
"""

from difflib import SequenceMatcher
from re import compile as pattern

from monitor.model import Article, Correction
from monitor.words import plain_words

_TOKEN = pattern(r"\d+(?::\d+)+|\d{1,3}(?:[.,\u00a0\u202f]\d{3})+|\d+(?:[.,]\d+)?|[^\W\d]+(?:['’-][^\W\d]+)*")
_MOST = 1_500  # words that are compared
_MOST_FIGURES = 4


def correction(told_title: str, told_text: str, article: Article, outlet: str) -> Correction | None:
    """What of the article's headline or figures changed since it was told in those words; None where neither did."""
    renamed = [word.casefold() for word in plain_words(told_title)] != [
        word.casefold() for word in plain_words(article.title)
    ]
    changed = dict.fromkeys(_figures(told_text, article.text))
    if not (renamed or changed):
        return None
    return Correction(
        article=article.id,
        outlet=outlet,
        headline=told_title if renamed else "",
        now=article.title,
        figures=tuple(changed)[:_MOST_FIGURES],
    )


def _figures(told: str, now: str) -> list[tuple[str, str]]:
    """(as told, now) of each figure that took another's place."""
    before, after = _TOKEN.findall(told)[:_MOST], _TOKEN.findall(now)[:_MOST]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    found = []
    for what, start, end, start_now, end_now in matcher.get_opcodes():
        if what == "replace":
            pairs = zip(_named(before, start, end), _named(after, start_now, end_now), strict=False)
            found += [(one, other) for one, other in pairs if _value(one) != _value(other)]
    return found


def _named(words: list[str], start: int, end: int) -> list[str]:
    """The figures of a run, each with the word after it, which says what it counts."""
    places = [place for place in range(start, end) if words[place][0].isdigit() and ":" not in words[place]]
    return [" ".join(words[place : place + 2]) if _counts(words, place) else words[place] for place in places]


def _counts(words: list[str], place: int) -> bool:
    return place + 1 < len(words) and not words[place + 1][0].isdigit()


def _value(figure: str) -> str:
    """A figure without its word and however it is grouped."""
    return "".join(each for each in figure.split(" ")[0] if each.isdigit())
