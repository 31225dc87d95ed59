"""Brings an archive to the schema of this version: all of the steps or none, and never backwards.

A copy of a file as it was is kept beside it first: `monitor-before-schema-0012.db`, whole or not at all; of a database
on a server none is kept, that is pg_dump's business. The steps are one transaction on either; killed in its midst, or
without room for it, the archive is as it was.

A new archive is laid out at once (`fresh`); Alembic is imported only for an older one, once in the life of a version.
"""

import os
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from monitor.errors import StoreError
from monitor.store import postgres
from monitor.store.engine import writing
from monitor.store.fresh import lay_out
from monitor.store.snapshot import copy_database, flush

HEAD = "0029"  # the newest revision in migrations/versions
UNFINISHED = "copying"  # stands before the revision while a copy is made, see `transfer`
_COPIES = 2  # kept, of as many upgrades
_FOLDER = Path(__file__).parent / "migrations"


def migrate(engine: Engine, name: str, path: Path | None = None) -> None:
    """Create or upgrade the schema of the archive at `path` (None: in memory, or on a server).

    StoreError when the file is of a newer version or another program's, and when no copy of it could be kept.
    """
    if is_current(engine, name):
        return
    with writing(engine) as connection:
        was = _revision(connection, name)
        if was == HEAD:
            return  # another process was quicker
        if was and path is not None:
            _keep_copy(path)  # nobody else can write meanwhile
        if was or not lay_out(connection, HEAD):
            upgrade(connection, HEAD)
    if path is not None:
        for old in sorted(path.parent.glob(f"{path.stem}-before-schema-*.db"), reverse=True)[_COPIES:]:
            old.unlink(missing_ok=True)


def is_current(engine: Engine, name: str) -> bool:
    """Whether the archive has the schema of this version. StoreError when it is of a newer one, or not ours."""
    with engine.connect() as connection, connection.begin():
        return _revision(connection, name) == HEAD


def _keep_copy(path: Path) -> None:
    kept = path.with_name(f"{path.stem}-before-schema-{HEAD}.db")
    part = path.with_name(f".{kept.name}.part")
    try:
        part.unlink(missing_ok=True)
        copy_database(path, part)
        os.replace(part, kept)
        flush(path.parent)
    except (OSError, StoreError) as error:
        raise StoreError(
            f"no copy of the archive {path} could be kept before its upgrade, it was not touched: {error}"
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _revision(connection: Connection, name: str) -> str:
    """The revision of the archive, "" of an empty file; only what this version can go on from."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return ""
    if "alembic_version" not in tables:
        raise StoreError(f"the archive {name}: it is a database of another program; name another file")
    revision = str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")
    if revision.startswith(UNFINISHED):
        raise StoreError(
            f"the archive {name}: it is a copy that was not finished; `monitor store copy` with the same two addresses "
            "goes on with it"
        )
    if not revision.isdecimal() or revision > HEAD:
        raise StoreError(
            f"the archive {name}: a newer version of this program wrote it (schema {revision}, this version knows "
            f"schema {HEAD}); install that version again. Nothing was changed"
        )
    return revision


def upgrade(connection: Connection, revision: str) -> None:
    """Take the steps up to `revision` within the connection's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    if connection.dialect.name == "postgresql":
        postgres.order_by_bytes(connection)
