"""A follow-up to a story that was told: only what is new of it, with what was told before for context; and what each
report of a story added to those before it. Pure.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import datetime
from re import Match
from re import compile as pattern

from msgspec.structs import replace

from monitor.model import Article, Before, Copy, Report, Story
from monitor.stories.terms import Kind, background, keys_of, kind, ruled_from, value_of
from monitor.words import plain_words

_NUMBER = r"(?:\d{1,3}(?: \d{3})+(?!\d)|\d+(?:[.,\u00a0\u202f]\d+)*)"
_FIGURE = pattern(_NUMBER + r"(?:[  ][^\W\d_]{2,}|[  ]?[%€$£])?")
_DIGITS = pattern(_NUMBER)
_CAPITAL = f"[{''.join(letter for letter in map(chr, range(ord('А') + 0x120)) if letter.isupper())}]"
_SMALL = f"[{''.join(letter for letter in map(chr, range(ord('А') + 0x120)) if letter.islower())}]"
_NAME = pattern(rf"(?<={_SMALL} |[,(] ){_CAPITAL}[\w’'-]{{2,}}(?: {_CAPITAL}[\w’'-]{{2,}})*")
_DATELINE = pattern(r"\A[^\n–—-]{2,40}\([^()\n]{2,40}\)\s?[–—-]\s")  # LONDON (Agency) –
_NOUNS = ("de", "lb")  # languages that begin every noun with a capital
_WORD = pattern(r"[^\W\d_][\w’'-]+")
_YEAR = pattern(r"(?:19|20)\d\d")
_MOST_ADDED = 6
_FEW = 3  # things that are neither a figure nor a name


def update_of(story: Story, told: Set[str], at: datetime) -> Story | None:
    """The story without what was told of it by `at` (ids of articles); None when all that is new repeats told words."""
    by_id = {report.article.id: report for report in story.reports}
    new = {name for name, report in by_id.items() if _new(report, by_id, told)}
    if not new:
        return None
    before = [report for report in story.originals if report.article.id not in new]
    headline = before[0].article.title if before else ""
    known = _Said()
    for name, report in by_id.items():
        if name not in new:
            known.learn(report.article)
    update = replace(story, reports=tuple(report for name, report in by_id.items() if name in new))
    added = tuple(_brought(known, [report.article for report in update.originals]))
    outlets = frozenset(report.outlet for report in before)
    return replace(update, before=Before(at, headline, outlets, added, _agreed(known, update.originals)))


def _brought(known: "_Said", articles: Sequence[Article]) -> list[str]:
    """What the articles, in order of time, say that was not known: figures and names; without any, other things."""
    news = list(_once([one for article in articles for one in known.news(article)]))
    return news[:_MOST_ADDED] or list(_once([one for article in articles for one in known.things(article)]))[:_FEW]


def _agreed(known: "_Said", reports: Sequence[Report]) -> int:
    """The most outlets that say one figure or name that was not known."""
    saying: dict[int | str, set[str]] = defaultdict(set)
    for report in reports:
        for word in known.news(report.article):
            for mark in _marks(word):
                saying[mark].add(report.outlet)
    return max(map(len, saying.values()), default=0)


def _new(report: Report, by_id: Mapping[str, Report], told: Set[str]) -> bool:
    """Whether neither the article nor the text it repeats was told."""
    while report.article.id not in told:
        if not isinstance(report.placement, Copy) or report.placement.of not in by_id:
            return True
        report = by_id[report.placement.of]
    return False


def added(reports: Sequence[Report]) -> dict[str, tuple[str, ...]]:
    """The figures and names that each report (by its article's id) has and none before it; at most six.

    `reports` in order of time. A name counts as known in whatever script it stood before.
    """
    known = _Said()
    found: dict[str, tuple[str, ...]] = {}
    for report in reports:
        found[report.article.id] = tuple(_once(known.news(report.article)))[:_MOST_ADDED]
        known.learn(report.article)
    return found


class _Said:
    """What some articles said: their figures, and what their words stand for in whatever language."""

    def __init__(self) -> None:
        self._figures: set[str] = set()
        self._keys: set[int] = set()

    def learn(self, article: Article) -> None:
        """One more article."""
        text = _text(article)
        self._figures.update(map(_value, _FIGURE.findall(text)))
        self._keys.update(key for word in plain_words(text) for key in _stood_for(word))

    def news(self, article: Article) -> list[str]:
        """The figures and names of an article that none had, as they stand there."""
        text = _text(article)
        found = [match for match in _FIGURE.finditer(text) if _value(match.group()) not in self._figures]
        placed = [(match.start(), match.group()) for match in found if not _tells_time(match)]
        if article.language not in _NOUNS:
            placed += [(match.start(), match.group()) for match in _NAME.finditer(text) if self._lacks(match.group())]
        placed += [(match.start(), match.group()) for match in _WORD.finditer(text) if self._lacks_place(match.group())]
        return [words for _, words in sorted(placed, key=lambda each: each[0])]

    def things(self, article: Article) -> list[str]:
        """The common words of news that stand for something none spoke of, as they stand there."""
        common = background()
        return [
            match.group()
            for match in _WORD.finditer(_text(article))
            if any(key in common and key not in self._keys for key in keys_of(match.group()))
        ]

    def _lacks(self, name: str) -> bool:
        own = [key for word in plain_words(name) for key in _stood_for(word)]
        return bool(own) and self._keys.isdisjoint(own)

    def _lacks_place(self, word: str) -> bool:
        """Whether it is a place, which needs no capital in the middle of a sentence to be known for a name."""
        return word[0].isupper() and any(kind(key) is Kind.PLACE for key in keys_of(word)) and self._lacks(word)


def _stood_for(word: str) -> set[int]:
    """What the word means; of a capital its state, too, for which it stands in the news."""
    return {meant for key in keys_of(word) for meant in (key, ruled_from(key))}


def _text(article: Article) -> str:
    return f"{article.title}\n{_DATELINE.sub('', article.text)}"


def _tells_time(figure: Match[str]) -> bool:
    """Whether it is a year or part of a time of day, which stand in every report."""
    text, (start, end) = figure.string, figure.span()
    return bool(_YEAR.fullmatch(figure.group())) or ":" in (text[start - 1 : start], text[end : end + 1])


def _once(words: Sequence[str]) -> Iterator[str]:
    """Each of the words once, however it is inflected."""
    seen: set[int | str] = set()
    for word in words:
        marks = _marks(word)
        if seen.isdisjoint(marks):
            yield word
        seen |= marks


def _marks(word: str) -> set[int | str]:
    """What a figure or a name is known by, however it is written or inflected."""
    if value := _value(word):
        return {value}
    return {key for each in plain_words(word) for key in keys_of(each)}


def _value(figure: str) -> str:
    """The number that is written there, however it is grouped; "" where none is."""
    found = _DIGITS.search(figure)
    return value_of(found.group()) if found else ""
