"""The only place where parts are built and joined: Settings in, a toolbox and the jobs out. Settings stop here.

What a plain round does without is imported where it is used, so that a start does not wait for it.
"""

import gc
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, TypeVar

from monitor.cache import CacheFolder
from monitor.digests import Renderer, make_environment
from monitor.errors import MonitorError, StoreError
from monitor.evidence import Vault
from monitor.extract.language import keep_model
from monitor.jobs.alert import alert_due
from monitor.jobs.couriers import Couriers
from monitor.jobs.courtesy import courteous
from monitor.jobs.deliver import Delivered, deliver, in_turn
from monitor.jobs.digest import compose_due
from monitor.jobs.drawing import Composed
from monitor.jobs.heal import heal
from monitor.jobs.poll import Progress, Round, poll, silent
from monitor.jobs.toolbox import Limits, Toolbox
from monitor.jobs.watch import tell_room
from monitor.links import host_of
from monitor.logs import get_logger
from monitor.model import Beat, Comparison, Failed, Narrowed, Request
from monitor.pacing import Pace
from monitor.settings import Settings
from monitor.settings.learned import learned_file, with_learning
from monitor.settings.models import MainOptions
from monitor.sources import KINDS
from monitor.store import Store, file_of, key_for_links, open_store
from monitor.topics.forms import keep_forms
from monitor.values import as_dict
from monitor.workers import Extractor, open_extractor

if TYPE_CHECKING:
    from monitor.fetch import Fetcher
    from monitor.jobs.backfill import Estimate, Order, Report, Watch
    from monitor.jobs.backup import Plan, Unmade
    from monitor.jobs.refetch import Refetched
    from monitor.jobs.searching import Search
    from monitor.jobs.tidy import Tidied
    from monitor.jobs.websub import Reception
    from monitor.store.backup import Backup
    from monitor.topics.query import Mistake

log = get_logger()

Clock = Callable[[], datetime]
T = TypeVar("T")

DIGEST_EVERY = timedelta(minutes=1)
DELIVER_EVERY = timedelta(seconds=30)
REFETCH_EVERY = timedelta(minutes=5)
BACK_UP_EVERY = timedelta(minutes=5)
RETRY_BACKUP = timedelta(hours=1)
TIDY_EVERY = timedelta(days=1)
FEEDS_PER_ROUND = 500
RARELY = (100_000, 50, 100)  # see `gc.set_threshold`
COPIES_WITHIN = timedelta(days=14)  # how far back a copy's original is looked for


def utc_now() -> datetime:
    """The time, aware and in UTC."""
    return datetime.now(UTC)


