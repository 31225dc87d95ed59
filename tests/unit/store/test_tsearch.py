"""What PostgreSQL's full-text search is told: words in their places, and questions that nothing can break out of."""

from contextlib import closing

import pytest

from monitor.model import AllOf, AnyOf, Narrowed, Term
from monitor.store import Store, open_store, tsearch
from tests.builders import NOW, an_article
from tests.unit.store.searched import holding


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
        assert [hit.article.title for hit in holding(shelves, "launchers")] == ["launchers", "Rain"]
        shelves.articles.revise(an_article(url="https://a.example/1", title="Snow", text="nothing"), "d", (), NOW)
        assert [hit.article.title for hit in holding(shelves, "launchers")] == ["launchers"]


def test_loosely_asked_words_of_phrases_and_headlines_count_wherever_they_stand() -> None:
    both = AllOf((Term(("drone",), place="title"), Term(("air", "defence"))), (Term(("toy", "plane")), Term(("toy",))))
    assert tsearch.query(both) == "(('drone':A) & ('air' <-> 'defence') & !('toy' <-> 'plane') & !('toy'))"
    assert tsearch.query(both, loose=True) == "(('drone') & ('air' & 'defence') & !('toy'))"


def test_what_only_a_look_at_the_words_can_tell_is_found_behind_many_that_do_not_hold_it(
    server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tsearch, "MOST_RANKED", 3)
    monkeypatch.setattr(tsearch, "_SLICES", 2)

    def ranked(term: Term) -> tuple[list[int], bool]:
        with store.read() as shelves:
            found = shelves.search.rank(term, Narrowed(), limit=2)
        return [number for number, _ in found.places], found.cut

    with closing(open_store(server_url)) as store:
        with store.begin() as shelves:
            for number in range(20):
                title = "launchers" if number in (0, 1) else "Rain"
                text = "launchers in rain" if number < 12 else "rain over launchers"
                shelves.articles.add(an_article(url=f"https://a.example/{number}", title=title, text=text), "c", ())
        assert sorted(ranked(Term(("launchers",), place="title"))[0]) == [1, 2]  # behind six slices without one
        assert ranked(Term(("launchers", "in")))[0] == [12, 11]
        assert ranked(Term(("rain", "over"))) == ([20, 19], True)
        assert ranked(Term(("snow",))) == ([], False)


def test_pages_repeat_and_miss_nothing_though_a_later_one_looks_further(
    server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("MOST_RANKED", 9), ("_SLICES", 1), ("_LAYER", 2)):
        monkeypatch.setattr(tsearch, name, value)
    with closing(open_store(server_url)) as store, store.begin() as shelves:
        for number in range(45):  # every third holds the phrase, the older the better
            text = "launchers in rain" if number % 3 == 0 else "rain over launchers in"
            article = an_article(url=f"https://a.example/{number}", title="Snow", text=text + " and snow" * number)
            shelves.articles.add(article, "c", ())

        def page(skip: int, limit: int) -> list[int]:
            found = shelves.search.rank(Term(("launchers", "in", "rain")), Narrowed(), limit=limit, skip=skip)
            return [number for number, _ in found.places]

        whole = page(0, 9)
        assert sorted(whole) == list(range(19, 44, 3))
        assert [page(skip, 2) for skip in range(0, 9, 2)] == [whole[skip : skip + 2] for skip in range(0, 9, 2)]
        assert page(9, 2) == []


def test_very_many_short_words_are_no_more_than_a_tsvector_holds(server_url: str) -> None:
    many = " ".join(f"{number:x}" for number in range(200_000))
    with closing(open_store(server_url)) as store, store.begin() as shelves:
        shelves.articles.add(an_article(title=many, text=f"nearby {many}"), "c", ())
        assert len(holding(shelves, "nearby")) == 1
