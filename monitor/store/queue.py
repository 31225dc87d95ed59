"""Where the workers' queue is: in a schema beside the archive's on its server, laid out by the queue's library.

Nothing in it is worth keeping, so another version of the library begins with an empty one.
"""

from msgspec import Struct

from monitor.errors import StoreError
from monitor.store import postgres
from monitor.store.engine import build_engine, is_file, name_of, parse_url, translated


class Queue(Struct, frozen=True):
    """How the queue's own connections are made: libpq's connection string, and options that lead them to their room."""

    conninfo: str
    options: str

    @classmethod
    def of(cls, url: str, version: str, layout: str) -> "Queue":
        """The queue beside the archive at `url`, laid out by `layout` (SQL) where it is not, or by another version.

        Raises StoreError when the archive is no server's, or workers of another version are at work.
        """
        parsed = parse_url(url)
        if is_file(parsed):
            raise StoreError(
                "workers share an archive on a PostgreSQL server, and archive.url names a file: "
                "use `monitor run`, or move the archive to a server (see docs/cluster.md)"
            )
        name = name_of(parsed)
        with translated(name), postgres.alone(build_engine(parsed)) as connection:
            room, made_by = postgres.queue_room(connection)
            if made_by != version:
                postgres.lay_out_queue(connection, room, name, version, layout)
        asked = parsed.query.get("options", "")
        before = asked if isinstance(asked, str) else " ".join(asked)
        conninfo = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
        unhurried = "-c idle_session_timeout=0"  # those that listen for jobs say nothing for hours
        return cls(conninfo, " ".join([unhurried, *filter(None, [before]), f"-c search_path={room}"]))
