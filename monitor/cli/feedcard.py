"""`feeds show`: all that is known of one feed, on one page."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from monitor.cli.common import Exit, Paths, has_archive, read_settings, reading, unknown_feed
from monitor.cli.output import counted, echo_json, say
from monitor.dates import ago, span
from monitor.links import without_login
from monitor.model import Feed, FeedState, Lease, Notice
from monitor.values import open_facts

if TYPE_CHECKING:
    from monitor.jobs.rating import Rated
    from monitor.pacing import Pace
    from monitor.store import Figures

_PAST_SHOWN = 5
_TOLD_OF_LEASE = ("hub", "topic", "standing", "asked_at", "ends_at", "pushed_at", "missed", "problem")  # no secret


@click.command("show", short_help="All that is known of one feed.")
@click.argument("name", metavar="FEED")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def show_feed(paths: Paths, name: str, as_json: bool) -> int:
    """All that is known of FEED: how it is, what was learned of its rhythm, what was noticed."""
    from monitor.app import limits_of
    from monitor.jobs.rating import rate

    settings = read_settings(paths)
    feed = next((feed for feed in settings.feeds if feed.name == name), None)
    if feed is None:
        raise unknown_feed(name, [feed.name for feed in settings.feeds])
    now, state, figures, lease, noticed = datetime.now(UTC), None, None, None, []
    rated, paused = None, None
    if has_archive(settings):
        with reading(settings) as store, store.read() as shelves:
            rated = rate(shelves, [feed], now)[name]
            state, figures = rated.state, rated.figures if rated.figures.items else None
            paused = shelves.pauses.all().get(name)
            lease = shelves.leases.of(name)
            noticed = shelves.notices.of(name)
    if as_json:
        hub = {key: getattr(lease, key) for key in _TOLD_OF_LEASE} if lease else None
        health, matches = (rated.health, rated.matches) if rated else (None, {})
        facts = {
            "feed": open_facts(feed),
            "state": state and open_facts(state),
            "figures": figures,
            "hub": hub,
            "notices": noticed,
        }
        echo_json(facts | {"paused": paused, "health": health, "matches": matches})
        return Exit.OK
    say(f"{feed.outlet} ({feed.name})", style="bold")
    if paused:
        say(f"paused {ago(paused, now)}; `monitor feeds resume {name}` visits it again", style="yellow")
    lines = _lines(feed, state, figures, limits_of(settings).pace, now)
    for label, text in [*lines, *_health(rated), *_pushed(lease, now), *_past(noticed, now)]:
        say(text, after=f"{label:<10} ")
    return Exit.OK


def _lines(
    feed: Feed, state: FeedState | None, figures: "Figures | None", pace: "Pace", now: datetime
) -> Iterator[tuple[str, str]]:
    from monitor.pacing import interval_of

    yield "address", without_login(feed.url)
    if state is None or state.visited_at is None:
        yield "read", "not visited yet"
        return
    if state.address:
        yield "moved to", without_login(state.address)
    yield "read", ago(state.succeeded_at, now)
    if state.problem:
        since = f", since {ago(state.failing_since, now)}" if state.failing_since else ""
        yield "trouble", f"{counted(state.failures, 'failure')} in a row{since}: {state.problem}"
    if state.gone_at:
        yield "gone", ago(state.gone_at, now)
    yield "next", "due" if state.due_at <= now else ago(state.due_at, now)
    if state.held_until and state.held_until > now:
        yield "", f"its server asked to be left alone until {state.held_until:%Y-%m-%d %H:%M} UTC"
    source = "as feeds.toml says" if feed.interval else "learned" if state.interval else "nothing learned yet"
    yield "every", f"{_span(interval_of(feed, state, pace))} ({source})"
    yield from _rhythm(state, figures, now)


def _rhythm(state: FeedState, figures: "Figures | None", now: datetime) -> Iterator[tuple[str, str]]:
    from monitor.pacing import norm

    if state.wish:
        yield "wish", f"its publisher asks for no more than one visit in {_span(state.wish)}"
    usual = norm(state)
    yield "news", ago(state.news_at, now) + (f"; longest silence lately {_span(usual)}" if usual else "")
    if figures:
        yield "items", f"{figures.items:,} in two weeks, {figures.duplicates:.0%} of them known from elsewhere"
    if figures and figures.delay is not None:
        yield "delay", f"{_span(figures.delay)} from publication to finding, in the middle"
    if state.gaps:
        last = ago(state.gap_at, now)
        yield "gaps", f"{counted(state.gaps, 'time')} nothing in the document was known, last {last}: items may be lost"
    if state.lied_at:
        yield "lies", f"said “not modified” though it was, {ago(state.lied_at, now)}: the whole document is asked for"


def _health(rated: "Rated | None") -> Iterator[tuple[str, str]]:
    """The feed's points of 100 with what took the others, and how much of what it brought matches."""
    if rated is None or rated.health is None:
        return
    yield "health", f"{rated.health.points} of 100"
    for loss in rated.health.losses:
        yield "", f"−{loss.points:.0f} {loss.what}"
    if rated.matches:
        brought = ", ".join(f"{topic} {number:,}" for topic, number in sorted(rated.matches.items()))
        yield "matches", f"{brought} in two weeks"


def _pushed(lease: Lease | None, now: datetime) -> Iterator[tuple[str, str]]:
    """How it stands with the feed's hub (WebSub)."""
    if lease is None:
        return
    until = f", {ago(lease.ends_at, now)} its lease ends" if lease.ends_at else ""
    last = f"; last push {ago(lease.pushed_at, now)}" if lease.pushed_at else ""
    yield "hub", f"{lease.hub}: {lease.standing}{until}{last}"
    if lease.problem:
        yield "", lease.problem


def _past(noticed: list[Notice], now: datetime) -> Iterator[tuple[str, str]]:
    for number, notice in enumerate(noticed[:_PAST_SHOWN]):
        end = f", over {ago(notice.closed_at, now)}" if notice.closed_at else ""
        yield "" if number else "noticed", f"{notice.kind}, {ago(notice.opened_at, now)}{end}: {notice.words}"


def _span(length: timedelta) -> str:
    return span(length.total_seconds())
