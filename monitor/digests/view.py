"""What a template sees of a digest: every word ready to be shown, nothing left to decide.

One object, `DigestView`, is the whole data of a template; config/templates/README.md describes it for people. All texts
are plain (no HTML, no control characters, no line ends) and not yet escaped: HTML templates escape by themselves.
"""

from msgspec import Struct
from msgspec.structs import replace


class Match(Struct, frozen=True):
    """How well a story fits a topic."""

    topic: str  # the topic's title
    percent: int  # the score, 0–99
    strength: str  # the score in words: "strong match"


class Term(Struct, frozen=True):
    """Words of an article that speak for a topic."""

    words: str  # as they stand in the article
    places: tuple[str, ...]  # of "headline", "lead", "text"


class Outlet(Struct, frozen=True):
    """Somebody who reported a story in own words."""

    name: str
    when: str  # local: "06:40", "Sun 18:40"; "seen 06:40" when the outlet states no time
    first: bool  # the earliest of several
    url: str  # of its report; "" = none


class StoryView(Struct, frozen=True):
    """One story, printed once under its best topic; its other topics point to it."""

    rank: int  # 1 = the most important of the digest
    headline: str  # in its own language
    url: str  # http or https; "" = none
    language: str  # ISO 639-1; "" = not known
    language_name: str  # "Ukrainian"; "" for English and for what is not known
    direction: str  # "ltr", "rtl" or "auto"
    outlets: tuple[Outlet, ...]  # in order of time
    more_outlets: int  # not listed
    copies: tuple[str, ...]  # outlets that only repeat the words of another
    more_copies: int  # not listed
    extract: str  # at most two sentences
    update: str  # "2 new reports since Mon 23 Nov; new: Denmark" when the story was told before, else ""
    told_as: str  # its headline then; "" when it was not told before
    match: Match
    terms: tuple[Term, ...]  # strongest first
    also: tuple[Match, ...]  # under the subscription's other topics
    live: bool = False  # the report it leads to is a live blog, which changes while one reads
    archive: str = ""  # its page on the desk; "" where no address of the desk is set
    relevant: str = ""  # a link that marks it as relevant for `match.topic`; "" as above
    irrelevant: str = ""  # one that marks it as not
    mute: str = ""  # one that mutes it
    corrections: tuple[str, ...] = ()  # what told reports now say otherwise: "Daily: 62 million → 65 million"
    late: bool = False  # found before the digest's period, and only now a match
    at_once: str = ""  # of an alert: by what it passes the rule, "names Oslo" or "98 %, 3 independent outlets"


class SectionView(Struct, frozen=True):
    """One topic with its stories; in a mail that would grow too large the later ones are brief or only counted.

    The last section may be of what comes late, whatever its topic: then it has a note, and each story names its topic.
    """

    title: str
    stories: tuple[StoryView, ...]
    brief: tuple[StoryView, ...] = ()
    unlisted: int = 0
    note: str = ""  # one sentence under the title
    elsewhere: str = ""  # one sentence on stories that fit it, too, and are printed under another topic

    @property
    def total(self) -> int:
        return len(self.stories) + len(self.brief) + self.unlisted


class TrendView(Struct, frozen=True):
    """A topic's last 14 days: stories that began on each, against the busiest of them."""

    title: str
    days: tuple[int, ...]  # the oldest first; each ends at the hour of the digest
    bars: str  # the same as a line of block characters
    heights: tuple[int, ...]  # the same in pixels, 1 to 28
    total: int
    words: str  # "23 stories, at most 5 a day", "no story"


class CoverageView(Struct, frozen=True):
    """The small print: how the digest was made."""

    period: str  # one sentence: from when to when
    longer: str  # one sentence when the period is longer than usual, else ""
    feeds: str  # how many were read, and since when nothing was
    entries: str  # how much was looked through; "" when nothing was read
    failed: tuple[tuple[str, str], ...]  # (outlet, with the time it was last read; problem)
    more_failed: int  # not listed
    unvisited: tuple[str, ...]  # outlets
    more_unvisited: int  # not listed
    silent: tuple[str, ...] = ()  # outlets that are silent against their own norm
    more_silent: int = 0  # not listed
    noticed: tuple[tuple[str, str], ...] = ()  # (outlet, or "The monitor"; what began or is over)
    more_noticed: int = 0  # not listed
    remark: str = ""  # a sentence when the digest's own template is broken


class DigestView(Struct, frozen=True):
    """Everything a template may show."""

    title: str  # the subscription's
    date: str  # "Monday 23 November 2026", local
    subject: str
    summary: str  # "7 stories", "1 story", "nothing new", "nothing could be read"
    counts: tuple[tuple[str, int], ...]  # (section's title, stories)
    nothing: str  # one sentence when there is no story although feeds were read, else ""
    notice: str  # one or two sentences to be read first: a spike, or why an alert comes late; else ""
    warning: str  # one or two sentences when the digest may miss much because little could be read, else ""
    sections: tuple[SectionView, ...]  # topics that no story fits left out; what comes late stands last
    coverage: CoverageView
    unsubscribe: str = ""  # a link that ends the subscription; "" where no address of the desk is set
    preview: str = ""  # what an inbox shows after the subject, and the subject does not say: what is told first
    trends: tuple[TrendView, ...] = ()  # of every topic; empty in alerts, and when there was no story for 14 days

    @property
    def total(self) -> int:
        return sum(section.total for section in self.sections)

    @property
    def brief(self) -> int:
        return sum(len(section.brief) for section in self.sections)

    @property
    def unlisted(self) -> int:
        return sum(section.unlisted for section in self.sections)

    def limited(self, full: int, listed: int) -> "DigestView":
        """The same with only the first `full` stories whole, those up to `listed` brief, the others counted."""
        return replace(self, sections=tuple(_limited(section, full, listed) for section in self.sections))


def _limited(section: SectionView, full: int, listed: int) -> SectionView:
    whole = tuple(story for story in section.stories if story.rank <= full)
    brief = tuple(story for story in section.stories if full < story.rank <= listed)
    return replace(section, stories=whole, brief=brief, unlisted=len(section.stories) - len(whole) - len(brief))
