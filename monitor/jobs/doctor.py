"""Looks at everything the daemon stands on, and says of each thing how it is and what to do. Changes nothing.

archive, disk → tickers → names, own clock, feeds with robots.txt and certificates → channels → templates → topics
"""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from statistics import median

from msgspec import Struct

from monitor.dates import ago, http_date
from monitor.errors import StoreError, TemplateError
from monitor.jobs.planning import request_for
from monitor.jobs.toolbox import Toolbox
from monitor.jobs.watch import short_of_room
from monitor.links import names_page
from monitor.model import Beat, Failed, Failure, Feed, FeedPage, Fresh, Unchanged, Unreadable, Visit
from monitor.pacing import address_of

GRACE = timedelta(minutes=10)  # beyond three missed rounds of a ticker
ROUND = timedelta(hours=1)  # so long a round may be under way: the first one fetches every page of every feed
SKEW = timedelta(minutes=2)
SOON = timedelta(days=14)  # a certificate that ends within this
LATELY = timedelta(days=14)  # matches of topics that are no longer configured
RENAMED = "what of it is untold stays so; where it was given another name, `monitor rejudge` judges the past by that"


class State(StrEnum):
    """How a thing is. The value is the word shown to people."""

    WELL = "well"
    WARNING = "warning"
    TROUBLE = "trouble"


class Finding(Struct, frozen=True):
    """How one thing is, in words, and what to do where it is not well: then a hint is owed (ValueError)."""

    subject: str
    state: State
    words: str
    hint: str = ""

    def __post_init__(self) -> None:
        if self.state is not State.WELL and not self.hint:
            raise ValueError(f"{self.subject}: {self.words}, and nothing is said of what to do")


Certificates = Callable[[Iterable[str]], Mapping[str, datetime | str]]  # `fetch.certificate.expiries`, or a test's


Names = Callable[[Iterable[str]], Mapping[str, str]]  # `fetch.names.unresolved`, or a test's


def examine(
    toolbox: Toolbox, folder: Path, certificates: Certificates, names: Names, *, network: bool = True
) -> Iterator[Finding]:
    """Everything, one finding after the other. Without `network` nothing is visited and no channel is asked."""
    yield from archive(toolbox, folder)
    if network:
        # Through a proxy it is the proxy that looks names up.
        yield from resolved(names(feed.url for feed in toolbox.feeds.values() if not feed.proxy))
        yield from feeds(toolbox, certificates)
        yield from channels(toolbox)
    yield from templates(toolbox)
    yield from topics(toolbox)


def archive(toolbox: Toolbox, folder: Path) -> Iterator[Finding]:
    """The file, its disk, and the tickers of the daemon that fills it."""
    try:
        damage = toolbox.store.check()
        with toolbox.store.read() as shelves:
            beats = shelves.pulse.beats()
    except StoreError as error:
        yield Finding("archive", State.TROUBLE, str(error), "free the disk or restore a backup, see docs/operating.md")
        return
    if damage:
        yield Finding("archive", State.TROUBLE, f"is damaged: {damage}", "restore a backup, see docs/operating.md")
    else:
        yield Finding("archive", State.WELL, "sound, and of this program's schema")
    if short := short_of_room(folder):
        yield Finding("disk", State.TROUBLE, short, "make room")
    else:
        yield Finding("disk", State.WELL, f"{shutil.disk_usage(folder).free / 1e9:.1f} GB are free at {folder}")
    if not beats:
        yield Finding("daemon", State.WARNING, "has never run on this archive", "start it with `monitor run`")
    now = toolbox.now()
    for beat in beats.values():
        wrong = ailing(beat, now)
        state, hint = (State.TROUBLE, _OF_TICKERS) if wrong else (State.WELL, "")
        yield Finding(f"ticker {beat.ticker}", state, wrong or "does its work", hint)


