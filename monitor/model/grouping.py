"""Which articles tell one event: `Verdict → Placement → Story`."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct

from monitor.model.judging import Verdict
from monitor.model.reading import Article


class Fingerprint(Struct, frozen=True):
    """What of an article is compared with others to recognise copies."""

    url_key: str  # links.url_key of its address; "" = none
    title_key: str  # its folded headline; "" when too short to tell anything
    signature: bytes  # MinHash of the text's shingles; b"" when the text is too short
    bands: tuple[int, ...]  # signature in bands, as numbers to look up; equal band = maybe a copy
    words: int  # of title and text


class Known(Struct, frozen=True):
    """A remembered article that a new one may repeat."""

    article: str  # id
    story: str  # id
    fingerprint: Fingerprint
    title: str
    outlet: str
    at: datetime  # found


class Sketch(Struct, frozen=True):
    """What of an article is compared with others to recognise reports of one event in other words."""

    terms: Mapping[int, float]  # by key (stories.terms): how often, and how prominently, it stands there
    headline: frozenset[int]  # the keys of the terms in the headline
    shown: Mapping[int, str]  # a word of the article for each key; empty when it comes from the archive
    moment: datetime | None  # when it was published; None = not known
    round_up: bool = False  # tells many events and belongs to the story of none


class Link(NamedTuple):
    """How much two articles have in common."""

    alike: float  # 0–1, by their terms
    close: float  # the same, less what days, places and figures in headlines take off it
    first: bool = True  # of the other's story nothing was more alike at that time


class Neighbour(Struct, frozen=True):
    """A remembered article that shares rare terms with a new one, or stands in a story with one that does."""

    number: int  # of the article
    article: str  # id
    story: str  # id
    sketch: Sketch
    norm: float  # the length of its weighed terms when it came
    links: Mapping[int, Link]  # by number: to those that were near when it came
    title_key: str  # its folded headline
    title: str
    outlet: str
    at: datetime  # found


class Opens(Struct, frozen=True):
    """The article is the first of a new story."""

    story: str
    reason: str = "nothing like it was known"


class Joins(Struct, frozen=True):
    """The article reports, in its own words, what a known story reports."""

    story: str
    reason: str


class Copy(Struct, frozen=True):
    """The article repeats the words of a known one."""

    story: str
    of: str  # the id of the article it repeats
    similarity: float  # 0–1
    reason: str


Placement = Opens | Joins | Copy


class Report(Struct, frozen=True):
    """One article within a story: who told it, why it matched, why it stands here."""

    article: Article
    outlet: str
    verdicts: tuple[Verdict, ...]  # the matching ones, best first
    placement: Placement


class Before(Struct, frozen=True):
    """What a subscription was told of a story already."""

    at: datetime  # the end of the last digest's window that told it
    headline: str
    outlets: frozenset[str]  # that reported it in own words
    added: tuple[str, ...] = ()  # figures and names, else things, that the new reports have and no told one has
    agreed: int = 0  # the most outlets of the new reports that say one such figure or name


class Correction(Struct, frozen=True):
    """What an article says otherwise since a subscription was told it."""

    article: str  # id
    outlet: str
    headline: str  # as it was told; "" = unchanged
    now: str  # its headline now
    figures: tuple[tuple[str, str], ...]  # (as told, now), each with the word it counts: "62 million", "65 million"


class Story(Struct, frozen=True):
    """One event, told once, however many outlets report it; an update holds only what is new."""

    id: str
    reports: tuple[Report, ...]  # never empty, in order of finding
    before: Before | None = None  # None = told for the first time
    corrections: tuple[Correction, ...] = ()  # of its reports that were told before

    @property
    def in_time(self) -> tuple[Report, ...]:
        """Its reports in order of time."""
        return tuple(sorted(self.reports, key=lambda one: (one.article.at, one.article.id)))

    @property
    def originals(self) -> tuple[Report, ...]:
        """Of each text its earliest report, in order of time, whoever was found first; the others repeat its words."""
        placements = {report.article.id: report.placement for report in self.reports}
        earliest: dict[str, Report] = {}
        for report in self.in_time:
            text = report.article.id
            while isinstance(placement := placements.get(text), Copy):
                text = placement.of
            earliest.setdefault(text, report)
        return tuple(earliest.values())

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The best verdict of each topic over all reports, best first."""
        best: dict[str, Verdict] = {}
        every = (verdict for report in self.reports for verdict in report.verdicts)
        for verdict in sorted(every, key=lambda each: (-each.score, each.topic)):
            best.setdefault(verdict.topic, verdict)
        return tuple(best.values())
