"""A search is narrowed to some articles, in whatever order they came."""

import pytest

from monitor.model import Narrowed, Term
from monitor.store import Store, narrowing
from tests.builders import NOW, an_article
from tests.unit.store.keeping import MATCHING, MISSING, an_address, keep
from tests.unit.store.searched import EVERYTHING, HOUR, fill, found


@pytest.fixture(autouse=True)
def _filled(store: Store) -> None:
    fill(store)


def test_it_is_narrowed(store: Store) -> None:
    launchers = Term(("launchers",))
    assert found(store, launchers, Narrowed(topic="air-defence")) == [0]
    assert found(store, launchers, Narrowed(outlet="outlet 0")) == [0]
    assert found(store, launchers, Narrowed(since=NOW)) == [1]
    assert found(store, launchers, Narrowed(until=NOW)) == [0]
    assert found(store, launchers, Narrowed(told=True)) == []
    assert found(store, launchers, Narrowed(told=False)) == [1, 0]
    assert found(store, None, Narrowed(feed="nobody")) == []
    with store.read() as shelves:
        story = shelves.search.ask(Term(("lodz",)), EVERYTHING, limit=1)[0].article.id
    assert found(store, launchers, Narrowed(story=story)) == [0]


def test_an_outlet_is_known_by_its_name_in_any_case_and_script(store: Store) -> None:
    with store.begin() as shelves:
        article = an_article(url=an_address(3), title="Launchers", text="Пускові.", found_at=NOW)
        keep(shelves, article, MATCHING, outlet="Вечірній Ізмаїл")
    launchers = Term(("launchers",))
    for name in ("Вечірній Ізмаїл", "вечірній ізмаїл", "ВЕЧІРНІЙ ІЗМАЇЛ"):
        assert found(store, launchers, Narrowed(outlet=name)) == [3]
        assert found(store, None, Narrowed(outlet=name)) == [3]
    assert found(store, launchers, Narrowed(outlet="Вечірній")) == []


def test_what_came_out_of_order_is_narrowed_by_its_moment(store: Store) -> None:
    with store.begin() as shelves:  # as a backfill does: a higher number, an earlier moment
        keep(shelves, an_article(url=an_address(3), title="Launchers then", text="Old.", found_at=NOW - HOUR), MISSING)
    launchers = Term(("launchers",))
    assert set(found(store, launchers)) == {0, 1, 3}
    assert set(found(store, launchers, Narrowed(until=NOW))) == {0, 3}
    assert set(found(store, launchers, Narrowed(since=NOW - HOUR))) == {0, 1}
    assert found(store, launchers, Narrowed(since=NOW + 9 * HOUR)) == []
    assert set(found(store, launchers, Narrowed(language="en"))) == {0, 1, 3}
    assert found(store, launchers, Narrowed(language="uk")) == []


@pytest.mark.parametrize("few", [0, 50_000])
def test_a_language_is_narrowed_to_by_a_list_or_one_by_one(
    store: Store, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrowing, "_FEW", few)
    with store.begin() as shelves:
        foreign = an_article(url=an_address(3), title="Launchers", text="Zwei.", language="de", found_at=NOW)
        keep(shelves, foreign, MISSING)
    assert found(store, Term(("launchers",)), Narrowed(language="de")) == [3]
    assert set(found(store, Term(("launchers",)), Narrowed(language="en"))) == {0, 1}
