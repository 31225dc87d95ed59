"""The archive: opened, migrated, and handed out one transaction at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from threading import RLock
from urllib.parse import quote

from msgspec import Struct
from sqlalchemy import URL, Connection, Engine, inspect

from monitor.errors import StoreError
from monitor.model import Narrowed, Term
from monitor.store import postgres
from monitor.store.articles import Articles
from monitor.store.backfills import Backfills
from monitor.store.browsing import Browsing
from monitor.store.claims import Claims
from monitor.store.edits import Edits
from monitor.store.engine import (
    CLAIMING,
    SHRINKING,
    build_engine,
    is_file,
    name_of,
    parse_url,
    path_of,
    say_bare,
    set_up_file,
    translated,
    writing,
)
from monitor.store.exhibits import Exhibits
from monitor.store.feeds import Feeds
from monitor.store.fts5 import show_words
from monitor.store.hosts import Hosts
from monitor.store.leases import Leases
from monitor.store.marks import Marks
from monitor.store.matches import Matches
from monitor.store.migrate import is_current, migrate
from monitor.store.notices import Notices
from monitor.store.outbox import Outbox
from monitor.store.pauses import Pauses
from monitor.store.pulse import Pulse
from monitor.store.rulings import Rulings
from monitor.store.saved import Saved
from monitor.store.schema import metadata
from monitor.store.search import Search
from monitor.store.sites import Sites
from monitor.store.sketches import Sketches
from monitor.store.snapshot import want_memory, want_room
from monitor.store.stories import Stories
from monitor.store.switches import Switches
from monitor.store.versions import Versions
from monitor.store.wishes import Wishes

_BY_STEPS = 2  # what `PRAGMA auto_vacuum` says of INCREMENTAL


class Shelves(Struct, frozen=True):
    """Everything the archive holds, as one transaction sees it; not to be kept beyond it."""

    feeds: Feeds
    claims: Claims
    articles: Articles
    stories: Stories
    outbox: Outbox
    pauses: Pauses
    pulse: Pulse
    saved: Saved
    search: Search
    marks: Marks
    matches: Matches
    sketches: Sketches
    rulings: Rulings
    edits: Edits
    notices: Notices
    hosts: Hosts
    leases: Leases
    sites: Sites
    exhibits: Exhibits
    switches: Switches
    browsing: Browsing
    backfills: Backfills
    versions: Versions
    wishes: Wishes


class Store:
    """An open archive. May be used from several threads at once; made by `open_store`."""

    def __init__(self, engine: Engine, name: str, *, in_memory: bool) -> None:
        self._engine = engine
        self._name = name
        self._one_writer = RLock()  # here the threads of this process queue up fairly; SQLite's own waiting is not
        self.written = 0
        """How many transactions of this process wrote: what was read before may be another now."""
        self._one_reader = self._one_writer if in_memory else nullcontext()  # in memory there is one connection

    @property
    def shared(self) -> bool:
        """Whether it is on a server, where others may work on it too."""
        return not is_file(self._engine.url)

    @contextmanager
    def begin(self) -> Iterator[Shelves]:
        """One writing transaction: committed when the block ends, undone when it raises. Not to be nested.

        Raises StoreError when the archive cannot be written to; nothing of the block is kept then.
        """
        with self._one_writer, translated(self._name), writing(self._engine) as connection:
            yield _shelves(connection)
        self.written += 1

    @contextmanager
    def claiming(self) -> Iterator[Shelves]:
        """`begin` for `Claims.take` alone: on a server it takes its turn with others that claim, not with writers."""
        if is_file(self._engine.url):
            with self.begin() as shelves:
                yield shelves
            return
        with translated(self._name), writing(self._engine, CLAIMING) as connection:
            yield _shelves(connection)

    @contextmanager
    def read(self) -> Iterator[Shelves]:
        """One reading transaction: all answers in the block are of the same moment; writing raises StoreError."""
        with self._one_reader, translated(self._name), self._engine.connect() as connection, connection.begin():
            yield _shelves(connection)

    def check(self) -> str:
        """Read through the whole file; "" when it is sound, else what is wrong."""
        with self._one_reader, translated(self._name), self._engine.connect() as connection, connection.begin():
            if connection.dialect.name != "sqlite":
                return postgres.check(connection, list(metadata.tables))
            # A connection's FTS5 notices only in a search what others wrote meanwhile; without one it cries wolf here.
            Search(connection).ask(Term(("a",)), Narrowed(), limit=1)
            found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check(10)")]
        return "" if found == ["ok"] else "; ".join(found)

    def optimise(self) -> None:
        """A bounded step of housekeeping: the search index merged, the planner's statistics brought up to date."""
        with self.begin() as shelves:
            shelves.search.merge()
        if self._engine.dialect.name != "sqlite":
            return  # the server does that by itself (autovacuum)
        with self._one_writer, translated(self._name), writing(self._engine) as connection:
            connection.exec_driver_sql("PRAGMA optimize")

    def shrink(self, pages: int = 2_000) -> int:
        """Give free pages back to the disk, at most so many, in a transaction of its own; how many bytes.

        0 when there are none or the archive is stuck; on a server, which does that by itself; and in memory.
        """
        if not is_file(self._engine.url) or self.is_stuck():
            return 0
        with self._one_writer, translated(self._name), writing(self._engine) as connection:
            before = _bytes(connection)
            say_bare(connection, f"PRAGMA incremental_vacuum({pages})")
            return before - _bytes(connection)

    def is_stuck(self) -> bool:
        """Whether it is a file that cannot become smaller by steps before `compact`, as older versions made them."""
        if path_of(self._engine.url) is None:
            return False
        with translated(self._name), self._engine.connect() as connection, connection.begin():
            return bool(connection.exec_driver_sql("PRAGMA auto_vacuum").scalar() != _BY_STEPS)

    def compact(self) -> int:
        """Write the whole file anew, without gaps and so that it can shrink by steps; by how many bytes it is smaller.

        Nobody else can write meanwhile. Raises StoreError, with the file as it was, where there is no room for a second
        one on the disk or in memory, or when it is on a server.
        """
        path = path_of(self._engine.url)
        if path is None:
            raise StoreError(f"the archive {self._name} is no file; on a server, VACUUM FULL does the same")
        want_room(path, path.parent)
        before = path.stat().st_size
        with self._one_writer, translated(self._name), self._engine.connect() as connection:
            want_memory(path, _bytes(connection, "page_count") - _bytes(connection, "freelist_count"))
            # To a file where the driver lets us: the packaged one is built to keep all that is temporary in memory.
            try:
                say_bare(connection, "PRAGMA query_only=OFF", "PRAGMA temp_store=FILE", f"PRAGMA {SHRINKING}", "VACUUM")
            except MemoryError as error:
                raise StoreError(f"{path}: memory ran out, nothing was changed; end other programs") from error
            say_bare(connection, "PRAGMA temp_store=MEMORY", "PRAGMA wal_checkpoint(TRUNCATE)")
        return before - path.stat().st_size

    def close(self) -> None:
        """Close every connection; the store is of no use afterwards."""
        self._engine.dispose()


