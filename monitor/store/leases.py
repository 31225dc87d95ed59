"""What is agreed with hubs: one lease for each feed that names one."""

from typing import Any

from sqlalchemy import Connection, delete, select

from monitor.model import Lease, Standing
from monitor.store.bulk import upsert
from monitor.store.codec import Row
from monitor.store.schema import leases
from monitor.values import as_dict

_COLUMNS = tuple(column.name for column in leases.c if column.name != "feed")


class Leases:
    """The shelf of leases."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[Lease]:
        """Every lease, by feed."""
        return [_lease(row) for row in self._connection.execute(select(leases).order_by(leases.c.feed)).mappings()]

    def of(self, feed: str) -> Lease | None:
        """The lease of a feed."""
        row = self._connection.execute(select(leases).where(leases.c.feed == feed)).mappings().first()
        return None if row is None else _lease(row)

    def by_token(self, token: str) -> Lease | None:
        """The lease whose callback ends so."""
        row = self._connection.execute(select(leases).where(leases.c.token == token)).mappings().first()
        return None if row is None else _lease(row)

    def put(self, lease: Lease) -> None:
        """Keep a lease in the place of the feed's former one."""
        upsert(self._connection, leases, [_row(lease)], _COLUMNS)

    def remove(self, feed: str) -> None:
        """Forget the lease of a feed."""
        self._connection.execute(delete(leases).where(leases.c.feed == feed))


def _row(lease: Lease) -> dict[str, Any]:
    return as_dict(lease) | {"standing": lease.standing.value}


def _lease(row: Row) -> Lease:
    return Lease(**{**row, "standing": Standing(row["standing"])})
