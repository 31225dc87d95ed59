"""The pages of the topics: their volume with its spikes, how well their scores are calibrated."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from monitor.model import Topic, Verdict
from monitor.stories import HOUR, PAST, SPAN, Spike, daily, hourly
from monitor.topics.quality import calibration, calibration_error
from monitor.web import charts
from monitor.web.room import Here, Room

router = APIRouter(include_in_schema=False)

DAYS = 30
TOPICS = 15  # on a page
LATELY = timedelta(days=DAYS)
YOUNG = 600  # seconds for which a topic's spikes are not looked for again


class Card(Struct, frozen=True):
    """A topic in the list: its volume, and how often it was marked."""

    topic: Topic
    chart: charts.Chart
    relevant: int
    not_relevant: int


@router.get("/topics")
def topics(request: Request, room: Here, page: Annotated[int, Query(ge=1, le=10_000)] = 1) -> HTMLResponse:
    """The topics with their volume of stories day by day, what was marked, and a text of one's own judged."""
    return topics_page(request, room, page=page)


def topics_page(
    request: Request, room: Room, *, page: int = 1, title: str = "", text: str = "", verdicts: Sequence[Verdict] = ()
) -> HTMLResponse:
    """A page of the topics, with what they make of a text."""
    every = room.app.toolbox.topics.topics
    cards = [_card(room, topic) for topic in every[TOPICS * (page - 1) : TOPICS * page]]
    following = f"/topics?page={page + 1}" if len(every) > TOPICS * page else ""
    said = {"title": title, "text": text, "verdicts": verdicts}
    return room.page(request, "topics", cards=cards, days=DAYS, next_page=following, said=said)


@router.get("/topics/{name:path}")
def topic(request: Request, room: Here, name: str, saved: bool = False) -> HTMLResponse:
    """One topic: its volume, and how well its scores fit what was marked."""
    found = next((one for one in room.app.toolbox.topics.topics if one.name == name), None)
    if found is None:
        raise HTTPException(404, f"there is no topic {name}")
    with room.app.store.read() as shelves:
        marks = shelves.marks.all(name)
        token = shelves.saved.tokens().get(f"topic:{name}", "")
        stored = {mark.article: shelves.articles.get(mark.article) for mark in marks}
    pairs = [
        (verdict.score, mark.relevant)
        for mark in marks
        if (one := stored[mark.article]) is not None
        for verdict in one.verdicts
        if verdict.topic == name
    ]
    bins = calibration(pairs)
    return room.page(
        request,
        "topic",
        card=_card(room, found),
        days=DAYS,
        bins=bins,
        dots=charts.dots(bins),
        square=charts.SQUARE,
        judged=len(pairs),
        error=calibration_error(pairs),
        saved=saved,
        token=token,
    )


def _card(room: Room, topic: Topic) -> Card:
    now, zone = room.now(), room.zone
    counts = _a_day(room, topic.name)
    with room.app.store.read() as shelves:
        marks = shelves.marks.all(topic.name)
    yes = sum(mark.relevant for mark in marks)
    chart = charts.days(counts, now.astimezone(zone).date(), DAYS, _spikes(room, topic.name))
    return Card(topic, chart, yes, len(marks) - yes)


def _a_day(room: Room, topic: str) -> Mapping[date, int]:
    """Stories of late, day by day; counted anew once a minute."""
    zone = room.zone

    def count() -> Mapping[date, int]:
        with room.app.store.read() as shelves:
            return shelves.browsing.a_day(topic, room.now() - LATELY, zone)

    return room.memory.get(f"volume {topic}", zone, count, young=60).thing


def _spikes(room: Room, topic: str) -> dict[date, Spike]:
    """The days of late with a spike; looked for anew every ten minutes, for it takes a while."""
    zone = room.zone

    def look() -> dict[date, Spike]:
        now = room.now().astimezone(zone)
        with room.app.store.read() as shelves:
            begun = shelves.stories.begun(topic, now - (PAST + SPAN) * HOUR - LATELY)
        return daily(hourly(begun, now), now, DAYS)

    return room.memory.get(f"spikes {topic}", zone, look, young=YOUNG).thing
