"""Empty the outbox: send, keep the receipt; or set the next try; or, after a permanent no, say so and stop trying."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.errors import DeliveryError
from monitor.jobs.toolbox import Toolbox
from monitor.logs import get_logger, masked
from monitor.model import Receipt
from monitor.store import Waiting

log = get_logger(job="deliver")

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
LONGEST_PATIENCE = timedelta(hours=24)  # however long a server asks for
AT_ONCE = 100  # messages a round


@dataclass(slots=True)
class Delivered:
    """What a round delivered; troubles in words."""

    receipts: list[Receipt] = field(default_factory=list)
    postponed: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


def deliver(toolbox: Toolbox) -> Delivered:
    """Try every message that is waiting and due for a try; one channel's trouble never holds up another."""
    done = Delivered()
    with toolbox.store.read() as shelves:
        waiting = shelves.outbox.waiting(toolbox.now(), AT_ONCE)
    for letter in waiting:
        if toolbox.stopping():
            break
        _deliver_one(toolbox, letter, done)
    return done


def _deliver_one(toolbox: Toolbox, letter: Waiting, done: Delivered) -> None:
    message = letter.message
    channel = toolbox.channels.get(message.channel)
    toolbox.passing("deliver: before sending")
    try:
        if channel is None:
            raise DeliveryError(f"there is no channel '{message.channel}' any more; add it to subscriptions.toml")
        receipt = channel.send(message, toolbox.now(), skip_parts=letter.sent_parts)
    except DeliveryError as error:
        _give_time(toolbox, letter, error, done)
        return
    except Exception as error:  # a message that trips over a bug of ours must not hold up the others
        log.error("message not sent; please report this as a bug", key=message.key, exc_info=error)
        problem = DeliveryError(f"{type(error).__name__}: {masked(str(error))}", sent_parts=letter.sent_parts)
        _give_time(toolbox, letter, problem, done)
        return
    toolbox.passing("deliver: sent")
    with toolbox.store.begin() as shelves:
        shelves.outbox.delivered(receipt)
    toolbox.passing("deliver: committed")
    done.receipts.append(receipt)
    log.info("delivered", key=message.key, channel=message.channel, detail=receipt.detail)


def _give_time(toolbox: Toolbox, letter: Waiting, error: DeliveryError, done: Delivered) -> None:
    key, now, problem = letter.message.key, toolbox.now(), str(error)
    too_late = now - letter.message.created_at > toolbox.limits.give_up_after
    with toolbox.store.begin() as shelves:
        if error.permanent or too_late:
            shelves.outbox.refuse(key, problem, now)
        else:
            shelves.outbox.postpone(key, _next_try(letter.attempts, error, now), problem, sent_parts=error.sent_parts)
    if error.permanent or too_late:
        done.refused[key] = problem
        log.error("not delivered, given up", key=key, channel=letter.message.channel, problem=problem)
    else:
        done.postponed[key] = problem
        log.warning("not delivered, tried again later", key=key, channel=letter.message.channel, problem=problem)


def _next_try(attempts: int, error: DeliveryError, now: datetime) -> datetime:
    wait = min(LONGEST_WAIT, FIRST_WAIT * (1 << min(attempts, 10)))
    return now + max(wait, min(error.retry_after or wait, LONGEST_PATIENCE))
