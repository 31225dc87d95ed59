"""The publisher's address out of the links of news searches."""

import base64

import pytest

from monitor.model import FeedPage
from monitor.sources import KINDS
from monitor.sources.aggregators import publishers_address
from tests.builders import a_feed, a_fresh

ADDRESS = "https://ridge.example/2026/11/22/ferries?a=1&b=2"


def google(address: str, kind: int = 0x22) -> str:
    data = address.encode()
    size = bytes([len(data)]) if len(data) < 128 else bytes([len(data) & 0x7F | 0x80, len(data) >> 7])
    token = base64.urlsafe_b64encode(bytes([8, 0x13, kind]) + size + data + b"\xd2\x01\x00").decode().rstrip("=")
    return f"https://news.google.com/rss/articles/{token}?oc=5"


@pytest.mark.parametrize(
    ("link", "address"),
    [
        (google(ADDRESS), ADDRESS),
        (google(ADDRESS + "&c=" + "x" * 200), ADDRESS + "&c=" + "x" * 200),
        (google(ADDRESS).replace("/rss/", "/"), ADDRESS),
        (
            "https://www.google.com/url?rct=j&sa=t&url=https://ridge.example/a%3Fb%3D1&ct=ga",
            "https://ridge.example/a?b=1",
        ),
        ("https://www.google.co.uk/url?q=https%3A%2F%2Fridge.example%2Fa", "https://ridge.example/a"),
        (
            "http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&tid=1&url=https%3a%2f%2fridge.example%2fa%3fb%3d1&c=2",
            "https://ridge.example/a?b=1",
        ),
    ],
)
def test_an_address_that_the_link_holds(link: str, address: str) -> None:
    assert publishers_address(link) == address


@pytest.mark.parametrize(
    "link",
    [
        ADDRESS,
        "",
        google("AU_yqLNxTq3fV0Zb2kZzB4ZcKf1mP"),
        google(ADDRESS, kind=0x1A),
        google(ADDRESS)[:60],
        google("javascript:alert(1)"),
        "https://news.google.com/rss/articles/%%%",
        "https://news.google.com/topics/CAAqJggKIiBDQkFTRWdvSUwyMHZNRGx1YlY4U0FtVnVHZ0pWVXlnQVAB",
        "http://www.bing.com/news/apiclick.aspx?ref=FexRss",
        "http://www.bing.com/news/apiclick.aspx?url=javascript%3aalert(1)",
        "https://google.example/url?url=https://ridge.example/a",
        "https://notbing.community/news/apiclick.aspx",
        "https://[google.",
    ],
)
def test_what_holds_none_stays_as_it_is(link: str) -> None:
    assert publishers_address(link) == link


def test_a_search_is_read_as_its_publishers_items() -> None:
    body = (
        '<rss version="2.0" xmlns:News="https://www.bing.com/news/search?q=ferries&amp;format=rss"><channel><item>'
        "<title>Two ferries</title><link>http://www.bing.com/news/apiclick.aspx?url=https%3a%2f%2fridge.example%2fa"
        "&amp;c=1</link><News:Source>Ridge Herald</News:Source></item></channel></rss>"
    )
    page = KINDS["feed"].read(a_feed(), a_fresh(body=body.encode(), url="https://www.bing.com/news/search?q=ferries"))
    assert isinstance(page, FeedPage)
    assert (page.entries[0].link, page.entries[0].outlet) == ("https://ridge.example/a", "Ridge Herald")
    item = f'<item><title>Two ferries - Ridge</title><link>{google(ADDRESS)}</link><source url="https://ridge.example">Ridge</source></item>'
    visit = a_fresh(
        body=f'<rss version="2.0"><channel>{item}</channel></rss>'.encode(), url="https://news.google.com/rss"
    )
    page = KINDS["feed"].read(a_feed(), visit)
    assert isinstance(page, FeedPage)
    assert (page.entries[0].link, page.entries[0].outlet) == (ADDRESS, "Ridge")
