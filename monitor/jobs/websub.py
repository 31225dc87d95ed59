"""Hubs: asking them, answering them, and taking what they send into the same reading as a poll's.

    feed read → offer noted → hub asked → hub asks back (`Reception`) → content comes (`Reception`) → `take`

Nothing is promised by a hub: what it does not send is found by polling, which goes on.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from threading import Lock

from msgspec import Struct
from msgspec.structs import replace

from monitor.errors import StoreError
from monitor.jobs.follow import whole
from monitor.jobs.ingest import extraction, finish
from monitor.jobs.planning import choose_pages, limited, page_requests, plan
from monitor.jobs.toolbox import Toolbox
from monitor.logs import get_logger, hide
from monitor.model import Failed, Fresh, Lease, Push, Request, Unreadable
from monitor.store import Shelves, Store
from monitor.websub import Mode, asked, confirm, form, is_over, lapsed, next_request, rarer, signed, takes_pushes, works

log = get_logger(job="websub")

_MOST_WAITING = 64 * 1_000_000  # bytes of pushes that wait to be taken


class Terms(Struct, frozen=True):
    """How hubs are dealt with; from the settings."""

    callback: str  # the public address that leads to the listener
    longest_poll: timedelta  # polling of a feed whose hub works is never rarer than this


class Reception:
    """Answers hubs, and keeps what they send until it is taken. Used by the listener's threads and the poller's."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._waiting: deque[Push] = deque()
        self._bytes = 0
        self._lock = Lock()

    def confirm(self, token: str, query: Mapping[str, str]) -> str:
        """See `listener.Desk`."""
        with self._store.begin() as shelves:
            lease = shelves.leases.by_token(token)
            if lease is None:
                return ""
            answer = confirm(lease, query, self._now())
            if answer.lease is None:
                shelves.leases.remove(lease.feed)
            elif answer.lease != lease:
                shelves.leases.put(answer.lease)
        log.info("hub asked back", feed=lease.feed, mode=query.get("hub.mode", ""), confirmed=bool(answer.challenge))
        return answer.challenge

    def expects(self, token: str) -> bool:
        """See `listener.Desk`."""
        with self._store.read() as shelves:
            lease = shelves.leases.by_token(token)
        return lease is not None and takes_pushes(lease, self._now())

    def take(self, token: str, body: bytes, signature: str, content_type: str) -> bool:
        """See `listener.Desk`."""
        with self._store.read() as shelves:
            lease = shelves.leases.by_token(token)
        if lease is None:
            return True
        if not signed(lease.secret, body, signature):
            log.warning("content with a wrong signature dropped", feed=lease.feed, bytes=len(body))
            return True
        with self._lock:
            if self._bytes + len(body) > _MOST_WAITING:
                return False
            self._bytes += len(body)
        push = Push(lease.feed, body, content_type, self._now())
        noted = self._note(push, token)
        with self._lock:
            if noted:
                self._waiting.append(push)
            else:
                self._bytes -= len(body)
        return noted

    def _note(self, push: Push, token: str) -> bool:
        """Note before the hub gets its yes that something waits: a crash would lose it, see `make_up`."""
        try:
            with self._store.begin() as shelves:
                lease = shelves.leases.by_token(token)
                if lease is not None:
                    shelves.leases.put(replace(lease, waiting_at=push.at))
        except StoreError as error:  # the hub sends it again
            log.warning("push not taken", feed=push.feed, problem=str(error))
            return False
        return True

    def drain(self) -> list[Push]:
        """What has come since the last time, the first first."""
        with self._lock:
            pushes = list(self._waiting)
            self._waiting.clear()
            self._bytes -= sum(len(push.body) for push in pushes)
        return pushes

    def put_back(self, pushes: Sequence[Push]) -> None:
        """What of `drain` could not be taken waits again, before all that came since."""
        with self._lock:
            self._waiting.extendleft(reversed(pushes))
            self._bytes += sum(len(push.body) for push in pushes)


def make_up(store: Store, now: datetime) -> list[str]:
    """Ask the feeds at once of which something waited when the last run ended: their names."""
    with store.begin() as shelves:
        waiting = [lease for lease in shelves.leases.all() if lease.waiting_at]
        for lease in waiting:
            _poll_instead(shelves, lease, now)
    return [lease.feed for lease in waiting]


def _poll_instead(shelves: Shelves, lease: Lease, now: datetime) -> None:
    """Make the feed of what cannot be read any more due, though not before its server wants to be asked."""
    state = shelves.feeds.states([lease.feed]).get(lease.feed)
    if state is not None:
        soon = max(now, state.held_until or now)
        shelves.feeds.save(replace(state, due_at=min(state.due_at, soon)))
    shelves.leases.put(replace(lease, waiting_at=None))


def take_waiting(toolbox: Toolbox, reception: Reception) -> int:
    """`take` what waits; where the archive cannot be asked meanwhile, the rest waits on."""
    pushes = reception.drain()
    try:
        return take(toolbox, pushes)
    finally:
        reception.put_back(pushes)


def take(toolbox: Toolbox, pushes: list[Push]) -> int:
    """Read and ingest what hubs sent, as a poll would; how many articles are new. Never raises for bad content.

    What is done with leaves the list: after a StoreError, which may be raised, the rest is in it.
    """
    new = 0
    while pushes:
        try:
            new += _take(toolbox, pushes[0])
        except StoreError:
            raise
        except Exception as error:
            log.error("push not processed; please report this as a bug", feed=pushes[0].feed, exc_info=error)
            _give_up(toolbox, pushes[0])
        del pushes[0]
    return new


