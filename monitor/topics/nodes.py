"""The tree of a query: what each part asks for. Evaluated in `matching`, made by `query`."""

from msgspec import Struct

STATED = ("source", "url", "lang", "country")
"""Fields that are stated of an article and do not stand in it."""
FIELDS = ("title", "lead", "body", *STATED)


class TermNode(Struct, frozen=True):
    """Words written in the query itself."""

    text: str


class ConceptNode(Struct, frozen=True):
    """A named word list."""

    name: str


class Leaf(Struct, frozen=True):
    """A term or a concept by its number in the lexicon; never comes from the parser (see `matching.bind`)."""

    number: int


class Within(Struct, frozen=True):
    """Only what stands in one field; for one of `STATED`: whether that value contains the words."""

    field: str
    part: "Node"


class Weighted(Struct, frozen=True):
    """Finds count `factor` times."""

    part: "Node"
    factor: float


class Counted(Struct, frozen=True):
    """Nothing, unless there are at least `least` finds.

    With a reach (`words` or `sentences` as in Close): only finds among which, within that reach of the first, are those
    of at least `least` different terms.
    """

    part: "Node"
    least: int
    words: int = 0
    sentences: int = 0


class Not(Struct, frozen=True):
    """True where the part finds nothing."""

    part: "Node"


class And(Struct, frozen=True):
    """All parts, anywhere in the article."""

    parts: "tuple[Node, ...]"


class Or(Struct, frozen=True):
    """Any of the parts."""

    parts: "tuple[Node, ...]"


class Close(Struct, frozen=True):
    """Both parts near each other: within `words` words, or (words = 0) within `sentences` adjacent sentences."""

    left: "Node"
    right: "Node"
    words: int = 0
    sentences: int = 0


Node = TermNode | ConceptNode | Leaf | Within | Weighted | Counted | Not | And | Or | Close


def parts_of(node: Node) -> tuple[Node, ...]:
    """What a part of a query is made of; nothing where it is a term, a concept or a leaf."""
    match node:
        case Within(_, part) | Weighted(part) | Counted(part) | Not(part):
            return (part,)
        case And(parts) | Or(parts):
            return parts
        case Close(left, right):
            return left, right
        case _:
            return ()


def is_stated(node: Node) -> bool:
    """Whether a part asks for what is stated of an article and does not stand in it."""
    return isinstance(node, Within) and node.field in STATED
