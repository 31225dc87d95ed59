"""Versions in their order, and when a page is due again."""

from datetime import timedelta

from msgspec.structs import replace

from monitor.store import Store
from tests.builders import NOW, an_article
from tests.unit.store.keeping import MATCHING, an_address, keep

HOUR = timedelta(hours=1)


def test_versions_come_in_order_with_their_reasons(store: Store) -> None:
    first = an_article(found_at=NOW)
    with store.begin() as shelves:
        keep(shelves, first)
        assert [one.text for one in shelves.versions.of(first.id)] == [first.text]
        for number in (1, 2):
            at = NOW + number * HOUR
            shelves.articles.revise(replace(first, text=f"Wording {number}."), f"h{number}", MATCHING, at)
            shelves.versions.explain(first.id, at, f"reason {number}")
    with store.read() as shelves:
        found = shelves.versions.of(first.id)
        assert shelves.versions.of("unknown") == ()
    assert [(one.seen_at, one.text, one.hash, one.reason) for one in found] == [
        (NOW, first.text, "c0", ""),
        (NOW + HOUR, "Wording 1.", "h1", "reason 1"),
        (NOW + 2 * HOUR, "Wording 2.", "h2", "reason 2"),
    ]


def test_what_was_placed_lately_is_enlisted_once_and_due_in_its_turn(store: Store) -> None:
    with store.begin() as shelves:
        names = [keep(shelves, an_article(url=an_address(n), found_at=NOW - n * HOUR)) for n in range(4)]
        assert shelves.versions.enlist(NOW - 2.5 * HOUR, NOW + HOUR, 2) == 2
        assert shelves.versions.enlist(NOW - 2.5 * HOUR, NOW + 2 * HOUR, 9) == 1
        assert shelves.versions.enlist(NOW - 2.5 * HOUR, NOW, 9) == 0
        assert shelves.versions.due(NOW, 9) == []
        due = shelves.versions.due(NOW + 2 * HOUR, 9)
        assert {one.article for one in due} == set(names[:3])
        assert due[-1].article == names[0]
        assert len(shelves.versions.due(NOW + 2 * HOUR, 1)) == 1
        gone = replace(due[0], due_at=None, checked_at=NOW, missing=2, gone_at=NOW, problem="404")
        shelves.versions.note([gone])
    with store.read() as shelves:
        assert shelves.versions.standing(gone.article) == gone
        assert shelves.versions.standing(names[3]) is None
        assert len(shelves.versions.due(NOW + 2 * HOUR, 9)) == 2