def _give_up(toolbox: Toolbox, push: Push) -> None:
    with toolbox.store.begin() as shelves:
        lease = shelves.leases.of(push.feed)
        if lease is not None and lease.waiting_at and lease.waiting_at <= push.at:
            _poll_instead(shelves, lease, toolbox.now())


def _take(toolbox: Toolbox, push: Push) -> int:
    feed = toolbox.feeds.get(push.feed)
    if feed is None:
        return 0
    request = Request(url=feed.url, purpose="feed", feed=feed.name)
    visit = Fresh(request, feed.url, 200, {"content-type": push.content_type}, push.body, push.at)
    page = toolbox.sources[feed.kind].read(feed, visit)
    if isinstance(page, Unreadable):
        log.warning("push unreadable", feed=feed.name, problem=str(page))
        _give_up(toolbox, push)
        return 0
    with toolbox.store.read() as shelves:
        state = shelves.feeds.states([feed.name]).get(feed.name)
        if state is None or feed.name in shelves.pauses.all():
            return 0
        work = choose_pages(plan(shelves, feed, page, state, push.at), toolbox.topics)
    work = replace(limited(work, toolbox.limits.pages_per_visit), source=toolbox.evidence.hold(visit))
    work = replace(work, state=replace(work.state, noted=""))  # the feed itself may lag behind, and say it otherwise
    if work.left_over:  # the next poll brings the rest
        work = replace(work, state=replace(work.state, etag="", last_modified="", body_hash="", due_at=push.at))
    wanted = page_requests(work)
    visits = {visit.request: visit for visit in whole(toolbox.fetcher, dict.fromkeys(wanted.values()))}
    if toolbox.stopping():
        return 0
    begun = {
        item: toolbox.extractor.start(
            extraction(toolbox, work, item, visits.get(wanted[item]) if item in wanted else None)
        )
        for item in work.items
        if item.needs_text
    }
    (done,) = finish(toolbox, [(replace(work, pushed=True), {item: article() for item, article in begun.items()})])
    log.info("push read", feed=feed.name, entries=work.entries, new=done.new, edited=done.edited, matched=done.matched)
    return done.new


def tend(toolbox: Toolbox, terms: Terms) -> None:
    """Ask hubs for what is to be asked now, and make polling rarer or normal again."""
    now = toolbox.now()
    requests: dict[Request, tuple[Lease, Mode]] = {}
    with toolbox.store.begin() as shelves:
        wanted = toolbox.feeds.keys() - shelves.pauses.all().keys()
        for lease in shelves.leases.all():
            hide([lease.token, lease.secret])
            _tend(shelves, terms, lease, now, requests, wanted=lease.feed in wanted)
    for visit in toolbox.fetcher.visit_many(list(requests)):
        lease, mode = requests[visit.request]
        problem = str(visit) if isinstance(visit, Failed) else ""
        if problem:
            log.warning("hub not reached", feed=lease.feed, hub=lease.hub, mode=mode, problem=problem)
        else:
            log.info("hub asked", feed=lease.feed, hub=lease.hub, mode=mode)
        with toolbox.store.begin() as shelves:
            current = shelves.leases.of(lease.feed)
            if current is not None and problem and current.pending:
                shelves.leases.put(replace(current, pending=False, problem=problem))


def _tend(
    shelves: Shelves,
    terms: Terms,
    lease: Lease,
    now: datetime,
    requests: dict[Request, tuple[Lease, Mode]],
    *,
    wanted: bool,
) -> None:
    if is_over(lease, wanted=wanted, now=now):
        shelves.leases.remove(lease.feed)
        return
    ended = lapsed(lease, now)
    if ended is not None:
        log.warning("hub's lease ran out, polling as usual", feed=lease.feed, hub=lease.hub)
        lease = ended
        shelves.leases.put(lease)
    if wanted:
        lease = _set_pace(shelves, terms, lease, now, ended=ended is not None)
    mode = next_request(lease, wanted=wanted, now=now)
    if mode is not None:
        # Kept before it is sent: the hub may ask back before it answers.
        lease = asked(lease, mode, now)
        shelves.leases.put(lease)
        callback = f"{terms.callback.rstrip('/')}/{lease.token}"
        requests[Request(lease.hub, "hub", lease.feed, form=form(lease, mode, callback))] = (lease, mode)


def _set_pace(shelves: Shelves, terms: Terms, lease: Lease, now: datetime, *, ended: bool) -> Lease:
    """Make polling of the feed rarer while its hub works, once after each visit; and due when the lease has ended."""
    state = shelves.feeds.states([lease.feed]).get(lease.feed)
    if state is None or state.visited_at is None or state.failures:
        return lease
    if ended:
        shelves.feeds.save(replace(state, due_at=min(state.due_at, now)))
    elif works(lease, now) and lease.paced_at != state.visited_at and state.due_at > now:
        shelves.feeds.save(replace(state, due_at=rarer(state.visited_at, state.due_at, terms.longest_poll)))
        lease = replace(lease, paced_at=state.visited_at)
        shelves.leases.put(lease)
    return lease
