"""The rules of WebSub for a subscriber (W3C Recommendation, 23 January 2018): when to ask a hub, and whom to believe.

Pure. A subscription that works only makes polling rarer, within a limit; it never ends it.
"""

import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from monitor.model import Lease, Standing

Mode = Literal["subscribe", "unsubscribe"]

WISHED = timedelta(days=10)  # the lease that is asked for
_SHORTEST, _LONGEST = timedelta(minutes=5), timedelta(days=90)  # what a hub may grant
_UNSTATED = timedelta(days=1)  # where it does not say, against section 5.3
_PENDING = timedelta(hours=24)  # how long after a request it may be confirmed
_FIRST_PAUSE, _MOST_PAUSE = timedelta(hours=1), timedelta(hours=24)
_AFTER_NO = timedelta(days=7)
_TRIES_TO_END = 3
_SIGNATURE = re.compile(r"(sha1|sha256|sha384|sha512)=([0-9a-fA-F]{40,128})")  # section 8
_LONGEST_CHALLENGE = 2_000


def next_request(lease: Lease, *, wanted: bool, now: datetime) -> Mode | None:
    """What to ask the hub for now. `wanted`: the feed is still read, and names this hub and topic."""
    if not wanted or lease.standing is Standing.ENDING:
        held = lease.ends_at is not None and lease.ends_at > now
        return "unsubscribe" if held and lease.tries < _TRIES_TO_END and _rested(lease, now) else None
    match lease.standing:
        case Standing.OFFERED:
            return "subscribe"
        case Standing.ACTIVE:
            due = lease.ends_at is None or now >= _renewal(lease.ends_at, lease.asked_at)
            return "subscribe" if due and _rested(lease, now) else None
        case Standing.REFUSED:
            return "subscribe" if lease.asked_at is None or now - lease.asked_at >= _AFTER_NO else None
        case _:
            return "subscribe" if _rested(lease, now) else None


def is_over(lease: Lease, *, wanted: bool, now: datetime) -> bool:
    """Whether nothing is left to be done for a lease that nobody wants any more."""
    if wanted and lease.standing is not Standing.ENDING:
        return False
    held = lease.ends_at is not None and lease.ends_at > now
    return not held or (lease.tries >= _TRIES_TO_END and _rested(lease, now))


def asked(lease: Lease, mode: Mode, now: datetime, problem: str = "") -> Lease:
    """The lease after a request; `problem`: why the hub did not take it."""
    standing = Standing.ENDING if mode == "unsubscribe" else lease.standing
    if mode == "subscribe" and standing is not Standing.ACTIVE:
        standing = Standing.ASKED
    return replace(lease, standing=standing, asked_at=now, pending=not problem, tries=lease.tries + 1, problem=problem)


def lapsed(lease: Lease, now: datetime) -> Lease | None:
    """The lease without what has run out; None while it holds."""
    if lease.standing is not Standing.ACTIVE or lease.ends_at is None or lease.ends_at > now:
        return None
    return replace(lease, standing=Standing.ASKED, ends_at=None, pushed_at=None, problem="the lease ran out unrenewed")


def form(lease: Lease, mode: Mode, callback: str) -> tuple[tuple[str, str], ...]:
    """What is posted to the hub (section 5.1)."""
    fields = [("hub.callback", callback), ("hub.mode", mode), ("hub.topic", lease.topic)]
    if mode == "subscribe":
        fields += [("hub.lease_seconds", str(int(WISHED.total_seconds()))), ("hub.secret", lease.secret)]
    return tuple(fields)


def after_poll(lease: Lease | None, offer: Lease | None, *, news: bool) -> Lease | None:
    """The lease after a poll read a document that offers this (None: no hub); `news`: there were new articles in it.

    A lease with another hub, or for another topic, is begun anew; the old one runs out.
    """
    if offer is None:
        if lease is None or lease.standing is Standing.ENDING:
            return lease
        return replace(lease, standing=Standing.ENDING, tries=0, pending=False)
    if lease is None or (lease.hub, lease.topic) != (offer.hub, offer.topic):
        return offer
    if lease.standing is Standing.ENDING:
        return replace(offer, token=lease.token, secret=lease.secret)
    return replace(lease, missed=lease.missed + 1) if news and lease.standing is Standing.ACTIVE else lease