class App:
    """The joined parts. Each method is one job of the daemon, with its beat kept for `monitor health`."""

    def __init__(
        self, settings: Settings, store: Store, fetcher: "Fetcher", extractor: Extractor, now: Clock, holder: str
    ) -> None:
        self.settings, self.store, self._fetcher = settings, store, fetcher
        self.extractions = extractor
        self._now, self._holder = now, holder
        self._stop = Event()
        self._web = courteous(fetcher, store, now, self._stop)
        self._couriers = Couriers[Delivered]()
        self._looked_for_gaps = False  # at every feed, as those of an earlier run may wait
        self._reception: Reception | None = None  # while hubs can reach us
        self._no_backup_at: datetime | None = None  # when one was due and could not be made
        self._vault = Vault(settings.archive.folder / "evidence")
        self.toolbox = self._join(settings)

    def _join(self, settings: Settings) -> Toolbox:
        for problem in settings.broken_templates:
            log.error("template broken, the shipped one is used", problem=str(problem))
        topics, unused = with_learning(settings.topics, settings)
        for problem in unused:
            log.warning("what was learned is not used", problem=str(problem))
        desk = settings.digest.desk_url
        names = (settings.digest.mail_domain, desk, key_for_links(settings.archive.folder) if desk else b"")
        return Toolbox(
            store=self.store,
            fetcher=self._web,
            sources=KINDS,
            extractor=self.extractions,
            topics=topics,
            feeds={feed.name: feed for feed in settings.feeds},
            subscriptions=settings.subscriptions,
            channels=settings.channels,
            renderer=Renderer(make_environment([settings.templates]), *names),
            shipped_renderer=Renderer(make_environment(), *names),
            limits=limits_of(settings),
            now=self._now,
            evidence=self._vault,
            jitter=random.random,
            holder=self._holder,
            stopping=self._stop.is_set,
        )

    def reload(self, settings: Settings) -> None:
        """From the next job on, work with these settings; running jobs end with the old ones.

        What holds connections or processes (archive, fetch limits, workers) keeps its settings until a restart.
        """
        self.toolbox, self.settings = self._join(settings), settings
        self._no_backup_at = None

    def stop(self) -> None:
        """Ask running jobs to end at their next safe point."""
        self._stop.set()
        self._fetcher.close()

    def poll(self, *, force: bool = False, progress: Progress = silent) -> Round:
        """One round of polling; see `jobs.poll`."""
        toolbox, every = self.toolbox, self.settings.poll.every
        with self.store.begin() as shelves:  # a round may last long, the first one above all
            shelves.pulse.begin("poll", self._now(), every)
        with _rare_collections():
            done = self.beating("poll", every, lambda: self._round(toolbox, force, progress), _poll_problem)
        if not done.offline and not toolbox.stopping():
            self._show_life()
        return done

    def _show_life(self) -> None:
        """Ask the address of somebody who wonders when we do not (a dead man's switch)."""
        address = self.settings.watch.ping
        if not address:
            return
        visit = self._fetcher.visit(Request(url=address, purpose="feed", feed="", robots=False))
        if isinstance(visit, Failed):
            log.warning("the address of [watch] ping does not answer", problem=str(visit))

    def _round(self, toolbox: Toolbox, force: bool, progress: Progress) -> Round:
        """What hubs sent, then what is due, then what fell into gaps; then hubs are asked for more."""
        if self._reception is not None:
            from monitor.jobs.websub import take_waiting

            take_waiting(toolbox, self._reception)
        done = poll(toolbox, force=force, progress=progress)
        if not done.offline:
            heal(toolbox, done.after if self._looked_for_gaps else None, self._stop.wait)
            self._looked_for_gaps = True
        if self._reception is None:
            return done
        if not done.offline and not toolbox.stopping():
            from monitor.jobs.websub import Terms, tend

            options = self.settings.websub
            tend(toolbox, Terms(options.callback, timedelta(minutes=options.longest_poll_minutes)))
        return done

    @contextmanager
    def listening(self, *, in_rounds: bool = True) -> Iterator["Reception | None"]:
        """Be reachable for hubs, if settings say so; `in_rounds`: `poll` reads what they send. Raises ListenError."""
        from monitor.jobs.websub import Reception, make_up
        from monitor.listener import Listener, Place

        options = self.settings.websub
        if lost := make_up(self.store, self._now()):
            log.info("hubs had sent what was not read before the last run ended; asked at once", feeds=lost)
        if not options.callback:
            yield None
            return
        reception = Reception(self.store, self._now)
        host, port = options.place
        with Listener(Place(host, port, int(self.settings.fetch.max_feed_mb * 1e6)), reception) as door:
            log.info("listening for hubs", host=host, port=door.port, callback=options.callback)
            self._reception = reception if in_rounds else None
            try:
                yield reception
            finally:
                self._reception = None

    def backfill(self, order: "Order", watch: "Watch") -> "Report":
        """Fill the past; see `jobs.backfill`. Runs beside a daemon."""
        from monitor.jobs.backfill import backfill

        return backfill(self.toolbox, order, self._stop.wait, watch)

    def estimate(self, order: "Order") -> "list[Estimate]":
        """What a backfill would take and bring, about."""
        from monitor.jobs.backfill import estimate

        return estimate(self.toolbox, order, self._stop.wait)

    def digest(self) -> list[Composed]:
        """Compose what is due; see `jobs.digest`."""
        toolbox, place = self.toolbox, self.settings.archive

        def compose() -> list[Composed]:
            if file_of(place.url):  # the disk of a server is its keeper's
                tell_room(toolbox, place.folder)
            return compose_due(toolbox) + alert_due(toolbox)

        return self.beating("digest", DIGEST_EVERY, compose, _digest_problem)

    def deliver(self, *, apart: bool = False) -> Delivered:
        """Empty the outbox; see `jobs.deliver`. `apart`: each channel for itself, and one that takes long goes on
        after this has ended; see `ending`.
        """
        toolbox, serve = self.toolbox, self._couriers.serve if apart else in_turn
        return self.beating("deliver", DELIVER_EVERY, lambda: deliver(toolbox, serve))

    def ending(self) -> None:
        """Wait for the deliveries that still go on."""
        self._couriers.wait()

    def refetch(self) -> "Refetched":
        """Look again at the pages of matched articles; see `jobs.refetch`."""
        from monitor.jobs.refetch import refetch

        toolbox = self.toolbox
        return self.beating("refetch", REFETCH_EVERY, lambda: refetch(toolbox))

    def back_up(self) -> "Backup | Unmade | None":
        """Make a backup if the settings say that one is due; see `jobs.backup`. After a failure not for an hour."""
        from monitor.jobs.backup import Unmade, back_up

        now = self._now()
        if self._no_backup_at and timedelta() <= now - self._no_backup_at < RETRY_BACKUP:
            return None
        done = back_up(self.toolbox, backup_plan(self.settings))
        self._no_backup_at = now if isinstance(done, Unmade) else None
        return done

    def tidy(self) -> "Tidied":
        """Keep the archive in order; see `jobs.tidy`."""
        from monitor.jobs.compare import compare
        from monitor.jobs.tidy import tidy

        toolbox = self.toolbox
        done = self.beating("tidy", TIDY_EVERY, lambda: tidy(toolbox))
        log.info("tidied", **as_dict(done))
        compare(toolbox, self._stop.wait)  # which depends on others, and is not to keep retention waiting
        return done

    def compare(self) -> list[Comparison]:
        """Lay every feed beside its site's sitemap now; see `jobs.compare`."""
        from monitor.jobs.compare import compare

        return compare(self.toolbox, self._stop.wait, force=True)

    def beating(
        self, ticker: str, every: timedelta, job: Callable[[], T], problem: Callable[[T], str] = lambda _: ""
    ) -> T:
        started = self._now()
        try:
            answer = job()
        except MonitorError as error:
            self._beat(ticker, started, None, every, str(error))
            raise
        trouble = problem(answer)
        self._beat(ticker, started, None if trouble else self._now(), every, trouble)
        return answer

    def _beat(self, ticker: str, started: datetime, succeeded: datetime | None, every: timedelta, problem: str) -> None:
        with self.store.begin() as shelves:
            shelves.pulse.beat(Beat(ticker, started, succeeded, every, problem))


