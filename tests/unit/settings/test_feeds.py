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
    feeds, problems = read_feeds(Document("feeds.toml", text, tomllib.loads(text)), 30, environ or {}, Path())
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
    """
    assert read(text, {"KEY": "Bearer 123"}) == (
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
            ),
        ),
        [],
    )


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
    assert masked("https://reader:pass-in-url-77@a.example/feed") == f"https://reader:{MASK}@a.example/feed"
