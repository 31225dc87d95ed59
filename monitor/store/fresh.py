"""A new archive of SQLite, laid out at once as all the steps of `migrations/` leave it, without Alembic.

`fresh.sql` is what the steps leave, word for word as SQLite keeps it. A test compares the two; after a new step it
writes the file anew: `FRESH=write pytest tests/unit/store/test_fresh.py`. Where the file is of another revision, or
SQLite is too old for it, the steps are taken.
"""

from pathlib import Path

from sqlalchemy import Connection

FILE = Path(__file__).parent / "migrations" / "fresh.sql"
_SINCE = (3, 43, 0)  # the SQLite whose FTS5 knows `contentless_delete`
_HEADING = "-- The schema of revision "
_MARK = "INSERT INTO alembic_version (version_num) VALUES (?)"


def lay_out(connection: Connection, revision: str) -> bool:
    """Create the schema of `revision` in an empty database, within the connection's transaction; False: not done."""
    dialect = connection.dialect
    if dialect.name != "sqlite" or dialect.loaded_dbapi.sqlite_version_info < _SINCE:
        return False
    heading, _, script = FILE.read_text("utf-8").partition("\n\n")
    if heading != f"{_HEADING}{revision}":
        return False
    for statement in script.split(";\n\n"):
        if statement.strip():
            connection.exec_driver_sql(statement)
    connection.exec_driver_sql(_MARK, (revision,))
    return True


def written(connection: Connection, revision: str) -> str:
    """The text of the file, by the schema that the database has; without what FTS5 keeps for itself."""
    rows = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
    own = [(kind, name, sql) for kind, name, sql in rows]
    virtual = [name for _, name, sql in own if sql.startswith("CREATE VIRTUAL TABLE")]
    statements = [sql for _, name, sql in own if not any(name.startswith(f"{one}_") for one in virtual)]
    return f"{_HEADING}{revision}\n\n" + "".join(f"{sql};\n\n" for sql in statements)
