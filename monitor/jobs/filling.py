"""What was found of the past goes the way of everything: plan, pages, articles, verdicts, stories, one transaction.

Different from a poll: what is known stays as it is, a page that fails in passing is asked for again, a page may be read
from elsewhere (a snapshot, a record), and what is of another time than the span is left out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from monitor.backfill import Found, within
from monitor.errors import NetworkError
from monitor.jobs.follow import whole
from monitor.jobs.ingest import Ingested, extraction, finish
from monitor.jobs.planning import Item, Plan, Step, choose_pages, plan, request_for
from monitor.jobs.toolbox import Toolbox, Web
from monitor.links import canonical, leads_to_page, url_key
from monitor.model import (
    Article,
    Climb,
    Failed,
    Failure,
    Feed,
    FeedPage,
    FeedState,
    Fresh,
    How,
    Request,
    Via,
    Visit,
    Window,
)
from monitor.pacing import cut_off
from monitor.store import Shelves

TRIES = 4  # of a visit that fails in passing
_PASSING = frozenset({Failure.CONNECT, Failure.TIMEOUT, Failure.BROKEN, Failure.DNS})
_LOGIN = "login wall"  # as `extract` names it
_NO_END = 1_000_000_000
_LONGEST_WAIT = 60.0  # seconds; a server that asks for more is left alone, and gone on with later


class Patient:
    """Visits like the web behind it, but asks again where a failure may pass; counts the requests.

    `pause` waits so many seconds. `outage` says in words what of our own network is down, when nothing was reached;
    then NetworkError is raised.
    """

    def __init__(
        self,
        web: Web,
        pause: Callable[[float], object],
        stopping: Callable[[], bool] = lambda: False,
        tries: int = TRIES,
        budget: int = _NO_END,
        outage: Callable[[Sequence[Visit]], str] = lambda _visits: "",
    ) -> None:
        self._web = web
        self._stopping = stopping
        self._pause = pause
        self._tries = tries
        self._budget = budget
        self._outage = outage
        self.asked = 0

    @property
    def left(self) -> int:
        """How many requests may still be made; what fails in passing is asked for again even so."""
        return max(0, self._budget - self.asked)

    def visit_many(self, requests: Iterable[Request]) -> Iterator[Visit]:
        """Each visit as it succeeds, or as it failed the last time."""
        waiting = list(requests)
        lost: list[Visit] = []
        reached = 0
        for attempt in range(1, self._tries + 1):
            again: list[Request] = []
            if not waiting or self._stopping():
                break
            wait = 0.5 * 2 ** (attempt - 1)
            for visit in self._web.visit_many(waiting):
                self.asked += 1
                seconds = _passing(visit)
                if seconds is None or attempt == self._tries:
                    lost += [visit] if cut_off(visit) else []
                    reached += not cut_off(visit)
                    yield visit
                    continue
                wait = max(wait, seconds)
                again.append(visit.request)
            waiting = again
            if again:
                self._pause(wait)
        if lost and not reached and not self._stopping() and (words := self._outage(lost)):
            raise NetworkError(f"{words}; what it kept from being read is read when the same is asked for again")


def _passing(visit: Visit) -> float | None:
    """After how many seconds at least it may go better; None where it will not."""
    if not isinstance(visit, Failed) or visit.status == 429:
        return None
    if visit.retry_after is not None:
        seconds = visit.retry_after.total_seconds()
        return seconds if seconds <= _LONGEST_WAIT else None
    if visit.failure in (Failure.STATUS, Failure.WALL):
        return 0.0 if visit.status is not None and visit.status >= 500 else None
    return 0.0 if visit.failure in _PASSING else None


def asks_for_peace(visit: Visit) -> bool:
    """Whether the server wants no more visits for now."""
    if not isinstance(visit, Failed):
        return False
    long = visit.retry_after is not None and visit.retry_after.total_seconds() > _LONGEST_WAIT
    return visit.status == 429 or (visit.status == 503 and long) or (visit.status is None and bool(visit.retry_after))


class Portion(Struct):
    """Some of what was found for a feed; `pages` are those that are at hand already, by the entry's link."""

    feed: Feed
    span: Window
    found: Sequence[Found]
    via: Via
    pages: Mapping[str, Fresh] = field(default_factory=dict)


class Filled(Struct):
    """What came of a portion."""

    new: int = 0
    matched: int = 0
    outside: int = 0
    empty: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)  # (address, why)
    stopped: str = ""  # the server wants no more visits for now; what it did not give is not done
    settled: int = 0  # how many of what was found, from its beginning, need not be looked at again


def counted(climb: Climb, done: Filled) -> Climb:
    """The climb with what came of a portion."""
    return replace(
        climb,
        found=climb.found + done.settled,
        new=climb.new + done.new,
        matched=climb.matched + done.matched,
        outside=climb.outside + done.outside,
        empty=climb.empty + done.empty,
        failed=(*climb.failed, *done.failed),
        failures=climb.failures + len(done.failed),
    )


Note = Callable[[Shelves, Sequence[Filled]], None]


