"""What is agreed with a hub: that it sends a feed's news to us as they appear (WebSub, W3C Recommendation of 2018)."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from msgspec import Struct

from monitor.values import Discreet


class Standing(StrEnum):
    """How things are between us and the hub."""

    OFFERED = "offered"  # the feed names the hub, which was not asked yet
    ASKED = "asked"  # asked for a subscription, which was not confirmed yet
    ACTIVE = "active"  # confirmed
    REFUSED = "refused"  # the hub said no
    ENDING = "ending"  # asked to end it


class Lease(Discreet, frozen=True):
    """One feed's subscription at its hub."""

    hidden: ClassVar[frozenset[str]] = frozenset({"token", "secret"})

    feed: str
    hub: str
    topic: str  # the address the feed gives itself, which the hub knows it by
    token: str  # the last piece of the callback's path; nobody but the hub can know it
    secret: str  # signs what the hub sends
    standing: Standing = Standing.OFFERED
    asked_at: datetime | None = None  # the last request
    pending: bool = False  # whether the hub may still confirm that request
    tries: int = 0  # requests without a confirmation
    ends_at: datetime | None = None  # of the lease, while one is held
    pushed_at: datetime | None = None  # the last content that was signed as agreed
    waiting_at: datetime | None = None  # the newest content that was taken but not read yet
    paced_at: datetime | None = None  # the visit whose successor was put off last
    missed: int = 0  # readings in a row, since the last push, that found what no push had brought
    problem: str = ""


class Push(Struct, frozen=True):
    """What a hub sent for a feed, its signature verified."""

    feed: str
    body: bytes
    content_type: str
    at: datetime
