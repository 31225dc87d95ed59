"""Which text, address, date and author an article gets from its entry and its page."""

import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from monitor.extract import extract
from monitor.extract.repeats import marks
from monitor.links import article_id
from monitor.model import Article, Entry, Fresh, How
from tests.builders import NOW, a_fresh, a_request, an_entry

PAGE = (Path(__file__).resolve().parents[2] / "data" / "pages" / "article.html").read_text(encoding="utf-8")
URL = "https://courier.example/news/launchers?utm_source=feed"
LEAD = "The ministry promised two more launchers before the first frost, and said the crews"


def visited(html: str = PAGE, url: str = URL, charset: str = "utf-8") -> Fresh:
    return a_fresh(
        request=a_request(url=url, purpose="page"),
        url=url,
        body=html.encode(charset),
        headers={"content-type": "text/html"},
    )


def read(entry: Entry | None = None, page: Fresh | None = None, problem: str = "") -> Article:
    return extract(entry or an_entry(link=URL), page, identity="id:1", found_at=NOW, problem=problem)


def test_a_page_is_read() -> None:
    article = read(page=visited())
    assert article.how is How.PAGE
    assert article.text.startswith(LEAD)
    assert "All rights reserved" not in article.text
    assert article.url == "https://courier.example/news/launchers"
    assert article.id == article_id(article.url, "northern-courier", "id:1")
    assert (article.language, article.problem, article.found_at) == ("en", "", NOW)


def test_the_entry_goes_before_the_page() -> None:
    entry = an_entry(link=URL, authors=("Desk",))
    article = read(entry, visited())
    assert (article.title, article.authors, article.published) == (entry.title, ("Desk",), entry.published)


def test_the_page_fills_what_the_entry_leaves_open() -> None:
    article = read(an_entry(link=URL, title="", published=None), visited())
    assert article.title == "Two more launchers promised before winter"
    assert article.authors == ("Vera Holm",)
    assert article.published == datetime(2026, 11, 22, 16, 30, tzinfo=UTC)


def test_what_nobody_states_stays_unknown() -> None:
    html = PAGE[: PAGE.index("<script")] + PAGE[PAGE.index("</head>") :]
    assert read(an_entry(link=URL, published=None), visited(html)).published is None


def test_without_a_page_the_feed_speaks() -> None:
    article = read(problem="too slow")
    assert (article.how, article.problem) == (How.FEED_SUMMARY, "too slow")
    assert article.text == "The ministry promised two more launchers before the first frost."
    assert article.url == "https://courier.example/news/launchers"


def test_full_content_goes_before_the_summary() -> None:
    article = read(an_entry(content=f"<p>{LEAD} are ready.</p><script>x()</script><p>More.</p>"))
    assert (article.how, article.text) == (How.FEED_CONTENT, f"{LEAD} are ready.\nMore.")


@pytest.mark.parametrize("summary", ["", "<b> </b>", "Two more launchers promised before winter"])
def test_a_summary_that_says_nothing_leaves_the_title(summary: str) -> None:
    article = read(an_entry(summary=summary))
    assert (article.how, article.text) == (How.TITLE, "")


def test_neither_title_nor_page_takes_the_first_words() -> None:
    assert read(an_entry(title="")).title == "The ministry promised two more launchers before the first frost."


def test_a_page_with_less_than_the_feed_loses() -> None:
    content = "".join(f"<p>Paragraph {number} of the full text that the feed carries.</p>" for number in range(40))
    article = read(an_entry(link=URL, content=content), visited())
    assert (article.how, article.problem) == (How.FEED_CONTENT, "the page holds less text than the feed")


def test_a_stated_body_wins_where_the_page_shows_a_teaser() -> None:
    body = " ".join(f"Sentence {number} of the stated body of this article." for number in range(30))
    html = (
        "<html><head><title>Launchers</title><script type='application/ld+json'>"
        f'{{"@type": "NewsArticle", "articleBody": "{body}"}}</script></head><body><p>A teaser.</p></body></html>'
    )
    article = read(page=visited(html))
    assert (article.how, article.text) == (How.STRUCTURED, body)


@pytest.mark.parametrize("charset", ["cp1251", "koi8-u", "utf-16", "utf-8"])
def test_pages_in_any_charset(charset: str) -> None:
    paragraph = (
        "Міністерство пообіцяло ще дві пускові установки до перших морозів, їхні розрахунки вже навчаються. " * 3
    )
    html = f'<html><head><meta charset="{charset}"></head><body><article><p>{paragraph}</p></article></body></html>'
    article = read(an_entry(language=""), visited(html, charset=charset))
    assert article.text == paragraph.strip()
    assert article.language == "uk"


