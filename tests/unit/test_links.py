"""Addresses of the same page have the same key."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor import links
from monitor.links import (
    article_id,
    canonical,
    fragment_of,
    host_of,
    leads_to_page,
    names_page,
    short_hash,
    url_key,
    without_login,
    without_secrets,
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (" HTTP://Courier.Example:80/News?utm_source=x&id=7#top ", "http://courier.example/News?id=7"),
        ("https://courier.example", "https://courier.example/"),
        ("https://courier.example:8443/a?fbclid=1", "https://courier.example:8443/a"),
        ("https://новини.укр/а", "https://xn--b1amarcd.xn--j1amh/а"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("mailto:desk@courier.example", ""),
        ("javascript:void(0)", ""),
        ("http://courier.example:port/", ""),
        ("http://[broken/", ""),
        ("", ""),
    ],
)
def test_canonical(url: str, expected: str) -> None:
    assert canonical(url) == expected


def test_canonical_resolves_against_the_page() -> None:
    assert canonical("../b?x=1", "https://courier.example/news/a") == "https://courier.example/b?x=1"


@pytest.mark.parametrize(
    "url",
    [
        "http://courier.example/news/a",
        "https://www.courier.example/news/a/",
        "https://m.courier.example/news/a?utm_medium=rss",
        "https://courier.example/news/a/amp",
        "https://courier.example/news/./x/../a#comments",
        "https://COURIER.example:443/news/a/index.html",
    ],
)
def test_addresses_of_one_page_share_a_key(url: str) -> None:
    assert url_key(url) == "courier.example/news/a"


def test_parameters_count_but_not_their_order() -> None:
    assert url_key("http://a.example/?x=1&y=2") == url_key("http://a.example/?y=2&x=1")
    assert url_key("http://a.example/?x=1") != url_key("http://a.example/?x=2")


def test_the_host_without_a_login() -> None:
    assert host_of("https://me:pw@Courier.example:8443/x") == "courier.example:8443"
    assert host_of("http://[broken") == ""


def test_the_id_of_an_article_is_that_of_its_address() -> None:
    assert article_id("http://x.example/1", "a", "1") == article_id("https://www.x.example/1/", "b", "2")
    assert article_id("", "a", "1") != article_id("", "b", "1")
    assert len(article_id("", "a", "1")) == 16


def test_hashed_parts_stay_apart() -> None:
    assert short_hash("ab", "c") != short_hash("a", "bc")


def test_a_front_page_names_no_article() -> None:
    front = (
        "https://ministry.example",
        "https://www.ministry.example/?utm_source=rss",
        "https://ministry.example/#top",
    )
    assert not any(names_page(url) for url in (*front, "", "mailto:x@example.org"))
    assert names_page("https://ministry.example/?p=123")
    assert names_page("https://ministry.example/news")
    assert article_id(front[0], "ministry", "id:1") != article_id(front[0], "ministry", "id:2")


@pytest.mark.parametrize(
    ("url", "leads"),
    [
        ("https://radio.example/7.mp3", False),
        ("https://radio.example/a/Film.MP4?size=large#t=5", False),
        ("https://ministry.example/report.pdf", False),
        ("https://radio.example/7.html", True),
        ("https://radio.example/mp3", True),
        ("https://radio.example/show?file=7.mp3", True),
        ("https://radio.mp3/", False),
        ("https://radio.example/", False),
    ],
)
def test_files_lead_to_no_page(url: str, leads: bool) -> None:
    assert leads_to_page(url) is leads


PIECES = st.sampled_from(
    [
        "/",
        "//",
        "/.",
        "/..",
        "a",
        "News",
        "2026",
        "amp",
        "/amp",
        ".amp",
        "/amp/",
        "index.html",
        "/index.php",
        ".html",
        "%20",
        "%D0%B0",
        "ё",
        "~x",
        ";jsessionid=1F",
        ":",
        "@",
        "(b)",
        " ",
        "\t",
        "-",
        "+",
    ]
)
HOSTS = st.sampled_from(
    [
        "x.example",
        "www.x.example",
        "m.x.example",
        "amp.example",
        "WWW.X.example",
        "x.example.",
        "wap.x.example:80",
        "u@x.example",
        "новини.укр",
        "x.example:8443",
        "10.0.0.1",
        "x-example.cdn.ampproject.org",
        "www.google.com",
    ]
)
PARAMETERS = st.sampled_from(
    ["a=1", "b=2", "b=1", "utm_source=x", "a", "a=", "=1", "", "q=%20x", "q=a+b", "from=rss", "amp=1", "a=1;b=2", "?"]
)


@st.composite
def addresses(draw: st.DrawFn) -> str:
    scheme = draw(st.sampled_from(["http://", "https://", "HTTP://", "//", "mailto:", " https://"]))
    path = "".join(draw(st.lists(PIECES, max_size=5)))
    query = "&".join(draw(st.lists(PARAMETERS, max_size=4)))
    fragment = draw(st.sampled_from(["", "#top", "#", "#a b", "#ж"]))
    return f"{scheme}{draw(HOSTS)}{path and '/'}{path}{query and '?'}{query}{fragment}"


@settings(max_examples=1500, deadline=None)
@given(addresses())
def test_the_short_way_leads_to_the_same_answer(url: str) -> None:
    assert canonical(url) == links._canonical(url, "")
    assert url_key(url) == links._key(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://courier.example/news/a;jsessionid=0A1B2C",
        "https://courier.example/news/a?PHPSESSID=0a1b2c",
        "https://wap.courier.example/news/a?from=rss",
        "https://courier.example/amp/news/a",
        "https://courier.example/news/a.amp",
        "https://courier.example/news/a/default.aspx",
        "https://courier.example/news/a?at_format=link&ns_campaign=x",
        "https://www.google.com/amp/s/www.courier.example/news/a",
        "https://courier-example.cdn.ampproject.org/c/s/courier.example/news/a",
    ],
)
def test_sessions_feeds_and_copies_for_telephones_count_as_the_page(url: str) -> None:
    assert url_key(url) == "courier.example/news/a"


def test_keys_of_usual_addresses_are_cheap() -> None:
    """Against the way that every address took before; both in this process, so that the machine does not matter."""
    urls = [f"https://www.courier.example/news/2026/{number}-launchers?utm_source=rss&id=7" for number in range(4000)]

    def cost(key: Callable[[str], str]) -> float:
        started = time.process_time()
        for url in urls:
            key(url)
        return time.process_time() - started

    assert min(cost(links._plain_key) for _ in range(5)) < min(cost(links._key) for _ in range(5)) / 1.5


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("port", ["", ":80", ":443", ":8080", ":33000", ":65535", ":65536", ":080", ":99999", ":4430"])
@pytest.mark.parametrize("path", ["", "/", "/a/index.html", "/a?b=1&a=2#c"])
def test_ports_are_kept_by_either_way(scheme: str, port: str, path: str) -> None:
    url = f"{scheme}://www.courier.example{port}{path}"
    assert url_key(url) == links._key(url)
    assert canonical(url) == links._canonical(url, "")


@pytest.mark.parametrize(
    ("url", "fragment"),
    [
        ("https://x.example/live#post-12", "post-12"),
        ("https://x.example/live#block=77", "block=77"),
        ("https://x.example/a#comments", ""),
        ("https://x.example/a#xtor=RSS-3208", ""),
        ("https://x.example/a#:~:text=word", ""),
        ("https://x.example/a#", ""),
        ("https://x.example/a", ""),
    ],
)
def test_a_fragment_that_names_a_place(url: str, fragment: str) -> None:
    assert fragment_of(url) == fragment


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://user:pw@host.example/x", "http://host.example/x"),
        ("http://me@mail.example:pw@host.example", "http://host.example"),
        (
            "HTTPS://u:@h.example:8/?a=b@c and https://token@h.example",
            "HTTPS://h.example:8/?a=b@c and https://h.example",
        ),
        ("https://h.example/@user, mail@h.example", "https://h.example/@user, mail@h.example"),
        ("https://h.example?mail=a@h.example", "https://h.example?mail=a@h.example"),
    ],
)
def test_an_address_without_its_login(text: str, shown: str) -> None:
    assert without_login(text) == shown


@pytest.mark.parametrize(
    "name", "key token api_key apikey API-Key secret password auth access_token userKey sig".split()
)
def test_an_address_without_its_keys(name: str) -> None:
    url = f"https://me:pw@h.example/rss?section=%20a&{name}=S3CRET&b"
    assert without_secrets(url) == f"https://h.example/rss?section=%20a&{name}=&b"
    assert without_secrets(without_secrets(url)) == without_secrets(url)


@pytest.mark.parametrize("url", ["https://h.example", "https://h.example/a?keyword=b&author=c&monkey=d&tokens#key=e"])
def test_what_is_no_key_stays(url: str) -> None:
    assert without_secrets(url) == url


@pytest.mark.parametrize("part", ["x", "ю"])
def test_a_key_has_an_end_however_long_the_address_is(part: str) -> None:
    one, other = (url_key(f"https://h.example/{part * 390}/{part * 3_000}{end}") for end in "ab")
    assert one != other
    assert len(one) == len(other) == 2_000
    assert one.startswith("h.example/")
    assert len(url_key(f"https://h.example/{part * 380}")) <= 2_000
