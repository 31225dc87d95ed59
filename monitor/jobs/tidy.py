"""Retention: texts of what matched nothing, and notes of old visits, go; matches and every identity stay for ever."""

from monitor.jobs.toolbox import Toolbox
from monitor.logs import get_logger

log = get_logger(job="tidy")


def tidy(toolbox: Toolbox) -> int:
    """Forget what may be forgotten, let the archive put itself in order; the number of texts forgotten."""
    before = toolbox.now() - toolbox.limits.keep
    with toolbox.store.begin() as shelves:
        forgotten = shelves.articles.forget_texts(before)
        shelves.feeds.forget_visits(before)
        shelves.notices.forget(before)
        shelves.sites.forget(before)
    toolbox.store.optimise()
    log.info("tidied", texts_forgotten=forgotten)
    return forgotten
