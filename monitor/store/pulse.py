"""The tickers' last rounds, so that `monitor health` can look at what succeeded and not at what merely runs."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from monitor.model import Beat
from monitor.store.bulk import fill
from monitor.store.schema import beats


class Pulse:
    """The shelf of beats."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def beat(self, beat: Beat) -> None:
        """Replace the ticker's last round; without a success of its own it keeps the last one that was noted."""
        row = {
            "ticker": beat.ticker,
            "started_at": beat.started_at,
            "succeeded_at": beat.succeeded_at,
            "every": beat.every,
            "problem": beat.problem,
        }
        changed = [name for name in row if name != "ticker" and (name != "succeeded_at" or beat.succeeded_at)]
        fill(self._connection, beats, [row], changed)

    def begin(self, ticker: str, at: datetime, every: timedelta) -> None:
        """Note that a round begins; how the last one ended stays noted."""
        row = {"ticker": ticker, "started_at": at, "succeeded_at": None, "every": every, "problem": ""}
        fill(self._connection, beats, [row], ("started_at",))

    def free_bytes(self) -> int:
        """Bytes of the file that hold nothing, and are used before it grows; 0 on a server, which does not tell."""
        if self._connection.dialect.name != "sqlite":
            return 0
        pages = self._connection.exec_driver_sql("PRAGMA freelist_count").scalar_one()
        size = self._connection.exec_driver_sql("PRAGMA page_size").scalar_one()
        return int(pages) * int(size)

    def beats(self) -> dict[str, Beat]:
        """The last round of every ticker, by its name."""
        rows = self._connection.execute(select(beats).order_by(beats.c.ticker)).mappings()
        return {row["ticker"]: Beat(**row) for row in rows}
