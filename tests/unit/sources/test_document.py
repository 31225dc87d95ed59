"""What a body is, before any entry is read."""

import time

import pytest

from monitor.model import FeedPage, Fresh, Unreadable
from monitor.sources.document import Document, open_body, understand
from monitor.sources.syndication import Syndication
from tests.builders import a_feed, a_fresh

RSS = '<rss version="2.0"><channel><title>T</title><item><title>One</title></item></channel></rss>'


def open_document(visit: Fresh) -> Document | Unreadable:
    opened = open_body(visit)
    return opened if isinstance(opened, Unreadable) else understand(opened)


def opened(body: str) -> Document:
    document = open_document(a_fresh(body=body.encode()))
    assert isinstance(document, Document), document
    return document


def test_everything_before_the_root_is_taken_off() -> None:
    document = opened(f'<?xml version="1.0"?><?xml-stylesheet href="a"?><!-- note --><!DOCTYPE rss>{RSS}')
    assert (document.form, document.text, document.remark) == ("xml", RSS, "")


def test_words_before_the_root_are_remarked() -> None:
    assert opened(f"Notice: x {RSS}").remark == "text before the document"


def test_json_is_told_by_its_first_character() -> None:
    assert opened(' {"items": []}').form == "json"


@pytest.mark.parametrize("root", ["rss", "RSS", "atom:feed", "rdf:RDF", "feed"])
def test_the_roots_of_feeds(root: str) -> None:
    assert opened(f'<{root} version="1" xmlns="x"></{root}>').text.startswith(f"<{root}")


def test_entities_stay_out_of_articles_about_them() -> None:
    body = RSS.replace("One", "<![CDATA[Declare <!ENTITY a '&b;'> with care]]>")
    assert opened(body).text == body


def test_entities_that_swell_a_feed_are_refused() -> None:
    prolog = f'<!DOCTYPE r [<!ENTITY a "{"a" * 199}">]>'
    answer = open_document(a_fresh(body=(prolog + RSS.replace("One", "&a;" * 100_000)).encode()))
    assert isinstance(answer, Unreadable)
    assert answer.reason == "forbidden XML (entity bomb)"


@pytest.mark.parametrize(
    ("body", "mended"),
    [
        ("<title><![CDATA[One</title><link>x</link>", "<title><![CDATA[One]]></title><link>x</link>"),
        ('<title type="html"><![CDATA[One</title>\n<a/>', '<title type="html"><![CDATA[One]]></title>\n<a/>'),
        (
            "<title><![CDATA[One</title><b><![CDATA[Two</b></item><item><b><![CDATA[3]]></b>",
            "<title><![CDATA[One]]></title><b><![CDATA[Two]]></b></item><item><b><![CDATA[3]]></b>",
        ),
        ("<b><![CDATA[x <![CDATA[ y ]]></b>", None),  # a script's own, in the text of an article
        ("<title><![CDATA[<title>One</title>]]></title> <![CDATA[", None),
        ("<title><![CDATA[One</titel><b><![CDATA[Two]]></b>", None),
    ],
)
def test_cdata_without_an_end_ends_with_its_element(body: str, mended: str | None) -> None:
    document = opened(RSS.replace("<title>One</title>", body))
    assert document.text == RSS.replace("<title>One</title>", mended or body)
    assert document.remark == ("CDATA without an end" if mended else "")


def test_one_cdata_without_an_end_swallows_no_items() -> None:
    items = [
        f"<item><title><![CDATA[Headline {n}]]></title><link>https://a.example/{n}</link></item>" for n in range(3)
    ]
    items[1] = items[1].replace("]]>", "")
    page = Syndication().read(a_feed(), a_fresh(body=f"<rss><channel>{''.join(items)}</channel></rss>".encode()))
    assert isinstance(page, FeedPage)
    assert [(entry.title, entry.link) for entry in page.entries] == [
        (f"Headline {n}", f"https://a.example/{n}") for n in range(3)
    ]


def _seconds(body: str) -> float:
    started = time.process_time()
    open_document(a_fresh(body=f"<rss><channel>{body}</channel></rss>".encode()))
    return time.process_time() - started


@pytest.mark.parametrize(("opened", "last"), [("<a><![CDATA[", ""), ("<a><![CDATA[</a><b/>", "]]>")])
def test_many_cdata_without_ends_cost_no_more_each_than_few(opened: str, last: str) -> None:
    few = min(_seconds(opened * 10_000 + last) for _ in range(3))
    assert _seconds(opened * 80_000 + last) < 30 * few  # 64 where each looks through all of the rest


def test_honest_nesting_is_allowed() -> None:
    items = "".join(f"<item><description>{'<p>' * 30}text<br></description></item>" for _ in range(200))
    assert opened(f"<rss><channel>{items}</channel></rss>").form == "xml"


def test_a_cut_item_is_left_out_and_the_ends_are_added() -> None:
    document = opened(RSS.replace("</channel></rss>", "<item><title>Tw"))
    assert document.text == RSS
    assert document.remark == "XML cut off after 1 entries"


def test_items_beside_the_channel_need_no_end_of_it() -> None:
    document = opened('<rdf:RDF xmlns="x"><channel></channel><item><title>One</title></item><item>')
    assert document.text.endswith("</item></rdf:RDF>")


def test_what_stands_behind_the_root_is_left_out_with_a_remark() -> None:
    document = opened(f"{RSS}\n<!-- cached --><script>count()</script>")
    assert (document.text, document.remark) == (RSS, "text behind the document")
    assert opened(f"{RSS}<!-- cached -->").remark == ""


@pytest.mark.parametrize("empty", ['<rss version="2.0"/>', '<feed xmlns="http://www.w3.org/2005/Atom" />'])
def test_a_feed_of_nothing_is_an_empty_one_and_not_cut_off(empty: str) -> None:
    assert opened(empty).text == empty


def test_a_list_of_feeds_is_no_page() -> None:
    answer = open_document(a_fresh(body=b"<opml version='2.0'><head/><body/></opml>"))
    assert answer == Unreadable("XML that is no feed", "its root is <opml>")


def test_a_page_is_named_by_its_title() -> None:
    answer = open_document(a_fresh(body=b"<html><title>Sign &amp; read</title></html>"))
    assert answer == Unreadable("HTML page instead of a feed", "Sign & read")


@pytest.mark.parametrize("codec", ["cp037", "cp500", "cp1140"])
def test_a_large_machines_letters_are_read(codec: str) -> None:
    body = f'<?xml version="1.0" encoding="{codec}"?>{RSS}'.encode(codec)
    document = open_document(a_fresh(body=body, headers={}))
    assert document == Document("xml", RSS)


WALL = (
    "<!DOCTYPE html><html><head><title>Just a moment...</title><script>window._cf_chl_opt = {};</script></head></html>"
)


def test_a_bot_wall_sent_as_if_it_were_the_feed_is_named() -> None:
    assert open_document(a_fresh(body=WALL.encode())) == Unreadable(
        "bot wall instead of a feed", "Cloudflare challenge"
    )


def test_a_long_page_with_a_captcha_in_its_letter_box_is_a_page() -> None:
    start = "<html><head><title>Ridge</title></head><body><div class='g-recaptcha'></div>"
    page = start + "<p>News.</p>" * 5_000
    assert open_document(a_fresh(body=page.encode())) == Unreadable("HTML page instead of a feed", "Ridge")
