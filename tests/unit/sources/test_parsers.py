"""What feedparser's parsers hear, and what of broken XML."""

from typing import Any

import pytest

from monitor.sources.parsers import MOST_OPEN, parsed

OWN = 'xmlns:own="https://ridge.example/own"'


def heard(body: str) -> tuple[Any, str]:
    return parsed(body, "https://ridge.example/feed")


def rss(items: str) -> str:
    return f'<rss version="2.0" {OWN}><channel><title>R</title>{items}</channel></rss>'


@pytest.mark.parametrize("odd", ["", "<br>", "&nbsp;", "<p>"])
def test_nothing_is_heard_within_a_foreign_element(odd: str) -> None:
    also = f"<own:also><own:also/>{odd}<title>Nine</title><item><guid>9</guid></item></own:also>"
    parser, remark = heard(rss(f"<item>{also}<title>One</title></item><item><title>Two</title>{also}</item>"))
    assert [entry["title"] for entry in parser.entries] == ["One", "Two"]
    assert [entry.get("id") for entry in parser.entries] == [None, None]
    assert bool(remark) == bool(odd)


def test_a_foreign_element_without_an_end_ends_with_its_entry() -> None:
    parser, _ = heard(rss("<item><own:also><title>Nine</title></item><item><title>Two</title></item>"))
    assert [entry.get("title") for entry in parser.entries] == [None, "Two"]


def test_the_hours_and_days_are_all_heard() -> None:
    parser, _ = heard(rss("<skipHours><hour>3</hour><hour>4</hour></skipHours><skipDays><day>Sunday</day></skipDays>"))
    assert (parser.hours, parser.days) == (["3", "4"], ["Sunday"])


def test_what_is_mended_is_read_strictly_and_remarked() -> None:
    parser, remark = heard(rss("<item><link>https://ridge.example/?a=1&copy=2</link></item>"))
    assert parser.entries[0]["link"] == "https://ridge.example/?a=1&copy=2"
    assert remark.startswith("broken XML (line 2: ")


@pytest.mark.parametrize("odd", ["", "<p>"])
def test_a_title_without_its_end_swallows_nothing(odd: str) -> None:
    one = f"<item><title>One</titel><guid>1</guid><description>{odd}</description></item>"
    parser, remark = heard(rss(f"<language>uk</langauge>{one}<item><title>Two<guid>2</guid></item>"))
    assert [(entry["title"], entry["id"]) for entry in parser.entries] == [("One", "1"), ("Two", "2")]
    assert parser.feeddata["language"] == "uk"
    assert remark.startswith("broken XML (line 2: mismatched tag)")


def test_the_loose_parser_is_spared_what_would_cost_too_much() -> None:
    parser, remark = heard(rss("<item><title>One</title></item>") + "<a" * (MOST_OPEN + 2))
    assert remark.endswith(", the rest is lost")
    assert len(parser.entries) == 1
