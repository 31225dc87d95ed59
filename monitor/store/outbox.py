"""The outbox and the ledger: which windows were answered, what was told to whom, what still waits for a receipt."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from monitor.model import Digest, Message, Receipt, Window
from monitor.store.bulk import upsert
from monitor.store.codec import message_row, to_message
from monitor.store.history import told_of
from monitor.store.rows import Delivery, Refused, Told, Waiting
from monitor.store.schema import digests, messages, told, told_articles


class Outbox:
    """The shelf of messages and of what was told."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def last_window(self, subscription: str) -> Window | None:
        """The window the subscription was answered for last, with or without a message."""
        return self._window(subscription, last=True)

    def first_window(self, subscription: str) -> Window | None:
        """The window the subscription was answered for first."""
        return self._window(subscription, last=False)

    def put(self, message: Message, digest: Digest) -> bool:
        """Keep a message for delivery, remember its window and mark its stories as told.

        False, and nothing is changed, when a digest of that key was put or recorded before.
        """
        if not self.record_empty(digest):
            return False
        row = message_row(message) | {
            "state": Delivery.WAITING.value,
            "attempts": 0,
            "next_try": message.created_at,
            "sent_parts": "0",
            "settled_at": None,
            "detail": "",
        }
        upsert(self._connection, messages, row)
        name = digest.subscription.name
        marks = [{"subscription": name, "story": story.id, "key": digest.key} for story in digest.stories]
        upsert(self._connection, told, marks, ("key",))
        every = dict.fromkeys(report.article.id for story in digest.stories for report in story.reports)
        upsert(self._connection, told_articles, [{"subscription": name, "article": article} for article in every])
        return True

    def record_empty(self, digest: Digest) -> bool:
        """Remember the window of a digest that leaves no message. False when its key is known already."""
        row = {
            "key": digest.key,
            "subscription": digest.subscription.name,
            "window_start": digest.window.start,
            "window_end": digest.window.end,
            "composed_at": digest.composed_at,
            "stories": len(digest.stories),
        }
        return upsert(self._connection, digests, row) == 1

    def waiting(self, now: datetime, limit: int) -> list[Waiting]:
        """Messages without a receipt whose next try is due, the oldest first."""
        statement = (
            select(messages)
            .where(messages.c.state == Delivery.WAITING.value, messages.c.next_try <= now)
            .order_by(messages.c.created_at, messages.c.key)
            .limit(limit)
        )
        return [
            Waiting(to_message(row), row["attempts"], row["next_try"], int(row["sent_parts"]), row["detail"])
            for row in self._connection.execute(statement).mappings()
        ]

    def delivered(self, receipt: Receipt) -> None:
        """The receiving side said yes: the message is done."""
        self._change(receipt.key, state=Delivery.DELIVERED.value, settled_at=receipt.at, detail=receipt.detail)

    def postpone(self, key: str, until: datetime, problem: str, sent_parts: int = 0) -> None:
        """The attempt failed; try again at `until`. `sent_parts`: see DeliveryError."""
        self._change(key, attempts=messages.c.attempts + 1, next_try=until, detail=problem, sent_parts=str(sent_parts))

    def refuse(self, key: str, problem: str, at: datetime) -> None:
        """The message is given up for good; it is kept, with the reason."""
        self._change(key, state=Delivery.REFUSED.value, settled_at=at, detail=problem)

    def retry(self, now: datetime, key: str | None = None) -> int:
        """Let messages that were given up wait for delivery again: the one of that key, or all. How many they are."""
        given_up = messages.c.state == Delivery.REFUSED.value
        statement = update(messages).where(given_up if key is None else given_up & (messages.c.key == key))
        # What got through already (sent_parts) is not sent again.
        anew = {"state": Delivery.WAITING.value, "attempts": 0, "next_try": now, "settled_at": None}
        return self._connection.execute(statement.values(**anew)).rowcount

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

    def sent_since(self, subscription: str, since: datetime) -> dict[str, datetime]:
        """When the subscription's messages since that moment were composed, by key; the earliest first."""
        statement = (
            select(messages.c.key, messages.c.created_at)
            .where(messages.c.subscription == subscription, messages.c.created_at > since)
            .order_by(messages.c.created_at, messages.c.key)
        )
        return {row.key: row.created_at for row in self._connection.execute(statement)}

    def counts(self) -> dict[str, int]:
        """How many messages are waiting, delivered and refused."""
        statement = select(messages.c.state, func.count()).group_by(messages.c.state)
        found: dict[str, int] = dict(self._connection.execute(statement).all())
        return {state.value: found.get(state.value, 0) for state in Delivery}

    def _window(self, subscription: str, *, last: bool) -> Window | None:
        end = digests.c.window_end
        statement = (
            select(digests.c.window_start, end)
            .where(digests.c.subscription == subscription)
            .order_by(end.desc() if last else end, digests.c.key)
            .limit(1)
        )
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else Window(row.window_start, row.window_end)

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
