"""Checks the shipped feed list, config/feeds.toml, and that docs/feeds.md says of every feed how it was confirmed.

It does not visit the feeds.
"""

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

ROOT = Path(__file__).parents[2]
FEEDS: list[dict[str, Any]] = tomllib.loads((ROOT / "config" / "feeds.toml").read_text(encoding="utf-8"))["feed"]
SEARCHES = [feed for feed in FEEDS if feed["tags"][0] == "search"]
DOCUMENT = (ROOT / "docs" / "feeds.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(?P<name>[^`]+)` \| <(?P<url>[^>]+)> \| (?P<confirmed>.+) \|$", re.MULTILINE)

REQUIRED = {"name", "title", "url", "language", "country", "tags"}
OPTIONAL = {"kind", "interval_minutes", "pages", "headers"}
KINDS_OF_OUTLET = {"official", "company", "press", "agency", "search"}
CONFIRMATIONS = {"checked", "listed", "seen", "few", "pattern"}
# Codes that are easily put into the wrong column: countries that are no language, languages that are no country.
NO_LANGUAGE = {"ua", "gb", "us", "cz", "dk", "at", "int"}
NO_COUNTRY = {"uk", "en", "cs", "da"}


def by_name(feed: dict[str, Any]) -> str:
    """The name under which pytest reports a feed."""
    return str(feed.get("name", "nameless"))


def test_the_list_is_long_and_speaks_many_languages() -> None:
    assert len(FEEDS) >= 60
    assert len({feed["language"] for feed in FEEDS}) >= 8


@pytest.mark.parametrize("key", ["name", "url"])
def test_no_two_feeds_share_a(key: str) -> None:
    counted = Counter(feed[key].casefold() for feed in FEEDS)
    assert [value for value, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("feed", FEEDS, ids=by_name)
def test_a_feed_is_complete_and_has_no_unknown_key(feed: dict[str, Any]) -> None:
    assert set(feed) >= REQUIRED
    assert set(feed) <= REQUIRED | OPTIONAL
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", feed["name"])
    assert feed["title"].strip() == feed["title"] != ""


@pytest.mark.parametrize("feed", FEEDS, ids=by_name)
def test_an_address_is_https_and_plain(feed: dict[str, Any]) -> None:
    parts = urlsplit(feed["url"])
    assert parts.scheme == "https"
    assert parts.hostname is not None
    assert "." in parts.hostname
    assert parts.username is None
    assert parts.fragment == ""
    assert feed["url"].isascii()
    assert not re.search(r"\s", feed["url"])


@pytest.mark.parametrize("feed", FEEDS, ids=by_name)
def test_codes_and_tags_are_valid(feed: dict[str, Any]) -> None:
    assert re.fullmatch(r"[a-z]{2}", feed["language"])
    assert feed["language"] not in NO_LANGUAGE
    assert re.fullmatch(r"[a-z]{2}|int", feed["country"])
    assert feed["country"] not in NO_COUNTRY
    assert feed["tags"][0] in KINDS_OF_OUTLET
    assert len(set(feed["tags"])) == len(feed["tags"])
    assert all(re.fullmatch(r"[a-z0-9-]+", tag) for tag in feed["tags"])


def test_there_are_enough_searches() -> None:
    assert len(SEARCHES) >= 8


@pytest.mark.parametrize("feed", SEARCHES, ids=by_name)
def test_a_search_asks_in_its_language_and_leaves_pages_alone(feed: dict[str, Any]) -> None:
    asked = parse_qs(urlsplit(feed["url"]).query)
    assert asked["q"][0].count('"') % 2 == 0
    assert asked["q"][0].count("(") == asked["q"][0].count(")")
    assert asked["hl"][0].split("-")[0] == feed["language"]
    assert asked["ceid"] == [f"{asked['gl'][0]}:{feed['language']}"]
    assert feed["pages"] == "never"


def test_the_document_has_one_row_for_every_feed_and_no_other() -> None:
    rows = [(row["name"], row["url"]) for row in ROW.finditer(DOCUMENT)]
    assert rows == [(feed["name"], feed["url"]) for feed in FEEDS]


def test_every_row_says_how_the_address_was_confirmed() -> None:
    words = {row["name"]: row["confirmed"].split(":")[0] for row in ROW.finditer(DOCUMENT)}
    assert {name: word for name, word in words.items() if word not in CONFIRMATIONS} == {}
    explained = set(re.findall(r"^\| (\w+) \| [^|]+ \|$", DOCUMENT, re.MULTILINE))
    assert set(words.values()) <= explained
