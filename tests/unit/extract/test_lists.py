"""Lists of other articles are told by where their teasers stand, whatever the cards are made of."""

import pytest

from monitor.extract import extract
from monitor.extract.lists import Teasers, teasers
from monitor.extract.pages import Body, article_text, page_tree
from tests.builders import NOW, a_fresh, a_request, an_entry

URL = "https://courier.example/news/grain-treaty"
ELSEWHERE = "https://courier.example/archive/"
HEADLINES = (
    "Storm closes three mountain passes overnight",
    "Parliament debates new harbour fee rules",
    "Museum finds lost painting in the cellar",
    "Doctors warn of long winter flu season",
    "Football club names young coach again",
    "Wheat prices fall after record harvest",
    "City plants thousand trees along river",
    "Old cinema opens as library next week",
    "Police seek witnesses after night fire",
    "School bus routes change from Monday",
)
TEASERS = (
    "Drivers were told to stay at home while crews cleared the fallen trees from the road.",
    "Members argued until midnight over who should pay for dredging the outer basin.",
    "The small canvas had stood behind a boiler for more than sixty years, curators say.",
    "Clinics have ordered extra vaccine and ask the elderly to come before December.",
    "The thirty-year-old former goalkeeper signed a contract for two seasons on Friday.",
    "Traders in the port pointed to full silos and weak demand from overseas mills.",
    "Volunteers dug holes all weekend despite the rain and the mud on both banks.",
    "Readers may borrow the first books there on Tuesday afternoon, the mayor promised.",
    "Nobody was hurt when the warehouse burned down, but the damage is considerable.",
    "Parents should check the new timetable because several early stops are dropped.",
)
CARDS = {
    "archive": "<article><header><h2><a href='/{n}'>{h}</a></h2><i>26.11.</i></header><div><p>{t}</p></div></article>",
    "whole card": "<a class='card' href='/{n}'><h3>{h}</h3><p>{t}</p></a>",
    "line break": "<p><a href='/{n}'><b>{h}</b></a><br>{t}</p>",
    "more": "<div><p>{t} <a href='/{n}'>More</a></p></div>",
    "more apart": "<div><p>{t}</p><p><a href='/{n}'>More</a></p></div>",
    "long": "<article><h2><a href='/{n}'>{h}</a></h2><p>{t} {t} {t}</p></article>",
}


def cards(kind: str, count: int = 10) -> str:
    each = zip(range(count), HEADLINES, TEASERS, strict=False)
    return "".join(CARDS[kind].format(n=number, h=headline, t=teaser) for number, headline, teaser in each)


def problem(body: str, came: str = ELSEWHERE, title: str = "Courier - all the news", h1: str = "Latest") -> str:
    html = f"<html><head><title>{title}</title></head><body><main><h1>{h1}</h1>{body}</main></body></html>"
    page = a_fresh(request=a_request(url=URL, purpose="page"), url=came, body=html.encode(), headers={})
    entry = an_entry(link=URL, title="Ministers sign grain treaty after long talks", summary="")
    return extract(entry, page, identity="x", found_at=NOW).problem


@pytest.mark.parametrize("kind", CARDS)
def test_an_address_that_leads_to_a_list(kind: str) -> None:
    assert problem(cards(kind)) == "list of articles"
    assert problem(cards(kind, 6)) == "list of articles"


@pytest.mark.parametrize("kind", ["archive", "whole card", "line break"])
def test_a_list_of_another_title_without_a_redirect(kind: str) -> None:
    assert problem(cards(kind), came=URL) == "list of articles"


def test_the_front_page_that_still_names_the_article_among_others() -> None:
    named = (
        "<article><h2><a href='/g'>Ministers sign grain treaty after long talks</a></h2><p>Both spoke.</p></article>"
    )
    assert problem(named + cards("archive"), came="https://courier.example/") == "list of articles"


def test_a_long_text_on_the_front_page() -> None:
    about = "".join(f"<p>{teaser} {teaser}</p>" for teaser in TEASERS)
    assert problem(about, came="https://courier.example/") == "front page instead of the article"
    assert problem(about) == ""


@pytest.mark.parametrize("kind", CARDS)
def test_an_article_with_a_list_beside_it_is_none(kind: str) -> None:
    text = "".join(f"<p>{teaser}</p>" for teaser in TEASERS)
    beside = f"<aside>{cards(kind)}</aside>"
    assert problem(text + beside, title="A treaty of grain", h1="A treaty of grain") == ""
    short = f"<p>{TEASERS[0]}</p>"
    assert problem(f"<article>{short}</article>" + beside, title="A treaty of grain", h1="A treaty of grain") == ""


def test_an_article_whose_heading_is_a_link_to_itself_is_none() -> None:
    heading = "Treaty of grain is signed"
    body = f"<article><h2><a href='/news/x'>{heading}</a></h2><p>{TEASERS[0]} {TEASERS[1]}</p></article>"
    assert problem(body + f"<aside>{cards('long')}</aside>", title=heading) == ""


def test_what_of_a_text_leads_elsewhere() -> None:
    html = f"<html><head><title>x</title></head><body>{cards('archive', 4)}</body></html>"
    tree = page_tree(html)
    assert tree is not None
    seen = teasers(article_text(html, tree, ELSEWHERE), "x")
    assert seen.around == 4
    assert seen.share == 1.0
    assert teasers(Body(""), "") == Teasers(0, 0, 0.0)
