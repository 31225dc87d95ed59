"""Values come back from their rows as they were."""

from datetime import UTC, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from monitor.model import Article, Copy, Entry, How, Joins, Opens, Placement
from monitor.store import open_store
from monitor.store.codec import without_text
from tests.builders import NOW, an_article, an_entry
from tests.unit.store.keeping import a_mark

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
MOMENTS = st.none() | st.datetimes(timezones=st.just(UTC))
ENTRIES = st.builds(
    Entry,
    feed=st.just("northern-courier"),
    id=TEXTS,
    link=TEXTS,
    title=TEXTS,
    summary=TEXTS,
    content=TEXTS,
    published=MOMENTS,
    updated=MOMENTS,
    authors=st.lists(TEXTS).map(tuple),
    language=TEXTS,
    tags=st.lists(TEXTS).map(tuple),
)
ARTICLES = st.builds(
    Article,
    id=st.just("00112233aabbccdd"),
    entry=ENTRIES,
    url=TEXTS,
    title=TEXTS,
    text=TEXTS,
    language=TEXTS,
    how=st.sampled_from(How),
    found_at=st.datetimes(timezones=st.just(UTC)),
    published=MOMENTS,
    authors=st.lists(TEXTS).map(tuple),
    problem=TEXTS,
)


@settings(deadline=None)
@given(ARTICLES)
def test_any_article_comes_back_exactly(article: Article) -> None:
    store = open_store("sqlite://")
    with store.begin() as shelves:
        shelves.articles.add(article, "c0", ())
    with store.read() as shelves:
        stored = shelves.articles.get(article.id)
    store.close()
    assert stored is not None
    assert stored.article == article


@pytest.mark.parametrize(
    "placement",
    [Opens("s1"), Joins("s1", "the same headline"), Copy("s1", "a1", 0.93, "93 % of its words")],
)
def test_a_placement_comes_back(placement: Placement) -> None:
    article = an_article()
    store = open_store("sqlite://")
    with store.begin() as shelves:
        shelves.articles.add(article, "c0", ())
        shelves.stories.place(article.id, "Courier", placement, a_mark(), NOW)
        stored = shelves.articles.get(article.id)
    store.close()
    assert stored is not None
    assert stored.placement == placement
    assert stored.story == "s1"


def test_an_entry_loses_only_its_text() -> None:
    entry = {"feed": "courier", "title": "T", "summary": "long", "content": "longer"}
    assert without_text(entry) == {"feed": "courier", "title": "T"}


def test_times_of_an_entry_keep_their_microseconds() -> None:
    entry = an_entry(published=NOW + timedelta(microseconds=5), updated=NOW)
    article = replace(an_article(), entry=entry)
    store = open_store("sqlite://")
    with store.begin() as shelves:
        shelves.articles.add(article, "c0", ())
        stored = shelves.articles.get(article.id)
    store.close()
    assert stored is not None
    assert stored.article.entry == entry
