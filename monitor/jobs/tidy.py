"""Retention: texts of what matched nothing, and notes of old visits, go; matches and every identity stay for ever."""

from contextlib import suppress
from dataclasses import dataclass

from monitor.jobs.toolbox import Toolbox
from monitor.logs import get_logger

log = get_logger(job="tidy")


@dataclass(frozen=True, slots=True)
class Tidied:
    """What was removed, or would be."""

    texts: int = 0  # of articles that matched nothing
    visits: int = 0  # notes of visits to feeds
    notices: int = 0  # that were over and told
    freed: int = 0  # bytes of the database that can be used anew


class _OnlyAskedError(Exception):
    """Ends the transaction of a dry run: nothing of it stays."""


def tidy(toolbox: Toolbox) -> int:
    """Forget what may be forgotten, let the archive put itself in order; the number of texts forgotten."""
    done = forget(toolbox)
    toolbox.store.optimise()
    log.info("tidied", texts_forgotten=done.texts, visits_forgotten=done.visits, bytes_freed=done.freed)
    return done.texts


def forget(toolbox: Toolbox, *, dry_run: bool = False) -> Tidied:
    """Forget what may be forgotten; with `dry_run` only find out what that is, by doing it and undoing it."""
    before = toolbox.now() - toolbox.limits.keep
    done = Tidied()
    with suppress(_OnlyAskedError), toolbox.store.begin() as shelves:
        free = shelves.pulse.free_bytes()
        texts = shelves.articles.forget_texts(before)
        visits = shelves.feeds.forget_visits(before)
        notices = shelves.notices.forget(before)
        shelves.sites.forget(before)
        done = Tidied(texts, visits, notices, max(0, shelves.pulse.free_bytes() - free))
        if dry_run:
            raise _OnlyAskedError
    return done
