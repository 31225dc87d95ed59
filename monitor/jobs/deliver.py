"""Empty the outbox: send, keep the receipt; or set the next try; or, after a permanent no, say so and stop trying.

Each target (a recipient of a mail, else a whole channel) fails for itself. One that refuses for good is switched off:
its messages are held, however long, until it is switched on again, and the operator is told through another channel.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from monitor.channels.base import Channel
from monitor.digests import OPERATOR, operator_message
from monitor.errors import DeliveryError
from monitor.jobs.toolbox import Toolbox
from monitor.logs import get_logger, masked
from monitor.model import DELIVERY_NOTICES, OPERATOR_NOTICES, Notice, NoticeKind, Receipt
from monitor.store import EVERYBODY, Shelves, SwitchedOff, Waiting

log = get_logger(job="deliver")

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
PERHAPS_WAIT = timedelta(minutes=10)  # after what may have arrived, then six times as long and so on
LONGEST_PATIENCE = timedelta(hours=24)  # however long a server asks for
AT_ONCE = 100  # messages of a channel a round
LATE = timedelta(hours=3)  # so long a message is tried before the operator is told
LEAST_TRIES = 5  # failed, before a message is given up: while the machine slept or was off it was not tried
REST = timedelta(seconds=25)  # for a channel in trouble, where its messages are delivered one by one: a round's end
NO_OPERATOR = "feed"  # a kind whose readers want matches and nothing else


class Delivered(Struct):
    """What a round delivered; troubles in words."""

    receipts: list[Receipt] = field(default_factory=list)
    postponed: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    switched_off: dict[str, str] = field(default_factory=dict)  # by what it is called

    def add(self, other: "Delivered") -> None:
        """Count what another round delivered as well."""
        self.receipts += other.receipts
        for mine, theirs in (
            (self.postponed, other.postponed),
            (self.refused, other.refused),
            (self.switched_off, other.switched_off),
        ):
            mine.update(theirs)


Serve = Callable[[Sequence[str], Callable[[str], Delivered]], Iterable[Delivered]]
"""Does the job for each of the channels (by name), as far as there is time, and gives what was done."""


def in_turn(names: Sequence[str], job: Callable[[str], Delivered]) -> Iterable[Delivered]:
    """One channel after the other."""
    return map(job, names)


def deliver(toolbox: Toolbox, serve: Serve = in_turn) -> Delivered:
    """Try every message that is waiting and due for a try; one channel's trouble never holds up another."""
    done = Delivered()
    with toolbox.store.read() as shelves:  # mostly there is nothing to do: one look says so
        off, names = shelves.switches.all(), shelves.outbox.channels_due(toolbox.now())
        news = bool(shelves.notices.untold(OPERATOR_NOTICES))
    if off:
        _forgive(toolbox, off)
        with toolbox.store.read() as shelves:
            names = shelves.outbox.channels_due(toolbox.now())
    for one in serve(names, lambda name: _emptied(toolbox, name)):
        done.add(one)
    if news or names or off:
        tell_operator(toolbox)
    return done


def waiting(toolbox: Toolbox) -> list[tuple[str, str]]:
    """(channel, key) of the messages to be delivered now, each channel's oldest; `deliver_one` does so with each."""
    with toolbox.store.read() as shelves:
        off = shelves.switches.all()
    if off:
        _forgive(toolbox, off)
    with toolbox.store.read() as shelves:
        now = toolbox.now()
        letters = [
            one for name in shelves.outbox.channels_due(now) for one in shelves.outbox.waiting(now, AT_ONCE, name)
        ]
    return [(letter.message.channel, letter.message.key) for letter in letters]


def deliver_one(toolbox: Toolbox, channel: str, key: str) -> Delivered:
    """Try that message of a channel, if it still waits. After trouble that is the channel's, it rests until the next
    round. Not to be called for two messages of a channel at once.
    """
    done = Delivered()
    if not _empty(toolbox, channel, done, key):
        with toolbox.store.begin() as shelves:
            shelves.outbox.hold_off(channel, toolbox.now() + REST)
    return done


def switch_on(
    shelves: Shelves, channel: str, now: datetime, target: str | None = None
) -> tuple[list[SwitchedOff], int]:
    """Switch on what is off of `channel`, or that target alone: (what was off, how many messages wait again)."""
    found = [one for one in shelves.switches.of(channel) if target in (None, one.target)]
    shelves.switches.on(channel, [one.target for one in found])
    for one in found:
        shelves.notices.settle(one.subject, {}, now)
    return found, shelves.outbox.release(channel, now) if found else 0