def _bytes(connection: Connection, count: str = "page_count") -> int:
    pages, size = (say_bare(connection, f"PRAGMA {name}")[0][0] for name in (count, "page_size"))
    return int(pages) * int(size)


def _shelves(connection: Connection) -> Shelves:
    search = Search(connection)
    return Shelves(
        feeds=Feeds(connection),
        claims=Claims(connection),
        articles=Articles(connection, search),
        stories=Stories(connection),
        outbox=Outbox(connection),
        pauses=Pauses(connection),
        pulse=Pulse(connection),
        saved=Saved(connection),
        search=search,
        marks=Marks(connection),
        matches=Matches(connection),
        sketches=Sketches(connection),
        rulings=Rulings(connection),
        edits=Edits(connection),
        notices=Notices(connection),
        hosts=Hosts(connection),
        leases=Leases(connection),
        sites=Sites(connection),
        exhibits=Exhibits(connection),
        switches=Switches(connection),
        browsing=Browsing(connection),
        backfills=Backfills(connection),
        versions=Versions(connection),
        wishes=Wishes(connection),
    )


def exists(url: str) -> bool:
    """Whether there is an archive at `url` already. Raises StoreError when its server cannot be asked."""
    parsed = parse_url(url)
    if is_file(parsed):
        path = path_of(parsed)
        return path is not None and path.exists()
    name, engine = name_of(parsed), build_engine(parsed)
    try:
        with translated(name):
            postgres.want_fit(engine, name)
            with engine.connect() as connection, connection.begin():
                return inspect(connection).has_table("alembic_version")
    finally:
        engine.dispose()


def open_store(url: str) -> Store:
    """The archive at `url`: "sqlite:///path/monitor.db", "postgresql://user:password@host/database", or "sqlite://" for
    one in memory. Created when missing; on a server the database must be there.

    Raises StoreError when the folder is missing, the file is something else or cannot be written to, the server cannot
    be used, or a newer version of this program wrote it.
    """
    parsed = parse_url(url)
    path, name = path_of(parsed), name_of(parsed)
    if path is not None and not path.parent.is_dir():
        raise StoreError(f"the archive {name}: the folder {path.parent} does not exist; create it or name another")
    engine = build_engine(parsed)
    try:
        with translated(name):
            if path is not None:
                set_up_file(engine)
            if not is_file(parsed):
                postgres.want_fit(engine, name)
            migrate(engine, name, path)
            if is_file(parsed):
                show_words(engine)
    except StoreError:
        engine.dispose()
        raise
    return Store(engine, name, in_memory=is_file(parsed) and path is None)


def open_to_read(url: str) -> Store:
    """As `open_store`, for whoever only asks: an archive that this user may not write to is read as it lies there.

    Raises StoreError also where such an archive wants an upgrade first.
    """
    path = path_of(parse_url(url))
    if path is None or not path.exists() or all(os.access(place, os.W_OK) for place in (path, path.parent)):
        return open_store(url)
    query = {"mode": "ro", "uri": "true"}
    if not path.with_name(f"{path.name}-wal").exists():
        query["immutable"] = "1"  # nobody has it open, and no log can be made here: SQLite is told that it stays still
    engine = build_engine(URL.create("sqlite", database=f"file:{quote(str(path))}", query=query))
    name = str(path)
    try:
        with translated(name):
            if not is_current(engine, name):
                raise StoreError(
                    f"the archive {name}: an older version made it, and this user may not write to it: let one who may "
                    "run `monitor health` once, which brings it up to date"
                )
    except StoreError:
        engine.dispose()
        raise
    return Store(engine, name, in_memory=False)
