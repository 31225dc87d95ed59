"""What FTS5 is asked, and what it answers."""

from datetime import timedelta

import pytest

from monitor.model import AllOf, AnyOf, Ask, Narrowed, Term
from monitor.store import Store
from tests.builders import NOW, an_article
from tests.unit.store.keeping import MATCHING, MISSING, an_address, keep

HOUR = timedelta(hours=1)
EVERYTHING = Narrowed()


@pytest.fixture
def filled(store: Store) -> Store:
    """Three articles an hour apart; the first matches a topic."""
    texts = (("Drones over Łódź", "Two launchers came."), ("Launchers promised", "A drone too."), ("Weather", "Rain."))
    with store.begin() as shelves:
        for number, (title, text) in enumerate(texts):
            article = an_article(url=an_address(number), title=title, text=text, found_at=NOW + number * HOUR)
            keep(shelves, article, MATCHING if number == 0 else MISSING, outlet=f"Outlet {number}")
    return store


def _found(store: Store, ask: Ask | None, narrowed: Narrowed = EVERYTHING, limit: int = 10, skip: int = 0) -> list[int]:
    with store.read() as shelves:
        hits = shelves.search.ask(ask, narrowed, limit=limit, skip=skip)
    return [int(hit.article.url[-1]) for hit in hits]


def test_terms_and_their_places(filled: Store) -> None:
    assert _found(filled, Term(("launchers",))) == [1, 0]  # a headline weighs more
    assert _found(filled, Term(("launchers",), place="text")) == [0]
    assert _found(filled, Term(("lodz",), place="title")) == [0]
    assert _found(filled, Term(("two", "launch"), prefix=True)) == [0]
    assert _found(filled, AnyOf((Term(("rain",)), Term(("nothing",))))) == [2]
    assert _found(filled, AllOf((Term(("launchers",)),), (Term(("rain",)), Term(("two",))))) == [1]
    assert _found(filled, AnyOf(())) == []
    assert _found(filled, Term(('dro"nes',))) == [0]


def test_it_is_narrowed(filled: Store) -> None:
    launchers = Term(("launchers",))
    assert _found(filled, launchers, Narrowed(topic="air-defence")) == [0]
    assert _found(filled, launchers, Narrowed(outlet="outlet 0")) == [0]
    assert _found(filled, launchers, Narrowed(since=NOW)) == [1]
    assert _found(filled, launchers, Narrowed(until=NOW)) == [0]
    assert _found(filled, launchers, Narrowed(told=True)) == []
    assert _found(filled, launchers, Narrowed(told=False)) == [1, 0]
    assert _found(filled, None, Narrowed(feed="nobody")) == []
    with filled.read() as shelves:
        story = shelves.search.ask(Term(("lodz",)), EVERYTHING, limit=1)[0].article.id
    assert _found(filled, launchers, Narrowed(story=story)) == [0]


def test_pages(filled: Store) -> None:
    assert _found(filled, None) == [2, 1, 0]
    assert _found(filled, None, limit=1, skip=1) == [1]
    assert _found(filled, Term(("launchers",)), limit=1, skip=1) == [0]


def test_words_of_the_index(filled: Store) -> None:
    with filled.read() as shelves:
        assert shelves.search.vocabulary("dron") == ["drone", "drones"]
        assert shelves.search.vocabulary("*ones") == ["drones"]
        assert shelves.search.vocabulary("zz") == []