def _forgive(toolbox: Toolbox, off: Iterable[SwitchedOff]) -> None:
    """Switch on what is configured otherwise than when it was switched off."""
    mended = {
        one.channel
        for one in off
        if one.channel in toolbox.channels and toolbox.channels[one.channel].settings_mark != one.mark
    }
    for name in sorted(mended):
        with toolbox.store.begin() as shelves:
            _, released = switch_on(shelves, name, toolbox.now())
        log.info("switched on again, as its settings have changed", channel=name, messages=released)


def _emptied(toolbox: Toolbox, name: str) -> Delivered:
    done = Delivered()
    if not toolbox.stopping():
        _empty(toolbox, name, done)
    return done


def _empty(toolbox: Toolbox, name: str, done: Delivered, key: str | None = None) -> bool:
    """Send what is due through one channel (`key`: that message alone), until it is in trouble: the rest is tried in
    the next round. False when it was.
    """
    with toolbox.store.read() as shelves:
        off = {one.target: one.words for one in shelves.switches.of(name)}
        letters = [] if "" in off else shelves.outbox.waiting(toolbox.now(), AT_ONCE, name, key)
    if "" in off:
        with toolbox.store.begin() as shelves:
            shelves.outbox.hold_channel(name, f"{name} is switched off: {off['']}")
        return True
    return all(not toolbox.stopping() and _deliver_one(toolbox, letter, off, done) for letter in letters)


def _deliver_one(toolbox: Toolbox, letter: Waiting, off: dict[str, str], done: Delivered) -> bool:
    """Whether the channel is worth another letter. `off`: its targets that are switched off; grows."""
    message = letter.message
    channel = toolbox.channels.get(message.channel)
    with toolbox.store.read() as shelves:
        left = {one.target for one in shelves.wishes.left(message.subscription)}
    letter = replace(letter, sent_parts=letter.sent_parts | _bits(channel, left))
    skipped = _bits(channel, off)
    toolbox.passing("deliver: before sending")
    try:
        if channel is None:
            raise DeliveryError(f"there is no channel '{message.channel}' any more; add it to subscriptions.toml")
        if EVERYBODY in left:
            receipt = Receipt(message.key, toolbox.now(), "not sent: everybody unsubscribed")
        elif _whole(channel) & ~letter.sent_parts & ~skipped or not channel.targets:
            receipt = channel.send(message, toolbox.now(), skip_parts=letter.sent_parts | skipped)
        else:
            receipt = Receipt(message.key, toolbox.now(), "had reached everybody")
    except DeliveryError as error:
        return _after_no(toolbox, letter, error, off, done)
    except Exception as error:  # a message that trips over a bug of ours must not hold up the others
        log.error("message not sent; please report this as a bug", key=message.key, exc_info=error)
        problem = DeliveryError(f"{type(error).__name__}: {masked(str(error))}", sent_parts=letter.sent_parts)
        _after_no(toolbox, letter, problem, off, done)
        return True
    toolbox.passing("deliver: sent")
    missing = skipped & ~letter.sent_parts & _whole(channel)
    with toolbox.store.begin() as shelves:
        if missing:
            shelves.outbox.hold(message.key, _held_words(off), _whole(channel) & ~missing)
        else:
            shelves.outbox.delivered(receipt)
            shelves.notices.settle(_subject(letter), {}, toolbox.now())
        _calm(shelves, message.channel, toolbox.now())
    toolbox.passing("deliver: committed")
    done.receipts.append(receipt)
    log.info("delivered", key=message.key, channel=message.channel, detail=receipt.detail)
    return True


