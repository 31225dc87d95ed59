"""What topics make of an article, with the reasons: `Article → Verdict`."""

from msgspec import Struct


class Topic(Struct, frozen=True):
    """What a reader may know of a topic; how it is judged stays inside `topics/`."""

    name: str
    title: str
    description: str = ""


class Evidence(Struct, frozen=True):
    """One finding of one clause of a topic."""

    clause: str  # the clause's name or query
    term: str  # the words as they stand in the article
    field: str  # "title", "lead" or "body"
    position: int  # characters from the start of the title, or of the text for lead and body
    weight: float  # what it added to (or took from) the raw score


class Verdict(Struct, frozen=True):
    """What one topic makes of one article, with the reasons."""

    topic: str
    score: float  # 0–1
    threshold: float
    evidence: tuple[Evidence, ...] = ()
    passage: str = ""  # one or two sentences that carry most of the evidence
    rule: str = ""  # short hash of the topic's definition, so that an old verdict can be told from a new one

    @property
    def matched(self) -> bool:
        return self.score >= self.threshold
