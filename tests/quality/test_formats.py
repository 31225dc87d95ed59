"""Every format as its specification has it, and as publishers bend it: what a reader must get out of each."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.model import Entry, FeedPage
from monitor.sources.syndication import Syndication
from tests.builders import a_feed, a_fresh

URL = "https://ridge.example/feeds/all.xml"
AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'
ITUNES = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
BURNER = 'xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0"'
IANA = "http://www.iana.org/assignments/relation/"
ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
XHTML = '<div xmlns="http://www.w3.org/1999/xhtml">'


def rss(item: str, spaces: str = "", *, channel: str = "", version: str = "2.0") -> str:
    return f'<rss version="{version}" {spaces}><channel>{channel}<item>{item}</item></channel></rss>'


def atom(entry: str, attributes: str = "", *, head: str = "") -> str:
    return f"<feed {ATOM} {attributes}>{head}<entry>{entry}</entry></feed>"


def jsonfeed(item: dict[str, Any] | str, **more: Any) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "R", "items": [item], **more})


CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "RSS 0.90": (
        (f'<rdf:RDF {RDF} xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>R</title></channel>'
        "<item><title>Quay</title><link>https://ridge.example/1</link></item></rdf:RDF>"),
        {"title": "Quay", "link": "https://ridge.example/1"},
    ),
    "RSS 0.91 with Netscape's DTD": (
        ('<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"'
        f' "http://my.netscape.com/publish/formats/rss-0.91.dtd">{rss("<title>Caf&eacute;</title>", version="0.91")}'),
        {"title": "Café"},
    ),
    "RSS 0.92 without titles": (
        rss("<description>Only &lt;b&gt;words&lt;/b&gt;</description>", version="0.92"),
        {"title": "", "summary": "Only <b>words</b>"},
    ),
    "RSS 1.0 with modules": (
        (f'<rdf:RDF {RDF} {DC} {CONTENT} xmlns="http://purl.org/rss/1.0/"><channel rdf:about="https://ridge.example/">'
        '<title>R</title></channel><item rdf:about="urn:1"><title>Quay</title><link>https://ridge.example/1</link>'
        "<dc:creator>Vera Holm</dc:creator><dc:date>2026-11-22T10:00:00+02:00</dc:date><dc:subject>Sea</dc:subject>"
        "<content:encoded><![CDATA[<p>All of it</p>]]></content:encoded><description>Short</description></item>"
        "</rdf:RDF>"),
        {"id": "urn:1", "title": "Quay", "authors": ("Vera Holm",), "published": AT, "tags": ("Sea",),
         "summary": "Short", "content": "<p>All of it</p>"},
    ),
    "RSS in a namespace of its own": (
        rss("<title>Quay</title>", 'xmlns="http://backend.userland.com/rss2"'),
        {"title": "Quay"},
    ),
    "RSS with Atom within": (
        rss('<atom:title>x</atom:title><title>Quay</title><atom:updated>2026-11-22T08:00:00Z</atom:updated>'
            '<atom:link rel="alternate" type="text/html" href="https://ridge.example/1"/>',
            'xmlns:atom="http://www.w3.org/2005/Atom"'),
        {"link": "https://ridge.example/1", "published": AT},
    ),
    "RSS with a number for an id": (rss("<guid>4711</guid><title>Q</title>"), {"id": "4711"}),
    "RSS with an id that resolves nowhere": (rss("<guid isPermaLink='false'>../a b?c</guid>"),
                                             {"id": "../a b?c", "link": ""}),
    "RSS with an id for a link": (rss("<guid>https://ridge.example/1</guid>"), {"link": "https://ridge.example/1"}),
    "RSS with a relative link and a base": (
        '<rss version="2.0" xml:base="https://other.example/a/"><channel><item><link>b</link></item></channel></rss>',
        {"link": "https://other.example/a/b"},
    ),
    "RSS with empty elements": (
        rss("<title/><link/><guid/><description/><pubDate/><author/><category/>"),
        {"title": "", "id": "", "link": "", "published": None, "authors": (), "tags": ()},
    ),
    "RSS with a picture's caption": (
        rss("<title>Quay</title><description>News of it</description><media:content url='a.jpg'>"
            "<media:title>Pier</media:title></media:content><media:description>A pier</media:description>", MEDIA),
        {"title": "Quay", "summary": "News of it", "content": ""},
    ),
    "RSS with a caption before the title": (
        rss("<media:group><media:title>Pier</media:title></media:group><title>Quay</title>", MEDIA), {"title": "Quay"},
    ),
    "a podcast": (
        rss("<title>Quay</title><itunes:author>Vera Holm</itunes:author><itunes:title>Other</itunes:title>"
            "<enclosure url='https://ridge.example/a.mp3'/><itunes:keywords>sea, air</itunes:keywords>", ITUNES),
        {"title": "Quay", "authors": ("Vera Holm",), "tags": ("sea", "air")},
    ),
    "RSS with a localised date": (rss("<pubDate>нд, 22 листопада 2026 10:00:00 +0200</pubDate>"), {"published": AT}),
    "RSS with a date in German": (rss("<pubDate>So, 22 Okt 2026 10:00:00 +0200</pubDate>"),
                                  {"published": AT.replace(month=10)}),
    "RSS with a language of the item": (rss("<dc:language>uk</dc:language>", DC, channel="<language>en</language>"),
                                        {"language": "uk"}),
    "Atom 0.3": (
        ('<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title mode="escaped">A &amp;amp; B</title>'
        '<issued>2026-11-22T08:00:00Z</issued><link rel="alternate" type="text/html" href="https://ridge.example/1"/>'
        '<content type="text/html" mode="escaped">&lt;p&gt;All&lt;/p&gt;</content></entry></feed>'),
        {"title": "A & B", "published": AT, "link": "https://ridge.example/1", "content": "<p>All</p>"},
    ),
    "Atom with XHTML": (
        atom(f'<title type="xhtml">{XHTML}A <em>long</em> day</div></title>'
             f'<content type="xhtml">{XHTML}<p>All &amp; more</p></div></content>'),
        {"title": "A long day", "content": "<p>All &amp; more</p>"},
    ),
    "Atom with prefixes": (
        atom("<title>Quay</title><id>urn:1</id>").replace("<", "<a:").replace("<a:/", "</a:")
        .replace("xmlns=", "xmlns:a="),
        {"title": "Quay", "id": "urn:1"},
    ),
    "Atom with bases in each other": (
        atom('<link href="c"/><title>Q</title>', 'xml:base="https://other.example/a/"').replace(
            "<entry>", '<entry xml:base="b/">'),
        {"link": "https://other.example/a/b/c"},
    ),
    "Atom with an id that must stay": (atom("<id>HTTP://Ridge.example:80/A%2fb/../c</id>"),
                                       {"id": "HTTP://Ridge.example:80/A%2fb/../c"}),
    "Atom with a language": (atom("<title>Q</title>", 'xml:lang="uk-UA"'), {"language": "uk"}),
    "Atom with several links": (
        atom('<link rel="self" href="/s"/><link rel="enclosure" href="/e"/><link rel="alternate" href="/1"/>'),
        {"link": "https://ridge.example/1"},
    ),
    "Atom with two authors and none": (
        atom("<author><name>Vera</name></author><author><name>Ida</name></author><author/>"),
        {"authors": ("Vera", "Ida")},
    ),
    "Atom of a film": (
        atom("<title>Quay</title><media:group><media:title>Q</media:title><media:description>All about it"
             "</media:description></media:group>", MEDIA),
        {"title": "Quay", "summary": "All about it"},
    ),
    "JSON Feed 1.0": (
        jsonfeed({"id": "1", "content_text": "3 < 5", "author": {"name": "Vera"}}).replace("/1.1", "/1"),
        {"id": "1", "content": "3 &lt; 5", "authors": ("Vera",)},
    ),
    "JSON Feed with a name for an author": (jsonfeed({"id": "1", "author": "Vera"}), {"authors": ("Vera",)}),
    "JSON Feed with names for authors": (jsonfeed({"id": "1", "authors": ["Vera", {"name": "Ida"}, None]}),
                                         {"authors": ("Vera", "Ida")}),
    "JSON Feed with the feed's author": (jsonfeed({"id": "1"}, authors=[{"name": "Desk"}]), {"authors": ("Desk",)}),
    "JSON Feed with nulls": (
        jsonfeed({"id": None, "url": None, "title": None, "tags": None, "authors": None, "date_published": None}),
        {"id": "", "link": "", "title": "", "tags": (), "published": None},
    ),
    "JSON Feed with numbers": (jsonfeed({"id": 17, "date_published": 1795334400, "title": 5}),
                               {"id": "17", "title": "5", "published": AT}),
    "JSON Feed with a language": (jsonfeed({"id": "1", "language": "uk"}, language="en"), {"language": "uk"}),
    "JSON Feed with a mark": ("\ufeff" + jsonfeed({"id": "1"}), {"id": "1"}),
    "JSON Feed of links": (jsonfeed({"id": "1", "external_url": "https://x.example/"}), {"link": "https://x.example/"}),
    "RSS 1.0 whose address is its name alone": (
        (f'<rdf:RDF {RDF} xmlns="http://purl.org/rss/1.0/"><channel><title>R</title></channel>'
         '<item rdf:about="https://ridge.example/1"><title>Quay</title></item></rdf:RDF>'),
        {"link": "https://ridge.example/1"},
    ),
    "a file in a link's place": (
        rss('<title>Quay</title><guid isPermaLink="false">7</guid><enclosure url="/7.mp3" type="audio/mpeg"/>'),
        {"id": "7", "link": "https://ridge.example/7.mp3", "file": True},
    ),
    "a file beside a link": (
        rss('<enclosure url="/7.mp3" type="audio/mpeg"/><link>/7</link>'),
        {"link": "https://ridge.example/7", "file": False},
    ),
    "an Atom file in a link's place": (
        atom('<id>urn:7</id><link rel="enclosure" href="/7.mp3" type="audio/mpeg"/>'),
        {"link": "https://ridge.example/7.mp3", "file": True},
    ),
    "an attached file in a link's place": (
        jsonfeed({"id": "7", "attachments": [None, {"url": "/7.mp3", "mime_type": "audio/mpeg"}]}),
        {"link": "https://ridge.example/7.mp3", "file": True},
    ),
    "attachments of a wrong type": (jsonfeed({"id": "7", "attachments": {"url": "/7.mp3"}}), {"link": ""}),
    "a guid that is permanent in capitals": (
        rss('<guid isPermaLink=" True ">https://ridge.example/1</guid>'), {"link": "https://ridge.example/1"}
    ),
    "a guid that is not, in capitals": (rss('<guid isPermaLink="FALSE">https://ridge.example/1</guid>'), {"link": ""}),
    "FeedBurner's word for the address": (
        rss("<fb:origLink>https://ridge.example/1</fb:origLink>", BURNER), {"link": "https://ridge.example/1"}
    ),
    "FeedBurner's word beside a link": (
        rss("<fb:origLink>https://x.example/1</fb:origLink><link>/1</link>", BURNER), {"link": "https://ridge.example/1"}
    ),
    "one Atom entry alone": (
        (f'<?xml version="1.0"?><entry {ATOM}><id>urn:1</id><title>Quay</title><link href="/1"/>'
         "<updated>2026-11-22T08:00:00Z</updated></entry>"),
        {"id": "urn:1", "title": "Quay", "link": "https://ridge.example/1", "updated": AT},
    ),
    "relations as IANA's addresses": (
        atom(f'<link rel="{IANA}self" href="/1.atom"/><link rel="{IANA}alternate" href="/1"/>'),
        {"link": "https://ridge.example/1"},
    ),
    "a relation beside another": (
        atom('<link rel="alternate nofollow" href="/1"/>'), {"link": "https://ridge.example/1"}
    ),
    "an empty relation": (atom('<link rel="" href="/1"/>'), {"link": "https://ridge.example/1"}),
    "a link to the feed itself": (atom('<link rel="self alternate" href="/1.atom"/>'), {"link": ""}),
    "a relation in capitals": (atom('<link rel="ALTERNATE" href="/1"/>'), {"link": "https://ridge.example/1"}),
    "a title of iTunes alone": (rss("<itunes:title>Quay</itunes:title>", ITUNES), {"title": "Quay"}),
    "a title of iTunes beside another": (
        rss("<itunes:title>Quay</itunes:title><title>Quays</title>", ITUNES), {"title": "Quays"}
    ),
    "CDATA in CDATA": (
        rss("<title><![CDATA[<![CDATA[Quay & crane]]]]><![CDATA[>]]></title>"
            "<description>&lt;![CDATA[<![CDATA[<p>Short.</p>]]>]]&gt;</description>"),
        {"title": "Quay & crane", "summary": "<p>Short.</p>"},
    ),
    "content that stands elsewhere": (
        atom('<id>urn:1</id><content type="text/html" src="/1.html"/>'), {"link": "https://ridge.example/1.html"}
    ),
    "a guid that is a mere number": (rss("<guid>12345</guid><title>Quay</title>"), {"id": "12345", "link": ""}),
    "a guid that is a path": (rss("<guid>/news/1</guid>"), {"link": "https://ridge.example/news/1"}),
    "a guid before a link": (rss("<guid>12345</guid><link>/1</link>"), {"link": "https://ridge.example/1"}),
    "an Atom id that is no address": (atom("<id>1</id><title>Quay</title>"), {"link": ""}),
    "alternates in several languages": (
        atom('<link rel="alternate" type="application/json" href="/1.json"/><link href="/1"/>'
             '<link rel="alternate" hreflang="de" href="/1de"/>'),
        {"link": "https://ridge.example/1"},
    ),
    "an author with a long domain, and another": (
        rss("<author>desk@ridge.example (Ida Kern)</author><dc:creator>Vera Holm</dc:creator>", DC),
        {"authors": ("Ida Kern", "Vera Holm")},
    ),
    "authors of the whole feed": (
        atom("<id>1</id>", head="<author><name>Ida Kern</name><email>i@ridge.example</email></author>"),
        {"authors": ("Ida Kern",)},
    ),
    "authors of the whole feed and an own one": (
        atom("<author><name>Vera Holm</name></author>", head="<author><name>Ida Kern</name></author>"),
        {"authors": ("Vera Holm",)},
    ),
    "authors of the source": (
        atom("<source><author><name>Vera Holm</name></author></source>", head="<author><name>I. K.</name></author>"),
        {"authors": ("Vera Holm",)},
    ),
    "the channel's editor is no author": (
        rss("<guid>1</guid>", channel="<managingEditor>i@ridge.example (Ida Kern)</managingEditor>"), {"authors": ()}
    ),
    "CDATA that ends twice": (rss("<title><![CDATA[<![CDATA[Quay]]>]]></title>"), {"title": "Quay"}),
    "a vendor's element that holds other reports": (
        rss("<title>Quay</title><link>/1</link><guid>1</guid><description>Of it</description><own:also><link url='/9'>"
            "<own:title>Nine</own:title></link><item><guid>9</guid><title>Nine</title></item><author>Ida</author>"
            "</own:also><category>Sea</category>", 'xmlns:own="https://ridge.example/own"'),
        {"title": "Quay", "link": "https://ridge.example/1", "id": "1", "authors": (), "tags": ("Sea",), "content": ""},
    ),
    "an element of no format, before the item's own": (
        rss("<also><title>Nine</title><link>/9</link><description>Of nine</description></also><title>Quay</title>"
            "<link>/1</link>"),
        {"title": "Quay", "link": "https://ridge.example/1", "summary": ""},
    ),
    "a vendor's element within Atom": (
        atom('<own:also xmlns:own="https://ridge.example/own"><id>9</id><title>Nine</title><link href="/9"/>'
             '<summary>Of nine</summary></own:also><id>1</id><title>Quay</title><link href="/1"/>'),
        {"title": "Quay", "link": "https://ridge.example/1", "id": "1", "summary": ""},
    ),
    "a vendor's element in broken XML": (
        rss("<own:also><p>a<br>b<title>Nine</title></own:also><title>Quay</title><link>/1</link>",
            'xmlns:own="https://ridge.example/own"'),
        {"title": "Quay", "link": "https://ridge.example/1"},
    ),
    "an item's picture": (
        rss("<title>Quay</title><link>/1</link><image><url>/a.jpg</url><title>Pier</title><link>/9</link><description>"
            "A pier</description></image>"),
        {"title": "Quay", "link": "https://ridge.example/1", "summary": "", "content": ""},
    ),
    "a title of Dublin Core beside another": (rss("<dc:title>Quays</dc:title><title>Quay</title>", DC),
                                              {"title": "Quay"}),
    "a title of Dublin Core alone": (rss("<dc:title>Quay</dc:title>", DC), {"title": "Quay"}),
    "a link of Atom behind RSS's own": (rss(f"<link>/1</link><link {ATOM} href='/9'/>"),
                                        {"link": "https://ridge.example/1"}),
    "Atom's plain text, once": (
        atom("<content>5 &lt; 7 &amp; so on</content>"), {"summary": "", "content": "5 &lt; 7 &amp; so on"}
    ),
    "an address with bare signs": (
        rss("<title>Quays & cranes&nbsp;| R&eacute;gion</title><link>/1?a=2&copy=3&b=4</link>"),
        {"title": "Quays & cranes | Région", "link": "https://ridge.example/1?a=2&copy=3&b=4"},
    ),
    "a namespace of another prefix in broken XML": (
        rss("<d:creator>Vera Holm</d:creator><title>A & B</title>", DC.replace("dc=", "d=")),
        {"title": "A & B", "authors": ("Vera Holm",)},
    ),
    "namespaces misspelled": (
        rss("<c:encoded>&lt;p&gt;All&lt;/p&gt;</c:encoded><d:creator>Vera Holm</d:creator>",
            CONTENT.replace(":content=", ":c=").replace("http:", "https:") + " "
            + DC.replace(":dc=", ":d=").replace('/"', '"')),
        {"content": "<p>All</p>", "authors": ("Vera Holm",)},
    ),
    "content without its prefix": (rss("<encoded>&lt;p&gt;All&lt;/p&gt;</encoded>"), {"content": "<p>All</p>"}),
    "a title with an address in it": (
        rss("<title>See /?a=1&amp;copy=2&amp;section=3, R&amp;amp;D &amp;eacute; &amp;notit;</title>"),
        {"title": "See /?a=1&copy=2&section=3, R&D é &notit;"},
    ),
    "an id that looks like a wrong charset": (
        rss('<guid isPermaLink="false">cafÃ© \x92</guid><title>cafÃ©</title>'), {"id": "cafÃ© \x92", "title": "café"}
    ),
    "an Atom id that looks like a wrong charset": (
        atom('<id>urn:cafÃ©</id><title>cafÃ©</title><link href="/1"/>', head='<link href="/"/>'),
        {"id": "urn:cafÃ©", "title": "café"},
    ),
    "an empty link before a permanent guid": (rss("<link/><guid>https://ridge.example/1</guid>"),
                                              {"link": "https://ridge.example/1"}),
    "a link that is no address, and a permanent guid": (
        rss("<guid>/1</guid><link>javascript:void(0)</link>"), {"link": "https://ridge.example/1"}
    ),
    "an empty link and a guid that is none": (
        rss("<link/><guid isPermaLink='false'>https://ridge.example/1</guid>"), {"link": ""}
    ),
    "an Atom link to nowhere before another": (atom('<link href=""/><link href="/1"/>'),
                                               {"link": "https://ridge.example/1"}),
    "a document within Atom's content": (
        atom('<id>1</id><title>Quay</title><content type="application/atom+xml"><entry><id>9</id><title>Nine</title>'
             "</entry></content>"),
        {"id": "1", "title": "Quay", "content": ""},
    ),
    "three texts": (
        rss("<itunes:summary>As long as all others taken together</itunes:summary><description>Short</description>"
            "<content:encoded>All of it</content:encoded>", f"{ITUNES} {CONTENT}"),
        {"summary": "Short", "content": "All of it"},
    ),
    "a podcast's text beside a short one": (
        rss("<description>Short</description><itunes:summary>All of it</itunes:summary>", ITUNES),
        {"summary": "Short", "content": "All of it"},
    ),
    "a text of Dublin Core alone": (rss("<dc:description>All of it</dc:description>", DC), {"summary": "All of it"}),
    "prefixes without a namespace": (
        rss("<guid>https://ridge.example/?a=1&amp;b=2</guid><dc:creator>Vera Holm</dc:creator><content:encoded>"
            "<![CDATA[<p>All</p>]]></content:encoded>"),
        {"id": "https://ridge.example/?a=1&b=2", "authors": ("Vera Holm",), "content": "<p>All</p>"},
    ),
    "an id in XML beyond mending": (
        rss("<guid isPermaLink='false'>?a=1&amp;b=2</guid><description>a<br>b</description>"), {"id": "?a=1&b=2"}
    ),
    "CDATA in JSON": (jsonfeed({"id": "1", "title": "<![CDATA[Quay]]>"}), {"title": "Quay"}),
}  # fmt: skip
FEEDS: dict[str, tuple[str, dict[str, Any]]] = {
    "RSS without a channel": ('<rss version="2.0"><title>R</title><link>/</link><item/></rss>',
                              {"title": "R", "link": "https://ridge.example/"}),
    "a vendor's element about somebody else": (
        rss("", 'xmlns:own="https://ridge.example/own"', channel="<title>R</title><link>/</link><description>D"
            "</description><own:owner><title>O</title><link>/9</link><description>O</description></own:owner>"),
        {"title": "R", "link": "https://ridge.example/", "description": "D"},
    ),
    "RDF with its items first": (
        (f'<rdf:RDF {RDF} xmlns="http://purl.org/rss/1.0/"><item><title>Quay</title></item><channel><title>R</title>'
         "</channel></rdf:RDF>"),
        {"title": "R"},
    ),
    "items within a list": ("<rss><channel><title>R</title><list><item/></list></channel></rss>", {"title": "R"}),
    "hours in which nothing comes": (rss("", channel="<skipHours><hour>3</hour></skipHours>"),
                                     {"skip_hours": frozenset({3})}),
    "a subtitle of iTunes beside a description": (
        rss("", ITUNES, channel="<description>D</description><itunes:subtitle>S</itunes:subtitle>"),
        {"description": "D"},
    ),
    "a subtitle of iTunes alone": (rss("", ITUNES, channel="<itunes:subtitle>S</itunes:subtitle>"),
                                   {"description": "S"}),
    "a link of Atom alone": (rss("", channel=f"<link {ATOM} href='/'/>"), {"link": "https://ridge.example/"}),
    "a link of Atom beside RSS's own": (rss("", channel=f"<link>/</link><link {ATOM} href='/9'/>"),
                                        {"link": "https://ridge.example/"}),
    "a home page in several languages": (
        atom("<id>1</id>", head='<link href="/"/><link rel="alternate" hreflang="de" href="/de"/>'),
        {"link": "https://ridge.example/"},
    ),
}  # fmt: skip


def page_of(body: str, *, quick: bool) -> FeedPage:
    page = Syndication(quick=quick).read(a_feed(), a_fresh(url=URL, body=body.encode(), headers={}))
    assert isinstance(page, FeedPage), page
    return page


def read(body: str, *, quick: bool) -> Entry:
    (entry,) = page_of(body, quick=quick).entries
    return entry


@pytest.mark.parametrize("quick", [True, False], ids=["short way", "feedparser"])
@pytest.mark.parametrize("name", CASES)
def test_the_fields_of_every_format(name: str, quick: bool) -> None:
    body, fields = CASES[name]
    entry = read(body, quick=quick)
    assert {field: getattr(entry, field) for field in fields} == fields


@pytest.mark.parametrize("quick", [True, False], ids=["short way", "feedparser"])
@pytest.mark.parametrize("name", FEEDS)
def test_what_a_feed_says_of_itself(name: str, quick: bool) -> None:
    body, fields = FEEDS[name]
    page = page_of(body, quick=quick)
    assert len(page.entries) == 1
    assert {field: getattr(page, field) for field in fields} == fields
