"""Walls are recognised by several signs, and articles are not taken for walls."""

from pathlib import Path

import pytest

from monitor.extract import extract
from monitor.extract.walls import Looks, wall
from monitor.model import Fresh
from tests.builders import NOW, a_fresh, a_request, an_entry

PAGES = Path(__file__).resolve().parents[2] / "data" / "pages"
URL = "https://courier.example/news/launchers"
HEADLINE = "Two more launchers promised before winter"


def page(body: bytes = b"", url: str = URL, **headers: str) -> Fresh:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return a_fresh(request=a_request(url=URL, purpose="page"), url=url, body=body, headers=named)


def looks(title: str = "", text: str = "", visible: str = "", markup: str = "", is_article: bool = False) -> Looks:
    return Looks(title, markup, text, visible or text, frozenset(), is_article)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("article", ""),
        ("cloudflare", "Cloudflare challenge"),
        ("captcha", "captcha"),
        ("consent", "consent page"),
        ("login", "login wall"),
        ("not_found", "page not found"),
        ("server_error", "error page"),
        ("list", "list of articles"),
    ],
)
def test_sample_pages(name: str, reason: str) -> None:
    visit = page((PAGES / f"{name}.html").read_bytes())
    assert extract(an_entry(link=URL), visit, identity="x", found_at=NOW).problem == reason


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Captcha fatigue: why sites ask whether you are human", "Readers tell us of captchas they could not solve. "),
        ("Error 404: the town that fell off the map", "The page of the atlas where the town stood is blank. "),
        ("Cookie factory to close", "The bakery will accept all offers for its ovens until the spring. "),
        ("Bridge closed for maintenance", "Drivers should try again later in the week, the council said. "),
    ],
)
def test_articles_about_such_things_are_articles(title: str, text: str) -> None:
    assert wall(looks(title, text * 8), page(), title) == ""


def test_a_long_text_is_an_article_whatever_surrounds_it() -> None:
    assert wall(looks("Just a moment...", "word " * 400, markup="cdn-cgi/challenge-platform"), page(), HEADLINE) == ""


def test_one_word_alone_proves_nothing() -> None:
    assert wall(looks(HEADLINE, f"{HEADLINE}. Log in to comment.", markup='type="password"'), page(), HEADLINE) == ""


def test_the_header_of_a_challenge_is_a_sign() -> None:
    seen = looks("Just a moment...")
    assert wall(seen, page(cf_mitigated="challenge"), HEADLINE) == "Cloudflare challenge"


def test_the_front_page_in_place_of_an_article() -> None:
    front = looks("Courier", "Sunny day. " * 30)
    assert wall(front, page(url="https://courier.example/"), HEADLINE) == "front page instead of the article"
    assert wall(front, page(), HEADLINE) == ""
    assert wall(looks(HEADLINE, "Sunny day. " * 30), page(url="https://courier.example/"), HEADLINE) == ""