def ailing(beat: Beat, now: datetime, *, held: bool = True) -> str:
    """What is wrong with a ticker in words; "" when nothing is. `held`: a process works on the archive."""
    since = beat.succeeded_at
    if beat.started_at > now + GRACE:
        return (
            f"began last on {beat.started_at:%Y-%m-%d %H:%M} UTC, still to come: this machine's clock is or was wrong"
        )
    under_way = not beat.problem and (since is None or beat.started_at > since) and now - beat.started_at <= ROUND
    if under_way and held:
        return ""
    if since is None:
        return f"never succeeded: {beat.problem or 'no reason noted'}"
    if now - since > 3 * beat.every + GRACE:
        return f"last success {ago(since, now)}" + (f": {beat.problem}" if beat.problem else "")
    return ""


def resolved(found: Mapping[str, str]) -> Iterator[Finding]:
    """Whether names have addresses: host → why not, "" where it has one."""
    lost = {host: why for host, why in found.items() if why}
    if lost and len(lost) == len(found):
        words = f"none of {len(found)} hosts' names has an address: {next(iter(lost.values()))}"
        yield Finding("names", State.TROUBLE, words, "look at this machine's network and name servers (resolv.conf)")
    elif lost:
        words = f"{len(lost)} of {len(found)} hosts' names have no address: {', '.join(list(lost)[:5])}"
        yield Finding("names", State.WARNING, words, "check these addresses in feeds.toml")
    elif found:
        yield Finding("names", State.WELL, f"of {len(found)} hosts have addresses")


def feeds(toolbox: Toolbox, certificates: Certificates) -> Iterator[Finding]:
    """Our clock by the servers' clocks, then each feed: visited, read, its first page allowed, its certificate."""
    with toolbox.store.read() as shelves:
        states = shelves.feeds.states(list(toolbox.feeds))
    address = {
        name: address_of(feed, states[name]) if name in states else feed.url for name, feed in toolbox.feeds.items()
    }
    asked = [request_for(feed, address[name], "feed") for name, feed in toolbox.feeds.items()]
    visits = {visit.request.feed: visit for visit in toolbox.fetcher.visit_many(asked)}
    yield clock(visits.values())
    ends = certificates(address.values())
    pages: dict[str, FeedPage] = {}
    for name, feed in toolbox.feeds.items():
        page = _read(toolbox, feed, visits[name])
        if isinstance(page, Finding):
            yield page
        else:
            pages[name] = page
    closed = _closed_by_robots(toolbox, pages)
    for name, page in pages.items():
        yield _reading(toolbox.feeds[name], page, closed.get(name, ""))
    yield from certified(ends, toolbox.now())


def clock(visits: Iterable[Visit], limit: timedelta = SKEW) -> Finding:
    """Our clock against what servers say the time is (Date, RFC 9110 section 6.6.1)."""
    offs = [
        (visit.at - said).total_seconds()
        for visit in visits
        if isinstance(visit, (Fresh, Unchanged)) and (said := http_date(visit.headers.get("date", "")))
    ]
    if not offs:
        hint = "mend what is said of names and feeds first: their answers tell the time"
        return Finding("clock", State.WARNING, "no server said what time it is", hint)
    off = timedelta(seconds=round(median(offs)))
    if abs(off) > limit:
        way = "ahead of" if off > timedelta(0) else "behind"
        return Finding("clock", State.TROUBLE, f"{abs(off)} {way} {len(offs)} servers'", "let NTP set it")
    return Finding("clock", State.WELL, f"agrees with {len(offs)} servers'")


def certified(ends: Mapping[str, datetime | str], now: datetime) -> Iterator[Finding]:
    """One finding for all certificates that hold, and one for each that ends soon."""
    held = {host: end for host, end in ends.items() if isinstance(end, datetime)}
    soon = {host: end for host, end in held.items() if end - now <= SOON}
    for host, end in sorted(soon.items()):
        words = f"its certificate ends on {end:%Y-%m-%d}"
        yield Finding(host, State.WARNING, words, "the outlet must renew it; its feeds fail afterwards")
    if len(held) > len(soon):
        yield Finding("certificates", State.WELL, f"of {len(held) - len(soon)} hosts hold for more than two weeks")


def channels(toolbox: Toolbox) -> Iterator[Finding]:
    """Each channel asked whether a message would get through; nothing is sent."""
    for name, channel in toolbox.channels.items():
        wrong = channel.check()
        hint = f"mend its settings, then `monitor channels test {name}`" if wrong else ""
        yield Finding(f"channel {name}", State.TROUBLE if wrong else State.WELL, wrong or "would take a message", hint)


