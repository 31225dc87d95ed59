"""What stands before the root, and what entities make of the rest."""

import tracemalloc

import pytest

from monitor.model import Unreadable
from monitor.sources.prolog import (
    MOST_ADDED,
    entities,
    expanded,
    junk,
    with_known_references,
    with_own_ends,
    with_prefixes_declared,
    without_comments,
)


def doctype(*declared: str) -> str:
    return f"<?xml version='1.0'?><!DOCTYPE r [{''.join(f'<!ENTITY {one}>' for one in declared)}]>"


def test_harmless_entities_are_known_and_others_give_nothing() -> None:
    prolog = doctype("nbsp '&#160;'", 'gt3 "a > b"', 'far SYSTEM "file:///etc/passwd"', '% p "x"', 'none ""')
    assert entities(prolog) == {"nbsp": "&#160;", "gt3": "a > b", "far": "", "p": "", "none": ""}
    assert entities(f"<!-- {prolog} -->") == {}


@pytest.mark.parametrize(
    "declared",
    [("a '&b;'",), ("a '" + "x" * 201 + "'",), tuple(f"e{number} 'x'" for number in range(302))],
)
def test_entities_that_expand_further_are_refused(declared: tuple[str, ...]) -> None:
    answer = entities(doctype(*declared))
    assert isinstance(answer, Unreadable)
    assert answer.reason == "forbidden XML (entity bomb)"


def test_entities_stand_in_full_and_unknown_ones_stay() -> None:
    known = {"a": "one", "b": "", "n": "&#160;"}
    assert expanded("&a;&amp;&b;&n;x &c; & &a", known) == "one&amp;&#160;x &c; & &a"
    assert expanded("&a;", {}) == "&a;"


def test_frequent_use_of_what_is_no_longer_than_its_name_is_honest() -> None:
    assert expanded("&nbsp;" * 300_000, {"nbsp": "&#160;"}) == "&#160;" * 300_000


def test_entities_that_swell_a_document_are_refused_before_they_do() -> None:
    document = "&a;" * 1_000_000
    tracemalloc.start()
    try:
        answer = expanded(document, {"a": "a" * 199})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert answer == Unreadable("forbidden XML (entity bomb)", f"its entities add more than {MOST_ADDED} characters")
    assert peak < 16 * 2**20


@pytest.mark.parametrize(
    ("prolog", "left"),
    [
        ('<?xml version="1.0"?> <!DOCTYPE rss [<!ENTITY a "]">\n] ><!-- x --><!doctype rss>', ""),
        ("<!DOCTYPE rss PUBLIC 'a' 'b'>Notice", "Notice"),
        ("<?xml version='1.0'><b>", "<?xml version='1.0'><b>"),
        ("<?<?x?>y<!DOCTYPE r [", "y<!DOCTYPE r ["),
    ],
)
def test_what_is_no_markup_of_a_prolog_is_junk(prolog: str, left: str) -> None:
    assert junk(prolog) == left


def test_comments_may_leave_blanks() -> None:
    assert without_comments("a<!-- b -->c<!-- d", in_place=True) == "a          c      "
    assert without_comments("a<!-- b -->c<!-- d") == "ac"


def test_references_that_xml_does_not_know_are_made_known() -> None:
    stated = "a&b=1&copy=2 &eacute; &lt; &#233; &#xe9; &own; & <![CDATA[&eacute; &b]]> <!-- &b -->&"
    mended = "a&amp;b=1&amp;copy=2 é &lt; &#233; &#xe9; &amp;own; &amp; <![CDATA[&eacute; &b]]> <!-- &b -->&amp;"
    assert with_known_references(stated) == mended


def test_prefixes_without_a_namespace_get_one() -> None:
    assert with_prefixes_declared('<rss version="2.0"><dc:date a:b="c"/></rss>') == (
        '<rss xmlns:dc="urn:dc" xmlns:a="urn:a" version="2.0"><dc:date a:b="c"/></rss>'
    )
    for whole in ('<a:b xmlns:a="x" xml:lang="de"/>', "<rss>at 10:30, see: x</rss>", "no root", ""):
        assert with_prefixes_declared(whole) == whole
    flood = "<rss>" + "".join(f"<p{number}:a/>" for number in range(60))
    assert with_prefixes_declared(flood) == flood


@pytest.mark.parametrize(
    ("stated", "mended"),
    [
        ("<title>A</titel><guid>1</guid>", "<title>A</title><guid>1</guid>"),
        ("<Title a='b'>A & <![CDATA[B <i>]]> <link>", "<Title a='b'>A & <![CDATA[B <i>]]> </Title><link>"),
        ("<link href='a'>\n<entry>", "<link href='a'>\n</link><entry>"),
        ("<pubDate>2026</item>", "<pubDate>2026</pubDate></item>"),
    ],
)
def test_short_texts_get_their_own_ends(stated: str, mended: str) -> None:
    assert with_own_ends(stated) == mended


@pytest.mark.parametrize(
    "whole",
    [
        "<title>A</TITLE><link/><link href='a'/><author><name>B</name></author>",
        "<title>A <b>C</b></title><title>A</b></title><title>A</t></title>",
        "<![CDATA[<title>A</titel>]]><!-- <title>A</titel> --><description>A<title>",
        "<title>" * 3,
    ],
)
def test_ends_that_are_right_and_html_are_left_alone(whole: str) -> None:
    assert with_own_ends(whole) == whole
