"""`monitor store copy`: the archive moved between a file and a PostgreSQL server."""

import os
from pathlib import Path

import click

from monitor.cli.common import Exit, Group
from monitor.cli.output import bars, echo_json, say
from monitor.errors import ConfigError
from monitor.settings.secrets import resolve


@click.group(cls=Group)
def store() -> None:
    """The archive's database: `store copy` moves it between a file and a server."""


@store.command(short_help="Copy the archive into another database, a file or on a server.")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--anew", is_flag=True, help="Begin again with a copy that was not finished.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def copy(source: str, target: str, anew: bool, as_json: bool) -> int:
    """Copy the archive at FROM into the empty database or new file TO, either way between SQLite and PostgreSQL.

    Both are addresses as in archive.url: sqlite:////absolute/path/monitor.db, postgresql://user@host/database, env:NAME
    or file:PATH. The daemon must not run. Killed or broken off, the same command goes on where it was; at the end every
    table is compared by the number of its rows and by a hash, and only then can TO be used. FROM stays as it is.

    Evidence and the files of archive.folder are no part of the database: they stay where they are.
    """
    from monitor.store.transfer import copy as transfer

    found, problems = resolve({"FROM": source, "TO": target}, os.environ, Path(), file="store copy", where="store copy")
    if problems:
        raise ConfigError(problems)
    with bars() as show:
        copied = transfer(str(found["FROM"]), str(found["TO"]), anew=anew, progress=show)
    if as_json:
        tables = {name: {"rows": one.rows, "blake2b": one.sum} for name, one in copied.tables.items()}
        echo_json({"tables": tables, "rows": copied.rows, "before": copied.before})
        return Exit.OK
    say(
        f"copied and compared: {copied.rows:,} rows in {len(copied.tables)} tables, the same on both sides",
        style="bold",
    )
    if copied.before:
        say(f"of these {copied.before:,} stood there from an earlier try", after="  ")
    say("set archive.url to the new address, then `monitor check`, and start the daemon", after="  ")
    return Exit.OK