def templates(toolbox: Toolbox) -> Iterator[Finding]:
    """Each template that a subscription uses."""
    for name in dict.fromkeys(one.template for one in toolbox.subscriptions):
        try:
            toolbox.renderer.check(name)
        except TemplateError as error:
            hint = "the shipped one is used until it is mended"
            yield Finding(f"template {name}", State.TROUBLE, str(error), hint)
        else:
            yield Finding(f"template {name}", State.WELL, "can be used")


def topics(toolbox: Toolbox) -> Iterator[Finding]:
    """Topics that matched of late and are no longer configured, as when one was renamed."""
    with toolbox.store.read() as shelves:
        found = shelves.matches.of_others([one.name for one in toolbox.topics.topics], toolbox.now() - LATELY)
    for name, count in found.items():
        words = f"is no longer configured, though {count:,} matched it in the last two weeks"
        yield Finding(f"topic {name}", State.WARNING, words, RENAMED)


_HINTS = {
    Failure.DNS: "check the address in feeds.toml, or this machine's name servers",
    Failure.CONNECT: "try again later; `monitor feeds show` tells since when",
    Failure.TIMEOUT: "try again later, or raise the limits in [fetch]",
    Failure.TLS: "the outlet must mend its certificate; check this machine's clock and CA certificates",
    Failure.FORBIDDEN_ADDRESS: "[fetch] allow_private lists networks that may be visited",
    Failure.WALL: "the site wants browsers only: ask the outlet, or look for a feed elsewhere",
    Failure.STATUS: "look for its new address: `monitor feeds add SITE`",
    Failure.BAD_URL: "correct the address in feeds.toml; it begins with https:// or http://",
    Failure.TOO_LARGE: "raise [fetch] max_feed_mb where so much is meant to be one feed",
    Failure.REDIRECTS: "look for its new address: `monitor feeds add SITE`",
    Failure.NO_PAGE: "look for its new address: `monitor feeds add SITE`",
    Failure.ROBOTS: "robots = false in feeds.toml if the outlet agrees",
    Failure.BROKEN: "try again later; where it stays so, tell the outlet",
}
_OF_TICKERS = "see that the daemon runs (`monitor run`), and look into its log"


def _read(toolbox: Toolbox, feed: Feed, visit: Visit) -> FeedPage | Finding:
    if isinstance(visit, Failed):
        return Finding(f"feed {feed.name}", State.TROUBLE, str(visit), _HINTS[visit.failure])
    if isinstance(visit, Unchanged):
        return Finding(f"feed {feed.name}", State.WELL, "not modified")
    page = toolbox.sources[feed.kind].read(feed, visit)
    if isinstance(page, Unreadable):
        hint = f"`monitor feeds test {feed.name}` shows more; `monitor feeds add SITE` finds another"
        return Finding(f"feed {feed.name}", State.TROUBLE, f"no feed: {page}", hint)
    return page


def _closed_by_robots(toolbox: Toolbox, pages: Mapping[str, FeedPage]) -> dict[str, str]:
    """The feeds whose first article's page may not be fetched, with the reason."""
    first = {}
    for name, page in pages.items():
        links = [entry.link for entry in page.entries if names_page(entry.link)]
        if links and toolbox.feeds[name].pages != "never":
            first[name] = request_for(toolbox.feeds[name], links[0], "page")
    visits = toolbox.fetcher.visit_many(first.values())
    return {
        visit.request.feed: str(visit)
        for visit in visits
        if isinstance(visit, Failed) and visit.failure is Failure.ROBOTS
    }


def _reading(feed: Feed, page: FeedPage, closed: str) -> Finding:
    if not page.entries:
        return Finding(f"feed {feed.name}", State.WARNING, "can be read, and is empty", "look at it in a browser")
    if closed:
        hint = "its articles are judged by the feed's own words; robots = false in feeds.toml if the outlet agrees"
        return Finding(f"feed {feed.name}", State.WARNING, f"{len(page.entries)} entries, pages: {closed}", hint)
    return Finding(f"feed {feed.name}", State.WELL, f"{len(page.entries)} entries")
