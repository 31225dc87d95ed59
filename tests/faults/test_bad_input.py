"""Broken feeds and pages: each ends in a named outcome, within seconds, and nothing is raised."""

import gzip
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.extract import extract
from monitor.identity import identities
from monitor.model import FeedPage, Fresh, How, Unreadable
from monitor.sources import KINDS
from tests.builders import NOW, a_feed, a_fresh, a_request, an_entry

DATA = Path(__file__).resolve().parents[1] / "data"
PROLOG = '<?xml version="1.0" encoding="utf-8"?>'
ITEM = "<item><title>One</title><link>http://a.example/1</link><guid>g1</guid></item>"
SECONDS = 10.0  # for the worst of them, on a busy machine


def rss(items: str, prolog: str = PROLOG) -> str:
    return f'{prolog}<rss version="2.0"><channel><title>Courier</title>{items}</channel></rss>'


def read(body: bytes | str, content_type: str = "application/xml") -> FeedPage | Unreadable:
    raw = body.encode() if isinstance(body, str) else body
    started = time.process_time()
    answer = KINDS["feed"].read(a_feed(), a_fresh(body=raw, headers={"content-type": content_type}))
    assert time.process_time() - started < SECONDS
    return answer


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))

UNREADABLE: list[tuple[str, bytes | str, str]] = [
    ("nothing", b"", "empty body"),
    ("white space only", b" \r\n\t  ", "empty body"),
    ("zeros only", b"\x00" * 400, "empty body"),
    (
        "a page",
        "<!DOCTYPE html><html><head><title>Courier &amp; Co</title></head></html>",
        "HTML page instead of a feed",
    ),
    ("a page without a doctype", "<body><p>Moved.</p></body>", "HTML page instead of a feed"),
    ("a page about feeds", "<html><body>Add an &lt;rss&gt; or <feed> tag</body></html>", "HTML page instead of a feed"),
    ("plain words", "Too many requests", "not a feed"),
    ("another XML", f"{PROLOG}<sitemapindex><sitemap/></sitemapindex>", "XML that is no feed"),
    ("a PDF", b"%PDF-1.7\n%\xe2\xe3", "binary file instead of a feed"),
    ("a PNG", b"\x89PNG\r\n\x1a\n\x00\x00", "binary file instead of a feed"),
    ("broken gzip", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\xff\xff", "broken gzip"),
    ("a gzip bomb", gzip.compress(b"\x20" * (40 << 20)), "too large"),
    (
        "billion laughs",
        f"<?xml version='1.0'?><!DOCTYPE lolz [{LAUGHS}]>" + rss("&l11;", ""),
        "forbidden XML (entity bomb)",
    ),
    (
        "one long entity, often",
        f'<!DOCTYPE r [<!ENTITY a "{"x" * 3000}">]>' + rss("<item><title>&a;&a;&a;</title></item>", ""),
        "forbidden XML (entity bomb)",
    ),
    (
        "600 KB of nested tags",
        rss(f"<item><title>x</title>{'<a>' * 200_000}</item>"),
        "forbidden XML (nested too deeply)",
    ),
    ("items within items", rss("<item>" * 100_000), "forbidden XML (nested too deeply)"),
    (
        "a flood of attributes",
        rss("<item " + " ".join(f'a{n}="1"' for n in range(50_000)) + "><title>x</title></item>"),
        "forbidden XML (too many attributes)",
    ),
    ("a flood of elements", rss(f"<item>{'<a></a>' * 200_000}</item>"), "forbidden XML (too many elements)"),
    ("cut off before any entry ends", rss(ITEM)[:120], "XML cut off and no entry readable"),
    ("cut off in the head", rss(ITEM)[:70], "XML cut off and no entry readable"),
    ("JSON that is no feed", '{"status": "ok", "items": [1, 2]}', "JSON that is no feed"),
    ("a JSON list", "[1, 2, 3]", "JSON that is no feed"),
    (
        "items of a wrong type",
        '{"version": "https://jsonfeed.org/version/1", "items": {"a": 1}}',
        "JSON that is no feed",
    ),
    ("half a JSON Feed", '{"version": "https://jsonfeed.org/version/1", "items": [{"id"', "broken JSON"),
    ("deep JSON", "[" * 300_000, "broken JSON"),
]


@pytest.mark.parametrize(("body", "reason"), [row[1:] for row in UNREADABLE], ids=[row[0] for row in UNREADABLE])
def test_what_is_no_feed_is_named(body: bytes | str, reason: str) -> None:
    answer = read(body)
    assert isinstance(answer, Unreadable), answer
    assert answer.reason == reason
    assert len(str(answer)) < 250


CP1251 = '<?xml version="1.0" encoding="windows-1251"?>'
UKRAINIAN = "Ракети й їжа: ціна ґанку є новиною"
TITLED = f"<item><title>{UKRAINIAN}</title><link>http://a.example/1</link></item>"
LATE = "<item><title>One</title><pubDate>{}</pubDate></item>"
ENCODED: list[tuple[str, bytes, str]] = [
    ("utf-8 with a mark", b"\xef\xbb\xbf" + rss(TITLED).encode(), "application/rss+xml"),
    ("windows-1251 by its prolog", rss(TITLED, CP1251).encode("cp1251"), "text/xml"),
    ("windows-1251 by its header", rss(TITLED, "").encode("cp1251"), "text/xml; charset=windows-1251"),
    ("windows-1251 by nothing", rss(TITLED * 9, "").encode("cp1251"), ""),
    ("says utf-8, is windows-1251", rss(TITLED * 9).encode("cp1251"), "text/xml; charset=utf-8"),
    ("says windows-1251, is utf-8", rss(TITLED, CP1251).encode(), ""),
    ("blanket latin-1 header", rss(TITLED, CP1251).encode("cp1251"), "text/xml; charset=ISO-8859-1"),
    ("koi8-u by its prolog", rss(TITLED, '<?xml version="1.0" encoding="koi8-u"?>').encode("koi8-u"), ""),
    ("utf-16 with a mark", rss(TITLED, '<?xml version="1.0" encoding="utf-16"?>').encode("utf-16"), ""),
    ("utf-16 without a mark", rss(TITLED, '<?xml version="1.0" encoding="utf-16"?>').encode("utf-16-le"), ""),
    ("utf-16 big end first", rss(TITLED, "").encode("utf-16-be"), "application/xml"),
    ("unknown charset", rss(TITLED, '<?xml version="1.0" encoding="x-martian"?>').encode(), ""),
    ("no charset at all, a codec of Python", rss(TITLED, '<?xml version="1.0" encoding="idna"?>').encode(), ""),
    ("zeros within", rss(TITLED).replace("</title>", "\x00</title>").encode(), ""),
    ("control characters within", rss(TITLED).replace("</title>", "\x0b\x1b&#3;&#x1f;</title>").encode(), ""),
    ("gzip that nobody marked", gzip.compress(rss(TITLED).encode()), ""),
    ("spaces before the prolog", b"\n\n  " + rss(TITLED).encode(), ""),
    ("a comment before the prolog", b"<!-- <rss><item/></rss> -->" + rss(TITLED).encode(), ""),
    ("words before the prolog", b"Warning: deprecated\n<br />" + rss(TITLED).encode(), ""),
    ("words after the end", rss(TITLED).encode() + b"<!-- 0.3 s --><script>x()</script>", ""),
    ("media type of a page", rss(TITLED).encode(), "text/html; charset=utf-8"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "content_type"), [row[1:] for row in ENCODED], ids=[row[0] for row in ENCODED])
def test_the_title_is_the_same_in_every_encoding(body: bytes, content_type: str) -> None:
    page = read(body, content_type)
    assert isinstance(page, FeedPage), page
    assert {entry.title for entry in page.entries} == {UKRAINIAN}


def test_an_external_entity_gives_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hunter2")
    outside = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    page = read(outside + rss("<item><title>One &x;</title></item>", ""))
    assert isinstance(page, FeedPage)
    assert [entry.title for entry in page.entries] == ["One"]


def test_a_harmless_entity_is_read() -> None:
    page = read('<!DOCTYPE r [<!ENTITY ndash "&#8211;">]>' + rss("<item><title>1 &ndash; 2</title></item>", ""))
    assert isinstance(page, FeedPage)
    assert page.entries[0].title == "1 – 2"


def test_a_feed_that_is_cut_off_keeps_its_whole_entries() -> None:
    whole = rss("".join(ITEM.replace("1", str(number)) for number in range(5)))
    page = read(whole[: whole.index("<guid>g4") + 8])
    assert isinstance(page, FeedPage)
    assert [entry.id for entry in page.entries] == ["g0", "g1", "g2", "g3"]
    assert page.remark == "XML cut off after 4 entries"


def test_a_flood_of_half_references_is_not_read_one_by_one() -> None:
    page = read(rss(ITEM + f"<item><title>{'&#' * 600_000}</title></item>"))
    assert isinstance(page, FeedPage)
    assert [entry.id for entry in page.entries][:1] == ["g1"]
    assert page.remark.endswith("the rest is lost")


def test_an_empty_channel_is_a_feed() -> None:
    page = read(rss(""))
    assert isinstance(page, FeedPage)
    assert page.entries == ()
    assert page.title == "Courier"


def test_a_bridge_error_is_an_entry_like_any_other() -> None:
    page = read((DATA / "feeds" / "bridge_error.xml").read_bytes())
    assert isinstance(page, FeedPage)
    assert [entry.title for entry in page.entries] == ["Bridge returned error 403! (20415)"]


def test_too_many_entries_are_cut_to_the_first() -> None:
    page = read(rss("".join(f"<item><guid>{number}</guid></item>" for number in range(30_000))))
    assert isinstance(page, FeedPage)
    assert len(page.entries) == 2_000
    assert page.entries[0].id == "0"
    assert "only the first 2000 entries" in page.remark


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("2016/6/29 15:07:41", datetime(2016, 6, 29, 15, 7, 41, tzinfo=UTC)),
        ("Mon, 23 Nov 2026 07:30:00 EET", datetime(2026, 11, 23, 5, 30, tzinfo=UTC)),
        ("1970-01-01T00:00:00Z", None),
        ("0", None),
        ("0001-01-01T00:00:00", None),
        ("Thu, 31 Dec 2099 00:00:00 GMT", None),
        ("Mon, 30 Feb 2026 10:00:00 GMT", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_that_are_odd_or_impossible(stated: str, expected: datetime | None) -> None:
    page = read(rss(LATE.format(stated)))
    assert isinstance(page, FeedPage)
    assert page.entries[0].published == expected


def test_one_guid_on_all_items_stays_several_entries() -> None:
    page = read(rss("".join(f"<item><guid>same</guid><title>T{n}</title><link>/n/{n}</link></item>" for n in range(5))))
    assert isinstance(page, FeedPage)
    assert len(page.entries) == 5
    assert len(set(identities(page.entries))) == 5


def test_neither_guid_nor_link() -> None:
    page = read(rss("<item><title>A</title></item><item><title>B</title></item>"))
    assert isinstance(page, FeedPage)
    assert [(entry.id, entry.link) for entry in page.entries] == [("", ""), ("", "")]
    assert len(set(identities(page.entries))) == 2


def test_an_entry_that_stands_twice_is_one() -> None:
    page = read(rss(ITEM + ITEM))
    assert isinstance(page, FeedPage)
    assert len(page.entries) == 1


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────

PARAGRAPH = (
    "<p>The ministry promised two more launchers before the first frost, and said that crews were already in "
    "training at a base in the west, where a partner has sent its instructors.</p>"
)
BODY = f"<html><head><title>Launchers</title></head><body><article>{PARAGRAPH * 4}</article></body></html>"
TABLE = '<table><tr><td colspan="9007199254740991">a</td><td rowspan=9007199254740991>b</td></tr></table>'


def visit_page(
    body: bytes, url: str = "https://courier.example/news/launchers", content_type: str = "text/html"
) -> Fresh:
    request = a_request(url="https://courier.example/news/launchers", purpose="page")
    return a_fresh(request=request, url=url, body=body, headers={"content-type": content_type})


UNUSED: list[tuple[str, bytes, str]] = [
    ("empty", b"", "empty page"),
    ("white space", b"  \n ", "empty page"),
    ("a PDF", b"%PDF-1.7\nbinary", "no text page"),
    ("a PNG", b"\x89PNG\r\n\x1a\nbinary", "no text page"),
    ("gzip", gzip.compress(BODY.encode()), "no text page"),
    ("no markup", b"just words", "no text page"),
    ("without a body", b"<html><head><title>Launchers</title></head></html>", "no article text on the page"),
    ("100,000 nested divs", b"<html><body>" + b"<div>" * 100_000 + PARAGRAPH.encode(), "no article text on the page"),
    (
        "forwarding",
        b'<meta http-equiv="refresh" content="0; url=/x"><p>One moment.</p>',
        "page that only forwards to another",
    ),
    ("Cloudflare", (DATA / "pages/cloudflare.html").read_bytes(), "Cloudflare challenge"),
    ("captcha", (DATA / "pages/captcha.html").read_bytes(), "captcha"),
    ("consent", (DATA / "pages/consent.html").read_bytes(), "consent page"),
    ("login", (DATA / "pages/login.html").read_bytes(), "login wall"),
    ("soft 404", (DATA / "pages/not_found.html").read_bytes(), "page not found"),
    ("error", (DATA / "pages/server_error.html").read_bytes(), "error page"),
    ("list", (DATA / "pages/list.html").read_bytes(), "list of articles"),
]


@pytest.mark.parametrize(("body", "problem"), [row[1:] for row in UNUSED], ids=[row[0] for row in UNUSED])
def test_a_page_that_is_no_article_leaves_the_feed_its_word(body: bytes, problem: str) -> None:
    started = time.process_time()
    article = extract(an_entry(), visit_page(body), identity="id:1", found_at=NOW)
    assert time.process_time() - started < SECONDS
    assert article.problem == problem
    assert article.how is How.FEED_SUMMARY
    assert article.text == "The ministry promised two more launchers before the first frost."
    assert article.url == "https://courier.example/news/launchers"


HARD: list[tuple[str, bytes, str]] = [
    ("plain", BODY.encode(), "text/html"),
    ("huge column spans", BODY.replace("</article>", TABLE + "</article>").encode(), "text/html"),
    (
        "a flood of attributes",
        BODY.replace("<body", "<body " + " ".join(f"a{n}=1" for n in range(50_000))).encode(),
        "",
    ),
    ("zeros within", BODY.replace("<p>", "<p>\x00").encode(), "text/html"),
    ("utf-16", BODY.encode("utf-16"), "text/html"),
    ("no end tags", BODY.replace("</p>", "").replace("</article></body></html>", "").encode(), "text/html"),
    (
        "deep JSON-LD",
        BODY.replace("<body>", f'<script type="application/ld+json">{"[" * 90_000}</script>').encode(),
        "",
    ),
    ("an XML prolog", b'<?xml version="1.0" encoding="x-none"?>' + BODY.encode(), "application/xhtml+xml"),
    ("a broken charset", BODY.encode(), "text/html; charset=x-none"),
]


@pytest.mark.parametrize(("body", "content_type"), [row[1:] for row in HARD], ids=[row[0] for row in HARD])
def test_a_page_that_is_hard_to_read_is_read(body: bytes, content_type: str) -> None:
    started = time.process_time()
    article = extract(an_entry(), visit_page(body, content_type=content_type), identity="id:1", found_at=NOW)
    assert time.process_time() - started < SECONDS
    assert article.how is How.PAGE
    assert article.problem == ""
    assert article.text.startswith("The ministry promised two more launchers before the first frost, and said")


def test_the_front_page_instead_of_an_old_article() -> None:
    body = f"<html><head><title>Courier</title></head><body><p>{'Sunny day. ' * 40}</p></body></html>".encode()
    page = visit_page(body, url="https://courier.example/")
    assert extract(an_entry(), page, identity="x", found_at=NOW).problem == "front page instead of the article"
