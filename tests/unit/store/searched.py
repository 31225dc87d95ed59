"""Shared by the tests of searching: a few articles, and what is found of them."""

from datetime import timedelta

from monitor.model import AllOf, Ask, Narrowed, Term
from monitor.store import Hit, Shelves, Store
from monitor.words import folded_words
from tests.builders import NOW, an_article
from tests.unit.store.keeping import MATCHING, MISSING, an_address, keep

HOUR = timedelta(hours=1)
EVERYTHING = Narrowed()


def fill(store: Store) -> None:
    """Three articles an hour apart; the first matches a topic."""
    texts = (("Drones over Łódź", "Two launchers came."), ("Launchers promised", "A drone too."), ("Weather", "Rain."))
    with store.begin() as shelves:
        for number, (title, text) in enumerate(texts):
            article = an_article(url=an_address(number), title=title, text=text, found_at=NOW + number * HOUR)
            keep(shelves, article, MATCHING if number == 0 else MISSING, outlet=f"Outlet {number}")


def holding(shelves: Shelves, words: str = "", narrowed: Narrowed = EVERYTHING) -> list[Hit]:
    """What holds all of these words, the best first; the newest of everything where there is none."""
    ask = AllOf(tuple(Term((word,)) for word in folded_words(words))) if words else None
    return shelves.search.ask(ask, narrowed, limit=1_000)


def found(store: Store, ask: Ask | None, narrowed: Narrowed = EVERYTHING, limit: int = 10, skip: int = 0) -> list[int]:
    """The numbers of the addresses of what is found."""
    with store.read() as shelves:
        hits = shelves.search.ask(ask, narrowed, limit=limit, skip=skip)
    return [int(hit.article.url[-1]) for hit in hits]
