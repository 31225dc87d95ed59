"""What of an extracted text is kept, by where its lines stand on the page."""

import pytest

from monitor.extract.blocks import Outline, outline
from monitor.extract.lines import begun, completed, doubtful, passed_over, placed, tidied, width
from monitor.extract.pages import page_tree

TEXT = [
    "The ferry that the island has waited for since last spring sails again.",
    "On its first morning it carried eleven cars and a brass band across.",
    "Its captain said that the new engine needs half the fuel of the old one.",
    "The council will pay for repairs until the end of the year, it decided.",
    "Fishermen had asked for a second boat, which nobody could promise them.",
    "Whoever missed the opening may ride without a ticket on Sunday afternoon.",
]
BODY = "".join(f"<p>{line}</p>" for line in TEXT)


def seen(body: str) -> Outline:
    tree = page_tree(f"<html><body>{body}</body></html>")
    assert tree is not None
    return outline(tree)


def kept(body: str, text: str = "") -> list[str]:
    """What is left when an extractor took everything that `body` shows."""
    page = seen(body)
    return [line.text for line in tidied(placed(text or "\n".join(block.text for block in page.blocks), page.blocks))]


@pytest.mark.parametrize(
    "glued",
    [
        '<p><a href="/x">READ MORE: The harbour that nobody wanted to pay for</a></p>',
        "<h3>More from the islands</h3>",
        '<div class="x"><div><div><ul><li>Home</li><li>Weather</li></ul></div></div></div>',
        '<ul class="more"><li><a href="/a">Harbour opens</a> today</li><li><a href="/b">Ferry late</a> again</li></ul>',
        '<p class="stamp">12 minutes ago</p>',
    ],
)
def test_what_is_glued_on_goes(glued: str) -> None:
    assert kept(f'<main><div class="a"><div class="b">{BODY}{glued}</div></div></main>') == TEXT


def test_what_stands_in_another_container_goes_at_both_ends() -> None:
    notice = "<div><p>This copy is for your own use only, order reprints from our desk.</p></div>"
    body = f"<div><div><div><div><div><div>{BODY}</div></div></div></div></div></div>"
    assert kept(f"{notice}<section>{body}</section>{notice}") == TEXT


def test_a_lead_beside_the_bulk_stays() -> None:
    lead = "After a year of waiting the island has its ferry back, the council said on Monday."
    assert kept(f"<article><p>{lead}</p><div>{BODY}</div></article>") == [lead, *TEXT]


def test_links_in_between_go_but_not_what_an_article_is_about() -> None:
    link = '<p><a href="/x">The harbour that nobody wanted</a></p>'
    addresses = '<h3><a href="/x">First boat</a></h3><p><a href="/y">https://ferry.example/first</a></p>'
    assert kept(f"<div><p>{TEXT[0]}</p>{link}{addresses}{BODY}</div>") == [
        TEXT[0],
        "First boat",
        "https://ferry.example/first",
        *TEXT,
    ]


def test_a_page_of_nothing_but_links_is_left_alone() -> None:
    links = "".join(f'<p><a href="/{n}">{line}</a></p>' for n, line in enumerate(TEXT))
    assert len(kept(f"<div>{links}</div>")) == 6


def test_readers_comments_go_where_there_is_an_article_beside_them() -> None:
    comments = f'<div class="comments">{"".join(f"<p>I say: {line}</p>" for line in TEXT)}</div>'
    assert kept(f"<div>{BODY}{comments}</div>") == TEXT
    assert len(kept(f"<div><p>{TEXT[0]}</p>{comments}</div>")) == 7


def test_lines_that_are_not_found_on_the_page_stay() -> None:
    page = seen(f"<div>{BODY}</div>")
    lines = placed("Put together from pieces", page.blocks)
    assert lines[0].block is None
    assert tidied(lines) == lines


def test_of_equal_lines_each_has_its_own_place() -> None:
    page = seen("<p>Yes.</p><div>No.</div><section>Yes.</section>")
    assert [line.block and line.block.tag for line in placed("Yes.\nNo.\n- Yes.", page.blocks)] == [
        "p",
        "div",
        "section",
    ]


def test_scraps_are_doubtful_and_paragraphs_are_not() -> None:
    page = seen(f"<div>{BODY}</div><ul>{'<li>Weather today</li>' * 20}</ul>")
    assert not doubtful(placed("\n".join(TEXT), page.blocks))
    assert doubtful(placed("\n".join([*TEXT, *["- Weather today"] * 20]), page.blocks))


def test_paragraphs_of_the_main_kind_come_back_in_their_place() -> None:
    page = seen(f'<div class="text">{BODY}</div>')
    lines = placed("\n".join([TEXT[0], *TEXT[3:]]), page.blocks)
    assert [line.text for line in completed(lines, page.blocks)] == TEXT


def test_other_articles_of_the_same_kind_do_not() -> None:
    others = "".join(
        f"<p>The mayor of town {n} opened market {n} and said nothing of its {n} stalls.</p>" for n in range(60, 100)
    )
    page = seen(f'<div class="text">{BODY}</div><div class="text">{others}</div>')
    lines = placed("\n".join(TEXT), page.blocks)
    assert completed(lines, page.blocks) == lines


def test_blocks_without_classes_are_of_no_kind() -> None:
    page = seen(f"<div>{BODY}</div>")
    lines = placed("\n".join(TEXT[:3]), page.blocks)
    assert completed(lines, page.blocks) == lines


@pytest.mark.parametrize(
    "line",
    [
        "عدالت نے کیس کی سماعت پیر تک ملتوی کردی ہے اور سب کو طلب کیا۔",
        "नगर परिषद ने सोमवार को नई नौका के लिए पैसे देने का निर्णय लिया।",
    ],
)
def test_a_sentence_ends_with_the_mark_of_its_script(line: str) -> None:
    page = seen(f"<div><p>{line}</p></div>")
    assert placed(line, page.blocks)[0].is_paragraph


def test_a_long_paragraph_right_before_the_text_comes_back() -> None:
    lead = f"LINDHAVEN, Monday. {TEXT[0]} {TEXT[1]}"
    for first in (lead, f"<p>{lead}</p>"):
        page = seen(f"<div>{first}{BODY}</div>")
        assert begun(placed("\n".join(TEXT), page.blocks), page.blocks)[0].text == lead
    short = "<p>The ferry leaves the harbour on Monday.</p>"
    for other in (f"<div><div>{lead}</div></div><div>{BODY}</div>", f"<div>{short}{BODY}</div>", BODY):
        page = seen(other)
        lines = placed("\n".join(TEXT), page.blocks)
        assert begun(lines, page.blocks) == lines


def test_much_more_running_text_elsewhere_is_passed_over() -> None:
    lead = "<article><p>The island has a ferry.</p></article>"
    page = seen(f'{lead}<div class="text">{BODY}</div>')
    assert passed_over(placed("The island has a ferry.", page.blocks), page.blocks) == "\n".join(TEXT)
    assert passed_over(placed("\n".join(TEXT[:2]), page.blocks), page.blocks) == ""
    comments = seen(f'{lead}<div class="comments">{BODY}</div>')
    assert passed_over(placed("The island has a ferry.", comments.blocks), comments.blocks) == ""


def test_a_letter_of_a_script_without_spaces_is_wide() -> None:
    assert (width("ferry"), width("渡船"), width("паром")) == (5, 6, 5)