def understood(settings: Settings, query: str, narrowed: Narrowed) -> "tuple[Search | None, list[Mistake]]":
    """The search that a person typed, or every mistake in it; concepts are read only where one is named."""
    from monitor.jobs.searching import understand
    from monitor.topics.concepts import Concepts, read_concepts

    concepts = Concepts({})
    if "#" in query:
        files = {name: path for name, path in settings.texts.items() if name.startswith("concepts/")}
        concepts, _ = read_concepts({name: path.read_text("utf-8") for name, path in files.items()})
    languages = frozenset({"en", *(feed.language for feed in settings.feeds if feed.language)})
    return understand(query, concepts, languages, narrowed)


def limits_of(settings: Settings | MainOptions) -> Limits:
    """What the jobs keep to, by these settings."""
    poll, digest = settings.poll, settings.digest
    return Limits(
        pace=Pace(
            start=timedelta(minutes=poll.interval_minutes),
            shortest=timedelta(minutes=poll.interval_min_minutes),
            longest=timedelta(minutes=poll.interval_max_minutes),
        ),
        canaries=poll.canaries,
        retry_after_scope=settings.fetch.retry_after_scope,
        feeds_per_round=FEEDS_PER_ROUND,
        pages_per_visit=poll.pages_per_visit,
        websub=bool(settings.websub.callback),
        told_max_age=timedelta(days=digest.max_age_days),
        copies_within=COPIES_WITHIN,
        give_up_after=timedelta(hours=settings.deliver.give_up_after_hours),
        operator=settings.deliver.operator,
        keep=timedelta(days=settings.tidy.keep_days),
        keep_matches=timedelta(days=settings.tidy.matches_days) if settings.tidy.matches_days else None,
        keep_notes=timedelta(days=settings.tidy.notes_days),
        refetch=settings.articles.spans,
        wayback=settings.backfill.wayback,
        heal_requests=settings.backfill.heal_requests,
    )


def backup_plan(settings: Settings) -> "Plan":
    """What a backup holds, where it goes and when one is due, by these settings."""
    from monitor.jobs.backup import Plan
    from monitor.store.backup import Contents

    database = file_of(settings.archive.url)
    texts = {f"config/{name}": path for name, path in settings.texts.items()}
    if (learned := learned_file(settings)).is_file():
        texts[learned.name] = learned
    options = settings.backup
    contents = Contents(database, texts, settings.archive.folder / "evidence") if database else None
    return Plan(contents, settings.backups, options.keep, options.schedule, options.zone)


def slow_hosts(settings: Settings) -> dict[str, float]:
    """Seconds between two requests to hosts that want more than the rest."""
    backfill = settings.backfill
    return {host_of(backfill.wayback): 60 / backfill.wayback_per_minute}


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Meanwhile the garbage collector comes rarely, and leaves alone what was there before.

    A round makes and drops hundreds of thousands of small values that hold no rings: looking for rings among them, and
    among all that is loaded, was a fifth of its cost.
    """
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def _poll_problem(done: Round) -> str:
    return "no feed could be reached: this machine's own network seems to be down" if done.offline else ""


def _digest_problem(composed: list[Composed]) -> str:
    return "; ".join(f"{one.digest.subscription.name}: {one.problem}" for one in composed if one.problem)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"the archive's folder {folder} cannot be made: {error.strerror}; make it, or name another with --archive"
        ) from error


@contextmanager
def open_app(
    settings: Settings, *, now: Clock = utc_now, workers: int | None = None, holder: str = ""
) -> Iterator[App]:
    """Open the archive and everything else, and close it again in the right order.

    `workers`: processes for extraction instead of the settings' number (0: none). `holder`: a worker's own name; "" for
    who is alone with the archive. Raises StoreError when the archive cannot be opened.
    """
    from monitor.fetch import Fetcher

    _make_folder(settings.archive.folder)
    cache = CacheFolder(settings.cache_folders)
    keep_forms(cache)
    keep_model(cache)
    store = open_store(settings.archive.url)
    try:
        with Fetcher(settings.fetch, now, gaps=slow_hosts(settings)) as fetcher:
            extractor = open_extractor(settings.extract.workers if workers is None else workers, cache)
            try:
                yield App(settings, store, fetcher, extractor, now, holder)
            finally:
                extractor.close()
    finally:
        store.close()
