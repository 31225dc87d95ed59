"""What a query finds in an article: the places, and how strongly.

The strength of a find depends on its field (title > lead > body); more finds add less and less, never above 1.
AND is as strong as its weakest part, OR grows with each part, NOT is 1 or 0.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

from monitor import words
from monitor.topics.document import Document
from monitor.topics.lexicon import Hit
from monitor.topics.nodes import (
    STATED,
    And,
    Close,
    ConceptNode,
    Counted,
    Leaf,
    Node,
    Not,
    Or,
    TermNode,
    Weighted,
    Within,
)
from monitor.topics.query import MOST_COUNTED

FIELD_STRENGTH: Mapping[str, float] = {"title": 0.85, "lead": 0.7, "body": 0.4}
ENOUGH = 1e-6  # of strength missing: further finds do not change it
_MANY = 10_000  # places that are looked at in one article, each as often as a query asks; no honest article has them
_FEW = MOST_COUNTED  # beyond that only the first few of each part of a query are looked at


class Place(NamedTuple):
    """One find: the numbers of its first and last word, of the words that matched in between, and its term."""

    first: int
    last: int
    parts: tuple[tuple[int, int], ...]
    term: int = -1
    factor: float = 1.0


class Found(NamedTuple):
    """What a query found: 0 (nothing) to 1, and where, in the order of the text."""

    strength: float
    places: tuple[Place, ...] = ()


NOTHING, _HOLDS = Found(0.0), Found(1.0)


def bind(node: Node, leaves: Mapping[Node, int], known: dict[Node, Node]) -> Node:
    """The same query, its terms and concepts replaced by their numbers in the lexicon.

    Parts that are equal become one object, found in `known`, so that no part is evaluated twice.
    """
    match node:
        case TermNode() | ConceptNode():
            bound: Node = Leaf(leaves[node])
        case Within(name, part):
            bound = node if name in STATED else Within(name, bind(part, leaves, known))
        case Weighted(part, factor):
            bound = Weighted(bind(part, leaves, known), factor)
        case Counted(part, least, reach, sentences):
            bound = Counted(bind(part, leaves, known), least, reach, sentences)
        case Not(part):
            bound = Not(bind(part, leaves, known))
        case And(parts):
            bound = And(tuple(bind(part, leaves, known) for part in parts))
        case Or(parts):
            bound = Or(tuple(bind(part, leaves, known) for part in parts))
        case Close(left, right, reach, sentences):
            bound = Close(bind(left, leaves, known), bind(right, leaves, known), reach, sentences)
        case Leaf():
            bound = node
    return known.setdefault(bound, bound)


class Matcher:
    """Evaluates bound queries on one article; the terms were found beforehand by the lexicon."""

    def __init__(self, document: Document, hits: Mapping[int, Sequence[Hit]]) -> None:
        self.document = document
        self._hits = hits
        self._found: dict[tuple[int, str], Found] = {}  # by the identity of a part of a query
        self._leaf_found: dict[tuple[int, str], Found] = {}
        self._room = _MANY

    def find(self, node: Node, within: str = "") -> Found:
        """What the query finds, in one field or ("") anywhere."""
        way = _WAYS[type(node)]
        if type(node) not in _DEAR:
            return way(self, node, within)
        key = (id(node), within)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = way(self, node, within)
        return found

    def weigh(self, node: Node, within: str = "") -> float:
        """The strength of what `find` finds; most queries need no places for that, and cost a third then."""
        kind = type(node)
        if kind is Leaf:
            hits = self._hits.get(node.number)  # type: ignore[union-attr]  # mypy does not follow `kind is`
            if hits is None:
                return 0.0
            if len(hits) > 1:
                return self._leaf(node, within).strength  # type: ignore[arg-type]
            field = self.document.field_of(hits[0][0])
            return 0.0 if within and field != within else FIELD_STRENGTH[field]
        way = _WEIGHED.get(kind)
        return self.find(node, within).strength if way is None else way(self, node, within)

    def _weigh_within(self, node: Within, within: str) -> float:
        if node.field in STATED:
            return self._stated(node.field, node.part).strength
        return self.weigh(node.part, node.field)

    def _weigh_not(self, node: Not, within: str) -> float:
        return 0.0 if self.weigh(node.part, within) else 1.0

    def _weigh_all(self, node: And, within: str) -> float:
        strength = 1.0
        for part in node.parts:
            one = self.weigh(part, within)
            if not one:
                return 0.0
            strength = min(strength, one)
        return strength

    def _weigh_any(self, node: Or, within: str) -> float:
        some = [strength for strength in [self.weigh(part, within) for part in node.parts] if strength]
        return _together(some)

    def _looked_at(self, places: Sequence[Place]) -> Sequence[Place]:
        """All of them, as long as there is room."""
        self._room -= len(places)
        return places if self._room >= 0 else places[:_FEW]

    def _within(self, node: Within, within: str) -> Found:
        return self._stated(node.field, node.part) if node.field in STATED else self.find(node.part, node.field)

    def _weighted(self, node: Weighted, within: str) -> Found:
        strength, places = self.find(node.part, within)
        if not places:  # it holds because something is absent, or because of the source
            return Found(min(1.0, strength * node.factor))
        return self._measured([place._replace(factor=place.factor * node.factor) for place in places])

    def _not(self, node: Not, within: str) -> Found:
        return NOTHING if self.find(node.part, within).strength else Found(1.0)

    def strength(self, place: Place) -> float:
        """Of one find, by its field."""
        return min(1.0, FIELD_STRENGTH[self.document.field_of(place.first)] * place.factor)

    def _leaf(self, node: Leaf, within: str) -> Found:
        hits = self._hits.get(node.number)
        if hits is None:
            return NOTHING
        if len(hits) == 1:  # by far the most frequent
            first, last, term = hits[0]
            field = self.document.field_of(first)
            if within and field != within:
                return NOTHING
            return Found(FIELD_STRENGTH[field], (Place(first, last, ((first, last),), term),))
        key = (node.number, within)
        found = self._leaf_found.get(key)
        if found is None:
            if within:
                hits = [hit for hit in hits if self.document.field_of(hit[0]) == within]
            found = self._measured([Place(first, last, ((first, last),), term) for first, last, term in hits])
            self._leaf_found[key] = found
        return found

    def _stated(self, name: str, part: Node) -> Found:
        wanted = _folded(part.text) if isinstance(part, TermNode) else []
        value, size = self.document.stated[name], len(wanted)
        if not size or wanted[0] not in value:
            return NOTHING if size else _HOLDS
        return _HOLDS if any(value[at : at + size] == wanted for at in range(len(value) - size + 1)) else NOTHING

    def _measured(self, places: Sequence[Place]) -> Found:
        missing = 1.0
        field_of = self.document.field_of
        for place in places:
            missing *= 1.0 - min(1.0, FIELD_STRENGTH[field_of(place[0])] * place[4])
            if missing < ENOUGH:
                break
        return Found(1.0 - missing, tuple(places)) if places else NOTHING

    def _counted(self, node: Counted, within: str) -> Found:
        found = self.find(node.part, within)
        if len(found.places) < node.least:
            return NOTHING
        if not (node.words or node.sentences):
            return found
        return self._measured(_crowded(found.places, node, self.document))

    def _all(self, node: And, within: str) -> Found:
        strength = 1.0
        places: list[Place] = []
        for part in node.parts:
            found = self.find(part, within)
            if not found.strength:
                return NOTHING
            strength = min(strength, found.strength)
            places += found.places
        return Found(strength, tuple(_distinct(self._looked_at(places)) if len(places) > 1 else places))

    def _any(self, node: Or, within: str) -> Found:
        some = [found for found in [self.find(part, within) for part in node.parts] if found.strength]
        if len(some) < 2:
            return some[0] if some else NOTHING
        places = self._looked_at([place for found in some for place in found.places])
        return Found(_together([found.strength for found in some]), tuple(_distinct(places)))

    def _close(self, node: Close, within: str) -> Found:
        left = self.find(node.left, within).places
        if not left:
            return NOTHING
        apart = isinstance(node.right, Not)
        right = self.find(node.right.part if isinstance(node.right, Not) else node.right, within).places
        if not right:
            return self._measured(left) if apart else NOTHING
        neighbours = _Neighbours(self._looked_at(right), node, self.document)
        joined = []
        for place in self._looked_at(left):
            other = neighbours.nearest(place)
            if apart and other is None:
                joined.append(place)
            elif other is not None and not apart:
                joined.append(_join(place, other))
        return self._measured(_distinct(joined))


_WAYS: Mapping[type[Node], Callable[[Matcher, Any, str], Found]] = {
    Leaf: Matcher._leaf,
    Within: Matcher._within,
    Weighted: Matcher._weighted,
    Counted: Matcher._counted,
    Not: Matcher._not,
    And: Matcher._all,
    Or: Matcher._any,
    Close: Matcher._close,
}


_WEIGHED: Mapping[type[Node], Callable[[Matcher, Any, str], float]] = {
    Within: Matcher._weigh_within,
    Not: Matcher._weigh_not,
    And: Matcher._weigh_all,
    Or: Matcher._weigh_any,
}


_DEAR = frozenset((Counted, Or, Close))
"""What is worth remembering for another clause."""


def _together(strengths: Sequence[float]) -> float:
    """Each adds to what the others leave missing."""
    if len(strengths) < 2:
        return strengths[0] if strengths else 0.0
    missing = 1.0
    for strength in strengths:
        missing *= 1.0 - strength
    return 1.0 - missing


@lru_cache(maxsize=4_096)
def _folded(text: str) -> list[str]:
    return words.folded_words(text)


def _unit(node: Counted, document: Document, number: int) -> int:
    """What closeness is counted in: the number of the word or of its sentence."""
    return number if node.words else document.sentence_of(number)


class _Neighbours:
    """Places in order, to look up the nearest one that is close enough."""

    def __init__(self, places: Sequence[Place], node: Close, document: Document) -> None:
        self._places = places
        self._sentence_of = None if node.words else document.sentence_of
        self._reach = node.words or node.sentences - 1
        self._begins = self._firsts = [place[0] for place in places]
        self._lasts = [place[1] for place in places]
        if self._sentence_of:
            self._firsts = [self._sentence_of(number) for number in self._begins]
            self._lasts = [self._sentence_of(number) for number in self._lasts]
        self._farthest = self._lasts if len(places) == 1 else list(accumulate(self._lasts, max))

    def nearest(self, place: Place) -> Place | None:
        """The nearest; a place is not near to one that shares a word with it."""
        low, high = place[0], place[1]
        if self._sentence_of:
            low, high = self._sentence_of(low), self._sentence_of(high)
        low, high = low - self._reach, high + self._reach
        start, end = bisect_left(self._farthest, low), bisect_right(self._firsts, high)
        if start >= end:
            return None
        nearest_first = (start,) if end == start + 1 else self._outwards(place[0], start, end)
        for at in nearest_first:
            other = self._places[at]
            if self._lasts[at] >= low and not _overlap(place, other):
                return other
        return None

    def _outwards(self, number: int, start: int, end: int) -> Iterator[int]:
        """The places from `start` to `end`, those that begin nearest to a word first."""
        right = min(max(start, bisect_left(self._begins, number, start, max(start, end))), end)
        left = right - 1
        while left >= start or right < end:
            if right >= end or (left >= start and number - self._begins[left] <= self._begins[right] - number):
                yield left
                left -= 1
            else:
                yield right
                right += 1


def _crowded(places: Sequence[Place], node: Counted, document: Document) -> list[Place]:
    """The places among which, within reach of the first, are at least `least` different terms."""
    reach = node.words or node.sentences - 1
    units = [_unit(node, document, place.first) for place in places]
    kept: list[Place] = []
    terms: Counter[int] = Counter()
    end = taken = 0
    for start, place in enumerate(places):
        while end < len(places) and units[end] <= units[start] + reach:
            terms[places[end].term] += 1
            end += 1
        if len(terms) >= node.least:
            kept += places[max(start, taken) : end]
            taken = end
        terms[place.term] -= 1
        if not terms[place.term]:
            del terms[place.term]
    return kept


def _overlap(one: Place, other: Place) -> bool:
    if one[1] < other[0] or other[1] < one[0]:
        return False
    return any(first <= end and start <= last for first, last in one[2] for start, end in other[2])


def _join(one: Place, other: Place) -> Place:
    before, behind = (one, other) if one[0] < other[0] else (other, one)
    if before[1] < behind[0]:  # by far the most frequent
        return Place(before[0], behind[1], before[2] + behind[2], one[3], max(one[4], other[4]))
    parts = tuple(sorted({*one[2], *other[2]}))
    return Place(before[0], max(one[1], other[1]), parts, one[3], max(one[4], other[4]))


def _distinct(places: Sequence[Place]) -> list[Place]:
    """In order of the text, each span once, the strongest first."""
    if len(places) < 2:
        return list(places)
    best: dict[tuple[int, int], Place] = {}
    for place in places:
        known = best.setdefault(place[:2], place)
        if known is not place and place[4] > known[4]:
            best[place[:2]] = place
    return [best[key] for key in sorted(best)]
