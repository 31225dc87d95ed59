"""Brings an archive to the schema of this version: all of the steps or none, and never backwards.

Alembic is imported only where there is something to do; that is once in the life of a version.
"""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from monitor.errors import StoreError
from monitor.store.engine import WRITING

HEAD = "0011"  # the newest revision in migrations/versions
_FOLDER = Path(__file__).parent / "migrations"


def migrate(engine: Engine, name: str) -> None:
    """Create or upgrade the schema. StoreError when the file is of a newer version, or another program's."""
    with engine.connect() as connection, connection.begin():
        if _revision(connection, name) == HEAD:
            return
    with engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
        if _revision(connection, name) != HEAD:  # another process may have been quicker
            _upgrade(connection)


def _revision(connection: Connection, name: str) -> str:
    """The revision of the archive, "" of an empty file; only what this version can go on from."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return ""
    if "alembic_version" not in tables:
        raise StoreError(f"the archive {name}: it is a database of another program; name another file")
    revision = str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")
    if not revision.isdecimal() or revision > HEAD:
        raise StoreError(
            f"the archive {name}: a newer version of this program wrote it (schema {revision}, this version knows "
            f"schema {HEAD}); install that version again. Nothing was changed"
        )
    return revision


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
