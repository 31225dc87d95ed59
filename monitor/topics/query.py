"""The query language: its grammar, its tree, and what is wrong with a query that does not parse.

Described for people in docs/topics.md. Parsing only; what a query finds is decided in `matching`.
"""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from monitor.errors import nearest
from monitor.topics import sense
from monitor.topics.lexicon import wrong_term
from monitor.topics.nodes import (
    FIELDS,
    STATED,
    And,
    Close,
    ConceptNode,
    Counted,
    Node,
    Not,
    Or,
    TermNode,
    Weighted,
    Within,
)

if TYPE_CHECKING:
    from lark import Lark, Token, UnexpectedInput

MOST_COUNTED = 100
MOST_WEIGHT = 100
DEEPEST = 20
_OPERATORS = ("AND", "OR", "NOT", "NEAR/5", "~s", "~p")

_GRAMMAR = r"""
?start: either
?either: both ("OR" both)*
?both: side ("AND" side)*
?side: near | "NOT" side -> negation
?near: part (CLOSENESS operand)*
?operand: part | "NOT" part -> negation
?part: item
    | part "^" NUMBER -> weighted
    | part "{" NUMBER [CLOSENESS] "}" -> counted
?item: "(" either ")"
    | FIELD item -> within
    | CONCEPT -> concept
    | PHRASE -> term
    | WORD -> term
CLOSENESS.3: /NEAR\/\d+(?![\w.])|~[a-z]\b/
FIELD.2: /[A-Za-z]+:(?!\/\/)/
CONCEPT: /#[\w-]+/
PHRASE: /"[^"\n]*"/
NUMBER: /\d+(\.\d+)?/
WORD: /(?!(?:AND|OR|NOT)(?![^\s()"~^{}#:]))[^\s()"~^{}#:]+/
%ignore /\s+/
"""
_SAID = {
    "OR": "OR",
    "AND": "AND",
    "NOT": "NOT",
    "CLOSENESS": "NEAR/n, ~s or ~p",
    "LPAR": "(",
    "RPAR": ")",
    "LBRACE": "{count}",
    "RBRACE": "}",
    "CIRCUMFLEX": "^weight",
    "FIELD": "a field such as title:",
    "CONCEPT": "a #concept",
    "PHRASE": 'a "phrase"',
    "NUMBER": "a number",
    "WORD": "a word",
    "$END": "the end",
}


class Mistake(Struct, frozen=True):
    """What is wrong with a query: at which character (from 0), in words, and a hint."""

    offset: int
    message: str
    hint: str = ""


class _Build:
    """Makes nodes of the parser's trees; a method for each rule of the grammar."""

    def __init__(self, concepts: Sequence[str], known: Sequence[str]) -> None:
        self.concepts = concepts
        self.known = known
        self.mistakes: list[Mistake] = []

    def node(self, tree: Any) -> Node:
        """The node of lark's tree, which is not too deep, its branches first."""
        if tree.data == "within" and str(tree.children[0])[:-1].casefold() in STATED:
            return self.stated(*tree.children)
        found = [self.node(one) if hasattr(one, "data") else one for one in tree.children]
        made: Node = getattr(self, tree.data)(found)
        if isinstance(made, And):
            first = tree
            while hasattr(first, "data"):
                first = first.children[0]
            self._note(first, sense.never_all(made))
        return made

    def _note(self, token: "Token", wrong: tuple[str, str] | None) -> None:
        if wrong:
            self.mistakes.append(Mistake(token.start_pos or 0, *wrong))

    def term(self, found: "list[Token]") -> Node:
        text = str(found[0]).strip('"')
        self._note(found[0], wrong_term(text) if found[0].type == "PHRASE" else sense.odd_word(text))
        return TermNode(text)

    def stated(self, field: "Token", part: Any) -> Node:
        name = str(field)[:-1].casefold()
        if getattr(part, "data", "") != "term":
            self.mistakes.append(Mistake(field.start_pos or 0, f"'{name}:' takes one word or phrase"))
            return Within(name, TermNode(""))
        text = str(part.children[0]).strip('"')
        self._note(part.children[0], sense.odd_value(name, text))
        return Within(name, TermNode(text))

    def concept(self, found: "list[Token]") -> Node:
        name = str(found[0])[1:]
        if name not in self.concepts:
            hint = nearest(name, self.concepts) or "see config/concepts"
            self.mistakes.append(Mistake(found[0].start_pos or 0, f"unknown concept '#{name}'", hint))
        return ConceptNode(name)

    def within(self, found: list[Any]) -> Node:
        name = str(found[0])[:-1].casefold()
        if name not in FIELDS:
            hint = nearest(name, self.known) or f"fields: {', '.join(self.known)}"
            self.mistakes.append(Mistake(found[0].start_pos, f"unknown field '{name}:'", hint))
        elif inner := sense.field_inside(found[1]):
            message = f"'{inner}:' within '{name}:': what stands in one does not stand in the other"
            self.mistakes.append(Mistake(found[0].start_pos, message, "ask for one field"))
        return Within(name, found[1])

    def weighted(self, found: list[Any]) -> Node:
        factor = float(found[1])
        if not 0 < factor <= MOST_WEIGHT:
            message = f"a weight is above 0 and at most {MOST_WEIGHT}, not {found[1]}"
            self.mistakes.append(Mistake(found[1].start_pos, message))
        return Weighted(found[0], factor)

    def counted(self, found: list[Any]) -> Node:
        part, number, how = found
        if "." in number or not 1 <= int(number) <= MOST_COUNTED:
            message = f"a count is a whole number from 1 to {MOST_COUNTED}, not {number}"
            self.mistakes.append(Mistake(number.start_pos, message))
            return Counted(part, 1)
        before = len(self.mistakes)
        node = Counted(part, int(number), *(self._reach(how) if how else (0, 0)))
        if len(self.mistakes) == before:
            self._note(number, sense.never_counted(node))
        return node

    def negation(self, found: list[Node]) -> Node:
        return Not(found[0])

    def both(self, found: list[Node]) -> Node:
        return And(tuple(found))

    def either(self, found: list[Node]) -> Node:
        return Or(tuple(found))

    def near(self, found: list[Any]) -> Node:
        node: Node = found[0]
        for how, operand in zip(found[1::2], found[2::2], strict=True):
            close = Close(node, operand, *self._reach(how))
            self._note(how, sense.never_close(close, str(how)))
            node = close
        return node

    def _reach(self, how: "Token") -> tuple[int, int]:
        """As (words, sentences)."""
        if how in ("~s", "~p"):
            return 0, 1 if how == "~s" else 2
        if how.startswith("~"):
            self.mistakes.append(Mistake(how.start_pos or 0, f"unknown operator '{how}'", "~s or ~p"))
            return 0, 1
        distance = int(how[5:])
        if not 1 <= distance <= 100:
            self.mistakes.append(Mistake(how.start_pos or 0, f"NEAR/{distance}: allowed are 1 to 100 words"))
        return min(max(distance, 1), 100), 0


