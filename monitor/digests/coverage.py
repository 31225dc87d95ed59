"""The foot of a digest: what was seen, what was not, and why. Says only what the coverage states."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from monitor.digests.dates import moment, span
from monitor.digests.schedule import previous
from monitor.digests.view import CoverageView
from monitor.digests.wording import clean, listed, plural
from monitor.model import Coverage, Digest, Notice, NoticeKind

_LISTED = 12
OVER = {
    NoticeKind.NETWORK: "its network is up again",
    NoticeKind.GONE: "is there again",
    NoticeKind.FAILING: "is read again",
    NoticeKind.EMPTY: "lists something again",
    NoticeKind.LOSING: "is read without gaps again",
    NoticeKind.SILENT: "has news again",
    NoticeKind.MOVED: "its move is settled",
    NoticeKind.OFF: "is switched on again",
    NoticeKind.GIVEN_UP: "was delivered after all",
    NoticeKind.NO_BACKUP: "are in order again",
    NoticeKind.LATE: "waits for nothing any more",
    NoticeKind.NOT_COMPOSED: "is composed again",
    NoticeKind.LITTLE_ROOM: "has room again",
    NoticeKind.NO_EVIDENCE: "is kept again",
}
_NO_FEED = {False: "No feed is configured", True: "Every feed is paused"}
_EARLY = timedelta(minutes=5)  # a window that starts this much early is still the usual one
_LATE = timedelta(minutes=30)  # a round of polling comes first
_LONG = timedelta(hours=6)  # an outage that may have cost something


def coverage_view(digest: Digest) -> CoverageView:
    """The small print of `digest`."""
    coverage, zone = digest.coverage, digest.subscription.zone
    failed = tuple(
        (clean(outlet, 100) + (f", since {moment(last, zone)}" if last else ""), clean(problem, 160))
        for outlet, problem, last in _failed(coverage)
    )
    unvisited = _outlets(coverage.unvisited, coverage)
    noticed = (*_paused(digest), *_gaps(digest), *_notices(digest))
    silent = _outlets(coverage.silent, coverage)
    return CoverageView(
        period=f"Covers {moment(digest.window.start, zone)} to {moment(digest.window.end, zone)} ({zone}).",
        longer=_longer(digest),
        feeds=_feeds(digest),
        entries=_entries(digest),
        failed=failed[:_LISTED],
        more_failed=max(0, len(failed) - _LISTED),
        unvisited=unvisited[:_LISTED],
        more_unvisited=max(0, len(unvisited) - _LISTED),
        silent=silent[:_LISTED],
        more_silent=max(0, len(silent) - _LISTED),
        noticed=noticed[:_LISTED],
        more_noticed=max(0, len(noticed) - _LISTED),
        remark=clean(digest.remark, 400),
    )


def _failed(coverage: Coverage) -> Iterator[tuple[str, str, datetime | None]]:
    """(outlet, problem, last read) with each outlet once, however many of its feeds fail."""
    rows = {label: (problem, last) for label, problem, last in coverage.failed}
    for outlet, labels in _together(rows, coverage).items():
        problems = list(dict.fromkeys(rows[label][0] for label in labels))
        own = [f"{coverage.several[label][1]}: {rows[label][0]}" for label in labels if label in coverage.several]
        read = [last for label in labels if (last := rows[label][1])]
        yield outlet, problems[0] if len(problems) == 1 else "; ".join(own), max(read, default=None)


def _outlets(labels: Iterable[str], coverage: Coverage) -> tuple[str, ...]:
    """The outlets to name, each once."""
    return tuple(clean(outlet, 100) for outlet in _together(labels, coverage))


def _together(labels: Iterable[str], coverage: Coverage) -> dict[str, list[str]]:
    """The labels of feeds by what they are named together: "Courier (news and world)"."""
    by_outlet: dict[str, list[str]] = defaultdict(list)
    for label in labels:
        by_outlet[coverage.several.get(label, (label, ""))[0]].append(label)
    named = {}
    for outlet, its in by_outlet.items():
        names = tuple(coverage.several[label][1] for label in its if label in coverage.several)
        named[f"{outlet} ({listed(names)})" if names else outlet] = its
    return named


def blind(coverage: Coverage) -> bool:
    """Whether all was tried and nothing could be read: then "nothing new" would be a lie."""
    return not coverage.read and bool(coverage.failed or coverage.offline)


def warning(digest: Digest) -> str:
    """One or two sentences for the top when much may be missing; "" on an ordinary day."""
    coverage, read = digest.coverage, _read_lately(digest)
    if not coverage.feeds:
        return f"{_NO_FEED[bool(coverage.paused)]}, so nothing could be read."
    down = coverage.offline
    if down and down.end == digest.window.end and (not coverage.read or down.end - down.start >= _LONG):
        return f"{_outage(digest)} What has appeared since then will be told once it can be read."
    due = coverage.feeds - coverage.not_due
    if not due:
        return ""
    if not read:
        return _nothing_read(coverage, due)
    if 2 * read < due:
        return f"Only {read:,} of {plural(due, 'feed')} could be read; this digest may miss much."
    return ""


def _nothing_read(coverage: Coverage, due: int) -> str:
    if coverage.unvisited and not coverage.failed:
        verb = "was" if due == 1 else "were"
        return f"No feed was visited in this period, though {due:,} {verb} due; it may miss much."
    if coverage.feeds == 1:
        return "The only feed could not be read; why is said at the end."
    return f"None of the {plural(coverage.feeds, 'feed')} could be read; why is said at the end."


def _notices(digest: Digest) -> Iterator[tuple[str, str]]:
    """What began or is over, but for what the foot says anyway: who is not read, and an outage of everything."""
    coverage, zone = digest.coverage, digest.subscription.zone
    not_read = {outlet for outlet, _, _ in coverage.failed}
    for notice in coverage.notices:
        told = (notice.kind is NoticeKind.FAILING and notice.subject in not_read) or (
            notice.kind is NoticeKind.NETWORK and coverage.offline is not None
        )
        over = notice.closed_at is not None and notice.closed_at <= digest.window.end
        if over or not told:
            words = _over(notice, notice.closed_at, zone) if over and notice.closed_at else notice.words
            yield clean(notice.subject, 60) or "The monitor", clean(words, 240)


def _over(notice: Notice, closed: datetime, zone: str) -> str:
    """That it is over, and since when it was so: a silence is noticed long after it began, and its words say when."""
    if notice.kind is NoticeKind.SILENT:
        return f"{OVER[notice.kind]}, found {moment(closed, zone)}; before that {notice.words}"
    return f"{OVER[notice.kind]}, after {moment(notice.opened_at, zone)}"


def _paused(digest: Digest) -> Iterator[tuple[str, str]]:
    """Who is not visited because somebody said so."""
    for outlet, since in digest.coverage.paused:
        yield clean(outlet, 60), f"paused by hand since {moment(since, digest.subscription.zone)}, and not visited"


def _gaps(digest: Digest) -> Iterator[tuple[str, str]]:
    """What a feed had dropped before it was read, and whether it could be had all the same."""
    zone = digest.subscription.zone
    for gap in digest.coverage.gaps:
        between = f"between {moment(gap.start, zone)} and {moment(gap.end, zone)}"
        recovered = plural(gap.recovered, "item") if gap.recovered else "nothing"
        were = "was" if gap.recovered <= 1 else "were"
        if gap.closed:
            words = f"{recovered} that it had dropped unseen {between} {were} recovered"
        else:
            words = f"items that it dropped unseen {between} may be missing, {recovered} {were} recovered: {gap.words}"
        yield clean(gap.feed, 60), clean(words, 240)


def _longer(digest: Digest) -> str:
    """Why the window is longer than the schedule's step; the last due time at or before its end is its own."""
    cron, zone, window = digest.subscription.schedule, digest.subscription.zone, digest.window
    if not cron:
        return ""
    own = previous(cron, zone, window.end + timedelta(microseconds=1))
    usual = previous(cron, zone, own)
    if window.start < usual - _EARLY:
        why = "no digest was made in between"
    elif window.start < own - _EARLY and window.end > own + _LATE:
        why = f"this digest was due {moment(own, zone)}"
        if span(window.end - window.start) == span(own - usual):  # as that of yesterday was late, too
            return f"{why[0].upper()}{why[1:]}."
    else:
        return ""
    return f"That is {span(window.end - window.start)} instead of the usual {span(own - usual)}: {why}."


