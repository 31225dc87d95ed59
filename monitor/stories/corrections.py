"""What changed in an article after it was told: its headline, or its figures. Pure.

Figures are compared where one run of words replaces another, so that "62 million" can be shown beside the "65 million"
that took its place. What was only added or left out, times of day and other words are no correction.
"""

from difflib import SequenceMatcher
from re import compile as pattern

from monitor.model import Article, Correction
from monitor.stories.terms import value_of
from monitor.words import plain_words

_TOKEN = pattern(r"\d+(?::\d+)+|\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+(?!\d)|\d+(?:[.,]\d+)?|[^\W\d]+(?:['’-][^\W\d]+)*")
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
            pairs = zip(_places(before, start, end), _places(after, start_now, end_now), strict=False)
            found += [
                (_named(before, one), _named(after, other))
                for one, other in pairs
                if value_of(before[one]) != value_of(after[other])
            ]
    return found


def _places(words: list[str], start: int, end: int) -> list[int]:
    """Where the figures of a run stand."""
    return [place for place in range(start, end) if words[place][0].isdigit() and ":" not in words[place]]


def _named(words: list[str], place: int) -> str:
    """A figure with the word after it, which says what it counts."""
    return " ".join([words[place], *(word for word in words[place + 1 : place + 2] if not word[0].isdigit())])
