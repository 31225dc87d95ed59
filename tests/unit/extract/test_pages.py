"""Bytes of a page as text, tree and article."""

from pathlib import Path

import pytest

from monitor.extract.pages import article_text, outline, page_html, page_tree
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


def test_spans_and_attributes_are_held_in_bounds() -> None:
    assert html(b'<td colspan="9007199254740991" rowspan=2>') == '<td colspan="1" rowspan=2>'
    flood = b"<body " + b" ".join(b"a%d=1" % number for number in range(9_000)) + b"><p>x"
    assert html(flood) == "<body><p>x"


def test_reading_the_text_leaves_the_tree_for_others() -> None:
    tree = page_tree(html(PAGE))
    assert tree is not None
    before = outline(tree)
    text = article_text(tree, "https://courier.example/news/launchers")
    assert "The ministry promised" in text
    assert "All rights reserved" not in text
    assert outline(tree) == before
    title, visible, anchors = before
    assert title.startswith("Two more launchers promised before winter | Northern Courier")
    assert "All rights reserved" in visible
    assert "@type" not in visible
    assert anchors == ["Home", "World"]


def test_a_table_that_lays_out_the_page_is_no_table() -> None:
    paragraphs = "".join(
        f"<p>Paragraph {n} tells of the bridge that the town has waited for since spring.</p>" for n in "abcdef"
    )
    cell = f"<h1>The bridge</h1>{paragraphs}"
    tree = page_tree(f"<html><body><table><tr><td>Menu</td><td>{cell}</td></tr></table></body></html>")
    lines = article_text(tree, "").splitlines()
    assert "|" not in "".join(lines)
    assert len(lines) >= 6
