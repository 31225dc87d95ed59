"""A batch of due feeds that is this process's alone: claimed, kept while the round lasts, given back at its end.

`monitor run` and workers go the same way, but a daemon is alone with its archive, whose lock it has: nobody could take
a feed from it, and it claims none. The claims of a worker that died end with their lease.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from monitor.jobs.toolbox import Toolbox, Web
from monitor.model import FeedState, Request, Visit

LEASE = timedelta(minutes=5)  # for so long feeds wait whose worker died
_EVERYTHING = 10_000_000


class Claimed(Struct):
    """The states of the feeds that are to be visited, by name, the longest due first; `left`: those still claimed."""

    toolbox: Toolbox
    states: dict[str, FeedState]
    left: set[str]
    until: datetime

    @property
    def holder(self) -> str:
        """Whose they are; "": of one who is alone."""
        return self.toolbox.holder

    def keep(self) -> None:
        """Renew the lease when the half of it is over; to be called often, outside of any transaction."""
        if not self.left:
            return
        now = self.toolbox.now()
        if self.until - now > LEASE / 2:
            return
        with self.toolbox.store.begin() as shelves:
            shelves.claims.keep(self.holder, self.left, now + LEASE)
        self.until = now + LEASE

    def noted(self, feeds: Iterable[str]) -> None:
        """What a visit to these brought is in the archive, and their claims have ended with that."""
        self.left.difference_update(feeds)

    def end(self) -> None:
        """Give back what was not visited."""
        if self.left:
            with self.toolbox.store.begin() as shelves:
                shelves.claims.release(self.holder, self.left)


class Keeping(Struct, frozen=True):
    """The web behind it; whatever is visited, however long it takes together, claims are kept meanwhile."""

    web: Web
    claims: Claimed

    def visit_many(self, requests: Iterable[Request]) -> Iterator[Visit]:
        """Make all visits, give each as it is done."""
        for visit in self.web.visit_many(requests):
            self.claims.keep()
            yield visit


def claim(toolbox: Toolbox, *, force: bool = False) -> Claimed:
    """Claim the next batch of due feeds (`force`: all of them). Raises StoreError.

    What this holder had claimed before, when it was killed, is given back first.
    """
    now, limits, holder = toolbox.now(), toolbox.limits, toolbox.holder
    limit = _EVERYTHING if force else limits.feeds_per_round
    by_host = limits.retry_after_scope == "host"
    with toolbox.store.begin() as shelves:
        shelves.feeds.sync(list(toolbox.feeds.values()), now)
        if holder:
            shelves.claims.release(holder)
        else:
            states = shelves.claims.due(now, limit, by_host=by_host, due=not force)
    if holder:
        with toolbox.store.claiming() as shelves:
            states = shelves.claims.take(holder, now, limit, LEASE, by_host=by_host, due=not force)
    toolbox.passing("poll: claimed")
    known = {state.feed: state for state in states if state.feed in toolbox.feeds}
    return Claimed(toolbox, known, set(known) if holder else set(), now + LEASE)