class Answer(Struct, frozen=True):
    """What a hub that asks for confirmation is told, and the lease afterwards; `None` = it is over."""

    lease: Lease | None
    challenge: str = ""  # "" = no


def confirm(lease: Lease, query: Mapping[str, str], now: datetime) -> Answer:
    """Answer a verification of intent (section 5.3) or take a denial (section 5.2)."""
    mode, challenge = query.get("hub.mode", ""), query.get("hub.challenge", "")
    if query.get("hub.topic") != lease.topic:
        return Answer(lease)
    waiting = lease.pending and lease.asked_at is not None and now - lease.asked_at <= _PENDING
    if mode == "denied":
        if lease.standing is Standing.ENDING:
            return Answer(lease)
        reason = " ".join(query.get("hub.reason", "").split())[:200]
        problem = f"the hub refuses: {reason}" if reason else "the hub refuses"
        return Answer(replace(lease, standing=Standing.REFUSED, pending=False, ends_at=None, problem=problem))
    if not waiting or not challenge or len(challenge) > _LONGEST_CHALLENGE:
        return Answer(lease)
    if mode == "subscribe" and lease.standing is not Standing.ENDING:
        granted = _granted(query.get("hub.lease_seconds", ""))
        active = replace(
            lease, standing=Standing.ACTIVE, pending=False, tries=0, ends_at=now + granted, missed=0, problem=""
        )
        return Answer(active, challenge)
    if mode == "unsubscribe" and lease.standing is Standing.ENDING:
        return Answer(None, challenge)
    return Answer(lease)


def signed(secret: str, body: bytes, header: str) -> bool:
    """Whether the header `X-Hub-Signature` shows that the sender knows the secret (section 8)."""
    stated = _SIGNATURE.fullmatch(header.strip())
    if stated is None:
        return False
    expected = hmac.digest(secret.encode("utf-8"), body, stated[1]).hex()
    return hmac.compare_digest(expected, stated[2].lower())


def takes_pushes(lease: Lease, now: datetime) -> bool:
    """Whether content for this lease is expected."""
    return lease.standing is Standing.ACTIVE and lease.ends_at is not None and lease.ends_at > now


def works(lease: Lease, now: datetime) -> bool:
    """Whether polling may be rarer: the hub has pushed, and no reading has found anything else since."""
    return takes_pushes(lease, now) and lease.pushed_at is not None and lease.missed == 0


def rarer(visited_at: datetime, due_at: datetime, longest: timedelta) -> datetime:
    """When a feed whose hub works is due, that else would be due at `due_at`: four times later, within `longest`."""
    wait = due_at - visited_at
    return visited_at + max(wait, min(4 * wait, longest))


def _granted(stated: str) -> timedelta:
    if not (stated.isascii() and stated.isdigit()):
        return _UNSTATED
    return min(max(timedelta(seconds=int(stated[:9])), _SHORTEST), _LONGEST)


def _renewal(ends_at: datetime, since: datetime | None) -> datetime:
    """When to renew: at three quarters of the lease, at the latest a day before its end."""
    length = ends_at - since if since is not None and since < ends_at else timedelta(0)
    return ends_at - min(max(length / 4, timedelta(hours=1)), timedelta(days=1), max(length / 2, timedelta(0)))


def _rested(lease: Lease, now: datetime) -> bool:
    """Whether the last request without a confirmation is long enough ago: an hour, two, four … a day."""
    if lease.tries == 0 or lease.asked_at is None:
        return True
    pause = min(_FIRST_PAUSE * (1 << min(lease.tries - 1, 10)), _MOST_PAUSE)
    return now - lease.asked_at >= pause
