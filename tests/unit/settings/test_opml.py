"""Lists of feeds from and for other readers."""

import time

import pytest

from monitor.settings.feedsfile import NewFeed
from monitor.settings.opml import OpmlError, lacking, read_opml, write_opml
from tests.builders import a_feed


def opml(body: str, head: str = "") -> bytes:
    return f'{head}<opml version="1.0"><head><title>Mine</title></head><body>{body}</body></opml>'.encode()


def test_folders_and_categories_are_tags() -> None:
    listed = read_opml(
        opml(
            '<outline text="Press"><outline title="Far away"><outline type="rss" title="Ridge &amp; Co" text="r"'
            ' xmlUrl="https://r.example/f" category="/Sea/Hill,Air" language="uk-UA"/></outline></outline>'
            '<outline text="Alone" xmlUrl="https://a.example/"/><outline text="Folder without any"/>'
            '<outline text="Twice" xmlUrl="https://a.example/"/>'
        )
    )
    assert listed == [
        NewFeed("https://r.example/f", "Ridge & Co", language="uk", tags=("Press", "Far away", "Sea", "Hill", "Air")),
        NewFeed("https://a.example/", "Alone"),
    ]


def test_what_goes_out_comes_back() -> None:
    feeds = [
        a_feed(name="a", title='Über <b> & "so"', tags=("press", "sea"), language="uk", country="ua"),
        a_feed(name="b", title="", url="https://b.example/map.xml", kind="sitemap", links=r"/n/\d+", language=""),
        a_feed(name="c", url="https://c.example/", pages="never", states_pages=True, tags=("press",), language=""),
    ]
    back = {one.name: one for one in read_opml(write_opml(feeds))}
    for feed in feeds:
        one = back[feed.name]
        pages = feed.pages if feed.states_pages else ""
        assert one == NewFeed(
            feed.url, feed.title, feed.name, feed.kind, feed.language, feed.country, feed.tags, pages, feed.links
        )


def test_secrets_stay_at_home() -> None:
    feed = a_feed(headers=(("Key", "s3cret"),), login="me:s3cret", cookies=(("a", "s3cret"),), proxy="http://s3cret/")
    keyed = a_feed(name="keyed", url="http://me:s3cret@host.example/x?s=1&key=s3cret")
    written = write_opml([feed, keyed])
    assert b"s3cret" not in written
    assert b'xmlUrl="http://host.example/x?s=1&amp;key="' in written
    assert lacking([feed, keyed]) == ["keyed"]


def test_what_all_feeds_are_told_is_no_word_of_the_feed() -> None:
    feeds = [a_feed(pages="always"), a_feed(name="own", pages="likely", states_pages=True)]
    written = write_opml(feeds)
    assert b"always" not in written
    assert written.count(b'monitor:pages="likely"') == 1


def test_addresses_of_feeds_are_taken_as_the_webs() -> None:
    (one,) = read_opml(opml('<outline text="R" xmlUrl="feed://r.example/f"/>'))
    assert one.url == "http://r.example/f"


@pytest.mark.parametrize(
    "body",
    [
        b"<opml><body><outline text='R &amp; S' xmlUrl='https://r.example/?a=1&amp;b=2'/></body></opml>",
        b"<opml><body><outline text='R & S' xmlUrl='https://r.example/?a=1&b=2'/></body></opml>",
        b"<opml><body><outline text='R &amp;\x0b&nbsp;S' xmlUrl='https://r.example/?a=1&b=2'/></body></opml>",
        b"<opml><body><outline text='R &amp; S' own:x='1' xmlUrl='https://r.example/?a=1&amp;b=2'/></body></opml>",
        b"<opml xmlns='urn:o'><body><outline text='R &amp; S' xmlUrl='https://r.example/?a=1&amp;b=2'/></body></opml>",
        b"<OPML><Body><Outline TEXT='R &amp; S' XMLURL='https://r.example/?a=1&amp;b=2'/></Body></OPML>",
        (
            b"<opml><body><outline text='R &amp; S' type='rss' url='https://r.example/?a=1&amp;b=2'/>"
            b"<outline text='Page' type='link' url='https://r.example/about'/></body></opml>"
        ),
    ],
    ids="whole ampersand reference prefix space letters url".split(),
)
def test_what_other_readers_let_pass_is_taken(body: bytes) -> None:
    (one,) = read_opml(body)
    assert (one.url, one.title.replace("\xa0", " ")) == ("https://r.example/?a=1&b=2", "R & S")


def test_the_letters_of_an_old_list_are_kept() -> None:
    declared = "<?xml version='1.0' encoding='windows-1251'?>"
    (one,) = read_opml(
        f"{declared}<opml><body><outline text='Край &' xmlUrl='https://r.example/'/></body></opml>".encode("cp1251")
    )
    assert one.title == "Край &"
    (one,) = read_opml(b"<opml><body><outline text='\xdcber' xmlUrl='https://r.example/'/></body></opml>")
    assert one.title == "Über"


@pytest.mark.parametrize(
    ("body", "trouble"),
    [
        (b"", "no well-formed XML"),
        (b"<opml><body>", "no well-formed XML"),
        (b"<rss/>", "no OPML: its root is <rss>"),
        (opml("", '<!DOCTYPE opml SYSTEM "https://evil.example/x.dtd">'), "declares a document type"),
        (opml("&a;", '<!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/passwd">]>'), "declares a document type"),
        ('<!doctype x [<!ENTITY a "b">]><opml/>'.encode("utf-16"), "declares a document type"),
        (b"<opml><body>" + b"<outline text='a'>" * 1_000_000, "no well-formed XML"),
    ],
    ids=[f"list {n}" for n in range(7)],
)
def test_a_wrong_or_hostile_list_is_refused(body: bytes, trouble: str) -> None:
    started = time.process_time()
    with pytest.raises(OpmlError, match=trouble):
        read_opml(body)
    assert time.process_time() - started < 5
