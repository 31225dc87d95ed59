"""JSON Feed as entries, with all that may be of a wrong type."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.model import FeedPage, Unreadable
from monitor.sources.jsonfeed import read_jsonfeed
from tests.builders import a_feed, a_fresh

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "feeds" / "jsonfeed11.json"
VERSION = "https://jsonfeed.org/version/1"


def read(text: str) -> FeedPage | Unreadable:
    return read_jsonfeed(a_feed(), a_fresh(url="https://quay.example/feed.json"), text)


def page(document: dict[str, Any]) -> FeedPage:
    answer = read(json.dumps(document))
    assert isinstance(answer, FeedPage), answer
    return answer


def test_a_sample_with_wrong_types() -> None:
    answer = read(SAMPLE.read_text(encoding="utf-8"))
    assert isinstance(answer, FeedPage)
    assert (answer.title, answer.link, answer.language) == ("Quay Notes", "https://quay.example/", "de")
    assert answer.remark == "1 items are no objects"
    first, second = answer.entries
    assert (first.id, first.link, first.title) == ("17", "https://quay.example/a", "Zwei Fähren & ein Kran")
    assert first.content == "Der Kran &lt; 5 t &amp; mehr."
    assert first.published == datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
    assert (first.authors, first.tags) == (("Redaktionsdienst",), ("Hafen", "3"))
    assert (second.id, second.link, second.title) == ("b", "https://elsewhere.example/b", "")
    assert (second.summary, second.authors, second.published) == ("5", ("Ida Kern",), None)


def test_no_items_are_no_entries() -> None:
    assert page({"version": VERSION, "title": "Quay", "items": []}).entries == ()


def test_without_a_version_the_items_must_speak_for_themselves() -> None:
    items = [{"id": "1", "url": "https://quay.example/1"}]
    assert len(page({"items": items}).entries) == 1
    assert len(page({"version": "2", "items": [{"id": "1", "content_text": "Ein Kran."}]}).entries) == 1
    assert len(page({"version": "1.0", "items": [{"content_text": "Ein Kran."}]}).entries) == 1
    assert page({"version": 1.1, "home_page_url": "https://quay.example/", "items": []}).entries == ()
    others: tuple[object, ...] = (
        [{"name": "x"}],
        [{"url": "https://quay.example/1"}],
        [{"id": 1, "name": "x"}],
        [],
        {},
    )
    for other in others:
        assert isinstance(read(json.dumps({"items": other})), Unreadable)


@pytest.mark.parametrize("items", [None, {"1": {"id": "1"}}])
def test_a_version_without_a_list_of_items_is_no_feed(items: object) -> None:
    assert isinstance(read(json.dumps({"version": VERSION, "title": "Quay", "items": items})), Unreadable)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Use <b>bold</b> & <canvas>", "Use <b>bold</b> & <canvas>"),
        ("Cranes &amp; ferries", "Cranes & ferries"),
        ("Loads < 5 t\n  only", "Loads < 5 t only"),
    ],
)
def test_a_title_is_plain_text(title: str, shown: str) -> None:
    assert page({"version": VERSION, "items": [{"id": "1", "title": title}]}).entries[0].title == shown


def test_ids_are_kept_letter_by_letter() -> None:
    ids = [" a ", "a", "   ", 17, "https://quay.example/1"]
    found = page({"version": VERSION, "items": [{"id": one, "title": str(n)} for n, one in enumerate(ids)]}).entries
    assert [entry.id for entry in found] == [" a ", "a", "", "17", "https://quay.example/1"]


def test_an_id_that_is_an_address_stands_in_for_a_missing_link() -> None:
    items = [{"id": "https://quay.example/1"}, {"id": "https://quay.example/2", "external_url": "/3"}, {"id": "4"}]
    found = page({"version": VERSION, "items": items}).entries
    assert [entry.link for entry in found] == ["https://quay.example/1", "https://quay.example/3", ""]


def test_one_tag_may_stand_without_a_list() -> None:
    assert page({"version": VERSION, "items": [{"id": "1", "tags": "Hafen"}]}).entries[0].tags == ("Hafen",)


@pytest.mark.parametrize("wrong", [None, 1, 1.5, True, [], {}, "", [None], {"name": 1}])
def test_any_value_may_be_of_any_type(wrong: object) -> None:
    fields = (
        "id url external_url title content_html content_text summary date_published date_modified author authors"
        " language tags"
    ).split()
    answer = page({"version": VERSION, "title": wrong, "home_page_url": wrong, "authors": wrong, "language": wrong,
                   "items": [dict.fromkeys(fields, wrong)]})  # fmt: skip
    assert len(answer.entries) == 1


def test_what_a_cache_writes_behind_the_document_is_remarked() -> None:
    answer = read(json.dumps({"version": VERSION, "items": [{"id": "1"}]}) + "\n<!-- cached -->")
    assert isinstance(answer, FeedPage)
    assert (len(answer.entries), answer.remark) == (1, "text behind the document")


@pytest.mark.parametrize("kept", [1, 2, 3])
@pytest.mark.parametrize("behind", ["", ",", ', {"id": "4", "title": "Cut of', ', {"id": "4" "title": "No comma"}]}'])
def test_of_a_broken_document_the_items_before_that_are_kept(kept: int, behind: str) -> None:
    """Also where an extension before them has a list of that name."""
    items = [{"id": str(one), "url": f"https://quay.example/{one}"} for one in range(kept)]
    whole = {"version": VERSION, "title": "Quay", "_shop": {"items": [{"price": 5}]}, "items": items}
    answer = read(json.dumps(whole).removesuffix("]}") + behind)
    assert isinstance(answer, FeedPage), answer
    assert ([entry.id for entry in answer.entries], answer.title) == ([one["id"] for one in items], "Quay")
    assert answer.remark == f"JSON broken after {kept} items"


def test_a_document_that_is_broken_before_its_first_item_is_unreadable() -> None:
    deep = '{"version": "' + VERSION + '", "items": [' + '{"a":' * 100_000
    for text in ('{"version": "' + VERSION + '", "items": [{"id": "1", "ti', '{"title": "No en', deep):
        assert isinstance(read(text), Unreadable)


def test_an_empty_list_of_authors_leaves_the_one_author() -> None:
    item = {"id": "1", "authors": [], "author": {"name": "Ida Kern"}}
    assert page({"version": VERSION, "items": [item]}).entries[0].authors == ("Ida Kern",)


def test_lone_surrogates_do_no_harm() -> None:
    answer = read('{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "a\\ud800b"}]}')
    assert isinstance(answer, FeedPage)
    assert answer.entries[0].title.encode()
