"""Shared by the archive's tests: short ways to put something on its shelves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from monitor.model import Article, Fingerprint, Opens, Placement, Verdict
from monitor.store import Fate, Outcome, Shelves, Store
from tests.builders import a_verdict, an_article

MATCHING = (a_verdict(), a_verdict(topic="co-production", score=0.2))
MISSING = (a_verdict(score=0.1), a_verdict(topic="co-production", score=0.2))


def a_mark(**overrides: Any) -> Fingerprint:
    """A fingerprint that shares nothing with that of another `url_key`."""
    given: dict[str, Any] = {
        "url_key": "courier.example/a",
        "title_key": "",
        "signature": b"\x01\x02",
        "bands": (),
        "words": 30,
    }
    return Fingerprint(**(given | overrides))


def an_address(number: int) -> str:
    """The address of an invented article."""
    return f"https://courier.example/news/{number}"


def keep(
    shelves: Shelves,
    article: Article,
    verdicts: Sequence[Verdict] = MATCHING,
    *,
    placement: Placement | None = None,
    outlet: str = "Northern Courier",
    identity: str = "",
) -> str:
    """An article as a reading leaves it: item, article, and, when it matches, its place in a story (its own)."""
    matched = any(verdict.matched for verdict in verdicts)
    shelves.articles.add(article, "c0", verdicts)
    if matched:
        mark = a_mark(url_key=article.url)
        shelves.stories.place(article.id, outlet, placement or Opens(article.id), mark, article.found_at)
    fate = Fate.MATCHED if matched else Fate.NOT_MATCHED
    shelves.articles.remember(
        Outcome(
            article.entry.feed,
            identity or f"link:{article.url}",
            article.entry,
            "c0",
            article.id,
            fate,
            "",
            article.found_at,
        )
    )
    return article.id


def keep_one(store: Store, number: int, found_at: datetime, **options: Any) -> str:
    """`keep` in a transaction of its own, for an article at `an_address(number)`."""
    with store.begin() as shelves:
        return keep(shelves, an_article(url=an_address(number), found_at=found_at), **options)
