"""For whoever runs it: `/health/live`, `/health/ready` and `/metrics` (Prometheus text format 0.0.4).

All is read from the archive at the moment of asking, so a desk of its own tells the same as one that the daemon opened.
"""

import shutil
from collections.abc import Iterable
from datetime import timedelta

from fastapi import APIRouter
from msgspec import Struct
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.registry import Collector
from starlette.responses import JSONResponse, Response

from monitor.errors import StoreError
from monitor.jobs.doctor import ailing
from monitor.jobs.watch import short_of_room
from monitor.model import Beat
from monitor.store import look
from monitor.web.room import Here, Room

router = APIRouter(include_in_schema=False)

LATELY = timedelta(hours=1)
SHARES = (0.5, 0.9, 0.99)
YOUNG = 10  # seconds for which what happened in an hour is not counted again; it is never a minute old


@router.get("/health/live")
def live() -> Response:
    """The desk answers."""
    return JSONResponse({"live": True})


@router.get("/health")
@router.get("/health/ready")
def ready(room: Here) -> Response:
    """Whether the archive can be read, each ticker does its work, and there is room on the disk; else 503."""
    troubles: dict[str, str] = {}
    beats: dict[str, Beat] = {}
    try:
        with room.app.store.read() as shelves:
            beats = shelves.pulse.beats()
    except StoreError as error:
        troubles["archive"] = str(error)
    now, holding = room.now(), look(room.app.settings.archive.folder, room.app.settings.archive.url)
    for name, beat in beats.items():
        if wrong := ailing(beat, now, held=holding.held):
            troubles[name] = wrong
    if not beats and "archive" not in troubles:
        troubles["daemon"] = "has never run on this archive"
    if holding.left_by:
        troubles["daemon"] = f"process {holding.left_by} ended in the middle of its work"
    if short := short_of_room(room.app.settings.archive.folder):
        troubles["disk"] = short
    return JSONResponse({"ready": not troubles, "troubles": troubles}, 503 if troubles else 200)


@router.get("/metrics")
def metrics(room: Here) -> Response:
    """The archive in numbers."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Archive(room))
    ProcessCollector(namespace="monitor_desk", registry=registry)
    return Response(generate_latest(registry), media_type="text/plain; version=0.0.4; charset=utf-8")


class _Hour(Struct, frozen=True):
    """What was counted over the last hour, which takes a while."""

    visits: dict[tuple[str, ...], float]
    matches: dict[tuple[str, ...], float]
    lags: dict[tuple[str, ...], float]  # seconds, by share


class _Archive(Collector):
    def __init__(self, room: Room) -> None:
        self._room, self._app = room, room.app

    def collect(self) -> Iterable[Metric]:
        """Every metric, of this moment; what is counted over an hour may have been counted a little before."""
        now, settings = self._app.toolbox.now(), self._app.settings
        with self._app.store.read() as shelves:
            beats, counts = shelves.pulse.beats(), shelves.outbox.counts()
            states, notices = shelves.feeds.states(), shelves.notices.open()
            oldest = shelves.browsing.oldest_waiting()
            totals = shelves.browsing.totals()
            settled = shelves.browsing.settled(now - LATELY)
        hour = self._room.memory.get("hour", None, self._hour, young=YOUNG).thing
        yield _gauge("feeds", "Feeds in the configuration.", {(): len(settings.feeds)})
        current = [states[feed.name] for feed in settings.feeds if feed.name in states]
        yield _gauge("feeds_failing", "Feeds whose last visit failed.", {(): sum(bool(one.problem) for one in current)})
        yield _gauge("visits_last_hour", "Visits to feeds in the last hour, by outcome.", hour.visits, ("outcome",))
        yield _gauge(
            "entry_lag_seconds",
            "From publication to finding, of articles found in the last hour, by share of them.",
            hour.lags,
            ("quantile",),
        )
        yield _gauge(
            "matches_last_hour", "Verdicts of the last hour that said yes, by topic.", hour.matches, ("topic",)
        )
        yield self._extraction()
        ages: dict[tuple[str, ...], float] = {
            (name,): (now - beat.succeeded_at).total_seconds() for name, beat in beats.items() if beat.succeeded_at
        }
        yield _gauge("ticker_success_age_seconds", "Since a ticker last succeeded.", ages, ("ticker",))
        yield _gauge(
            "messages", "Messages by state.", {(state,): number for state, number in counts.items()}, ("state",)
        )
        yield _gauge("settled_last_hour", "Messages delivered or given up lately.", settled, ("channel", "state"))
        waited = (now - oldest).total_seconds() if oldest else 0.0
        yield _gauge("outbox_oldest_seconds", "How long the oldest message waits.", {(): waited})
        yield _gauge("notices_open", "Notices that go on.", {(): len(notices)})
        yield _gauge("archive_rows", "What the archive holds.", {(name,): n for name, n in totals.items()}, ("kind",))
        free = shutil.disk_usage(settings.archive.folder).free
        yield _gauge("disk_free_bytes", "Room left where the archive lies.", {(): free})

    def _hour(self) -> "_Hour":
        since = self._app.toolbox.now() - LATELY
        with self._app.store.read() as shelves:
            visits, matches = shelves.browsing.visits(since), shelves.browsing.matches(since)
            lags = sorted(shelves.browsing.lags(since))
        shares: dict[tuple[str, ...], float] = {
            (f"{share:g}",): lags[min(len(lags) - 1, int(len(lags) * share))] for share in SHARES if lags
        }
        return _Hour(visits, matches, shares)

    def _extraction(self) -> Metric:
        spent = self._app.extractions.spent
        words = "What reading a page took, in the daemon that opened this desk, since its start."
        return SummaryMetricFamily("monitor_extraction_seconds", words, spent.pages, spent.seconds)


def _gauge(name: str, words: str, values: "dict[tuple[str, ...], float]", labels: tuple[str, ...] = ()) -> Metric:
    family = GaugeMetricFamily(f"monitor_{name}", words, labels=labels)
    for label, value in values.items():
        family.add_metric(label, value)
    return family
