"""Which clauses can hold in an article, told from the terms that occur in it; so that nobody looks at the others.

What a query needs is a list of sets of leaves: of each set at least one must occur (in the title, where the query says
so: that rules out most of such clauses). A clause is looked up by the smallest of its sets, and then checked against
the others. A clause that needs nothing (`NOT a`) is looked up by all of its leaves, since without any of them it is
known beforehand.
"""

from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import accumulate

from monitor.topics.nodes import (
    STATED,
    And,
    Close,
    ConceptNode,
    Counted,
    Node,
    Or,
    TermNode,
    Weighted,
    Within,
    is_stated,
    parts_of,
)

Occurrence = tuple[TermNode | ConceptNode, bool]
"""A leaf, and whether it must stand in the title."""
Needs = tuple[frozenset[Occurrence], ...]

_NONE, _SEVERAL = -1, -2


def leaves_of(node: Node) -> Iterator[TermNode | ConceptNode]:
    """Every term and concept that a query looks for in the article itself."""
    if isinstance(node, TermNode | ConceptNode):
        yield node
    elif not is_stated(node):
        for part in parts_of(node):
            yield from leaves_of(part)


def looks_outside(node: Node) -> bool:
    """Whether a query asks for what is stated of an article: its outlet, address, language or country."""
    return is_stated(node) or any(map(looks_outside, parts_of(node)))


def needs(node: Node, in_title: bool = False) -> Needs:
    """What must occur for a query to find anything."""
    match node:
        case TermNode() | ConceptNode():
            return (frozenset(((node, in_title),)),)
        case Within(field, part):
            return () if field in STATED else needs(part, field == "title")
        case Weighted(part) | Counted(part):
            return needs(part, in_title)
        case And(parts):
            return tuple(need for part in parts for need in needs(part, in_title))
        case Or(parts):
            every = [needs(part, in_title) for part in parts]
            return (frozenset().union(*(min(each, key=len) for each in every)),) if all(every) else ()
        case Close(left, right):
            return needs(left, in_title) + needs(right, in_title)
        case _:
            return ()


def _rarest(need: frozenset[Occurrence]) -> tuple[int, bool]:
    """Few leaves before many, the title before the rest."""
    return len(need), not all(in_title for _, in_title in need)


class Candidates:
    """Looks up the clauses that can hold, by the leaves that occur.

    At ten thousand topics the memory that is touched costs more than the work: hence numbers in arrays, not objects.
    """

    def __init__(self, queries: Sequence[Node], leaves: Mapping[Node, int]) -> None:
        # What occurs is numbered: a leaf anywhere by its own number, one in the title by that and the number of leaves.
        triggers: list[list[int]] = [[] for _ in range(2 * len(leaves))]
        self._leaves = len(leaves)
        self._always: list[int] = []
        self._second = array("i", [_NONE]) * len(queries)  # the other leaf that a query needs
        self._others: dict[int, list[frozenset[int]]] = {}  # what it needs if that is more
        for query, node in enumerate(queries):
            required = [
                frozenset(leaves[leaf] + in_title * len(leaves) for leaf, in_title in need)
                for need in sorted(needs(node), key=_rarest)
            ]
            if not required and looks_outside(node):
                self._always.append(query)
                continue
            for leaf in required[0] if required else {leaves[leaf] for leaf in leaves_of(node)}:
                triggers[leaf].append(query)
            others = required[1:]
            if len(others) == 1 and len(others[0]) == 1:
                (self._second[query],) = others[0]
            elif others:
                self._second[query] = _SEVERAL
                self._others[query] = others
        self._triggers = array("I", [query for queries in triggers for query in queries])
        self._starts = array("I", [0, *accumulate(map(len, triggers))])  # of each leaf in `_triggers`

    def of(self, occurring: Collection[int]) -> list[int]:
        """The numbers of the queries that may find something else than in an empty article, in order.

        `occurring` are the leaves that occur, and those in the title with the number of leaves added as well.
        """
        starts, triggers, second = self._starts, self._triggers, self._second
        holding = set(self._always)
        for leaf in occurring:
            for query in triggers[starts[leaf] : starts[leaf + 1]]:
                other = second[query]
                if other == _NONE or other in occurring or (other == _SEVERAL and self._all_occur(query, occurring)):
                    holding.add(query)
        return sorted(holding)

    def _all_occur(self, query: int, hits: Collection[int]) -> bool:
        return all(any(leaf in hits for leaf in need) for need in self._others[query])
