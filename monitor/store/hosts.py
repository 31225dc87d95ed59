"""Which process asks a host now, where several share an archive on a server: a host is one process's at a time.

A turn is a lease, as a claim to a feed is (`claims`): it ends by itself when its holder died. Ask in a transaction of
`Store.claiming`.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select, update

from monitor.store.bulk import ask, fill, listed, slices
from monitor.store.columns import Moment
from monitor.store.schema import host_turns

_host, _holder, _until = host_turns.c.host, host_turns.c.holder, host_turns.c.until
_FURTHEST = timedelta(hours=1)  # a turn that ends further off was taken when the clock was wrong
_BUSY = select(_host).where(
    _until > bindparam("now", type_=Moment),
    _until <= bindparam("furthest", type_=Moment),
    _holder != bindparam("holder"),
)


class Hosts:
    """The shelf of turns with hosts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, holder: str, hosts: Collection[str], now: datetime, until: datetime) -> set[str]:
        """Those of the hosts that are `holder`'s until then; the others are somebody else's now."""
        busy: set[str] = set()
        for part in slices(hosts):
            given = {"now": now, "furthest": now + _FURTHEST, "holder": holder}
            busy.update(row[0] for row in ask(self._connection, *listed(_BUSY, _host, part, **given)))
        free = sorted(set(hosts) - busy)
        rows = [{"host": host, "holder": holder, "until": until} for host in free]
        fill(self._connection, host_turns, rows, ("holder", "until"))
        return set(free)

    def keep(self, holder: str, until: datetime) -> None:
        """Renew all turns of the holder."""
        self._connection.execute(update(host_turns).where(_holder == holder).values(until=until))

    def release(self, holder: str, hosts: Collection[str]) -> None:
        """Give these hosts back, as far as they are the holder's."""
        for part in slices(hosts):
            self._connection.execute(delete(host_turns).where(_host.in_(part), _holder == holder))

    def forget(self, before: datetime) -> None:
        """Remove turns that ended before that moment, of holders that died."""
        self._connection.execute(delete(host_turns).where(_until < before))
