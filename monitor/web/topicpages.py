"""The pages of the topics: their volume with its spikes, how well their scores are calibrated."""

from collections.abc import Sequence
from datetime import timedelta

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from monitor.model import Verdict
from monitor.web import charts
from monitor.web.room import Here, Room

router = APIRouter(include_in_schema=False)

DAYS = 30
LATELY = timedelta(days=DAYS)


@router.get("/topics")
def topics(request: Request, room: Here) -> HTMLResponse:
    """The topics with their volume of stories day by day, what was marked, and a text of one's own judged."""
    return topics_page(request, room, title="", text="", verdicts=())


def topics_page(request: Request, room: Room, *, title: str, text: str, verdicts: Sequence[Verdict]) -> HTMLResponse:
    """The page of the topics, with what they make of a text."""
    today_, zone = room.now().astimezone(room.zone).date(), room.zone
    cards = []
    with room.app.store.read() as shelves:
        for topic in room.app.toolbox.topics.topics:
            chart = charts.days(shelves.browsing.a_day(topic.name, room.now() - LATELY, zone), today_, DAYS)
            marks = shelves.marks.all(topic.name)
            yes = sum(mark.relevant for mark in marks)
            cards.append((topic, chart, charts.numbers(chart), yes, len(marks) - yes))
    return room.page(request, "topics", cards=cards, days=DAYS, title=title, text=text, verdicts=verdicts)
