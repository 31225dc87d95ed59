"""Feeds appended to the text of feeds.toml."""

import tomllib

import pytest

from monitor.settings.feedsfile import NewFeed, all_named, already, fitting, named, slug, with_feeds
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
