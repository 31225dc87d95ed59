"""Feeds as tables; the mistakes have their words in tests/faults/test_bad_config.py."""

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.logs import MASK, masked
from monitor.model import Feed
from monitor.settings.document import Document
from monitor.settings.feeds import read_feeds


def read(text: str, environ: dict[str, str] | None = None) -> tuple[tuple[Feed, ...], list[str]]:
    feeds, problems = read_feeds(Document("feeds.toml", text, tomllib.loads(text)), environ or {}, Path())
    return feeds, [f"{problem.where}: {problem.message}" for problem in problems]


def test_every_key() -> None:
    text = """
    [[feed]]
    name = "one-2"
    url = "https://user@one.example:8080/rss?a=b&c=%20"
    title = "Один"
    kind = "jsonfeed"
    language = "uk"
    country = "int"
    tags = ["press", "defence"]
    interval_minutes = 90
    pages = "never"
    headers = { Authorization = "env:KEY", Accept = "*/*" }
    login = "env:LOGIN"
    cookies = { session = "env:SESSION" }
    proxy = "env:PROXY"
    robots = false
    """
    secrets = {"KEY": "Bearer 123", "LOGIN": "me:pass", "SESSION": "a1b2", "PROXY": "http://me:word@proxy.example:3128"}
    assert read(text, secrets) == (
        (
            Feed(
                name="one-2",
                url="https://user@one.example:8080/rss?a=b&c=%20",
                title="Один",
                kind="jsonfeed",
                language="uk",
                country="int",
                tags=("press", "defence"),
                interval=timedelta(minutes=90),
                pages="never",
                headers=(("Authorization", "Bearer 123"), ("Accept", "*/*")),
                login="me:pass",
                cookies=(("session", "a1b2"),),
                proxy="http://me:word@proxy.example:3128",
                robots=False,
                states_pages=True,
            ),
        ),
        [],
    )


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ('login = "nobody"', "login: found ***: is no login"),
        ('login = "env:MISSING"', "login: the environment variable MISSING is not set"),
        ('cookies = { a = "1; b=2" }', "cookies.a: found ***: is no value of a cookie"),
        ('cookies = { a = "env:MISSING" }', "cookies · a: the environment variable MISSING is not set"),
        ('cookies = { "a b" = "1" }', "cookies: found ***: 'a b' is no name of a cookie"),
        ('headers = { "X Key" = "a" }', "headers: found ***: 'X Key' is no name of a header"),
        ('headers = { X-Key = "a\\nb" }', "headers: found ***: the value of 'X-Key' cannot be sent"),
        ('proxy = "socks5://proxy.example:1080"', "proxy: found ***: is no address of an HTTP proxy"),
        ('proxy = "http://"', "proxy: found ***: is no address of an HTTP proxy"),
        ('proxy = "http://proxy.example/path"', "proxy: found ***: is no address of an HTTP proxy"),
        ('proxy = "file:missing"', "proxy: the file missing cannot be read"),
        ('language = "english"', "language: found 'english': no language's code; did you mean 'en' (English)?"),
        ('country = "uk"', "country: found 'uk': no country's code; did you mean 'gb' (United Kingdom)?"),
    ],
)
def test_what_cannot_be_a_way_to_a_feed(line: str, where: str) -> None:
    _, (problem,) = read(f'[[feed]]\nname = "one"\nurl = "https://one.example/"\n{line}\n')
    assert problem.removeprefix("feed[1] 'one' · ").startswith(where)


def test_logins_and_cookies_are_hidden_wherever_they_were_written() -> None:
    text = """
    [[feed]]
    name = "one"
    url = "https://me:inaddress@one.example/"
    login = "me:inlogin"
    cookies = { session = "incookie" }
    proxy = "http://me:inproxy@proxy.example:3128"
    """
    ((feed,), _) = read(text)
    assert masked("inaddress inlogin incookie inproxy") == " ".join([MASK] * 4)
    assert not [word for word in ("inlogin", "incookie", "inproxy") if word in repr(feed)]


def test_parameters_make_addresses_different() -> None:
    base = "https://news.example/rss?q="
    text = "".join(f'[[feed]]\nname = "n{number}"\nurl = "{base}{number}"\n' for number in range(3))
    feeds, problems = read(text)
    assert (len(feeds), problems) == (3, [])


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "//one.example/",
        "https://",
        "https://[::1",
        "https://a b.example/",
        "file:///etc/passwd",
        "https://x:99999/",
        "https://x\u200b.example/",  # an invisible space, as copied from a page
    ],
)
def test_what_is_no_web_address(url: str) -> None:
    _, (problem,) = read(f'[[feed]]\nname = "one"\nurl = "{url}"\n')
    assert problem.startswith("feed[1] 'one' · url: found ")


@pytest.mark.parametrize("name", ["", "One", "один", "-one", "one_two", "one two", "x" * 65, "one/two", "one\\n"])
def test_what_is_no_name(name: str) -> None:
    _, problems = read(f'[[feed]]\nname = "{name}"\nurl = "https://one.example/"\n')
    assert len(problems) == 1
    assert "· name: found " in problems[0]


def test_a_wrong_header_is_not_shown() -> None:
    _, problems = read('[[feed]]\nname = "one"\nurl = "https://one.example/"\nheaders = { Key = 12345678 }\n')
    assert problems == ["feed[1] 'one' · headers.Key: found ***: input should be a valid string"]


def test_a_password_within_an_address_is_hidden() -> None:
    read('[[feed]]\nname = "a"\nurl = "https://reader:pass-in-url-77@a.example/feed"\n')
    assert masked("it said pass-in-url-77") == f"it said {MASK}"
    assert masked("https://reader:pass-in-url-77@a.example/feed") == "https://a.example/feed"


def test_which_pages_are_fetched_is_said_for_all_feeds_or_for_one() -> None:
    text = """
    [[feed]]
    name = "one"
    url = "https://one.example/rss"
    [[feed]]
    name = "two"
    url = "https://two.example/rss"
    pages = "always"
    """
    feeds, problems = read_feeds(Document("feeds.toml", text, tomllib.loads(text)), {}, Path(), "never")
    assert problems == []
    assert [feed.pages for feed in feeds] == ["never", "always"]


def test_places_on_what_is_no_page_are_a_mistake() -> None:
    text = '[[feed]]\nname = "one"\nurl = "https://x.example/"\n[feed.select]\nitem = "li"\n'
    assert read(text)[1] == ["feed[1] 'one' · select: is of no use to kind 'feed'"]
    assert not read(text.replace("[feed.select]", 'kind = "page"\n[feed.select]'))[1]