def test_a_canonical_address_of_another_site_is_not_believed() -> None:
    html = PAGE.replace('href="/news/launchers"', 'href="https://elsewhere.example.org/x"')
    assert read(page=visited(html)).url == "https://courier.example/news/launchers"


def test_questions_and_answers_travel_between_processes() -> None:
    entry, page = pickle.loads(pickle.dumps((an_entry(link=URL), visited())))
    assert pickle.loads(pickle.dumps(read(entry, page))) == read(entry, page)


def test_no_link_at_all() -> None:
    article = read(an_entry(link=""))
    assert (article.url, article.id) == ("", article_id("", "northern-courier", "id:1"))


def test_an_aggregators_item_loses_the_outlet_in_its_title_and_the_summary_that_repeats_it() -> None:
    entry = an_entry(
        title="Launchers promised - Ridge Post",
        outlet="Ridge Post",
        summary='<a href="https://news.example/rd/1">Launchers promised</a>&nbsp;&nbsp;<font>Ridge Post</font>',
    )
    article = extract(entry, None, identity="1", found_at=NOW)
    assert (article.title, article.text, article.how) == ("Launchers promised", "", How.TITLE)
    assert extract(replace(entry, outlet=""), None, identity="1", found_at=NOW).title == entry.title


def test_what_else_the_page_states_is_kept_while_its_text_is_used() -> None:
    stated = '{"@type": "LiveBlogPosting", "headline": "x", "articleSection": "Defence", "image": "/i/1.jpg"}'
    script = f'<script type="application/ld+json">{stated}</script>'
    html = PAGE[: PAGE.index("<script")] + script + PAGE[PAGE.index("</head>") :]
    article = read(page=visited(html))
    assert (article.section, article.live) == ("Defence", True)
    assert article.image == "https://courier.example/i/1.jpg"
    without = read(page=visited("<html><body><p>Gone.</p></body></html>"))
    assert (without.image, without.section, without.dateline, without.live) == ("", "", "", False)


@pytest.mark.parametrize(
    ("byline", "kept"),
    [
        ("Vera Holm ·", False),
        ("By Vera Holm |", False),
        ("Von Vera Holm und Ines Roth", False),
        ("VERA HOLM", False),
        ("Vera Holm reports from Oslo", True),
        ("Ann Lee", True),
        ("By and by", True),
    ],
)
def test_a_first_line_that_only_names_the_authors_is_no_text(byline: str, kept: bool) -> None:
    html = PAGE.replace(f"<p>{LEAD}", f"<p>{byline}</p><p>{LEAD}")
    assert html != PAGE
    article = read(an_entry(link=URL, authors=("Vera Holm", "Ines Roth")), visited(html))
    assert article.text.startswith(byline if kept else LEAD)


def test_lines_that_the_site_repeats_are_cut_and_told_again() -> None:
    before = read(page=visited())
    last = before.text.splitlines()[-1]
    after = extract(an_entry(link=URL), visited(), identity="id:1", found_at=NOW, known=frozenset(marks(last)))
    assert after.text == before.text.removesuffix(f"\n{last}")
    assert after.ends == before.ends != ()


BLOCKER = (
    "<html><head><title>Ferry</title><script type='application/ld+json'>{STATED}</script></head><body><h1>Ferry</h1>"
    "<p>It looks like you are using an ad blocker. Please disable your ad blocker to read on.</p></body></html>"
)


def test_what_a_notice_hides_is_taken_from_what_the_page_states() -> None:
    body = " ".join(f"Sentence {number} of the stated body of this article." for number in range(40))
    stated = f'{{"@type": "NewsArticle", "headline": "Ferry", "articleBody": "{body}"}}'
    article = read(page=visited(BLOCKER.replace("{STATED}", stated)))
    assert (article.how, article.text, article.problem) == (How.STRUCTURED, body, "")
    assert read(page=visited(BLOCKER.replace("{STATED}", "{}"))).problem == "ad blocker notice"


def test_prompts_under_a_long_text_are_left_out() -> None:
    lines = [
        f"Sentence {number} of a text that is long enough to be read by all who like long texts."
        for number in range(30)
    ]
    prompts = [
        "Subscribe to continue reading this article.",
        "Already a subscriber? Log in here to read the full story.",
    ]
    body = "".join(f"<p>{line}</p>" for line in [*lines, *prompts])
    html = f"<html><head><title>Ferry</title></head><body><article><h1>Ferry</h1>{body}</article></body></html>"
    article = read(page=visited(html))
    assert (article.problem, article.text) == ("", "\n".join(lines))
