"""The tree of a query: what each part asks for. Evaluated in `matching`, made by `query`."""

from dataclasses import dataclass

STATED = ("source", "url", "lang", "country")
"""Fields that are stated of an article and do not stand in it."""
FIELDS = ("title", "lead", "body", *STATED)


@dataclass(frozen=True, slots=True)
class TermNode:
    """Words written in the query itself."""

    text: str


@dataclass(frozen=True, slots=True)
class ConceptNode:
    """A named word list."""

    name: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """A term or a concept by its number in the lexicon; never comes from the parser (see `matching.bind`)."""

    number: int


@dataclass(frozen=True, slots=True)
class Within:
    """Only what stands in one field; for one of `STATED`: whether that value contains the words."""

    field: str
    part: "Node"


@dataclass(frozen=True, slots=True)
class Weighted:
    """Finds count `factor` times."""

    part: "Node"
    factor: float


@dataclass(frozen=True, slots=True)
class Counted:
    """Nothing, unless there are at least `least` finds.

    With a reach (`words` or `sentences` as in Close): only finds among which, within that reach of the first, are those
    of at least `least` different terms.
    """

    part: "Node"
    least: int
    words: int = 0
    sentences: int = 0


@dataclass(frozen=True, slots=True)
class Not:
    """True where the part finds nothing."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """All parts, anywhere in the article."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """Any of the parts."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Close:
    """Both parts near each other: within `words` words, or (words = 0) within `sentences` adjacent sentences."""

    left: "Node"
    right: "Node"
    words: int = 0
    sentences: int = 0


Node = TermNode | ConceptNode | Leaf | Within | Weighted | Counted | Not | And | Or | Close
