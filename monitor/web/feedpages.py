"""The pages of the feeds: how each stands."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from monitor.pacing import interval_of
from monitor.store import Figures
from monitor.web import shown
from monitor.web.room import Here

router = APIRouter(include_in_schema=False)


@router.get("/feeds")
def feeds(request: Request, room: Here) -> HTMLResponse:
    """Every feed with how it stands, the troubled ones first."""
    now, app = room.now(), room.app
    with app.store.read() as shelves:
        states, figures, open_ = shelves.feeds.states(), shelves.feeds.figures(now), shelves.notices.open()
    rows = []
    for feed in app.settings.feeds:
        state = states.get(feed.name)
        pace = app.toolbox.limits.pace
        every = interval_of(feed, state, pace) if state is not None else pace.start
        notices = [notice for notice in open_ if notice.subject == feed.name]
        rows.append(shown.feed_row(feed, state, notices, figures.get(feed.name, Figures()), every))
    rows.sort(key=lambda row: (row.rank, row.feed.name))
    return room.page(request, "feeds", rows=rows, counts=[sum(row.rank == rank for row in rows) for rank in range(4)])
