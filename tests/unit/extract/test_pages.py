"""Bytes of a page as text, tree and article."""

import time
from pathlib import Path

import pytest

from monitor.extract.pages import Body, article_text, headings, page_html, page_tree
from tests.builders import a_fresh

PAGE = (Path(__file__).resolve().parents[2] / "data" / "pages" / "article.html").read_bytes()


def html(body: bytes, content_type: str = "text/html") -> str:
    return page_html(a_fresh(body=body, headers={"content-type": content_type}))


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ('<meta charset="windows-1251"><p>Їжа'.encode("cp1251"), "text/html"),
        ('<meta http-equiv="content-type" content="text/html; charset=koi8-u"><p>Їжа'.encode("koi8-u"), "text/html"),
        ("<p>Їжа".encode("cp1251"), "text/html; charset=cp1251"),
        ('<meta charset="windows-1251"><p>Їжа'.encode("cp1251"), "text/html; charset=iso-8859-1"),
        ('<meta charset="windows-1251"><p>Їжа'.encode(), "text/html"),
        ("<p>Їжа".encode("utf-16"), "text/html"),
    ],
)
def test_the_charset_is_found(body: bytes, content_type: str) -> None:
    assert html(body, content_type).endswith("<p>Їжа")


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7", b"\x1f\x8b\x08", b"\x00\x00"])
def test_what_is_no_text(body: bytes) -> None:
    assert html(body) == ""


def test_no_markup_is_no_page() -> None:
    assert page_tree("just words") is None


def read(html: str) -> Body:
    tree = page_tree(html)
    assert tree is not None
    return article_text(html, tree, "https://courier.example/news/launchers")


def paragraph(number: object) -> str:
    return f"<p>Paragraph {number} tells of the bridge that the town has waited for since spring.</p>"


NOUNS = (
    "harbour ferry council mayor bridge budget market school river teacher engine winter ticket captain island".split()
)
STORY = [
    f"The {' '.join(NOUNS[(number * 7 + step * (number % 4 + 1)) % len(NOUNS)] for step in range(12))} was decided."
    for number in range(24)
]


def test_an_article_in_several_containers_is_read_whole() -> None:
    lead = "".join(
        f"<p>Pier {n} of Lindhaven is to be rebuilt after the storm of March, as the board said on {n} May.</p>"
        for n in (3, 4, 5)
    )
    rest = "".join(f"<p>{line}</p>" for line in STORY)
    parts = f'<div class="article-body">{lead}</div><div>Advertisement</div><div class="article-body">{rest}</div>'
    assert read(f"<html><body><main>{parts}</main></body></html>").text.split("\n")[-len(STORY) :] == STORY


def test_floods_of_attributes_are_cut() -> None:
    flood = b"<body " + b" ".join(b"a%d=1" % number for number in range(9_000)) + b"><p>x"
    assert html(flood) == "<body><p>x"


def test_pictures_within_a_page_do_not_crowd_out_its_text() -> None:
    picture = b'<img src="data:image/png;base64,' + b"iVBORw0KGgo+/" * 300_000 + b'">'
    assert html(b"<p>before</p>" + picture + b"<p>after</p>").endswith("<p>after</p>")


def test_a_heading_is_what_it_shows() -> None:
    tree = page_tree(
        "<html><body><h1><style>.logo { fill: red }</style>Ferry <script>go()</script>sails</h1></body></html>"
    )
    assert headings(tree) == "Ferry sails"


def test_a_cell_spans_no_thousands_of_others() -> None:
    tree = page_tree('<html><body><table><tr><td colspan="9007199254740991" rowspan=2>a<td colspan=12>b</table></html>')
    assert tree is not None
    assert [(cell.get("colspan"), cell.get("rowspan")) for cell in tree.iter("td")] == [("1", "2"), ("12", None)]


def test_a_page_is_read_once() -> None:
    body = read(html(PAGE))
    assert body.text.startswith("The ministry promised")
    assert "All rights reserved" not in body.text
    assert not body.again


def test_the_title_and_the_first_heading() -> None:
    tree = page_tree(html(PAGE))
    assert headings(tree).startswith("Two more launchers promised before winter | Northern Courier")


def test_a_page_of_scraps_is_read_again() -> None:
    scraps = "".join(f"<div>Scrap {n} of a menu nobody closed</div>" for n in range(12))
    assert read(f"<html><body><div>{scraps}</div><div>{paragraph(1)}</div></body></html>").again


def test_paragraphs_that_the_extractor_left_behind_come_back() -> None:
    """A text in several equal containers, of which an extractor takes the first."""
    part = '<div class="grid"><div class="body__container"><div class="inner">{}</div></div></div>'
    first = "".join(paragraph(n) for n in range(8))
    rest = "".join(paragraph(n).replace("bridge", "ferry and its crew") for n in range(20, 26))
    advert = '<div class="ad"><p>Advertisement</p></div>'
    page = f"<html><body><article>{part.format(first)}{advert}</article>{part.format(rest)}</body></html>"
    lines = read(page).text.splitlines()
    assert [line.split()[1] for line in lines] == [*map(str, range(8)), *map(str, range(20, 26))]


def test_a_table_that_lays_out_the_page_is_no_table() -> None:
    cell = f"<h1>The bridge</h1>{''.join(paragraph(n) for n in 'abcdef')}"
    lines = read(f"<html><body><table><tr><td>Menu</td><td>{cell}</td></tr></table></body></html>").text.splitlines()
    assert "|" not in "".join(lines)
    assert len(lines) >= 6


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 3_000 + "x",
        "<figure>" * 2_000 + "<table><td>x",
        "<img>a" * 30_000,
        "<p>same</p>" * 10_000,
        "<a href=x>" * 5_000,
        '<div class="' + "comment " * 50_000 + '"><p>x</p></div>',
    ],
)
def test_hostile_pages_cost_little(body: str) -> None:
    started = time.process_time()
    read(f"<html><body><p>{'A sentence about the ferry. ' * 30}</p>{body}</body></html>")
    assert time.process_time() - started < 20
