"""What FTS5 is asked, and what it answers."""

import pytest

from monitor.model import AllOf, AnyOf, Ask, Term
from monitor.store import Store, narrowing, tsearch
from tests.builders import NOW, an_article
from tests.unit.store.keeping import MISSING, an_address, keep
from tests.unit.store.searched import EVERYTHING, fill, found


def test_terms_and_their_places(store: Store) -> None:
    fill(store)
    assert found(store, Term(("launchers",))) == [1, 0]  # a headline weighs more
    assert found(store, Term(("launchers",), place="text")) == [0]
    assert found(store, Term(("lodz",), place="title")) == [0]
    assert found(store, Term(("two", "launch"), prefix=True)) == [0]
    assert found(store, AnyOf((Term(("rain",)), Term(("nothing",))))) == [2]
    assert found(store, AllOf((Term(("launchers",)),), (Term(("rain",)), Term(("two",))))) == [1]
    assert found(store, AnyOf(())) == []
    assert found(store, Term(('dro"nes',))) == [0]


def test_of_what_most_articles_hold_the_newest_are_ranked(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store)
    monkeypatch.setattr(narrowing, "MOST_RANKED", 2)
    monkeypatch.setattr(tsearch, "MOST_RANKED", 2)
    with store.begin() as shelves:
        keep(shelves, an_article(url=an_address(3), title="Launchers", text="More.", found_at=NOW), MISSING)
    either = AnyOf((Term(("launchers",)), Term(("drones",))))
    without = AllOf((either,), (Term(("rain",)),))
    with store.read() as shelves:
        many = shelves.search.rank(either, EVERYTHING, limit=10)
        also = shelves.search.rank(without, EVERYTHING, limit=10)
        few = shelves.search.rank(Term(("rain",)), EVERYTHING, limit=10)
    assert (sorted(number for number, _ in many.places), many.cut) == ([2, 4], True)
    assert (sorted(number for number, _ in also.places), also.cut) == ([2, 4], True)
    assert ([number for number, _ in few.places], few.cut) == ([3], False)


@pytest.mark.parametrize("store", ["file"], indirect=True)
def test_words_near_each_other(store: Store) -> None:
    texts = ("Two launchers of п'ять п'ять п'ять kinds", "Two came, and after many other words also a launcher")
    with store.begin() as shelves:
        for number, body in enumerate(texts):
            keep(shelves, an_article(url=an_address(number), title="News", text=body, found_at=NOW), MISSING)

    def near(one: Ask, other: Ask, within: int) -> list[int]:
        return found(store, AllOf((one, other), within=within))

    assert near(Term(("news",)), Term(("two",)), 3) == [], "headline and text are not near each other"
    launcher = AnyOf((Term(("launcher",)), Term(("launchers",))))
    assert near(AnyOf((Term(("two",)),)), launcher, 2) == [0]
    assert near(launcher, Term(("kinds",)), 5) == [0], "what the index cuts in two is one word"
    assert near(launcher, Term(("kinds",), place="title"), 5) == []
    assert sorted(near(AllOf((Term(("two",)),)), launcher, 1)) == [0, 1], "what it cannot say is left to others"


def test_words_of_the_index(store: Store) -> None:
    fill(store)
    with store.read() as shelves:
        assert shelves.search.vocabulary("dron") == ["drone", "drones"]
        assert shelves.search.vocabulary("*ones") == ["drones"]
        assert shelves.search.vocabulary("zz") == []
