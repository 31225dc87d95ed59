"""Finding articles again."""

import pytest

from monitor.model import AllOf, AnyOf, Ask, Term
from monitor.store import Store
from tests.builders import NOW, a_verdict, an_article, an_entry
from tests.unit.store.keeping import MISSING, an_address, keep
from tests.unit.store.searched import HOUR, found, holding

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


def _one(*words: str, prefix: bool = False) -> Term:
    return Term(words, prefix)


@pytest.mark.parametrize(
    ("ask", "numbers"),
    [
        (_one("дрони"), [0]),
        (AllOf((_one("дрони"), _one("угоду"))), [0]),
        (_one("об'єкт"), [0]),
        (_one("lodz"), [1, 2]),  # in the headline before in the text
        (_one("cafe"), [1]),
        (_one("co", "production"), [1]),
        (_one("production", "begins"), [1]),
        (_one("begins", "production"), []),
        (AllOf((_one("lodz"),), (_one("jets"),)), [1]),
        (AllOf((_one("lodz"),), (_one("air", "show"),)), [1]),
        (AllOf((_one("lodz"), AnyOf((_one("interceptors"), _one("jets"))))), [1, 2]),
        (_one("intercept", prefix=True), [1]),
        (_one("intercept"), []),
        (None, [3, 2, 1, 0]),
    ],
)
def test_what_is_asked_for_is_found(filled: Store, ask: Ask | None, numbers: list[int]) -> None:
    assert found(filled, ask) == numbers


@pytest.mark.parametrize("prefix", [False, True])
@pytest.mark.parametrize(
    "word",
    [
        '"',
        '""',
        "NEAR(lodz, 2)",
        "title:zz",
        "{title text}: zz",
        "zz'; DROP TABLE articles; --",
        "^zz",
        "()*:^-+",
        "AND OR NOT",
        "zz\\",
        "ß" * 2000,
        "𞤀𞤣𞤤 🙂",
    ],
)
def test_no_word_is_hostile_enough(filled: Store, word: str, prefix: bool) -> None:
    assert found(filled, Term((word,), prefix)) == []
    assert found(filled, AllOf((_one("lodz"),), (Term((word,), prefix),))) == [1, 2]


def test_a_hit_shows_by_whom(filled: Store) -> None:
    with filled.read() as shelves:
        matched, missed = holding(shelves, "Łódź")
    assert (matched.outlet, missed.outlet) == ("Outlet 1", "courier")
    assert matched.score > missed.score > 0


def test_the_index_can_be_merged(filled: Store) -> None:
    filled.optimise()
    assert found(filled, _one("дрони")) == [0]


def test_the_languages_of_more_than_a_few_articles(store: Store) -> None:
    with store.begin() as shelves:
        assert shelves.search.languages() == frozenset()
        for number, language in enumerate(["uk"] * 6 + ["en"] * 5 + ["la"] * 4 + [""] * 9):
            shelves.articles.add(an_article(url=an_address(number), language=language), "c0", ())
        assert shelves.search.languages() == {"uk", "en"}
