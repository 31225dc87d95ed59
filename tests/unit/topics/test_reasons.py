"""Evidence as people read it."""

from monitor.model import Evidence
from monitor.topics.reasons import by_clause


def test_evidence_by_clause_heaviest_first_each_finding_once() -> None:
    evidence = [
        Evidence("drones", "Drones", "title", 0, 1.0),
        Evidence("drones", "drones", "title", 9, 0.5),
        Evidence("drones", "drones", "body", 40, 0.25),
        Evidence("nothing military", "", "body", 0, -2.5),
        Evidence("Ukraine", "Kyiv", "lead", 3, 0.0),
        Evidence("money", "million", "body", 3, 0.1),
    ]
    assert by_clause(evidence, 2) == [
        ("nothing military", -2.5, []),
        ("drones", 1.75, ["“Drones” (title)", "“drones” (body)"]),
    ]
    assert [clause for clause, _, _ in by_clause(evidence, 9)] == ["nothing military", "drones", "money"]


def test_what_a_topic_requires_and_lacks_is_named() -> None:
    assert by_clause([Evidence("Ukraine", "", "body", 0, 0.0)], 3) == [("Ukraine", 0.0, ["required, and not found"])]
