"""What a query finds in an article: the places, and how strongly.

The strength of a find depends on its field (title > lead > body); more finds add less and less, never above 1.
AND is as strong as its weakest part, OR grows with each part, NOT is 1 or 0.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from monitor import words
from monitor.topics.document import Document
from monitor.topics.query import And, Close, ConceptNode, Counted, Node, Not, Or, TermNode, Weighted, Within

FIELD_STRENGTH: Mapping[str, float] = {"title": 0.85, "lead": 0.7, "body": 0.4}
MOST_PLACES = 30  # of one leaf that are looked at; more change no verdict


@dataclass(frozen=True, slots=True)
class Place:
    """One find: the numbers of its first and last word, and of the words that matched in between."""

    first: int
    last: int
    parts: tuple[tuple[int, int], ...]
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found: 0 (nothing) to 1, and where."""

    strength: float
    places: tuple[Place, ...] = ()


NOTHING = Found(0.0)


class Matcher:
    """Evaluates queries on one article; the terms were found beforehand by the lexicon."""

    def __init__(
        self, document: Document, hits: Mapping[int, Sequence[tuple[int, int]]], leaves: Mapping[Node, int]
    ) -> None:
        self.document = document
        self._hits = hits
        self._leaves = leaves
        self._places: dict[int, tuple[Place, ...]] = {}

    def find(self, node: Node, within: str = "") -> Found:
        """What the query finds, in one field or ("") anywhere."""
        match node:
            case ConceptNode() | TermNode():
                return self._leaf(self._leaves.get(node, -1), within)
            case Within(name, part):
                return self._stated(name, part) if name in ("source", "url", "lang") else self.find(part, name)
            case Weighted(part, factor):
                found = self.find(part, within)
                return self._measured([replace(place, factor=place.factor * factor) for place in found.places])
            case Counted(part, least):
                found = self.find(part, within)
                return found if len(found.places) >= least else NOTHING
            case Not(part):
                return Found(0.0 if self.find(part, within).strength else 1.0)
            case And(parts):
                return self._all(parts, within)
            case Or(parts):
                return self._any(parts, within)
            case Close():
                return self._close(node, within)

    def strength(self, place: Place) -> float:
        """Of one find, by its field."""
        return min(1.0, FIELD_STRENGTH[self.document.field_of(place.first)] * place.factor)

    def _leaf(self, leaf: int, within: str) -> Found:
        hits = self._hits.get(leaf)
        if not hits:
            return NOTHING
        places = self._places.get(leaf)
        if places is None:
            kept = hits[:MOST_PLACES]
            places = self._places[leaf] = tuple(Place(first, last, ((first, last),)) for first, last in kept)
        if within:
            places = tuple(place for place in places if self.document.field_of(place.first) == within)
        return self._measured(places)

    def _stated(self, name: str, part: Node) -> Found:
        value = {"source": self.document.source, "url": self.document.url, "lang": self.document.language}[name]
        wanted = [word.folded for word in words.words(part.text)] if isinstance(part, TermNode) else []
        stated = [word.folded for word in words.words(value)]
        size = len(wanted)
        return Found(float(any(stated[at : at + size] == wanted for at in range(len(stated) - size + 1))))

    def _measured(self, places: Sequence[Place]) -> Found:
        missing = 1.0
        for place in places:
            missing *= 1.0 - self.strength(place)
            if missing < 1e-6:
                break
        return Found(1.0 - missing, tuple(places)) if places else NOTHING

    def _all(self, parts: Sequence[Node], within: str) -> Found:
        strength = 1.0
        places: list[Place] = []
        for part in parts:
            found = self.find(part, within)
            if not found.strength:
                return NOTHING
            strength = min(strength, found.strength)
            places += found.places
        return Found(strength, tuple(_distinct(places)))

    def _any(self, parts: Sequence[Node], within: str) -> Found:
        missing = 1.0
        places: list[Place] = []
        for part in parts:
            found = self.find(part, within)
            missing *= 1.0 - found.strength
            places += found.places
        return Found(1.0 - missing, tuple(_distinct(places))) if missing < 1.0 else NOTHING

    def _close(self, node: Close, within: str) -> Found:
        left = self.find(node.left, within).places
        if not left:
            return NOTHING
        apart = isinstance(node.right, Not)
        right = self.find(node.right.part if isinstance(node.right, Not) else node.right, within).places
        neighbours = _Neighbours(right, node, self.document)
        joined = []
        for place in left:
            other = neighbours.nearest(place)
            if apart and other is None:
                joined.append(place)
            elif other is not None and not apart:
                joined.append(_join(place, other))
        return self._measured(_distinct(joined))


class _Neighbours:
    """Places in order, to look up the nearest one that is close enough."""

    def __init__(self, places: Sequence[Place], node: Close, document: Document) -> None:
        self._places = places
        self._node = node
        self._document = document
        self._reach = node.words or node.sentences - 1
        self._firsts = [self._at(place.first) for place in places]
        self._lasts = [self._at(place.last) for place in places]
        self._farthest = list(accumulate(self._lasts, max))

    def _at(self, number: int) -> int:
        return number if self._node.words else self._document.token(number).sentence

    def nearest(self, place: Place) -> Place | None:
        """The nearest; a place is not near to one that shares a word with it."""
        low, high = self._at(place.first) - self._reach, self._at(place.last) + self._reach
        near = [
            other
            for at in range(bisect_left(self._farthest, low), bisect_right(self._firsts, high))
            if self._lasts[at] >= low
            for other in (self._places[at],)
            if not _overlap(place, other)
        ]
        return min(near, key=lambda other: (abs(other.first - place.first), other.first), default=None)


def _overlap(one: Place, other: Place) -> bool:
    return any(first <= end and start <= last for first, last in one.parts for start, end in other.parts)


def _join(one: Place, other: Place) -> Place:
    parts = tuple(sorted({*one.parts, *other.parts}))
    return Place(min(one.first, other.first), max(one.last, other.last), parts, max(one.factor, other.factor))


def _distinct(places: Sequence[Place]) -> list[Place]:
    """In order of the text, each span once, the strongest first."""
    best: dict[tuple[int, int], Place] = {}
    for place in places:
        key = (place.first, place.last)
        if key not in best or place.factor > best[key].factor:
            best[key] = place
    return sorted(best.values(), key=lambda place: (place.first, place.last))
