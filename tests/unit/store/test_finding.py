"""What is searched for is found, page by page."""

from monitor.model import Term
from monitor.store import Store
from monitor.store.finding import with_snippets
from tests.unit.store.searched import EVERYTHING, fill, found


def test_pages(store: Store) -> None:
    fill(store)
    assert found(store, None) == [2, 1, 0]
    assert found(store, None, limit=1, skip=1) == [1]
    assert found(store, Term(("launchers",)), limit=1, skip=1) == [0]


def test_a_snippet_shows_what_was_asked_for(store: Store) -> None:
    fill(store)
    with store.read() as shelves:
        hits = shelves.search.ask(Term(("launch",), prefix=True), EVERYTHING, limit=5)
    assert [hit.snippet for hit in hits] == ["", ""]
    second = with_snippets(hits, Term(("launch",), prefix=True))[1]
    assert [second.snippet[start:end] for start, end in second.marks] == ["launchers"]
