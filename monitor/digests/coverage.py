"""The foot of a digest: what was seen, what was not, and why. Says only what the coverage states."""

from datetime import timedelta

from monitor.digests.dates import moment, span
from monitor.digests.schedule import previous
from monitor.digests.view import CoverageView
from monitor.digests.wording import clean, plural
from monitor.model import Coverage, Digest, Window

_LISTED = 12
_SLACK = timedelta(minutes=5)  # a window that starts this much early is still the usual one


def coverage_view(digest: Digest) -> CoverageView:
    """The small print of `digest`."""
    coverage = digest.coverage
    failed = tuple((clean(outlet, 60), clean(problem, 160)) for outlet, problem in coverage.failed)
    unvisited = tuple(clean(outlet, 60) for outlet in coverage.unvisited)
    return CoverageView(
        period=_period(digest.window, digest.subscription.zone),
        longer=_longer(digest),
        feeds=_feeds(coverage),
        entries=_entries(coverage),
        failed=failed[:_LISTED],
        more_failed=max(0, len(failed) - _LISTED),
        unvisited=unvisited[:_LISTED],
        more_unvisited=max(0, len(unvisited) - _LISTED),
    )


def warning(coverage: Coverage) -> str:
    """One sentence for the top when much may be missing; "" on an ordinary day."""
    if not coverage.feeds:
        return "No feed is configured, so nothing could be read."
    if not coverage.read:
        return (
            f"None of the {plural(coverage.feeds, 'feed')} could be read. When all fail at once, the cause is most"
            " likely the monitor's own network."
        )
    if 2 * coverage.read < coverage.feeds:
        return f"Only {coverage.read:,} of {plural(coverage.feeds, 'feed')} could be read; this digest may miss much."
    return ""


def _period(window: Window, zone: str) -> str:
    return f"Covers {moment(window.start, zone)} to {moment(window.end, zone)} ({zone})."


def _longer(digest: Digest) -> str:
    """Why the window is longer than the schedule's step; the last due time at or before its end is its own."""
    cron, zone, window = digest.subscription.schedule, digest.subscription.zone, digest.window
    own = previous(cron, zone, window.end + timedelta(microseconds=1))
    usual = previous(cron, zone, own)
    if window.start >= usual - _SLACK:
        return ""
    return (
        f"It covers {span(window.end - window.start)} instead of the usual {span(own - usual)}, because no digest was"
        f" made between {moment(window.start, zone)} and {moment(window.end, zone)}."
    )


def _feeds(coverage: Coverage) -> str:
    if coverage.feeds and coverage.read == coverage.feeds:
        return "The only feed was read." if coverage.feeds == 1 else f"All {coverage.feeds:,} feeds were read."
    return f"{coverage.read:,} of {plural(coverage.feeds, 'feed')} {'was' if coverage.read == 1 else 'were'} read."


def _entries(coverage: Coverage) -> str:
    if not coverage.entries:
        return "No new entries were found."
    sentence = (
        f"{plural(coverage.entries, 'new entry', 'new entries')}, {coverage.articles:,} read in full on"
        f" {'its' if coverage.articles == 1 else 'their'} own page; {coverage.matched:,} matched."
    )
    if coverage.too_old:
        sentence += (
            f" {coverage.too_old:,} of the matching {'was' if coverage.too_old == 1 else 'were'} published too long"
            " ago to be told as news."
        )
    return sentence
