"""The rung "list": addresses that somebody has, each for the feed of its site."""

from collections.abc import Iterable, Sequence

from monitor.backfill.base import Ask, Found, Step
from monitor.links import canonical, url_key
from monitor.model import Entry, Failed, Feed, Leaf, Window


class Addresses:
    """All is known from the start; nothing has to be asked but the pages themselves."""

    def __init__(self, listed: Sequence[str]) -> None:
        self._listed = listed

    def begin(self, feed: Feed, address: str, span: Window) -> Step:
        """The addresses as entries without a title."""
        found = tuple(Found(Entry(feed.name, url, url, "")) for url in self._listed)
        return Step((), found, covered=True, words="the whole list")

    def read(self, feed: Feed, span: Window, ask: Ask, answer: Leaf | Failed) -> Step:
        """Never asked."""
        return Step()


def site_of(url: str) -> str:
    """What stands for an address's site: its host, without `www.` and the like."""
    return url_key(url).partition("/")[0].partition("?")[0]


def shared_out(lines: Iterable[str], feeds: Sequence[Feed]) -> tuple[dict[str, list[str]], list[tuple[str, str]]]:
    """The addresses of a file by feed, and what is none or belongs to no feed: (line, why).

    One address a line; empty lines and what follows a "#" at the start of a line are left out. With one feed alone,
    all addresses are its.
    """
    by_site: dict[str, str] = {}
    for feed in feeds:
        by_site.setdefault(site_of(feed.url), feed.name)
    given: dict[str, list[str]] = {}
    refused: list[tuple[str, str]] = []
    for line in lines:
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        url = canonical(text)
        owner = feeds[0].name if len(feeds) == 1 else by_site.get(site_of(url), "")
        if not url:
            refused.append((text[:200], "no http(s) address"))
        elif not owner:
            refused.append((url, "its site is that of no feed; name the feed it is for with --feed"))
        else:
            given.setdefault(owner, []).append(url)
    return {name: list(dict.fromkeys(urls)) for name, urls in given.items()}, refused
