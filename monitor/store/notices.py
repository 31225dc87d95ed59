"""What somebody should know: opened when it begins, closed when it is over, each told once.

Whoever tells (the log, or a channel) takes `untold`, tells, and calls `mark_told` in the same transaction, so that
nothing is told twice and nothing is forgotten in a crash.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from monitor.model import Notice, NoticeKind, Window
from monitor.store.bulk import ask
from monitor.store.codec import Row
from monitor.store.schema import notices

_OPENED, _CLOSED = "opened", "closed"


_ALL = frozenset(NoticeKind)
_OPEN = (
    select(*(notices.c[name] for name in ("kind", "subject", "words", "opened_at", "closed_at")))
    .where(notices.c.closed_at.is_(None))
    .order_by(notices.c.opened_at, notices.c.number)
)
_UNTOLD = (
    select(*(notices.c[name] for name in ("number", "kind", "subject", "words", "opened_at", "closed_at")))
    .where((notices.c.told == "") | (notices.c.closed_at.is_not(None) & (notices.c.told == _OPENED)))
    .order_by(notices.c.number)
)


class Notices:
    """The shelf of notices. Of one kind and subject at most one is open."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def settle(self, subject: str, wanted: Mapping[NoticeKind, str], at: datetime) -> None:
        """Make the notices `wanted` (kind → words) the open ones of this subject: open what is new, close the rest.

        One that goes on keeps its beginning and takes the newer words.
        """
        found = self._connection.execute(
            select(notices.c.number, notices.c.kind, notices.c.words).where(
                notices.c.closed_at.is_(None), notices.c.subject == subject
            )
        ).all()
        for row in found:
            kind = NoticeKind(row.kind)
            if kind not in wanted:
                self._change(row.number, closed_at=at)
            elif wanted[kind] != row.words:
                self._change(row.number, words=wanted[kind])
        open_now = {row.kind for row in found}
        fresh = [
            {"kind": kind.value, "subject": subject, "words": words, "opened_at": at, "closed_at": None, "told": ""}
            for kind, words in wanted.items()
            if kind.value not in open_now
        ]
        if fresh:
            self._connection.execute(insert(notices), fresh)

    def open(self, kinds: Collection[NoticeKind] = _ALL) -> list[Notice]:
        """What goes on now of these kinds, the oldest first."""
        wanted = {kind.value for kind in kinds}
        rows = ask(self._connection, _OPEN, {})
        return [Notice(NoticeKind(kind), *facts) for kind, *facts in rows if kind in wanted]

    def of(self, subject: str, limit: int = 20) -> list[Notice]:
        """The last notices of a subject, the newest first."""
        rows = self._connection.execute(
            select(notices).where(notices.c.subject == subject).order_by(notices.c.number.desc()).limit(limit)
        )
        return [_notice(row) for row in rows.mappings()]

    def within(self, window: Window, kinds: Collection[NoticeKind] = _ALL) -> list[Notice]:
        """What of these kinds began or ended in the window, in the order of its beginning."""
        rows = self._connection.execute(
            select(notices)
            .where(
                _among(kinds),
                ((notices.c.opened_at > window.start) & (notices.c.opened_at <= window.end))
                | ((notices.c.closed_at > window.start) & (notices.c.closed_at <= window.end)),
            )
            .order_by(notices.c.opened_at, notices.c.number)
        )
        return [_notice(row) for row in rows.mappings()]

    def untold(self, kinds: Collection[NoticeKind] = _ALL) -> list[tuple[int, Notice]]:
        """Notices of these kinds whose beginning or end was not told yet, by their number, the oldest first.

        One whose beginning was not told before it ended is told as ended alone.
        """
        wanted = {kind.value for kind in kinds}
        rows = ask(self._connection, _UNTOLD, {})
        return [(number, Notice(NoticeKind(kind), *facts)) for number, kind, *facts in rows if kind in wanted]

    def mark_told(self, number: int, notice: Notice) -> None:
        """Note that this notice was told as it is now."""
        self._change(number, told=_OPENED if notice.closed_at is None else _CLOSED)

    def forget(self, before: datetime) -> int:
        """Delete what ended and was told before that moment; how many there were."""
        return self._connection.execute(delete(notices).where(*_forgettable(before))).rowcount

    def over_before(self, before: datetime) -> int:
        """How many `forget` would delete."""
        return self._connection.scalar(select(func.count()).select_from(notices).where(*_forgettable(before))) or 0

    def _change(self, number: int, **values: object) -> None:
        self._connection.execute(update(notices).where(notices.c.number == number).values(**values))


def _forgettable(before: datetime) -> tuple[ColumnElement[bool], ...]:
    return notices.c.closed_at < before, notices.c.told == _CLOSED


def _among(kinds: Collection[NoticeKind]) -> ColumnElement[bool]:
    return notices.c.kind.in_([kind.value for kind in kinds])


def _notice(row: Row) -> Notice:
    return Notice(NoticeKind(row["kind"]), row["subject"], row["words"], row["opened_at"], row["closed_at"])
