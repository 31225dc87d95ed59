"""Evidence as people read it: clause by clause, the heaviest first, each finding once."""

from collections.abc import Iterable

from monitor.model import Evidence
from monitor.words import fold


def by_clause(evidence: Iterable[Evidence], most: int) -> list[tuple[str, float, list[str]]]:
    """The heaviest clauses as (clause, weight, what it found where), each finding once: `“drones” (title)`."""
    weights: dict[str, float] = {}
    found: dict[str, dict[str, str]] = {}
    for one in evidence:
        weights[one.clause] = weights.get(one.clause, 0.0) + one.weight
        terms = found.setdefault(one.clause, {})
        if one.term:  # a clause about the whole article names no words
            terms.setdefault(fold(f"{one.term} {one.field}"), f"“{one.term}” ({one.field})")
    for clause, weight in weights.items():
        if not weight and not found[clause]:
            found[clause][""] = "required, and not found"
    telling = sorted(
        (clause for clause in weights if abs(weights[clause]) >= 0.005 or "" in found[clause]),
        key=lambda clause: -abs(weights[clause]),
    )
    return [(clause, weights[clause], list(found[clause].values())) for clause in telling[:most]]
