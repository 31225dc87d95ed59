"""Backups by a schedule: one is due by the backups that are there, so that neither a restart nor a machine that slept
leaves one out. That none can be made is told to the operator once, and again when it is over.
"""

from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct

from monitor import __version__
from monitor.digests import due
from monitor.errors import LockedError, StoreError
from monitor.jobs.toolbox import Toolbox
from monitor.logs import get_logger
from monitor.model import NoticeKind
from monitor.store.backup import Backup, Contents, latest, make_backup

log = get_logger(job="backup")

SUBJECT = "Backups"  # no feed is called so: those have small letters
LATE = timedelta(hours=3)  # after one was due: somebody should know


class Plan(Struct, frozen=True):
    """What a backup holds, where it goes, and when one is due."""

    contents: Contents | None  # None: the archive is no file; a server is backed up by its own means
    folder: Path
    keep: int
    schedule: str  # five cron fields; "" = none is made by itself
    zone: str


class Unmade(Struct, frozen=True):
    """A backup that was due and could not be made."""

    problem: str


def back_up(toolbox: Toolbox, plan: Plan) -> Backup | Unmade | None:
    """Make a backup and look through it, if one is due; None when none is, or another process makes one just now."""
    done: Backup | Unmade | None = None
    try:
        if plan.contents and plan.schedule and _due(plan, toolbox.now(), latest(plan.folder, toolbox.now())):
            done = make_backup(plan.contents, plan.folder, toolbox.now(), __version__, plan.keep)
            log.info("backup made and looked through", folder=str(done.folder), bytes=done.size)
    except LockedError:
        return None
    except StoreError as error:
        done = Unmade(str(error))
        log.error("no backup could be made", problem=done.problem)
    _tell(toolbox, done)
    return done


def overdue(plan: Plan, now: datetime) -> str:
    """What is wrong with backups in words; "" when nothing is, or none are wanted."""
    try:
        if not plan.contents or not plan.schedule:
            return ""
        last = latest(plan.folder, now)
        if not _due(plan, now - LATE, last):
            return ""
    except StoreError as error:
        return str(error)
    if last is None:
        return (
            f"there is none in {plan.folder}, though backup.schedule asks for them; `monitor backup` makes one at once"
        )
    return f"the last one in {plan.folder} is of {last:%Y-%m-%d %H:%M} UTC; `monitor backup` makes one, or says why not"


def _due(plan: Plan, at: datetime, last: datetime | None) -> bool:
    return due(plan.schedule, plan.zone, after=last, now=at) is not None


def _tell(toolbox: Toolbox, done: Backup | Unmade | None) -> None:
    wanted = {NoticeKind.NO_BACKUP: f"cannot be made: {done.problem}"} if isinstance(done, Unmade) else {}
    with toolbox.store.read() as shelves:
        if not wanted and not shelves.notices.open({NoticeKind.NO_BACKUP}):
            return
    with toolbox.store.begin() as shelves:
        shelves.notices.settle(SUBJECT, wanted, toolbox.now())
