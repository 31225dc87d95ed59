"""`backup`: a copy of everything remembered, made while the daemon runs, and looked through."""

from datetime import UTC, datetime
from pathlib import Path

import click

from monitor import __version__
from monitor.cli.common import Exit, MisuseError, Paths, left_to_owner, read_settings, want_file
from monitor.cli.output import counted, echo_json, say, sized
from monitor.store.backup import Backup, make_backup, verify_backup


@click.command()
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(min=0), help="Backups kept in DIR instead of the settings' number; 0: all.")
@click.option(
    "--verify",
    "verified",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Make none; look through this backup, a folder or a database file.",
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def backup(paths: Paths, folder: Path | None, keep: int | None, verified: Path | None, as_json: bool) -> int:
    """Back up the archive and the configuration into DIR, whether or not the daemon runs.

    DIR is by default backup.folder of monitor.toml. The copy is of one moment, on the disk and read through before it
    gets its name; older backups in DIR beyond backup.keep are removed then. Evidence files are listed, not copied.
    Ends with code 3 when it could not be made; nothing half is left.
    """
    from monitor.app import backup_plan

    if verified is not None:
        if folder is not None:
            raise MisuseError("either make a backup (DIR) or look through one (--verify FILE)")
        done = verify_backup(verified)
        _say(done, f"sound: {done.folder}", as_json)
        return Exit.OK
    settings = read_settings(paths)
    want_file(
        settings,
        "copy it by `pg_dump --format=custom --file=monitor.dump` and its address, and the folders of the "
        "configuration and of the evidence as they are; docs/postgresql.md says how",
    )
    plan = backup_plan(settings)
    assert plan.contents is not None
    chosen = keep if keep is not None else plan.keep
    with left_to_owner(settings.archive.folder, plan.folder):
        done = make_backup(plan.contents, folder or plan.folder, datetime.now(UTC), __version__, chosen)
    _say(done, f"backup made and looked through: {done.folder}", as_json)
    return Exit.OK


def _say(done: Backup, heading: str, as_json: bool) -> None:
    facts = {
        name: number for name, number in done.facts.rows.items() if name in ("items", "articles", "stories", "told")
    }
    if as_json:
        pruned = [str(one) for one in done.pruned]
        echo_json(
            {
                "folder": str(done.folder),
                "schema": done.facts.revision,
                "bytes": done.size,
                "rows": done.facts.rows,
                "pruned": pruned,
            }
        )
        return
    say(heading, style="bold")
    held = ", ".join(f"{number:,} {name}" for name, number in facts.items())
    beside = f" and {counted(done.files, 'file')} beside it" if done.files else ""
    say(f"{sized(done.size)}, schema {done.facts.revision}, {held}{beside}", after="  ")
    for one in done.pruned:
        say(f"removed, being old: {one}", after="  ")
