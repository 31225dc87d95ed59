"""Keeping watch during a round: is it our own network, does the disk run full, and what somebody should be told.

What is decided stands in `pacing`; here others are asked to be sure, and notices are opened, closed and logged.
"""

import shutil
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from monitor.jobs.planning import request_for
from monitor.jobs.toolbox import Toolbox
from monitor.links import host_of
from monitor.logs import get_logger
from monitor.model import FEED_NOTICES, FeedState, NoticeKind, Request, Visit
from monitor.pacing import (
    address_of,
    asks_for_all,
    cut_off,
    network_is_down,
    notices,
    outage_words,
    stopped,
    suspicious,
)

log = get_logger(job="poll")

_ASKED_AGAIN = 5  # hosts that answered lately, to be sure that none does


LEAST_FREE = 500_000_000  # bytes
_ENOUGH = 600_000_000  # before it is said that there is room again
_DISK = "The disk"


def short_of_room(folder: Path, least: int = LEAST_FREE) -> str:
    """How little room there is where a folder lies, in words; "" when there is enough, or nobody can say."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return ""
    return f"only {free // 1_000_000} MB are free at {folder}" if free < least else ""


def tell_room(toolbox: Toolbox, folder: Path) -> None:
    """Have the operator told that the disk runs full, while there is room for saying so, and that it no longer does."""
    with toolbox.store.read() as shelves:
        known = bool(shelves.notices.open({NoticeKind.LITTLE_ROOM}))
    short = bool(short_of_room(folder, _ENOUGH if known else LEAST_FREE))
    if short == known:
        return
    words = f"less than {LEAST_FREE // 1_000_000} MB are free at {folder}"
    with toolbox.store.begin() as shelves:
        shelves.notices.settle(_DISK, {NoticeKind.LITTLE_ROOM: words} if short else {}, toolbox.now())
    if short:
        log.error("the disk is nearly full", problem=words)
    else:
        log.info("the disk has room again")


def request_of(toolbox: Toolbox, state: FeedState, now: datetime) -> Request:
    """The visit to make to a feed now."""
    feed = toolbox.feeds[state.feed]
    ask_for_all = asks_for_all(state, now, toolbox.limits.pace)
    return request_for(feed, address_of(feed, state), "feed", None if ask_for_all else state)


def outage_of(toolbox: Toolbox, visits: Sequence[Visit]) -> str:
    """What of our own network is down, in words; "" when it is the feeds.

    Others are asked only when nearly all fail.
    """
    if not suspicious(visits):
        return ""
    ask = [Request(url=url, purpose="page", feed="") for url in toolbox.limits.canaries]
    canaries = list(toolbox.fetcher.visit_many(ask)) if ask else []
    if not all(stopped(visit) for visit in canaries):
        return ""
    tried = {visit.request.feed for visit in visits}
    with toolbox.store.read() as shelves:
        latest = shelves.feeds.last_read(len(tried) + _ASKED_AGAIN)
    lately = [state for state in latest if state.feed not in tried and state.feed in toolbox.feeds][:_ASKED_AGAIN]
    again = [request_of(toolbox, state, toolbox.now()) for state in lately if not state.held_until]
    others = list(toolbox.fetcher.visit_many(again)) if again and not toolbox.stopping() else []
    return outage_words(visits) if network_is_down(visits, canaries, others) else ""


def tell(toolbox: Toolbox, after: Mapping[str, FeedState], outage: str | None) -> None:
    """Open and close notices by what a round showed, and log what begins and what is over, each once.

    `after`: the states of the feeds that were visited; `outage`: as of `outage_of`, None when nothing was visited.
    """
    now = toolbox.now()
    opened: dict[str, set[NoticeKind]] = defaultdict(set)
    with toolbox.store.read() as shelves:
        for notice in shelves.notices.open(FEED_NOTICES):
            opened[notice.subject].add(notice.kind)
        untold = bool(shelves.notices.untold(FEED_NOTICES))
    wanted = {name: notices(toolbox.feeds[name], state, now, opened.get(name, ())) for name, state in after.items()}
    if outage is not None:
        wanted[""] = {NoticeKind.NETWORK: outage} if outage else {}
    removed = opened.keys() - toolbox.feeds.keys() - {""}
    changes = {name: told for name, told in wanted.items() if told or name in opened}
    if not (changes or removed or untold):
        return
    with toolbox.store.begin() as shelves:
        for name, told in [*changes.items(), *((name, {}) for name in sorted(removed))]:
            shelves.notices.settle(name, told, now)
        for number, notice in shelves.notices.untold(FEED_NOTICES):
            who = {"feed": notice.subject} if notice.subject else {}
            if notice.closed_at is None:
                level = log.error if notice.kind is NoticeKind.NETWORK else log.warning
                level("notice", about=notice.kind.value, **who, what=notice.words)
            else:
                log.info("over", about=notice.kind.value, **who, since=notice.opened_at.isoformat(), was=notice.words)
            shelves.notices.mark_told(number, notice)


def gone(toolbox: Toolbox, answered: Sequence[Request]) -> bool:
    """Whether no feed can be reached any more, of those that could be in this round; one a host is asked."""
    asked = list({host_of(request.url): request for request in answered}.values())[:_ASKED_AGAIN]
    return bool(asked) and all(cut_off(visit) for visit in toolbox.fetcher.visit_many(asked))