@cache
def _parser() -> "Lark":
    from lark import Lark

    return Lark(_GRAMMAR, parser="lalr", maybe_placeholders=True)


def parse(query: str, concepts: Sequence[str], more: Sequence[str] = ()) -> tuple[Node | None, list[Mistake]]:
    """The tree of a query, or None and every mistake in it; never raises for a wrong query.

    `more`: what may stand before a colon where it was typed and is understood elsewhere.
    """
    from lark import UnexpectedInput

    if not query.strip():
        return None, [Mistake(0, "the query is empty", "write at least one word or #concept")]
    try:
        tree = _parser().parse(query)
    except UnexpectedInput as error:
        return None, [_explained(error, query)]
    if _depth(tree) > DEEPEST:
        return None, [Mistake(0, f"the query is nested deeper than {DEEPEST}", "make concepts of its parts")]
    build = _Build(concepts, (*FIELDS, *more))
    node = build.node(tree)
    return (None, build.mistakes) if build.mistakes else (node, [])


def _depth(tree: object) -> int:
    """Of a tree, where each operand of a chain `a ~s b ~s c` is one deeper; without recursion."""
    from lark import Tree

    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        part, depth = waiting.pop()
        deepest = max(deepest, depth)
        if isinstance(part, Tree):
            below = depth + (len(part.children) // 2 if part.data == "near" else 1)
            waiting += [(child, below) for child in part.children]
    return deepest


def _explained(error: "UnexpectedInput", query: str) -> Mistake:
    from lark import UnexpectedCharacters, UnexpectedToken

    expected: set[str] = set()
    offset = sum(len(line) + 1 for line in query.split("\n")[: error.line - 1]) + error.column - 1
    found = f"'{query[offset : offset + 1]}'"
    if isinstance(error, UnexpectedToken):
        expected = set(error.accepts or error.expected)
        found = f"'{error.token}'"
        if error.token.type == "$END":
            found, offset = "the end", len(query.rstrip())
        elif error.token.type == "WORD" and (odd := sense.odd_word(str(error.token))):
            return Mistake(offset, *odd)
    elif isinstance(error, UnexpectedCharacters):
        expected = set(error.allowed or ())
    said = [_SAID[name] for name in _SAID if name in expected]
    word = found.strip("'")
    if word == '"':
        return Mistake(offset, "found a quote that is not closed", 'end the phrase with another "')
    hint = "" if word in _OPERATORS or found == "the end" else nearest(word, _OPERATORS)
    before = query[:offset].split()[-1:]
    if not hint and before in (["and"], ["or"], ["not"]):
        hint = f"did you mean '{before[0].upper()}'?"
    return Mistake(offset, f"found {found}, expected {', '.join(said) or 'something else'}", hint)
