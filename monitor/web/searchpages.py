"""The page that searches the archive."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from monitor.app import understood
from monitor.jobs.searching import Found
from monitor.jobs.searching import search as find
from monitor.model import Narrowed
from monitor.web import shown
from monitor.web.room import Here

router = APIRouter(include_in_schema=False)

HITS = 30
LATELY = timedelta(days=30)


@router.get("/search")
def search(
    request: Request,
    room: Here,
    q: Annotated[str, Query(max_length=1000)] = "",
    topic: str = "",
    language: str = "",
    page: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> HTMLResponse:
    """Search the archive by a query in the language of the topics."""
    narrowed = Narrowed(topic=topic or None, language=language or None)
    asked_for, mistakes = understood(room.app.settings, q, narrowed) if q.strip() else (None, [])
    found = Found((), more=False)
    if asked_for is not None:
        found = find(room.app.store, asked_for, room.app.toolbox.feeds, limit=HITS, page=page)
    with room.app.store.read() as shelves:
        places = {hit.article.id: shelves.stories.story_of(hit.article.id) for hit in found.hits}
        languages = shelves.browsing.languages(room.now() - LATELY)
    shown_hits = [(hit, _snippet(hit.snippet, hit.marks), places[hit.article.id]) for hit in found.hits]
    asked = {"q": q, "topic": topic, "language": language}
    following = f"/search?{urlencode({**asked, 'page': page + 1})}" if found.more else ""
    marked = [(q[: one.offset], q[one.offset :], one.message, one.hint) for one in mistakes]
    return room.page(
        request,
        "search",
        hits=shown_hits,
        asked=asked,
        languages=languages,
        mistakes=marked,
        next_page=following,
        cut=found.cut,
    )


def _snippet(text: str, marks: Sequence[tuple[int, int]]) -> list[shown.Piece]:
    cut, done = [], 0
    for start, end in marks:
        cut += [shown.Piece(text[done:start]), shown.Piece(text[start:end], "searched for")]
        done = end
    return [piece for piece in (*cut, shown.Piece(text[done:])) if piece.words]
