"""What every kind of source owes, run over all of `KINDS`."""

import time

import pytest

from monitor.model import FeedPage, Unreadable
from monitor.sources import KINDS
from tests.builders import NOW, a_feed, a_fresh

BODIES = [
    b"",
    b"\x00\xff\xfe",
    b"<",
    b"{",
    b"[]",
    b"<rss/>",
    b"<rss><channel></channel></rss>",
    b"<html></html>",
    b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id></entry></feed>",
    b"<rss><channel><item><pubDate>Fri, 01 Jan 2100 00:00:00 GMT</pubDate></item></channel></rss>",
    b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": 1}, {"id": 1}]}',
    "Їжа".encode("utf-16"),
    b"\x1f\x8b",
]


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("body", BODIES)
def test_a_source_answers_and_never_raises(kind: str, body: bytes) -> None:
    feed = a_feed(kind=kind)
    visit = a_fresh(body=body)
    answer = KINDS[kind].read(feed, visit)
    assert answer == KINDS[kind].read(feed, visit)
    if isinstance(answer, Unreadable):
        assert answer.reason
        return
    assert isinstance(answer, FeedPage)
    assert len(set(answer.entries)) == len(answer.entries)
    for entry in answer.entries:
        assert entry.feed == feed.name
        assert entry.link == "" or entry.link.startswith(("http://", "https://"))
        assert "\n" not in entry.title
        for moment in (entry.published, entry.updated):
            assert moment is None or (
                moment.tzinfo is not None and moment.year >= 2000 and moment <= NOW.replace(day=24)
            )


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DEEP = 1_000_000
HOSTILE = {
    "billion laughs": f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>{{}}&l9;',
    "quadratic blowup": f'<!DOCTYPE x [<!ENTITY a "{"a" * 100_000}">]>{{}}{"&a;" * 10_000}',
    "a file": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>{}&a;',
    "a parameter": '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd"> %a;]>{}&b;',
    "an outer DTD": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">{}&secret;',
    "nested": "{}" + "<a>" * DEEP,
    "nested and closed": "{}" + "<div>" * DEEP + "</div>" * DEEP,
    "attributes": "{}<a " + " ".join(f'a{n}="b"' for n in range(100_000)) + "/>",
    "brackets": "{}" + "<" * DEEP,
    "references": "{}" + "&#65;" * DEEP,
    "half comments": "{}" + "<!--" * 250_000,
    "half cdata": "{}" + "<![CDATA[" * 100_000,
    "half prologs": "<?" * DEEP + "{}",
    "white space": "{}" + " " * 4 * DEEP + "x",
}
OPENINGS = {
    "rss": '<rss version="2.0"><channel><item><title>',
    "atom": '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>',
    "rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><item><title>',
    "urlset": "<urlset><url><loc>",
    "index": "<sitemapindex><sitemap><loc>",
    "page": "<html><body><article><a href='/news/2026-long-slug-here'>",
}


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"jsonfeed"}))
@pytest.mark.parametrize("opening", sorted(OPENINGS))
@pytest.mark.parametrize("trick", sorted(HOSTILE))
def test_no_trick_hangs_a_source_or_opens_a_file(kind: str, opening: str, trick: str) -> None:
    visit = a_fresh(body=HOSTILE[trick].replace("{}", OPENINGS[opening], 1).encode(), headers={})
    started = time.process_time()
    answer = KINDS[kind].read(a_feed(kind=kind), visit)
    places = KINDS[kind].pointers(a_feed(kind=kind), visit, None)
    assert time.process_time() - started < 5
    assert "root:" not in f"{answer}{places}"


@pytest.mark.parametrize(
    "body", ["[" * DEEP, '{"a":' * DEEP, '{"items": [' + "{}," * 100_000 + "{}]}", '"' * DEEP, "1" * DEEP]
)
def test_no_json_hangs_a_source(body: str) -> None:
    started = time.process_time()
    KINDS["jsonfeed"].read(a_feed(kind="jsonfeed"), a_fresh(body=body.encode(), headers={}))
    assert time.process_time() - started < 5
