"""Which further pages are of the same article, and which are only numbered alike."""

import pytest

from monitor.extract import extract
from monitor.extract.joining import goes_on
from monitor.model import Fresh
from tests.builders import NOW, a_fresh, a_request, an_entry

STORY = "https://courier.example/2026/11/weekly-report/"
TITLE = "Weekly report of the harbour office"


def page(url: str, html: str, title: str = TITLE) -> Fresh:
    body = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{html}</body></html>"
    return a_fresh(request=a_request(url=url, purpose="page"), url=url, body=body.encode(), headers={})


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("weekly-report-2/", "<a href='{}'>2</a>"),
        ("weekly-report-2/", "<a href='{}'>Next page »</a>"),
        ("weekly-report-2/", "<a href='{}'>Weiter</a>"),
        ("weekly-report-2/", "<a href='{}'>Наступна сторінка</a>"),
        ("weekly-report-2/", "<a href='{}'>›</a>"),
        ("weekly-report-2/", "<div class='page-links'><span><a href='{}'>What the divers found below</a></span></div>"),
        ("weekly-report/2/", "<a href='{}'>Part two: below the ice of the basin</a>"),
        ("weekly-report/?page=2", "<a href='{}'>Go on reading there</a>"),
    ],
)
def test_further_pages(address: str, link: str) -> None:
    url = f"https://courier.example/2026/11/{address}"
    assert goes_on(page(STORY, link.format(url)), TITLE, page(url, ""), f"{TITLE} - 2")


@pytest.mark.parametrize(
    ("address", "title", "link"),
    [
        ("weekly-report-2/", "Weekly report of the sea office", "<a href='{}'>Weekly report of the sea office</a>"),
        ("weekly-report-2/", TITLE, "<aside><a href='{}'>Weekly report of the harbour office</a></aside>"),
        ("weekly-report-2/", TITLE, "<nav class='post-navigation'><a rel='next' href='{}'>Weekly report</a></nav>"),
        ("weekly-report-2/", TITLE, "<a href='{}'><img src='/i.jpg' alt=''></a>"),
        ("weekly-report/2/", "Sharks seen near the coast", "<a href='{}'>Sharks seen near the coast</a>"),
        ("weekly-report/2/", "Sharks seen near the coast", "<a href='http://[x'>2</a>"),
    ],
)
def test_other_articles(address: str, title: str, link: str) -> None:
    url = f"https://courier.example/2026/11/{address}"
    assert not goes_on(page(STORY, link.replace("{}", url)), TITLE, page(url, "", title), title)


@pytest.mark.parametrize(("link", "joined"), [("Weekly report of the sea office", False), ("2", True)])
def test_only_the_text_of_the_same_article_is_joined(link: str, joined: bool) -> None:
    first, second = (
        "".join(f"<p>{who} {n} was counted by the office this week.</p>" for n in range(9)) for who in "AB"
    )
    further = page(f"{STORY[:-1]}-2/", second)
    visit = page(STORY, f"{first}<a href='{further.url}'>{link}</a>")
    whole = a_fresh(request=visit.request, url=STORY, body=visit.body, headers={}, parts=(further,))
    article = extract(an_entry(link=STORY, title=TITLE), whole, identity="x", found_at=NOW)
    assert "A 1 was counted" in article.text
    assert ("B 1 was counted" in article.text) is joined
