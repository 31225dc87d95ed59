"""Which targets of which channels are switched off, since when and why. Does not hold their messages; see `outbox`."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select

from monitor.store.bulk import ask, upsert
from monitor.store.rows import SwitchedOff
from monitor.store.schema import switched_off

_ALL = select(*(switched_off.c[name] for name in SwitchedOff.__struct_fields__)).order_by(
    switched_off.c.since, switched_off.c.channel, switched_off.c.target
)


class Switches:
    """The shelf of what is switched off."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[SwitchedOff]:
        """Everything that is switched off, the longest first."""
        return [SwitchedOff(*row) for row in ask(self._connection, _ALL, {})]

    def of(self, channel: str) -> list[SwitchedOff]:
        """What is switched off of one channel."""
        return [one for one in self.all() if one.channel == channel]

    def off(self, channel: str, targets: Mapping[str, str], mark: str, at: datetime) -> None:
        """Switch off `targets` (name → words); one that is off already keeps its moment."""
        rows = [
            {"channel": channel, "target": target, "words": words, "since": at, "mark": mark}
            for target, words in targets.items()
        ]
        upsert(self._connection, switched_off, rows, ("words", "mark"))

    def on(self, channel: str, targets: Iterable[str]) -> None:
        """Switch them on again."""
        one = (switched_off.c.channel == channel) & switched_off.c.target.in_(list(targets))
        self._connection.execute(delete(switched_off).where(one))
