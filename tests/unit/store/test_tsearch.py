"""What PostgreSQL's full-text search is told: words in their places, and questions that nothing can break out of."""

from contextlib import closing

import pytest

from monitor.model import AllOf, AnyOf, Narrowed, Term
from monitor.store import Store, open_store, tsearch
from tests.builders import NOW, an_article


def test_a_question_in_the_language_of_the_server() -> None:
    both = AllOf((Term(("drone",)), AnyOf((Term(("air", "defence")), Term(("ppo",), prefix=True)))), (Term(("toy",)),))
    assert tsearch.query(both) == "(('drone') & (('air' <-> 'defence') | ('ppo':*)) & !('toy'))"
    assert tsearch.query(Term(("launch",), prefix=True, place="title")) == "('launch':*A)"
    assert tsearch.query(Term(("o'neil",), place="text")) == "('o':B <-> 'neil':B)"


@pytest.mark.parametrize("nothing", [AnyOf(()), Term(("!",)), AllOf((Term(("drone",)), Term(("'",))))])
def test_what_nothing_can_hold(nothing: AnyOf | AllOf | Term) -> None:
    assert tsearch.query(nothing) == ""


@pytest.fixture
def kept(server_url: str) -> "Store":
    """Three articles: one of quotes and backslashes, one in many scripts, one longer than a tsvector can be."""
    store = open_store(server_url)
    long = " ".join(f"word{number}number" for number in range(150_000))
    texts = {
        "It's a \\ 'quoted' launch": 'the minister\'s word: "launch" & (launch) | !launch',
        "Об'єкт у Києві": "ракета над містом; हिन्दी शब्द यहाँ; เหตุการณ์; 防空",
        "Long": f"{long} {'x' * 5000} farend",
    }
    with store.begin() as shelves:
        for number, (title, body) in enumerate(texts.items()):
            shelves.articles.add(an_article(url=f"https://a.example/{number}", title=title, text=body), "c", ())
    return store


def test_hostile_and_foreign_words_are_found(kept: Store) -> None:
    def found(*words: str, prefix: bool = False) -> list[str]:
        with kept.read() as shelves:
            return [hit.article.title for hit in shelves.search.ask(Term(words, prefix), Narrowed(), limit=9)]

    with closing(kept):
        assert found("quoted") == ["It's a \\ 'quoted' launch"]
        assert found("minister's", "word") == ["It's a \\ 'quoted' launch"]
        assert found("об'єкт") == found("об", "єкт") == found("києв", prefix=True) == found("防空")
        assert found("word7number", "word8number") == ["Long"]
        assert found("launch", "the") == []  # a phrase does not reach from the headline into the text


def test_words_that_begin_so_or_look_so(kept: Store) -> None:
    with closing(kept), kept.read() as shelves:
        assert shelves.search.vocabulary("launc") == ["launch"]
        assert shelves.search.vocabulary("*акет*") == ["ракета"]
        assert shelves.search.vocabulary("100%_") == []


def test_a_headline_weighs_more_and_an_edited_article_is_found_by_its_new_words(server_url: str) -> None:
    with closing(open_store(server_url)) as store, store.begin() as shelves:
        text, title = (
            an_article(url="https://a.example/1", title="Rain", text="launchers " + "x " * 50),
            an_article(url="https://a.example/2", title="launchers", text="rain " + "x " * 50),
        )
        shelves.articles.add(text, "c", ())
        shelves.articles.add(title, "c", ())
        assert [hit.article.title for hit in shelves.search.find("launchers")] == ["launchers", "Rain"]
        shelves.articles.revise(an_article(url="https://a.example/1", title="Snow", text="nothing"), "d", (), NOW)
        assert [hit.article.title for hit in shelves.search.find("launchers")] == ["launchers"]
        assert [hit.article.title for hit in shelves.search.find("-launchers")] == ["Snow"]
