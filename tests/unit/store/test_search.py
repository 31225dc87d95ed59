"""Finding articles again."""

from datetime import timedelta

import pytest

from monitor.store import Store
from tests.builders import NOW, a_verdict, an_article, an_entry
from tests.unit.store.keeping import MISSING, an_address, keep

HOUR = timedelta(hours=1)
TEXTS = (
    ("Кабмін схвалив угоду про дрони", "Угоду про спільне виробництво підписано в Києві. Це сьомий об’єкт.", "uk"),
    ("Łódź plant will build interceptors", "The café near the plant was crowded. Co-production begins in May.", "en"),
    ("Air show thrills crowds", "Jets and drones flew over Łódź. No defence deal was made.", "en"),
    ("C++ developers meet", "A talk about compilers, and nothing else.", "en"),
)


@pytest.fixture
def filled(store: Store) -> Store:
    """An archive of four articles, found an hour apart."""
    with store.begin() as shelves:
        for number, (title, text, language) in enumerate(TEXTS):
            article = an_article(url=an_address(number), title=title, text=text, language=language)
            entry = an_entry(feed="kurier" if number == 1 else "courier", link=an_address(number), title=title)
            found = an_article(
                entry=entry, text=article.text, language=language, found_at=NOW + number * HOUR, title=title
            )
            keep(shelves, found, (a_verdict(),) if number < 2 else MISSING, outlet=f"Outlet {number}")
    return store


def _found(store: Store, query: str, **options: object) -> list[int]:
    with store.read() as shelves:
        hits = shelves.search.find(query, **options)  # type: ignore[arg-type]
    return [int(hit.article.url[-1]) for hit in hits]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("дрони", [0]),
        ("ДРОНИ угоду", [0]),
        ("об'єкт", [0]),
        ("lodz", [1, 2]),  # in the headline before in the text
        ("Łódź", [1, 2]),
        ("cafe", [1]),
        ("co-production", [1]),
        ('"production begins"', [1]),
        ('"begins production"', []),
        ("lodz -jets", [1]),
        ('lodz -"air show"', [1]),
        ("interceptors OR compilers", [3, 1]),
        ("lodz interceptors OR jets", [1, 2]),
        ("intercept*", [1]),
        ("intercept", []),
        ("-lodz", [3, 0]),
        ("", [3, 2, 1, 0]),
        ("*", [3, 2, 1, 0]),
    ],
)
def test_find(filled: Store, query: str, found: list[int]) -> None:
    assert sorted(_found(filled, query)) == sorted(found)
    if query not in ("interceptors OR compilers",):  # two texts of much the same worth
        assert _found(filled, query) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('C++ AND "', [3]),
        ("C++", [3]),
        ("NEAR(", [1]),
        ("NEAR(lodz, 2)", []),
        ('"', [3, 2, 1, 0]),
        ('""', [3, 2, 1, 0]),
        ("title:lodz", []),
        ("{title text}: lodz", []),
        ("lodz'; DROP TABLE articles; --", []),
        ("^lodz", [1, 2]),
        ("lodz\x00jets", []),
        ("half \ud83d pair", []),
        ("()*:^-+", [3, 2, 1, 0]),
        ("AND", [2, 3]),
        ("NOT", []),
        ("a* " * 300, [2, 3]),
        ("ß" * 2000, []),
        ("𞤀𞤣𞤤 🙂", []),
    ],
)
def test_no_query_is_hostile_enough(filled: Store, query: str, found: list[int]) -> None:
    assert sorted(_found(filled, query)) == sorted(found)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"topic": "air-defence"}, [1]),
        ({"topic": "co-production"}, []),
        ({"feed": "kurier"}, [1]),
        ({"language": "en"}, [1, 2]),
        ({"language": "uk"}, []),
        ({"since": NOW + HOUR}, [2]),
        ({"until": NOW + HOUR}, [1]),
        ({"limit": 1}, [1]),
    ],
)
def test_filters(filled: Store, options: dict[str, object], found: list[int]) -> None:
    assert _found(filled, "lodz", **options) == found


def test_a_hit_shows_where_and_by_whom(filled: Store) -> None:
    with filled.read() as shelves:
        matched, missed = shelves.search.find("Łódź*")
        (crowd,) = shelves.search.find("crowded")
    assert (matched.outlet, missed.outlet) == ("Outlet 1", "courier")
    assert matched.score > missed.score > 0
    assert [crowd.snippet[start:end] for start, end in crowd.marks] == ["crowded"]


def test_the_index_can_be_merged(filled: Store) -> None:
    filled.optimise()
    assert _found(filled, "дрони") == [0]


def test_the_languages_of_more_than_a_few_articles(store: Store) -> None:
    with store.begin() as shelves:
        assert shelves.search.languages() == frozenset()
        for number, language in enumerate(["uk"] * 6 + ["en"] * 5 + ["la"] * 4 + [""] * 9):
            shelves.articles.add(an_article(url=an_address(number), language=language), "c0", ())
        assert shelves.search.languages() == {"uk", "en"}
