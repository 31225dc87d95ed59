"""Pages cut into blocks of text."""

from monitor.extract.blocks import Outline, outline
from monitor.extract.pages import page_tree


def seen(body: str) -> Outline:
    tree = page_tree(f"<html><head><title>No block</title></head><body>{body}</body></html>")
    assert tree is not None
    return outline(tree)


def texts(body: str) -> list[str]:
    return [block.text for block in seen(body).blocks]


def test_blocks_and_breaks_part_the_text() -> None:
    assert texts("<p>One <b>and</b>\n half</p>Two<br>Three<div>Four<p>Five</p>Six</div>Seven") == [
        "One and half",
        "Two",
        "Three",
        "Four",
        "Five",
        "Six",
        "Seven",
    ]


def test_what_is_never_shown_is_no_text() -> None:
    assert texts("<p>A<script>x()</script><style>y</style><!-- z --> b</p><noscript>c</noscript>") == ["A b"]


def test_how_much_of_a_block_is_link() -> None:
    body = '<p><a href="/x">Read more: ferries</a></p><p>0123456789 <a>0123456789</a> 01234567</p><p>none</p>'
    assert [round(block.link, 1) for block in seen(body).blocks] == [1.0, 0.3, 0.0]
    assert seen(body).anchors == ["Read more: ferries", "0123456789"]


def test_a_link_around_blocks_counts_in_each() -> None:
    found = seen('<div><a href="/x"><h3>Headline</h3><p>Teaser of it</p></a></div><p>Text</p>')
    assert [(block.tag, block.link) for block in found.blocks] == [("h3", 1.0), ("p", 1.0), ("p", 0.0)]


def test_where_a_block_stands() -> None:
    first, second, third = seen('<div class="a b"><p>x</p><p>y</p></div><p>z</p>').blocks
    assert first.chain[:-1] == second.chain[:-1] != third.chain[:-1]
    assert first.key == second.key == ("body.", "div.a b", "p.")
    assert third.key == ("html.", "body.", "p.")


def test_containers_that_are_named_for_comments() -> None:
    body = (
        '<div class="sf_comment"><p>a</p></div><div id="comentarios">b</div><ul class="Kommentare"><li>c</li></ul>'
        '<div class="commentary recommended"><p>d</p></div><p>e</p>'
    )
    assert [block.comment for block in seen(body).blocks] == [True, True, True, False, False]


def test_all_that_is_visible() -> None:
    assert seen("<p>One</p><ul><li>Two</li></ul>").visible == "One Two"


def test_a_page_may_nest_as_deep_as_it_likes() -> None:
    assert texts("<div>" * 200 + "x" + "</div>" * 200) == ["x"]
