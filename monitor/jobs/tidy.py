"""Retention by class: texts of what matched nothing, and notes of visits, go after a time; matches stay for ever unless
the settings say otherwise; every identity stays. By small steps, between which others write.
"""

from contextlib import suppress

from msgspec import Struct
from msgspec.structs import astuple

from monitor.jobs.toolbox import Toolbox
from monitor.store import Shelves

STEP = 500  # texts forgotten in one transaction


class Tidied(Struct, frozen=True):
    """What was removed, or would be."""

    texts: int = 0  # of articles that matched nothing
    matches: int = 0  # texts of articles that matched
    visits: int = 0  # notes of visits to feeds
    notices: int = 0  # that were over and told
    freed: int = 0  # bytes of the database that hold nothing any more; an estimate in a dry run
    returned: int = 0  # bytes by which its file became smaller; never in a dry run

    def __add__(self, other: "Tidied") -> "Tidied":
        return Tidied(*map(sum, zip(astuple(self), astuple(other), strict=True)))


class _OnlyAskedError(Exception):
    """Ends the transaction of a dry run: nothing of it stays."""


def tidy(toolbox: Toolbox, *, dry_run: bool = False) -> Tidied:
    """Forget what may be forgotten, let the archive put itself in order, give the room back to the disk.

    With `dry_run` only find out what would be forgotten; what that frees is estimated.
    """
    if dry_run:
        return _counted(toolbox)
    done = _forget(toolbox)
    toolbox.store.optimise()
    return done + Tidied(returned=_give_back(toolbox))


def _counted(toolbox: Toolbox) -> Tidied:
    """What would go; how much it frees is told by a first step, which is done and undone: others write meanwhile."""
    now, limits = toolbox.now(), toolbox.limits
    with toolbox.store.read() as shelves:
        texts, matches = shelves.articles.texts_before(now - limits.keep), 0
        if limits.keep_matches is not None:
            matches = shelves.articles.texts_before(now - limits.keep_matches, matches=True)
        visits = shelves.feeds.visits_before(now - limits.keep_notes)
        notices = shelves.notices.over_before(now - limits.keep_notes)
    step = Tidied()
    with suppress(_OnlyAskedError), toolbox.store.begin() as shelves:
        step = _texts(toolbox, shelves, STEP)
        raise _OnlyAskedError
    freed = step.freed * (texts + matches) // max(1, step.texts + step.matches)
    return Tidied(texts, matches, visits, notices, freed)


def _forget(toolbox: Toolbox) -> Tidied:
    with toolbox.store.begin() as shelves:
        done = _notes(toolbox, shelves)
    step = Tidied(texts=STEP)
    while (step.texts or step.matches) and not toolbox.stopping():
        with toolbox.store.begin() as shelves:
            step = _texts(toolbox, shelves, STEP)
        toolbox.passing("tidy: a step committed")
        done += step
    return done


def _notes(toolbox: Toolbox, shelves: Shelves) -> Tidied:
    before, free = toolbox.now() - toolbox.limits.keep_notes, shelves.pulse.free_bytes()
    visits, notices = shelves.feeds.forget_visits(before), shelves.notices.forget(before)
    shelves.sites.forget(before)
    shelves.hosts.forget(before)
    return Tidied(visits=visits, notices=notices, freed=max(0, shelves.pulse.free_bytes() - free))


def _texts(toolbox: Toolbox, shelves: Shelves, limit: int | None) -> Tidied:
    now, limits, free = toolbox.now(), toolbox.limits, shelves.pulse.free_bytes()
    texts = shelves.articles.forget_texts(now - limits.keep, limit=limit)
    matches = 0
    if limits.keep_matches is not None:
        matches = shelves.articles.forget_texts(now - limits.keep_matches, matches=True, limit=limit)
    return Tidied(texts=texts, matches=matches, freed=max(0, shelves.pulse.free_bytes() - free))


def _give_back(toolbox: Toolbox) -> int:
    returned = 0
    while not toolbox.stopping() and (step := toolbox.store.shrink()):
        returned += step
    return returned
