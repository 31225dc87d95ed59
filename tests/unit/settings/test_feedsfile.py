"""Feeds appended to the text of feeds.toml."""

import tomllib

import pytest

from monitor.settings.feedsfile import NewFeed, all_named, already, fitting, named, slug, web_address, with_feeds
from tests.builders import a_feed


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("The Ridge Herald!", "the-ridge-herald"),
        ("Дзеркало тижня", ""),
        ("Дзеркало Ridge", ""),
        ("ridge.example", "ridge-example"),
        ("--", ""),
        ("x" * 80, "x" * 60),
    ],
)
def test_a_slug_keeps_most_of_the_text_or_is_none(text: str, made: str) -> None:
    assert slug(text) == made


def test_a_name_is_free() -> None:
    new = NewFeed("https://www.ridge.example/rss", title="Дзеркало")
    assert named(new, {"courier"}).name == "ridge-example"
    assert named(new, {"ridge-example", "ridge-example-2"}).name == "ridge-example-3"
    assert named(NewFeed("https://x.example/", title="Ridge", name="own"), ()).name == "own"


@pytest.mark.parametrize("title", ['Say "yes" \\ no', "Їжа\t&\n<b>", "\x7f\x00", "'''", '"""'])
def test_any_title_comes_back_from_the_file(title: str) -> None:
    new = NewFeed("https://x.example/", title=title, name="x", tags=(title,), links=r"/\d+")
    (table,) = tomllib.loads(with_feeds("", [new]))["feed"]
    assert (table["title"], table["tags"], table["links"]) == (title, [title], r"/\d+")


@pytest.mark.parametrize("text", ["", "# words", "# words\n", '[[feed]]\nname = "a"\nurl = "https://a.example/"'])
def test_nothing_before_is_touched(text: str) -> None:
    made = with_feeds(text, [NewFeed("https://x.example/", name="x"), NewFeed("https://y.example/", name="y")])
    assert made.startswith(text)
    assert [table["name"] for table in tomllib.loads(made)["feed"]][-2:] == ["x", "y"]


def test_an_address_is_known_by_more_than_its_letters() -> None:
    feed = a_feed(url="https://ridge.example/feed/")
    assert already("http://RIDGE.example/feed", [feed]) == feed
    assert already("https://ridge.example/feed?x=1", [feed]) is None


def test_of_a_list_only_what_is_new_and_a_web_address_is_taken() -> None:
    known = a_feed(name="courier", url="https://courier.example/feed")
    listed = [
        NewFeed("http://courier.example/feed/", title="The same"),
        NewFeed("gopher://old.example/", title="Old"),
        NewFeed("https://new.example/rss", name="courier"),
    ]
    new, left_out = fitting(listed, [known])
    assert new == [NewFeed("https://new.example/rss")]
    assert [why for _, why in left_out] == [
        "stands already in feeds.toml as 'courier'",
        "'gopher://old.example/' is no web address",
    ]


def test_names_do_not_clash_among_themselves() -> None:
    two = [NewFeed("https://a.example/", title="Ridge"), NewFeed("https://b.example/", title="Ridge")]
    assert [one.name for one in all_named(two, ["courier"])] == ["ridge", "ridge-2"]
    with pytest.raises(ValueError, match="the name 'courier' is taken"):
        all_named([NewFeed("https://c.example/", name="courier")], ["courier"])


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("https://zn.example/rss", "https://www.zn.example/rss/", True),
        ("http://zn.example:80/rss", "https://me:pw@ZN.example/rss", True),
        ("https://zn.example/rss?s=1", "https://zn.example/rss?s=2", False),
        ("https://zn.example/rss?rss=sport", "https://zn.example/rss", False),
        ("https://zn.example:8080/rss", "https://zn.example/rss", False),
    ],
)
def test_what_stands_twice_in_a_list_is_added_once(first: str, second: str, same: bool) -> None:
    new, left_out = fitting([NewFeed(first, title="ZN"), NewFeed(second, title="Again")], [])
    assert [one.url for one in new] == [first, second][: 1 if same else 2]
    assert [why for _, why in left_out] == (["stands already in this list as 'ZN'"] if same else [])
    assert bool(already(second, [a_feed(url=first)])) == same


def test_what_was_exported_without_its_key_is_known_all_the_same() -> None:
    feed = a_feed(url="https://me:pw@ridge.example/rss?s=1&key=abc")
    assert already("https://ridge.example/rss?s=1&key=", [feed]) == feed
    assert already("https://ridge.example/rss?s=1&key=another", [feed]) is None


def test_what_is_no_address_at_all_is_left_out() -> None:
    new, left_out = fitting([NewFeed("http://[bad/"), NewFeed("https://x.example:port/")], [])
    assert (new, [why for _, why in left_out]) == (
        [],
        ["'http://[bad/' is no web address", "'https://x.example:port/' is no web address"],
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("feed://x.example/rss", "http://x.example/rss"),
        ("FEED:https://x.example/rss", "https://x.example/rss"),
        ("feed://https://x.example/rss", "https://x.example/rss"),
        ("https://x.example/feed://y", "https://x.example/feed://y"),
        ("feed.example/rss", "feed.example/rss"),
    ],
)
def test_an_address_as_readers_of_feeds_write_it(written: str, meant: str) -> None:
    assert web_address(written) == meant
