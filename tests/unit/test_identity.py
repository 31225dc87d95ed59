"""What an entry is called, and which known item it is; on a real archive: tests/faults/test_identity.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from monitor.identity import (
    Named,
    by_content,
    by_page,
    content_hash,
    contradicts,
    identities,
    mark,
    named,
    renamed,
    without,
)
from monitor.links import article_id
from monitor.model import Entry
from tests.builders import NOW, an_entry


def test_a_guid_counts_while_it_is_unique() -> None:
    entries = [an_entry(id="a", link="http://x.example/1"), an_entry(id="b", link="http://x.example/1")]
    assert identities(entries) == ("id:a", "id:b")


def test_one_guid_for_all_gives_way_to_the_links() -> None:
    entries = [an_entry(id="same", link=f"http://x.example/{number}") for number in (1, 2)]
    assert identities(entries) == ("link:x.example/1", "link:x.example/2")


def test_a_name_has_an_end_however_long_the_guid_is() -> None:
    entries = [an_entry(id="g" * 6_000 + end, link="") for end in "ab"]
    one, other = identities(entries)
    assert one != other
    assert len(one) == len(other) == 500
    assert identities(entries[1:]) == (other,)


def test_neither_guid_nor_link_leaves_the_words() -> None:
    entries = [an_entry(id="", link="", title=title) for title in ("One", "Two")]
    one, two = identities(entries)
    assert one != two
    assert identities([*entries, replace(entries[0])])[::2] == (one, one)


def test_a_guid_that_is_an_address_is_compared_as_one() -> None:
    plain, secure = an_entry(id="http://x.example/1"), an_entry(id="https://www.x.example/1/")
    assert identities([plain]) == identities([secure])


def test_a_change_is_one_that_a_reader_sees() -> None:
    entry = an_entry()
    assert content_hash(entry) == content_hash(replace(entry, updated=entry.published, summary=f"{entry.summary} "))
    assert content_hash(entry) != content_hash(replace(entry, title="Three more launchers"))


def test_an_entry_that_stands_as_it_was_noted_is_not_looked_at_again() -> None:
    entries = [an_entry(id=name, link=f"https://x.example/{name}") for name in ("a", "b")]
    noted = {mark(entry, f"id:{entry.id}") for entry in entries}
    assert named(entries, noted).others == ()
    for change in ({"id": "c"}, {"link": "https://x.example/c"}, {"title": OTHER}, {"summary": ""}, {"content": "C"}):
        changed = named([replace(entries[0], **change), entries[1]], noted)
        assert (len(changed.standing), len(changed.others), changed.size) == (1, 1, 2)
    guid_again = named([*entries, replace(entries[1], link="https://x.example/c", title=OTHER)], noted)
    assert list(guid_again.standing) == ["id:a"]  # the other has another name now
    page_again = named([*entries, replace(entries[1], id="c", title=OTHER)], noted)
    assert list(page_again.standing) == ["id:a"]  # what is one and what is two is to be found out


def _entries(entries: Sequence[Entry]) -> tuple[Named, ...]:
    return named(entries).others


@dataclass(frozen=True, slots=True)
class Noted:
    """A known item."""

    identity: str
    link: str
    title: str
    published: datetime | None
    content_hash: str
    article: str


def _noted(entry: Entry, article: str = "a") -> Noted:
    (one,) = _entries([entry])
    return Noted(one.identity, entry.link, entry.title, entry.published, one.content, article)


LATER = NOW + timedelta(days=40)
OTHER = "Harbour tram runs every ten minutes from May"


def test_posts_of_a_live_blog_are_several_items_of_one_page() -> None:
    posts = [an_entry(id=f"p{n}", link=f"https://x.example/live#p{n}", title=f"Update {n}", summary="") for n in (1, 2)]
    first, second = _entries(posts)
    assert first.shares_page
    assert first.article_id() != second.article_id()
    alone, again = _entries([replace(post, id="") for post in posts])
    assert (alone.identity, again.identity) == ("link:x.example/live#p1", "link:x.example/live#p2")


def test_one_article_listed_twice_does_not_share_its_page() -> None:
    twice = [an_entry(id="a"), an_entry(id="b", title="Two more launchers promised before winter, again")]
    assert [one.shares_page for one in _entries(twice)] == [False, False]
    assert {one.article_id() for one in _entries(twice)} == {article_id(twice[0].link, "", "")}


def test_items_that_all_point_to_one_page_are_several() -> None:
    show = [an_entry(id=str(n), title=title) for n, title in enumerate(("Fish", "A tower", "Old bread"))]
    assert len({one.article_id() for one in _entries(show)}) == 3


@pytest.mark.parametrize(
    ("change", "other"),
    [
        ({"title": "Third launcher"}, False),
        ({"link": "https://courier.example/news/third"}, False),
        ({"title": OTHER, "link": "https://courier.example/tram"}, False),  # its moment speaks for it
        ({"title": OTHER, "link": "https://courier.example/tram", "published": LATER}, True),
        ({"title": OTHER, "link": "https://new.example/news/launchers", "published": LATER}, False),
        ({"title": OTHER, "published": LATER}, False),
    ],
)
def test_a_guid_used_again_for_another_item(change: dict[str, object], other: bool) -> None:
    before = an_entry()
    (after,) = _entries([replace(before, **change)])
    assert contradicts(after, _noted(before)) is other


def test_the_place_in_the_list_is_no_guid() -> None:
    before = an_entry(id="3", title="Losses on day 641 of the war", link="https://x.example/641")
    (after,) = _entries(
        [replace(before, title="Losses on day 642 of the war", link="https://x.example/642", published=NOW)]
    )
    assert contradicts(after, _noted(before))
    assert renamed(after).identity != after.identity


def test_a_new_guid_at_a_known_page() -> None:
    before = an_entry(id="old")
    entries = _entries([replace(before, id="new", title=OTHER)])
    found, shared = by_page(entries, [_noted(before)])
    assert list(found) == ["id:new"]
    assert not shared


def test_a_new_post_at_a_known_page_is_new() -> None:
    before = an_entry(id="p1", link="https://x.example/live#p1")
    entries = _entries([an_entry(id="p2", link="https://x.example/live#p2", title=OTHER, published=LATER)])
    found, shared = by_page(entries, [_noted(before)])
    assert not found
    assert list(shared) == ["id:p2"]


def test_one_of_several_at_a_page_is_known_by_its_words() -> None:
    noted = [_noted(an_entry(id=str(n), title=title), title) for n, title in enumerate(("Fish again", "A tower falls"))]
    entries = _entries([an_entry(id="x", title="A tower falls down", published=LATER)])
    found, _ = by_page(entries, noted)
    assert found["id:x"].article == "A tower falls"


def test_a_moved_site_keeps_its_items() -> None:
    before = an_entry(id="https://old.example/news/a-b-c", link="https://old.example/news/a-b-c")
    moved = replace(before, id="https://new.example/news/a-b-c", link="https://new.example/news/a-b-c")
    assert by_content(_entries([moved]), [_noted(before)])
    undated = replace(before, published=None)
    assert by_content(_entries([replace(moved, published=None)]), [_noted(undated)])
    assert not by_content(_entries([replace(moved, published=None, summary="", title="Notice", link="https://n.example/b")]),
                          [_noted(replace(undated, summary="", title="Notice"))])  # fmt: skip


def test_what_others_are_is_left_out() -> None:
    one, two = (_noted(an_entry(id=name)) for name in "ab")
    assert without({"id:a": one, "id:b": two}, ["id:a"]) == [two]
