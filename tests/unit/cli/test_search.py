"""Searching the archive from the command line."""

import csv
import json

import pytest

from monitor.cli.common import Exit
from tests.unit.cli.calling import Call, Town


def test_a_search_shows_headline_outlet_address_and_words(town: Town, call: Call) -> None:
    said = call(*town.options, "search", '"co-production treaty"')
    lines = said.out.splitlines()
    assert said.code == Exit.OK
    assert lines[0] == "Kyiv and Paris sign film co-production treaty"
    assert town.address("film-fund-kyiv-paris") in lines[1]
    assert " · en · " in lines[1]
    assert "co-production treaty" in lines[2]


def test_a_search_may_be_narrowed(town: Town, call: Call) -> None:
    def titles(*options: str) -> set[str]:
        found = json.loads(call(*town.options, "search", "OR".join([" drones ", " drone "]), *options, "--json").out)
        return {hit["title"] for hit in found}

    everything = titles("--limit", "1000")
    told = titles("--topic", "drone-coalition", "--limit", "1000")
    assert told < everything
    assert "Church bake sale raises 14,000 dollars for drones at the front" in everything - told
    assert titles("--feed", "plains-courier") < everything
    assert titles("--days", "1", "--limit", "1000") == everything
    assert len(titles("--limit", "2")) == 2


def test_nothing_found_is_code_1(town: Town, call: Call) -> None:
    said = call(*town.options, "search", "nothinglikethis")
    assert (said.code, said.out, said.err) == (Exit.NOT_WELL, "", "nothing found\n")
    assert call(*town.options, "search", "nothinglikethis", "--json").out == "[]\n"


def test_a_name_that_the_configuration_does_not_have_is_said(town: Town, call: Call) -> None:
    said = call(*town.options, "search", "drones", "topic:drone-coalitoin", "--outlet", "Nowhere Times")
    assert (said.code, said.out) == (Exit.NOT_WELL, "")
    assert said.err == (
        "nothing found; the configuration has no topic 'drone-coalitoin', did you mean 'drone-coalition'?; the"
        " configuration has no outlet 'Nowhere Times'\n"
    )


def test_words_count_in_the_forms_of_the_language_that_is_asked_for(town: Town, call: Call) -> None:
    """The feeds of this town do not state theirs."""
    assert "Druga bateria Patriot" in call(*town.options, "search", "radar pocisk", "--language", "pl").out


@pytest.mark.parametrize("query", ['"unclosed', "-", "OR", "*", "NEAR(", "col:umn", "told:never"])
def test_odd_queries_do_no_harm(town: Town, call: Call, query: str) -> None:
    assert call(*town.options, "search", "--", query).code in (Exit.OK, Exit.NOT_WELL, Exit.USAGE)


def test_a_mistake_is_shown_with_its_place(town: Town, call: Call) -> None:
    said = call(*town.options, "search", "drones titel:kyiv")
    assert said.code == Exit.USAGE
    assert said.err.splitlines()[1:] == [
        "  drones titel:kyiv",
        "         ^",
        "  line 1, column 8: unknown field 'titel:' — did you mean 'title'?",
    ]
    assert call(*town.options, "search", "drones", "--since", "soon").code == Exit.USAGE
    said = call(*town.options, "search", "drones", "--language", "english")
    assert said.code == Exit.USAGE
    assert "'english' is no language's code; did you mean 'en' (English)?" in said.err


def test_forms_concepts_and_closeness(town: Town, call: Call) -> None:
    def titles(query: str) -> set[str]:
        said = call(*town.options, "search", query, "--limit", "1000", "--json")
        return {hit["title"] for hit in json.loads(said.out)}

    assert titles("drones lang:en") == titles("drone lang:en") != set()
    assert titles("drone") <= titles("#drone")
    assert set() != titles("drone ~s coalition") <= titles("drone coalition")


def test_pages_and_csv(town: Town, call: Call) -> None:
    first = call(*town.options, "search", "drones", "--limit", "2", "--csv")
    assert "more: --page 2" in first.err
    rows = list(csv.DictReader(first.out.splitlines()))
    assert len(rows) == 2
    second = call(*town.options, "search", "drones", "--limit", "2", "--page", "2", "--csv")
    assert not {row["id"] for row in rows} & {row["id"] for row in csv.DictReader(second.out.splitlines())}
    assert call(*town.options, "search", "drones", "--page", "900").err == "nothing on page 900\n"
    assert call(*town.options, "search", "drones", "--json", "--csv").code == Exit.USAGE


def test_a_word_with_a_hyphen_must_not_occur_and_days_exclude_each_other(town: Town, call: Call) -> None:
    with_all, without = (call(*town.options, "search", "drones", *more, "--json") for more in ((), ("-Norway",)))
    assert 0 < len(json.loads(without.out)) < len(json.loads(with_all.out))
    assert "No such option" in call(*town.options, "search", "drones", "--limits", "3").err
    assert "Usage:" in call(*town.options, "search", "-h").out
    said = call(*town.options, "search", "drones", "--since", "2026-03-05", "--until", "2026-03-01")
    assert (said.code, said.err) == (
        2,
        "monitor: --since 2026-03-05 is later than --until 2026-03-01; no day lies between them\n",
    )
    assert call(*town.options, "search", "drones", "--since", "2026", "--days", "3").code == 2


@pytest.mark.parametrize(
    "words", [("--since", "0001-01-01", "drone"), ("--days", "99999999", "drone"), ("drone since:0001-01-01",)]
)
def test_days_beyond_the_calendar_are_a_mistake(town: Town, call: Call, words: tuple[str, ...]) -> None:
    said = call(*town.options, "search", *words)
    assert said.code == Exit.USAGE
    assert "write 2026-03-02" in said.err or "range 1<=x<=36500" in said.err