def _read_lately(digest: Digest) -> int:
    """Feeds that were read and did not fail from then on."""
    given_up = sum(last is not None and last > digest.window.start for _, _, last in digest.coverage.failed)
    return digest.coverage.read - given_up


def _feeds(digest: Digest) -> str:
    coverage, read, outage = digest.coverage, _read_lately(digest), _outage(digest)
    due = coverage.feeds - coverage.not_due
    if not coverage.feeds:
        return f"{_NO_FEED[bool(coverage.paused)]}."
    if outage and not coverage.read:
        return outage
    if not due:
        return "The only feed was not due." if coverage.feeds == 1 else f"None of the {coverage.feeds:,} feeds was due."
    more = " ".join(part for part in (_not_due(coverage.not_due), outage or _unseen(coverage.unseen)) if part)
    if read == due:
        whole = {1: "The only feed was", 2: "Both feeds were"}.get(read, f"All {read:,} feeds were")
        due_words = " that were due" if coverage.not_due and read > 1 else ""
        return f"{whole.replace(' were', due_words + ' were')} read. {more}".rstrip()
    if due == coverage.feeds == 1:
        return f"The only feed was not read. {more}".rstrip()
    number = f"{read:,}" if read else "None"
    verb = "was read" if read <= 1 else "were read"
    to_the_end = " to the end" if read < coverage.read else ""
    due_words = " that were due" if coverage.not_due else ""
    return f"{number} of {plural(due, 'feed')}{due_words} {verb}{to_the_end}. {more}".rstrip()


