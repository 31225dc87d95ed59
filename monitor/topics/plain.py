"""Clauses of plain shape: one word, two words, either of two, one without another, anywhere or in the headline.

Of thousands of topics nearly all clauses that can hold are such, and their strength is arithmetic on what occurs, which
is numbered as in `candidates`: a leaf anywhere by its own number, one in the title by that and the number of leaves.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence

from monitor.topics.document import Document
from monitor.topics.lexicon import Hit
from monitor.topics.matching import ENOUGH, FIELD_STRENGTH
from monitor.topics.nodes import And, Leaf, Node, Not, Or, Within

_OTHER, _ONE, _BOTH, _EITHER, _WITHOUT = range(5)


def present(document: Document, hits: Mapping[int, Sequence[Hit]], leaves: int) -> set[int]:
    """What occurs in an article, numbered: the keys of `occurring`, which costs more."""
    headline = len(document.title_words)
    return {*hits, *[leaf + leaves for leaf, places in hits.items() if places[0][0] < headline]}


def occurring(document: Document, hits: Mapping[int, Sequence[Hit]], leaves: int) -> dict[int, float]:
    """What occurs in an article → how strongly: each of the `leaves` that were found, and those in the title again."""
    if not hits:
        return {}
    headline, lead = len(document.title_words), document.lead_end
    in_title, in_lead, in_body = (FIELD_STRENGTH[field] for field in ("title", "lead", "body"))
    found: dict[int, float] = {}
    for leaf, places in hits.items():
        first = places[0][0]
        if len(places) == 1:
            found[leaf] = in_title if first < headline else in_lead if first < lead else in_body
            if first < headline:
                found[leaf + leaves] = in_title
            continue
        missing = 1.0
        for first, _, _ in places:
            missing *= 1.0 - (in_title if first < headline else in_lead if first < lead else in_body)
            if first < headline:
                found[leaf + leaves] = 1.0 - missing
            if missing < ENOUGH:
                break
        found[leaf] = 1.0 - missing
    return found


class Plain:
    """The shapes of all clauses, in arrays: at ten thousand topics the memory that is touched costs more than the work.

    The queries are bound (see `matching.bind`).
    """

    def __init__(self, queries: Iterable[Node], leaves: int) -> None:
        shapes = [_shape(query, leaves) for query in queries]
        self._kinds = bytes(kind for kind, _, _ in shapes)
        self._ones = array("i", [one for _, one, _ in shapes])
        self._twos = array("i", [two for _, _, two in shapes])

    def strengths(self, clauses: Iterable[int], occurs: Mapping[int, float]) -> list[float | None]:
        """How strongly each of these clauses was found, from what occurs; None where its shape is another."""
        kinds, ones, twos, occurring = self._kinds, self._ones, self._twos, occurs.get
        found: list[float | None] = []
        for at in clauses:
            kind = kinds[at]
            if kind == _OTHER:
                found.append(None)
                continue
            one = occurring(ones[at], 0.0)
            if kind == _ONE:
                found.append(one)
                continue
            two = occurring(twos[at], 0.0)
            if kind == _EITHER:
                found.append(1.0 - (1.0 - one) * (1.0 - two) if one and two else one or two)
            elif kind == _BOTH:
                found.append(one if one < two else two)
            else:
                found.append(0.0 if two else one)
        return found


def _shape(query: Node, leaves: int) -> tuple[int, int, int]:
    one = _occurrence(query, leaves)
    if one >= 0:
        return _ONE, one, 0
    if not isinstance(query, And | Or) or len(query.parts) != 2:
        return _OTHER, 0, 0
    first, second = query.parts
    kind = _BOTH if isinstance(query, And) else _EITHER
    if isinstance(second, Not) and kind == _BOTH:
        kind, second = _WITHOUT, second.part
    one, two = _occurrence(first, leaves), _occurrence(second, leaves)
    return (kind, one, two) if one >= 0 and two >= 0 else (_OTHER, 0, 0)


def _occurrence(node: Node, leaves: int) -> int:
    match node:
        case Leaf(number):
            return number
        case Within("title", Leaf(number)):
            return number + leaves
        case _:
            return -1
