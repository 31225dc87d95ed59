"""Retention: texts of what matched nothing go after a while; what matched, and every identity, stays for ever."""

from monitor.jobs.toolbox import Toolbox
from monitor.logs import get_logger

log = get_logger(job="tidy")


def tidy(toolbox: Toolbox) -> int:
    """Forget what may be forgotten, let the archive put itself in order; the number of texts forgotten."""
    with toolbox.store.begin() as shelves:
        forgotten = shelves.articles.forget_texts(toolbox.now() - toolbox.limits.keep)
    toolbox.store.optimise()
    log.info("tidied", texts_forgotten=forgotten)
    return forgotten