def _not_due(number: int) -> str:
    verb = "was" if number == 1 else "were"
    return f"{number:,} more {verb} not due." if number else ""


def _unseen(time: timedelta) -> str:
    return f"For {span(time)} of this period no feed at all was read." if time else ""


def _outage(digest: Digest) -> str:
    """One sentence for all feeds about the time when the monitor's own network was down."""
    down, zone = digest.coverage.offline, digest.subscription.zone
    if down is None:
        return ""
    if down.end == digest.window.end:
        return f"Nothing could be read after {moment(down.start, zone)}: the monitor's own network was down."
    return (
        f"Nothing could be read from {moment(down.start, zone)} to {moment(down.end, zone)}: the monitor's own network"
        " was down."
    )


def _entries(digest: Digest) -> str:
    coverage = digest.coverage
    if not coverage.entries and not coverage.edited:
        return "No new entries were found." if coverage.read else ""
    sentence = plural(coverage.entries, "new entry", "new entries") if coverage.entries else "No new entries"
    if coverage.entries and coverage.articles is not None:
        sentence += f" ({_pages(coverage.entries, coverage.articles, coverage.left_alone)})"
    if coverage.edited:
        sentence += f", {coverage.edited:,} rewritten"
    matches = "1 fits" if coverage.matched == 1 else f"{coverage.matched:,} fit" if coverage.matched else "none fits"
    sentence += f"; {matches} the topics of this digest."
    if coverage.too_old:
        old = "1 of these was" if coverage.too_old == 1 else f"{coverage.too_old:,} of these were"
        sentence += f" {old} published too long ago to be told as news."
    here = sum(bool(report.verdicts) for story in digest.stories for report in story.reports)
    told_before = coverage.matched - coverage.too_old - here
    if told_before > 0 and digest.subscription.alert:
        words = "was told before or passes" if told_before == 1 else "were told before or pass"
        sentence += f" {told_before:,} more {words} no rule for alerts."
    elif told_before > 0:
        sentence += f" {told_before:,} {'belongs' if told_before == 1 else 'belong'} to stories that were told before."
    return sentence


def _pages(entries: int, read: int, left_alone: int) -> str:
    if entries == 1:
        failed = "judged by its headline and summary" if left_alone else "its own page could not be read"
        return "read on its own page" if read else failed
    number = "all" if read == entries else f"{read:,}" if read else "none"
    others = f", {left_alone:,} judged by headline and summary" if left_alone else ""
    return f"{number} read on {'its' if read <= 1 else 'their'} own page{others}"
