"""A follow-up to a story that was told: only what is new of it, with what was told before for context; and what each
report of a story added to those before it. Pure.
"""

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from datetime import datetime
from re import compile as pattern

from monitor.model import Before, Copy, Report, Story
from monitor.stories.terms import keys_of
from monitor.words import plain_words

_FIGURE = pattern(r"\d+(?:[.,\u00a0\u202f]\d+)*(?:[  ][^\W\d_]{2,}|[  ]?[%€$£])?")
_NAME = pattern(r"(?<=[^\W\d_A-Z] |[,(] )[^\W\d_a-zа-яіїєґ][\w’'-]{2,}(?: [^\W\d_a-zа-яіїєґ][\w’'-]{2,})*")
_NOUNS = ("de", "lb")  # languages that begin every noun with a capital
_MOST_ADDED = 6


def update_of(story: Story, told: Set[str], at: datetime) -> Story | None:
    """The story without what was told of it by `at` (ids of articles); None when all that is new repeats told words."""
    before = [report for report in story.originals if not _new(report, story, told)]
    fresh = tuple(report for report in story.reports if _new(report, story, told))
    if not fresh:
        return None
    headline = before[0].article.title if before else ""
    return replace(story, reports=fresh, before=Before(at, headline, len(before)))


def _new(report: Report, story: Story, told: Set[str]) -> bool:
    """Whether neither the article nor the text it repeats was told."""
    by_id = {each.article.id: each for each in story.reports}
    while report.article.id not in told:
        if not isinstance(report.placement, Copy) or report.placement.of not in by_id:
            return True
        report = by_id[report.placement.of]
    return False


def added(reports: Sequence[Report]) -> dict[str, tuple[str, ...]]:
    """The figures and names that each report (by its article's id) has and none before it; at most six.

    `reports` in order of time. A name counts as known in whatever script it stood before.
    """
    figures: set[str] = set()
    keys: set[int] = set()
    found: dict[str, tuple[str, ...]] = {}
    for report in reports:
        article = report.article
        text = f"{article.title}\n{article.text}"
        news = [figure for figure in _FIGURE.findall(text) if (value := _value(figure)) and value not in figures]
        if article.language not in _NOUNS:
            news += [name for name in _NAME.findall(text) if _unknown(name, keys)]
        found[article.id] = tuple(_once(news))[:_MOST_ADDED]
        figures.update(map(_value, _FIGURE.findall(text)))
        keys.update(key for word in plain_words(text) for key in keys_of(word))
    return found


def _unknown(name: str, keys: Set[int]) -> bool:
    """Whether no word of the name stood before."""
    own = [key for word in plain_words(name) for key in keys_of(word)]
    return bool(own) and keys.isdisjoint(own)


def _once(words: Sequence[str]) -> Iterator[str]:
    """Each of the words once, however it is inflected."""
    seen: set[int | str] = set()
    for word in words:
        marks: set[int | str] = {value} if (value := _value(word)) else set()
        marks = marks or {key for each in plain_words(word) for key in keys_of(each)}
        if seen.isdisjoint(marks):
            yield word
        seen |= marks


def _value(figure: str) -> str:
    return "".join(each for each in figure if each.isdigit())
