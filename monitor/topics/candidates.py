"""Which clauses can hold in an article, told from the terms that occur in it; so that nobody looks at the others.

What a query needs is a list of sets of leaves: of each set at least one must occur. A clause is looked up by the
smallest of its sets, and then checked against the others. A clause that needs nothing (`NOT a`) is looked up by all
of its leaves, since without any of them it is known beforehand.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from monitor.topics.query import (
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

Needs = tuple[frozenset[TermNode | ConceptNode], ...]


def leaves_of(node: Node) -> Iterator[TermNode | ConceptNode]:
    """Every term and concept that a query looks for in the article itself."""
    match node:
        case TermNode() | ConceptNode():
            yield node
        case Within(field, part):
            if field not in STATED:
                yield from leaves_of(part)
        case Weighted(part) | Counted(part) | Not(part):
            yield from leaves_of(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves_of(part)
        case Close(left, right):
            yield from leaves_of(left)
            yield from leaves_of(right)


def looks_outside(node: Node) -> bool:
    """Whether a query asks for what is stated of an article: its outlet, address, language or country."""
    match node:
        case Within(field, part):
            return field in STATED or looks_outside(part)
        case Weighted(part) | Counted(part) | Not(part):
            return looks_outside(part)
        case And(parts) | Or(parts):
            return any(map(looks_outside, parts))
        case Close(left, right):
            return looks_outside(left) or looks_outside(right)
        case _:
            return False


def needs(node: Node) -> Needs:
    """What must occur for a query to find anything."""
    match node:
        case TermNode() | ConceptNode():
            return (frozenset((node,)),)
        case Within(field, part):
            return () if field in STATED else needs(part)
        case Weighted(part) | Counted(part):
            return needs(part)
        case And(parts):
            return tuple(need for part in parts for need in needs(part))
        case Or(parts):
            every = [needs(part) for part in parts]
            return (frozenset().union(*(min(each, key=len) for each in every)),) if all(every) else ()
        case Close(left, right):
            return needs(left) + needs(right)
        case _:
            return ()


class Candidates:
    """Looks up the clauses that can hold, by the leaves that occur."""

    def __init__(self, queries: Sequence[Node], leaves: Mapping[Node, int]) -> None:
        triggers: dict[int, list[int]] = {}
        self._others: list[tuple[frozenset[int], ...]] = [()] * len(queries)
        always: list[int] = []
        for query, node in enumerate(queries):
            required = sorted(needs(node), key=len)
            if required:
                trigger, *others = (frozenset(leaves[leaf] for leaf in need) for need in required)
                self._others[query] = tuple(others)
            elif looks_outside(node):
                always.append(query)
                continue
            else:
                trigger = frozenset(leaves[leaf] for leaf in leaves_of(node))
            for leaf in trigger:
                triggers.setdefault(leaf, []).append(query)
        self._triggers = {leaf: tuple(numbers) for leaf, numbers in triggers.items()}
        self._always = frozenset(always)

    def of(self, hits: Collection[int]) -> list[int]:
        """The numbers of the queries that may find something else than in an empty article, in order."""
        found = [triggers for triggers in map(self._triggers.get, hits) if triggers]
        occurring, others = set(hits), self._others
        holding = []
        for query in self._always.union(*found):
            for need in others[query]:
                if need.isdisjoint(occurring):
                    break
            else:
                holding.append(query)
        holding.sort()
        return holding