def fill(toolbox: Toolbox, web: Web, portions: Sequence[Portion], note: Note) -> list[Filled]:
    """Ingest portions, one a feed at most, in one transaction with what `note` stores of them."""
    with toolbox.store.read() as shelves:
        works = [_plan(toolbox, shelves, portion) for portion in portions]
    visits = _pages(web, portions, works)
    toolbox.passing("backfill: pages fetched")
    if toolbox.stopping():  # some were not asked for
        return []
    done = [Filled() for _ in portions]
    readings: list[tuple[Plan, Mapping[Item, Article]]] = []
    for number, (portion, work) in enumerate(zip(portions, works, strict=True)):
        of_items = {item: visits.get((number, item)) for item in work.items}
        getting: dict[Item, Callable[[], Article]] = {}
        later = _refused(portion, of_items, done[number])
        for item, visit in of_items.items():
            if visit is not None and asks_for_peace(visit):
                continue
            if _unread(item, visit, portion.via):
                if item.entry.link not in later:
                    done[number].failed.append((item.entry.link, str(visit) if visit else "no address of a page"))
                continue
            getting[item] = toolbox.extractor.start(extraction(toolbox, work, item, visit))
        articles = {item: get() for item, get in getting.items()}
        for item in [item for item, article in articles.items() if _walled(item, article, of_items[item])]:
            walled = articles.pop(item)
            if item.entry.link not in later:
                done[number].failed.append((item.entry.link, walled.problem))
        kept = {item: one for item, one in articles.items() if within(portion.span, one.published)}
        done[number].outside = sum(item not in kept and item.entry.link not in later for item in articles)
        readings.append((replace(work, items=tuple(kept)), kept))

    def also(shelves: Shelves, ingested: Sequence[Ingested]) -> None:
        for one, result in zip(done, ingested, strict=True):
            one.new, one.matched, one.empty = result.new, result.matched, result.empty
        note(shelves, done)

    finish(toolbox, readings, also)
    return done


def _refused(portion: Portion, visits: Mapping[Item, Visit | None], done: Filled) -> frozenset[str]:
    """The links from the first on whose page the server did not want to give; they are looked at again another time."""
    refused = {item.entry.link: visit for item, visit in visits.items() if visit is not None and asks_for_peace(visit)}
    done.stopped = str(next(iter(refused.values()), ""))
    links = [one.entry.link for one in portion.found]
    done.settled = next((at for at, link in enumerate(links) if link in refused), len(links))
    return frozenset(links[done.settled :])


def _unread(item: Item, visit: Visit | None, via: Via) -> bool:
    """Whether there is nothing to be made of an item for want of its page, or it is better tried again. In a gap, what
    the feed's own document says is news and told as it is.
    """
    if isinstance(visit, Fresh):
        return False
    passing = visit is not None and _passing(visit) is not None
    walled = isinstance(visit, Failed) and visit.failure is Failure.WALL
    return _bare(item) or (passing and not walled and via is not Via.HEALED)


def _walled(item: Item, article: Article, visit: Visit | None) -> bool:
    """Whether all that is known is what stands in the place of the article (a login, a notice), its title too. Who asks
    for a login at the article's own address may have put its headline above.
    """
    if not (_bare(item) and article.problem and article.how is How.TITLE and isinstance(visit, Fresh)):
        return False
    return article.problem != _LOGIN or url_key(visit.url) != url_key(item.entry.link)


def _plan(toolbox: Toolbox, shelves: Shelves, portion: Portion) -> Plan:
    """What of a portion is not known at all: an old copy of what is known says nothing new."""
    feed, now = portion.feed, toolbox.now()
    entries = tuple(one.entry for one in portion.found)
    page = FeedPage(feed.title, "", "", entries)
    work = plan(shelves, feed, page, FeedState(feed.name, now), now)
    new = replace(work, items=tuple(item for item in work.items if item.step is Step.NEW), renamed=(), via=portion.via)
    chosen = choose_pages(new, toolbox.topics)
    items = (before if _bare(before) else after for before, after in zip(new.items, chosen.items, strict=True))
    return replace(new, items=tuple(items))


def new_share(toolbox: Toolbox, feed: Feed, span: Window, found: Sequence[Found]) -> tuple[float, float]:
    """Of what was found: the shares that would be new, and whose page would be fetched."""
    if not found:
        return 0.0, 0.0
    with toolbox.store.read() as shelves:
        work = _plan(toolbox, shelves, Portion(feed, span, found, Via.BACKFILL))
    pages = sum(_wants_page(feed, item) for item in work.items)
    return len(work.items) / len(found), pages / len(found)


def _bare(item: Item) -> bool:
    """Whether nothing is known of it but its address, so that there is no article without its page."""
    return not (item.entry.title or item.entry.summary or item.entry.content)


def _pages(web: Web, portions: Sequence[Portion], works: Sequence[Plan]) -> dict[tuple[int, Item], Visit]:
    """The page of each item that wants one: at hand already, or from the first of its addresses that has it."""
    visits: dict[tuple[int, Item], Visit] = {}
    left: dict[tuple[int, Item], list[str]] = {}
    for number, (portion, work) in enumerate(zip(portions, works, strict=True)):
        places = {one.entry.link: one.pages for one in portion.found}
        for item in work.items:
            link = canonical(item.entry.link)
            if item.entry.link in portion.pages:
                visits[number, item] = portion.pages[item.entry.link]
            elif _wants_page(work.feed, item) and leads_to_page(link) and not item.entry.file:
                left[number, item] = list(places.get(item.entry.link) or (link,))
    while left:
        owners: dict[Request, list[tuple[int, Item]]] = {}
        for key, addresses in left.items():
            request = request_for(works[key[0]].feed, addresses.pop(0), "page")
            owners.setdefault(request, []).append(key)
        for visit in whole(web, list(owners)):
            for key in owners[visit.request]:
                link = canonical(key[1].entry.link)
                is_copy = isinstance(visit, Fresh) and visit.request.url != link
                visits[key] = replace(visit, url=link, parts=()) if isinstance(visit, Fresh) and is_copy else visit
                if isinstance(visit, Fresh):
                    left[key] = []
        left = {key: addresses for key, addresses in left.items() if addresses}
    return visits


def _wants_page(feed: Feed, item: Item) -> bool:
    return _bare(item) or not (feed.pages == "never" or item.shares_page or item.left_alone)
