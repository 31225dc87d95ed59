"""What publishers do to the guids, addresses, words and dates of their items."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from monitor.identity import content_hash
from monitor.model import Entry

START = datetime(2026, 3, 1, 7, 12, 31, tzinfo=UTC)  # before all items
Mutation = Callable[[Entry], Entry]


def _link(change: Callable[[str], str]) -> Mutation:
    """To the link, and to a guid that is the link."""
    return lambda entry: replace(
        entry, link=change(entry.link), id=change(entry.id) if entry.id == entry.link else entry.id
    )


def _link_only(change: Callable[[str], str]) -> Mutation:
    return lambda entry: replace(entry, link=change(entry.link))


def _guid(change: Callable[[Entry], str]) -> Mutation:
    return lambda entry: replace(entry, id=change(entry))


def _host(prefix: str) -> Callable[[str], str]:
    return lambda url: url.replace("://", f"://{prefix}", 1)


def _parameter(text: str) -> Callable[[str], str]:
    return lambda url: f"{url}{'&' if '?' in url else '?'}{text}"


def _path(change: Callable[[str], str]) -> Callable[[str], str]:
    def changed(url: str) -> str:
        start, mark, query = url.partition("?")
        return f"{change(start)}{mark}{query}"

    return changed


def edited(entry: Entry) -> str:
    return " ".join([*entry.title.split()[:4], "tonight"])


def _slug(entry: Entry) -> str:
    return re.sub(r"[a-z]+(-[a-z]+)+", "another-slug-altogether", entry.link)


def _hashed(entry: Entry) -> str:
    return content_hash(entry) + str(len(entry.link))


MUTATIONS: dict[str, Mutation] = {
    "nothing": lambda entry: entry,
    # how an address is written
    "http": _link(lambda url: url.replace("https:", "http:")),
    "http, link only": _link_only(lambda url: url.replace("https:", "http:")),
    "http, guid only": _guid(lambda entry: entry.id.replace("https:", "http:")),
    "www": _link(_host("www.")),
    "mobile host m.": _link(_host("m.")),
    "mobile host mobile.": _link_only(_host("mobile.")),
    "mobile host wap.": _link_only(_host("wap.")),
    "AMP host": _link(_host("amp.")),
    "AMP ending": _link_only(_path(lambda url: f"{url}/amp")),
    "AMP ending with slash": _link_only(_path(lambda url: f"{url}/amp/")),
    "AMP folder": _link_only(lambda url: re.sub(r"(example)/", r"\1/amp/", url)),
    "AMP file": _link_only(_path(lambda url: f"{url}.amp")),
    "AMP parameter": _link_only(_parameter("amp=1")),
    "AMP output": _link_only(_parameter("outputType=amp")),
    "AMP viewer": _link_only(lambda url: url.replace("https://", "https://www.google.com/amp/s/")),
    "AMP cache": _link_only(lambda url: url.replace("https://", "https://x-example.cdn.ampproject.org/c/s/")),
    "tracking utm": _link(_parameter("utm_source=rss&utm_medium=feed")),
    "tracking fbclid": _link_only(_parameter("fbclid=IwAR0x")),
    "tracking at_": _link_only(_parameter("at_medium=RSS&at_campaign=KARANGA")),
    "tracking ns_": _link_only(_parameter("ns_mchannel=rss")),
    "tracking from=rss": _link_only(_parameter("from=rss")),
    "tracking fragment": _link_only(lambda url: f"{url}#xtor=RSS-3208"),
    "fragment comments": _link_only(lambda url: f"{url}#comments"),
    "a fragment on each": _link_only(lambda url: f"{url}#main-text"),
    "session in the path": _link(_path(lambda url: f"{url};jsessionid=0A1B2C3D")),
    "session parameter": _link(_parameter("PHPSESSID=0a1b2c3d")),
    "trailing slash": _link(_path(lambda url: f"{url}/")),
    "index file": _link_only(_path(lambda url: f"{url}/index.html")),
    "empty segments": _link_only(lambda url: url.replace(".example/", ".example//")),
    "dot segments": _link_only(lambda url: url.replace(".example/", ".example/./x/../")),
    "default port": _link_only(lambda url: url.replace(".example/", ".example:443/")),
    "upper-case host": _link(lambda url: url.replace(".example", ".EXAMPLE")),
    "escapes": _link_only(_path(lambda url: url.replace("a", "%61"))),
    "parameters in another order": _link_only(lambda url: re.sub(r"\?(.*)&(.*)", r"?\2&\1", url)),
    # where it leads
    "host move": _link(lambda url: url.replace(".example", "-news.example")),
    "host move, link only": _link_only(lambda url: url.replace(".example", "-news.example")),
    "another slug": lambda entry: replace(entry, link=_slug(entry)) if entry.id else entry,
    "another slug and headline": lambda entry: replace(entry, link=_slug(entry), title=edited(entry))
    if entry.id and entry.id not in (entry.title, entry.link, "feed item")
    else entry,
    "the headline in guid and address": lambda entry: replace(
        entry, id=edited(entry), title=edited(entry), link=_slug(entry)
    )
    if entry.published
    else entry,
    # guids
    "guid becomes the link": _guid(lambda entry: entry.link),
    "guid goes": _guid(lambda _: ""),
    "guid becomes a tag": _guid(lambda entry: f"tag:x.example,2026:{_hashed(entry)}"),
    "guid becomes a UUID": _guid(lambda entry: f"urn:uuid:{_hashed(entry)}"),
    "guid becomes a number": _guid(lambda entry: str(int(_hashed(entry), 16))[:9]),
    "guid becomes the headline": _guid(lambda entry: entry.title),
    "guid carries the headline, which is edited": lambda entry: replace(entry, id=edited(entry), title=edited(entry)),
    "guid becomes the same for all": _guid(lambda _: "https://courier.example/"),
    "guid with a session": _guid(lambda entry: f"{entry.id}?PHPSESSID=1" if "://" in entry.id else entry.id),
    "guid counts versions": _guid(lambda entry: f"{entry.id} version 2"),
    "guid without scheme": _guid(lambda entry: entry.id.removeprefix("https://")),
    "guid in capitals": _guid(lambda entry: entry.id.upper()),
    # words and dates
    "headline edited": lambda entry: replace(entry, title=edited(entry)),
    "headline with the outlet": lambda entry: replace(entry, title=f"{entry.title} - Courier"),
    "headline in capitals": lambda entry: replace(entry, title=entry.title.upper()),
    "summary edited": lambda entry: replace(entry, summary=f"{entry.summary} More was said later."),
    "content comes": lambda entry: replace(entry, content=f"<p>{entry.summary}</p><p>And much more.</p>"),
    "promoted again": lambda entry: replace(entry, published=START + timedelta(days=25)),
    "date goes": lambda entry: replace(entry, published=None),
    "date comes": lambda entry: replace(entry, published=entry.published or START),
    "another zone": lambda entry: replace(
        entry, published=entry.published + timedelta(hours=2) if entry.published else None
    ),
    "a second later": lambda entry: replace(
        entry, published=entry.published + timedelta(seconds=1) if entry.published else None
    ),
    "updated, tags, authors": lambda entry: replace(entry, updated=START, tags=("a",), authors=("B",)),
    # several at once
    "http, www, slash, tracking": _link(
        lambda url: _parameter("utm_source=x")(_path(lambda one: f"{one}/")(url.replace("https://", "http://www.")))
    ),
    "guid goes, tracking comes": lambda entry: replace(entry, id="", link=_parameter("utm_source=x")(entry.link)),
    "new guid, edited headline": lambda entry: replace(entry, id=f"x-{_hashed(entry)}", title=edited(entry)),
    "new guid, promoted again": lambda entry: replace(
        entry, id=f"x-{_hashed(entry)}", published=START + timedelta(days=25)
    ),
}  # fmt: skip