def _after_no(toolbox: Toolbox, letter: Waiting, error: DeliveryError, off: dict[str, str], done: Delivered) -> bool:
    """Switch off, hold, give up, or try again later; whether the channel is worth another letter."""
    key, name, now, problem = letter.message.key, letter.message.channel, toolbox.now(), str(error)
    channel = toolbox.channels.get(name)
    sent = letter.sent_parts | error.sent_parts & ~_bits(channel, off)
    late = now - max(letter.message.created_at, letter.tried_anew or letter.message.created_at)
    off |= error.off
    pending = _whole(channel) & ~sent & ~_bits(channel, off)
    hold = "" in error.off or (bool(error.off) and not pending)
    too_late = late > toolbox.limits.give_up_after and letter.attempts >= LEAST_TRIES
    give_up = not hold and ((error.permanent and not error.off) or too_late)
    with toolbox.store.begin() as shelves:
        if error.off and channel is not None:
            shelves.switches.off(name, error.off, channel.settings_mark, now)
            for one in shelves.switches.of(name):
                shelves.notices.settle(one.subject, {NoticeKind.OFF: one.words}, now)
        if hold:
            shelves.outbox.hold(key, problem, sent)
        elif give_up:
            shelves.outbox.refuse(key, problem, now, sent)
            if letter.message.subscription != OPERATOR:  # what tells of trouble must not make more of it
                shelves.notices.settle(_subject(letter), {NoticeKind.GIVEN_UP: problem}, now)
        else:
            shelves.outbox.postpone(key, _next_try(letter.attempts, error, now), problem, sent_parts=sent)
            if late > LATE and letter.message.subscription != OPERATOR:
                shelves.notices.settle(_everything(name), {NoticeKind.LATE: problem}, now)
        if give_up and channel is None:  # one that is there shows itself with its next message
            _calm(shelves, name, now)
        if error.memo:
            shelves.outbox.note(key, error.memo)
        if error.retry_after:
            shelves.outbox.hold_off(name, now + min(error.retry_after, LONGEST_PATIENCE))
    for target, words in error.off.items():
        done.switched_off[f"{name} → {target}" if target else name] = words
        log.error("switched off", channel=name, target=target, problem=words, what=f"monitor channels on {name}")
    if give_up:
        done.refused[key] = problem
        log.error("not delivered, given up", key=key, channel=name, problem=problem)
    else:
        done.postponed[key] = problem
        log.warning(
            "not delivered, " + ("held" if hold else "tried again later"), key=key, channel=name, problem=problem
        )
    # What is wrong with one message, or one recipient, is not wrong with the next.
    return "" not in error.off and (error.permanent or sent != letter.sent_parts)


def _whole(channel: Channel | None) -> int:
    """The bits of all targets that can fail for themselves."""
    return (1 << len(channel.targets)) - 1 if channel else 0


def _bits(channel: Channel | None, off: Iterable[str]) -> int:
    return sum(1 << part for part, target in enumerate(channel.targets) if target in off) if channel else 0


def _held_words(off: dict[str, str]) -> str:
    return "held for " + "; ".join(f"{target}: {words}" for target, words in sorted(off.items()))


def _subject(letter: Waiting) -> str:
    return f"{letter.message.channel} → {letter.message.key}"


def _everything(channel: str) -> str:
    return f"{channel} → outbox"


def _calm(shelves: Shelves, channel: str, now: datetime) -> None:
    """Note that the channel is not late any more, where that is so."""
    if not shelves.outbox.is_trying(channel):
        shelves.notices.settle(_everything(channel), {}, now)


def _next_try(attempts: int, error: DeliveryError, now: datetime) -> datetime:
    wait = min(LONGEST_WAIT, FIRST_WAIT * (1 << min(attempts, 10)))
    if error.perhaps:
        wait = min(PERHAPS_WAIT * 6 ** min(attempts, 10), LONGEST_PATIENCE)
    return now + max(wait, min(error.retry_after or wait, LONGEST_PATIENCE))


def tell_operator(toolbox: Toolbox) -> None:
    """Put what began or is over with channels and backups into the outbox, for a channel that is in no trouble.

    While there is none, it stays untold; the log, `monitor health` and `monitor channels` say it meanwhile.
    """
    with toolbox.store.read() as shelves:
        if not shelves.notices.untold(OPERATOR_NOTICES):
            return
    now = toolbox.now()
    with toolbox.store.begin() as shelves:
        news = shelves.notices.untold(OPERATOR_NOTICES)
        going_on = shelves.notices.open(OPERATOR_NOTICES)
        name = _another(toolbox, going_on)
        if not news or name is None:
            return
        message = operator_message(
            [notice for _, notice in news], going_on, channel=name, domain=toolbox.renderer.domain, now=now
        )
        if shelves.outbox.put_notice(message):
            for number, notice in news:
                shelves.notices.mark_told(number, notice)
    log.info("the operator is told", channel=name, notices=len(news))


def _another(toolbox: Toolbox, going_on: Iterable[Notice]) -> str | None:
    """The first channel without trouble, those that the settings name for this before all others; else the first that
    still reaches some of its recipients.
    """
    troubles: dict[str, set[str]] = defaultdict(set)  # channel → targets switched off; "" or a message's key for others
    for notice in going_on:
        if notice.kind in DELIVERY_NOTICES:
            name, _, target = notice.subject.partition(" → ")
            troubles[name].add(target)
    usual = [name for name, channel in toolbox.channels.items() if channel.kind != NO_OPERATOR]
    names = [*(name for name in toolbox.limits.operator if name in toolbox.channels), *usual]
    well = [name for name in names if name not in troubles]
    partly = [name for name in names if troubles.get(name, set()) < set(toolbox.channels[name].targets)]
    return next(iter([*well, *partly]), None)
