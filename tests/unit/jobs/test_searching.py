"""A typed query becomes a page of hits; what the index cannot say is decided by the judge's matcher."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from monitor.jobs.poll import poll
from monitor.jobs.searching import Found, as_query, newest, search, span_of, understand
from monitor.model import Narrowed
from monitor.topics.concepts import Concepts
from tests.unit.jobs.conftest import Bench

NOTHING = Concepts({})
LANGUAGES = frozenset({"en", "uk"})


@pytest.fixture
def filled(bench: Bench, publish: Callable[..., None]) -> Bench:
    """Four articles."""
    publish(
        "courier",
        (
            "1",
            "Launchers for Norway",
            "Two NASAMS launchers arrived in Norway on Monday, the ministry said.",
        ),
        ("2", "Harbour news", "A launcher of boats was built in the harbour. The tram of Norway rests today."),
        ("3", "Ракети над містом", "Уночі сили збили ракету, яка летіла над містом, повідомили військові."),
        ("4", "Library hours", "The city library opens an hour later in winter than in the summer months."),
    )
    poll(bench.tools)
    return bench


def _find(bench: Bench, query: str, limit: int = 10, page: int = 1, narrowed: Narrowed | None = None) -> Found:
    asked, mistakes = understand(query, NOTHING, LANGUAGES, narrowed or Narrowed())
    assert asked is not None, mistakes
    return search(bench.store, asked, bench.tools.feeds, limit=limit, page=page)


def _ids(found: Found) -> list[str]:
    return sorted(hit.article.entry.id for hit in found.hits)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("launcher", ["1", "2"]),
        ("launchers norway", ["1", "2"]),
        ("launcher ~s norway", ["1"]),
        ("launcher NEAR/3 norway", ["1"]),
        ("title:launcher", ["1"]),
        ("launcher -boats", ["1"]),
        ("launcher AND NOT boats", ["1"]),
        ("ракета", ["3"]),
        ("ракетами", ["3"]),
        ("lang:uk", ["3"]),
        ("nasams OR library", ["1", "4"]),
        ("launcher{3}", []),
        ("source:courier AND library", ["4"]),
        ("topic:air-defence", ["1"]),
        ("topic:air-defence boats", []),
        ("told:no topic:air-defence", ["1"]),
        ("told:yes", []),
        ("date:2026-03-02 library", ["4"]),
        ("since:2026-04 library", []),
        ('outlet:"Courier" topic:air-defence', ["1"]),
        ("outlet:courier library", ["4"]),
        ("outlet:herald library", []),
    ],
)
def test_find(filled: Bench, query: str, found: list[str]) -> None:
    assert _ids(_find(filled, query)) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("прем'єри", ["1"]),
        ("здоров`я", ["1"]),
        ("об’єкт", ["2"]),
        ("лікарі -об'єкт", ["1"]),
        ("title:об'єкт", []),
    ],
)
def test_a_word_with_an_apostrophe_is_found_in_all_its_forms(
    bench: Bench, publish: Callable[..., None], query: str, found: list[str]
) -> None:
    publish(
        "courier",
        (
            "1",
            "Зустріч у Токіо",
            "Президент поговорив з японським прем’єром про те, що зі здоров'ям, кажуть розмови лікарів області.",
        ),
        (
            "2",
            "Театр області",
            "На двох об'єктах культури почали ремонт, розповіли в театрі. Лікар був серед глядачів.",
        ),
    )
    poll(bench.tools)

    assert _ids(_find(bench, query)) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Умєров", ["a", "b", "c"]),
        ("Umerov", ["a", "c"]),
        ("Umerov OR Умєров", ["a", "b", "c"]),
        ("umerov", ["a"]),
        ('"Fire Point"', ["d"]),
        ("Шмигаль", ["b"]),
        ("Omarov", []),
    ],
)
def test_a_name_is_found_in_the_other_script(
    bench: Bench, publish: Callable[..., None], query: str, found: list[str]
) -> None:
    publish(
        "courier",
        ("a", "Umerov in Oslo", "Minister Umerov came to Oslo on Monday and spoke of the harbour and its cranes."),
        ("b", "Oumerov reçu", "Le ministre Oumerov et M. Chmyhal ont parlé lundi du port et de ses grues à Oslo."),
        ("c", "Умєров у Осло", "Міністр Умєров у понеділок говорив в Осло про порт і його крани."),
        ("d", "Файр Поінт у Данії", "Компанія Файр Поінт будує завод у Данії, повідомили в понеділок."),
        ("e", "Поінт і Файр", "Поінт та інший Файр не мають нічого спільного, сказали в понеділок."),
    )
    poll(bench.tools)
    assert _ids(_find(bench, query)) == found


def test_pages(filled: Bench) -> None:
    first, second = _find(filled, "launcher", limit=1), _find(filled, "launcher", limit=1, page=2)
    assert (first.more, second.more) == (True, False)
    assert sorted(_ids(first) + _ids(second)) == ["1", "2"]
    close = _find(filled, "norway ~p launcher", limit=1)
    assert (len(close.hits), close.more, close.cut) == (1, True, False)


@pytest.mark.parametrize(
    ("query", "offset", "message"),
    [
        ("drone (", 7, "found the end"),
        ("big drone titel:x", 10, "unknown field 'titel:'"),
        ("-big drone titel:x", 11, "unknown field 'titel:'"),
        ("drone date:soon", 11, "'soon' is no day"),
        ("drone since:0001", 12, "'0001' is no day"),
        ("drone until:9999", 12, "'9999' is no day"),
        ("told:maybe", 5, "told: takes yes or no"),
        ("drone #nothing", 6, "unknown concept '#nothing'"),
        ("drone NEAR kyiv", 6, "found 'NEAR', but NEAR takes a whole number"),
        ("drone NEAR/x kyiv", 6, "found 'NEAR/x', but NEAR takes a whole number"),
        ("drone lang:english", 11, "'lang:english' finds nothing"),
        ("-toy country:germany", 13, "'country:germany' finds nothing"),
        ("drone lang:uk lang:de", 0, "AND can never hold: an article has one language"),
    ],
)
def test_a_mistake_has_its_place(query: str, offset: int, message: str) -> None:
    asked, (mistake, *_) = understand(query, NOTHING, LANGUAGES, Narrowed())
    assert asked is None
    assert (mistake.offset, mistake.message[: len(message)]) == (offset, message)


def test_spans_of_time() -> None:
    assert span_of("2026-12")[1] == datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    assert span_of("2026")[0] == datetime(2025, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    for strange in ("2026-02-30", "0001", "9999-12-31"):
        with pytest.raises(ValueError, match="write 2026-03-02"):
            span_of(strange)


def test_words_count_in_the_forms_of_languages_that_the_archive_holds_though_no_feed_states_them(
    bench: Bench, publish: Callable[..., None]
) -> None:
    said = "Radni miasta Gdańska zatwierdzili w poniedziałek nowe tramwaje, które pojadą wzdłuż rzeki do portu."
    publish("courier", *((str(number), f"Nowe tramwaje w Gdańsku, część {number}", said) for number in range(4)))
    poll(bench.tools)
    assert _ids(_find(bench, "tramwaj rzeka")) == [], "four may be a slip of its recognition"
    publish("courier", ("4", "Nowe tramwaje w Gdyni", said))
    poll(bench.tools, force=True)
    assert _ids(_find(bench, "tramwaj rzeka")) == ["0", "1", "2", "3", "4"]
    assert _ids(_find(bench, "tramwaj rzeka", narrowed=Narrowed(language="de"))) == []


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("drone radar", "drone AND radar"),
        ("told:no  drone  date:2026-11", "drone"),
        ('drone -toy "air defence"', 'drone AND NOT toy AND "air defence"'),
        ("topic:air-defence", ""),
        ("who pays, and why?", "who AND pays AND and AND why"),
        ("„air defence“ radar", '"air defence" AND radar'),
    ],
)
def test_a_search_becomes_a_query_of_a_topic(typed: str, query: str) -> None:
    assert as_query(typed) == query


def test_the_newest_hits_come_first_and_older_ones_only_where_room_is_left(
    filled: Bench, publish: Callable[..., None]
) -> None:
    filled.clock.forward(days=3)
    publish("herald", ("9", "Launchers for Latvia", "Two more NASAMS launchers arrived in Latvia, the ministry said."))
    poll(filled.tools, force=True)
    asked, _ = understand("launchers OR library", NOTHING, LANGUAGES, Narrowed())
    assert asked is not None

    def ids(most: int) -> list[str]:
        found = newest(filled.store, asked, filled.tools.feeds, filled.clock(), most)
        return [hit.article.entry.id for hit in found]

    assert ids(1) == ["9"]
    assert ids(10)[0] == "9"
    assert sorted(ids(10)) == ["1", "2", "4", "9"]
    filled.clock.forward(days=70)
    assert ids(10) == []


@pytest.mark.parametrize(
    ("query", "offset", "message", "hint"),
    [
        ("told:yes drone told:no", 15, "'told:no' says again what was said before it", "say it once"),
        ("since:2026-03-01 date:2026", 17, "'date:2026' says again what was said before it", "say it once"),
        (
            "since:2026-03-05 until:2026-03-01",
            17,
            "no day lies between since and until",
            "since: takes the earlier day",
        ),
        ("topik:x", 0, "unknown field 'topik:'", "did you mean 'topic'?"),
        ("zzzz:x", 0, "unknown field 'zzzz:'", "fields: title, lead, body, source, url, lang, country, topic, story"),
    ],
)
def test_what_cannot_be_meant_is_told(query: str, offset: int, message: str, hint: str) -> None:
    asked, (mistake,) = understand(query, NOTHING, LANGUAGES, Narrowed())
    assert asked is None
    assert (mistake.offset, mistake.message) == (offset, message)
    assert mistake.hint.startswith(hint)


def test_what_stands_in_no_story_has_its_outlets_title(filled: Bench) -> None:
    (hit,) = _find(filled, "library").hits
    assert hit.outlet == filled.tools.feeds["courier"].outlet != "courier"
