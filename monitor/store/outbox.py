"""The outbox and the ledger: which windows were answered, what was told to whom, what still waits for a receipt."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, select, update

from monitor.model import Digest, Message, Receipt, Window
from monitor.store.bulk import ask, upsert
from monitor.store.codec import message_row, to_message
from monitor.store.columns import Moment
from monitor.store.edits import mark_told
from monitor.store.history import told_of
from monitor.store.rows import Delivery, Refused, Told, Waiting
from monitor.store.schema import digests, messages, told

_FAR = timedelta(days=2)  # nobody is given so much patience: a try beyond was put off while the clock was ahead
_CHANNELS_DUE = (
    select(messages.c.channel)
    .where(messages.c.state == Delivery.WAITING.value)
    .where(
        (messages.c.next_try <= bindparam("now", type_=Moment)) | (messages.c.next_try > bindparam("far", type_=Moment))
    )
    .distinct()
    .order_by(messages.c.channel)
)
_WINDOWS = select(digests.c.window_start, digests.c.window_end).where(
    digests.c.subscription == bindparam("subscription"), digests.c.window_end <= bindparam("until", type_=Moment)
)
_FIRST = _WINDOWS.order_by(digests.c.window_end, digests.c.key).limit(1)
_LAST = _WINDOWS.order_by(digests.c.window_end.desc(), digests.c.key).limit(1)


class Outbox:
    """The shelf of messages and of what was told."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def last_window(self, subscription: str, until: datetime) -> Window | None:
        """Of the windows that ended at `until` at the latest the last one the subscription was answered for, with or
        without a message.
        """
        return self._window(subscription, until, last=True)

    def first_window(self, subscription: str, until: datetime) -> Window | None:
        """The first one."""
        return self._window(subscription, until, last=False)

    def answered(self, key: str) -> bool:
        """Whether a digest of that key was put or recorded."""
        return self._connection.execute(select(digests.c.key).where(digests.c.key == key)).first() is not None

    def put(self, message: Message, digest: Digest) -> bool:
        """Keep a message for delivery, remember its window and mark its stories as told.

        False, and nothing is changed, when a digest of that key was put or recorded before.
        """
        if not self.record_empty(digest):
            return False
        self._keep(message)
        name = digest.subscription.name
        marks = [{"subscription": name, "story": story.id, "key": digest.key} for story in digest.stories]
        upsert(self._connection, told, marks, ("key",))
        every = [report.article.id for story in digest.stories for report in story.reports]
        corrected = [one.article for story in digest.stories for one in story.corrections]
        mark_told(self._connection, {name: [*every, *corrected]})
        return True

    def put_notice(self, message: Message) -> bool:
        """Keep a message that tells of no story, for delivery. False when its key is known already."""
        at = message.created_at
        if not self._remember(message.key, message.subscription, Window(at, at), at, stories=0):
            return False
        self._keep(message)
        return True

    def _keep(self, message: Message) -> None:
        row = message_row(message) | {
            "state": Delivery.WAITING.value,
            "attempts": 0,
            "next_try": message.created_at,
            "sent_parts": "0",
            "settled_at": None,
            "detail": "",
            "waits_since": None,
        }
        upsert(self._connection, messages, row)

    def record_empty(self, digest: Digest) -> bool:
        """Remember the window of a digest that leaves no message. False when its key is known already."""
        name, stories = digest.subscription.name, len(digest.stories)
        return self._remember(digest.key, name, digest.window, digest.composed_at, stories)

    def _remember(self, key: str, subscription: str, window: Window, composed_at: datetime, stories: int) -> bool:
        row = {
            "key": key,
            "subscription": subscription,
            "window_start": window.start,
            "window_end": window.end,
            "composed_at": composed_at,
            "stories": stories,
        }
        return upsert(self._connection, digests, row) == 1

    def channels_due(self, now: datetime) -> list[str]:
        """The channels for which a message waits whose next try is due."""
        return [row[0] for row in ask(self._connection, _CHANNELS_DUE, {"now": now, "far": now + _FAR})]

    def waiting(
        self, now: datetime | None, limit: int, channel: str | None = None, key: str | None = None
    ) -> list[Waiting]:
        """Messages (of one channel, that of a key) without a receipt whose next try is due (`now` None: or will be),
        the oldest first.
        """
        wanted = [messages.c.state == Delivery.WAITING.value]
        wanted += [] if now is None else [(messages.c.next_try <= now) | (messages.c.next_try > now + _FAR)]
        wanted += [
            column == value
            for column, value in ((messages.c.channel, channel), (messages.c.key, key))
            if value is not None
        ]
        statement = select(messages).where(*wanted).order_by(messages.c.created_at, messages.c.key).limit(limit)
        return [
            Waiting(
                to_message(row),
                row["attempts"],
                row["next_try"],
                int(row["sent_parts"]),
                row["detail"],
                row["waits_since"],
            )
            for row in self._connection.execute(statement).mappings()
        ]

    def delivered(self, receipt: Receipt) -> None:
        """The receiving side said yes: the message is done."""
        self._change(receipt.key, state=Delivery.DELIVERED.value, settled_at=receipt.at, detail=receipt.detail)

    def postpone(self, key: str, until: datetime, problem: str, sent_parts: int = 0) -> None:
        """The attempt failed; try again at `until`. `sent_parts`: see DeliveryError."""
        self._change(key, attempts=messages.c.attempts + 1, next_try=until, detail=problem, sent_parts=str(sent_parts))

    def is_trying(self, channel: str) -> bool:
        """Whether a message of this channel waits that could not be delivered at first."""
        waits = (messages.c.channel == channel) & (messages.c.state == Delivery.WAITING.value)
        found = self._connection.execute(select(messages.c.key).where(waits, messages.c.attempts > 0).limit(1))
        return found.first() is not None

    def note(self, key: str, memo: str) -> None:
        """Keep what the channel noted, for its next attempt; see `Message.memo`."""
        self._change(key, memo=memo)

    def hold_off(self, channel: str, until: datetime) -> None:
        """No message of this channel is tried before that moment: the other side asked for patience."""
        early = (messages.c.state == Delivery.WAITING.value) & (messages.c.next_try < until)
        statement = update(messages).where(early, messages.c.channel == channel)
        self._connection.execute(statement.values(next_try=until))

    def hold(self, key: str, problem: str, sent_parts: int) -> None:
        """All that the message still has to reach is switched off; it waits, however long, for `release`."""
        self._change(key, state=Delivery.HELD.value, detail=problem, sent_parts=str(sent_parts))

    def hold_channel(self, channel: str, problem: str) -> int:
        """Hold every message that waits for this channel; how many they are."""
        waits = (messages.c.channel == channel) & (messages.c.state == Delivery.WAITING.value)
        statement = update(messages).where(waits).values(state=Delivery.HELD.value, detail=problem)
        return self._connection.execute(statement).rowcount

    def release(self, channel: str, now: datetime) -> int:
        """Let the messages held for this channel wait for delivery again; how many they are."""
        held = (messages.c.channel == channel) & (messages.c.state == Delivery.HELD.value)
        return self._try_anew(held, now)

    def held(self) -> dict[str, int]:
        """How many messages are held, by channel."""
        statement = select(messages.c.channel, func.count()).where(messages.c.state == Delivery.HELD.value)
        found: dict[str, int] = dict(self._connection.execute(statement.group_by(messages.c.channel)).all())
        return found

    def refuse(self, key: str, problem: str, at: datetime, sent_parts: int | None = None) -> None:
        """The message is given up for good; it is kept, with the reason. `sent_parts`: None leaves them as they are."""
        parts = {} if sent_parts is None else {"sent_parts": str(sent_parts)}
        self._change(key, state=Delivery.REFUSED.value, settled_at=at, detail=problem, **parts)

    def retry(self, now: datetime, key: str | None = None) -> int:
        """Let messages that were given up wait for delivery again: the one of that key, or all. How many they are."""
        given_up = messages.c.state == Delivery.REFUSED.value
        # What got through already (sent_parts) is not sent again.
        return self._try_anew(given_up if key is None else given_up & (messages.c.key == key), now)

    def send_again(self, key: str, now: datetime) -> bool:
        """Let a delivered message wait for delivery once more, whole: whoever has it gets it twice.

        False when nothing of that key was delivered.
        """
        delivered = (messages.c.key == key) & (messages.c.state == Delivery.DELIVERED.value)
        return self._try_anew(delivered, now, sent_parts="0", memo="") == 1

    def message(self, key: str) -> Message | None:
        """The message of that key as it was made."""
        row = self._connection.execute(select(messages).where(messages.c.key == key)).mappings().first()
        return None if row is None else to_message(row)

    def refused(self, limit: int = 20) -> list[Refused]:
        """The messages given up, the last first."""
        return [
            Refused(to_message(row), row["settled_at"], row["detail"])
            for row in self._settled(Delivery.REFUSED, None, limit)
        ]

    def receipts(self, subscription: str | None = None, limit: int = 20) -> list[Receipt]:
        """The last receipts, of one subscription or of all, the newest first."""
        rows = self._settled(Delivery.DELIVERED, subscription, limit)
        return [Receipt(row["key"], row["settled_at"], row["detail"]) for row in rows]

    def told(self, story: str) -> list[Told]:
        """In which digests the story was told, the earliest first."""
        return told_of(self._connection, story)

    def sent_within(self, subscription: str, since: datetime, until: datetime) -> dict[str, datetime]:
        """When its messages after `since` and up to `until` were composed, by key; the earliest first."""
        statement = (
            select(messages.c.key, messages.c.created_at)
            .where(
                messages.c.subscription == subscription, messages.c.created_at > since, messages.c.created_at <= until
            )
            .order_by(messages.c.created_at, messages.c.key)
        )
        return {row.key: row.created_at for row in self._connection.execute(statement)}

    def counts(self) -> dict[str, int]:
        """How many messages are waiting, delivered, refused and held."""
        statement = select(messages.c.state, func.count()).group_by(messages.c.state)
        found: dict[str, int] = dict(self._connection.execute(statement).all())
        return {state.value: found.get(state.value, 0) for state in Delivery}

    def _window(self, subscription: str, until: datetime, *, last: bool) -> Window | None:
        rows = ask(self._connection, _LAST if last else _FIRST, {"subscription": subscription, "until": until})
        return Window(*rows[0]) if rows else None

    def _try_anew(self, which: ColumnElement[bool], now: datetime, **also: str) -> int:
        """Let these messages wait for delivery again, from the first attempt on; how many they are."""
        anew = {"state": Delivery.WAITING.value, "attempts": 0, "next_try": now, "settled_at": None, "waits_since": now}
        return self._connection.execute(update(messages).where(which).values(**anew, **also)).rowcount

    def _change(self, key: str, **changes: Any) -> None:
        # A receipt is final: a late second answer does not undo it.
        open_ = messages.c.state != Delivery.DELIVERED.value
        self._connection.execute(update(messages).where(messages.c.key == key, open_).values(**changes))

    def _settled(self, state: Delivery, subscription: str | None, limit: int) -> list[Any]:
        statement = select(messages).where(messages.c.state == state.value)
        if subscription is not None:
            statement = statement.where(messages.c.subscription == subscription)
        statement = statement.order_by(messages.c.settled_at.desc(), messages.c.key).limit(limit)
        return list(self._connection.execute(statement).mappings())
