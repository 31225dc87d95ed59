"""How much is a feed worth as it is? One number from 100 down, and why it is not 100. Pure.

    health = 100 − errors (up to 40) − silence (20) − known already (15) − delay (15) − no yield (10)

errors: the share of failed visits; all 40 where the feed is gone. silence: from its own longest silence on, whole at
three times that. known already: the share of items that were known from elsewhere. delay: from publication to finding,
nothing up to an hour, whole from a day on, by its logarithm between. no yield: items, and none of them matches a topic.
"""

from datetime import timedelta
from math import log

from msgspec import Struct

ERRORS, SILENCE, KNOWN, DELAY, YIELD = 40.0, 20.0, 15.0, 15.0, 10.0
LEAST_VISITS = 3
_SOON, _LATE = timedelta(hours=1), timedelta(days=1)
_LOUDEST = 3.0  # times its longest silence


class Facts(Struct, frozen=True):
    """What is known of a feed's last two weeks."""

    visits: int
    failed: int
    gone: bool
    items: int
    known: float  # the share of items that were known already
    delay: timedelta | None
    silent: timedelta | None  # since its last news
    usual: timedelta | None  # its longest silence; None while it is not known
    matches: int


class Loss(Struct, frozen=True):
    """What takes points from a feed's health, and how many."""

    what: str
    points: float


class Health(Struct, frozen=True):
    """Points of 100, and the losses, the largest first."""

    points: int
    losses: tuple[Loss, ...]


def health(facts: Facts) -> Health | None:
    """None while there were too few visits to say anything."""
    if facts.visits < LEAST_VISITS and not facts.gone:
        return None
    losses = [Loss(what, points) for what, points in _losses(facts) if points >= 0.5]
    losses.sort(key=lambda loss: -loss.points)
    return Health(max(0, round(100 - sum(loss.points for loss in losses))), tuple(losses))


def _losses(facts: Facts) -> list[tuple[str, float]]:
    found = [("gone", ERRORS)] if facts.gone else [_errors(facts)]
    if facts.silent is not None and facts.usual:
        times = facts.silent / facts.usual
        share = min(1.0, max(0.0, (times - 1) / (_LOUDEST - 1)))
        found.append((f"silent for {times:.1f} times its longest silence", SILENCE * share))
    if facts.items:
        found.append((f"{facts.known:.0%} of its items were known already", KNOWN * facts.known))
    if facts.delay is not None:
        share = log(max(facts.delay, _SOON) / _SOON) / log(_LATE / _SOON)
        hours = facts.delay / timedelta(hours=1)
        found.append((f"found {hours:.0f} hours after their publication", DELAY * min(1.0, share)))
    if facts.items and not facts.matches:
        found.append(("none of its items matches a topic", YIELD))
    return found


def _errors(facts: Facts) -> tuple[str, float]:
    return f"{facts.failed} of {facts.visits} visits failed", ERRORS * facts.failed / facts.visits
