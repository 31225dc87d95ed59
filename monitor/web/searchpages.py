"""The page that searches the archive, and the searches that were saved."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from monitor.app import understood
from monitor.digests.wording import web_address
from monitor.jobs.searching import Found
from monitor.jobs.searching import search as find
from monitor.jobs.tracing import traces, unseen
from monitor.model import Narrowed
from monitor.store import SavedSearch
from monitor.topics.query import Mistake
from monitor.web import shown
from monitor.web.filters import choices
from monitor.web.room import Form, Here, Room

router = APIRouter(include_in_schema=False)

HITS = 30
LONGEST = 1000  # characters of a query
EXAMPLES = (
    ("drone coalition", "both words, in all their forms, in whatever order"),
    ('"air defence"', "a phrase as it stands"),
    ("drone OR uav", "either"),
    ("radar -sport", "the first without the second; NOT says the same"),
    ("(patriot OR nasams) kyiv", "brackets group"),
    ("launch*", "all that begins so; *drohne: all that ends so"),
    ("drone NEAR/5 coalition", "at most five words apart; ~s in one sentence, ~p in one paragraph"),
    ("title:drone", "in the headline; lead: and body: likewise"),
    ("lang:uk country:ua", "by language and by the outlet's country"),
    ('outlet:"Riga Harbour Post"', "of an outlet; feed: by the name in feeds.toml; topic: and story: likewise"),
    ("date:2026-11", "found in a month, a day or a year; since: and until: likewise"),
    ("drone told:no", "what no digest told; told:yes the others"),
    ("#interceptor-drone", "a concept: a list of words in many languages"),
    ("https://gazette.example/news/1", "an address: what became of it at each stage, and why"),
)


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
    if _is_address(q):
        return _traced(request, room, q.strip())
    asked_for, mistakes = understood(room.app.settings, q, narrowed) if q.strip() else (None, [])
    found = Found((), more=False)
    if asked_for is not None:
        found = find(room.app.store, asked_for, room.app.toolbox.feeds, limit=HITS, page=page)
    with room.app.store.read() as shelves:
        places = {hit.article.id: shelves.stories.story_of(hit.article.id) for hit in found.hits}
        marks = {name: {one.topic: one.relevant for one in shelves.marks.of(name)} for name in places}
        searches, tokens = shelves.saved.searches(), shelves.saved.tokens()
        is_empty = not found.hits and not shelves.articles.latest(None, limit=1)
    shown_hits = [
        (
            hit,
            _snippet(hit.snippet, hit.marks),
            places[hit.article.id],
            web_address(hit.article.url),
            marks[hit.article.id],
        )
        for hit in found.hits
    ]
    asked = {"q": q, "topic": topic, "language": language}
    following = f"/search?{urlencode({**asked, 'page': page + 1})}" if found.more else ""
    asked_now = (_printable(q), topic, language)
    same = next((one for one in searches if (one.query, one.topic, one.language) == asked_now), None)
    return room.page(
        request,
        "search",
        searches=[(one, _address(one), tokens.get(f"search:{one.id}", "")) for one in searches],
        same=same,
        hits=shown_hits,
        asked=asked,
        here=f"/search?{request.url.query}",
        languages=choices(room)[1],
        mistakes=_marked(q, mistakes),
        examples=EXAMPLES,
        next_page=following,
        cut=found.cut,
        is_empty=is_empty,
    )


def _traced(request: Request, room: Room, address: str) -> HTMLResponse:
    """What became of an address, in the place of what a query finds."""
    toolbox, when = room.app.toolbox, room.local
    with room.app.store.read() as shelves:
        found = traces(shelves, address, toolbox.limits.told_max_age, when)
        unknown = "" if found else unseen(toolbox.feeds.values(), shelves, address, when)
    ways = [(one, one.history.stored if one.history else None, web_address(one.address)) for one in found]
    return room.page(request, "why", asked=address, ways=ways, unknown=unknown)


@router.get("/search/check")
def check(request: Request, room: Here, q: Annotated[str, Query(max_length=1000)] = "") -> HTMLResponse:
    """Every mistake in a query that is being typed, as the part of the page that shows it; nothing is searched."""
    asks = q.strip() and not _is_address(q)
    _, mistakes = understood(room.app.settings, q, Narrowed()) if asks else (None, [])
    return room.page(request, "searchcheck", mistakes=_marked(q, mistakes))


@router.post("/searches")
def save(room: Here, form: Form) -> Response:
    """Keep a search under a title; the same search again only gets the new title."""
    found = keep(room, *(form.get(key, "") for key in ("title", "q", "topic", "language")))
    asked = {"q": found.query, "topic": found.topic, "language": found.language}
    return RedirectResponse(f"/search?{urlencode(asked)}#saved", 303)


def keep(room: Room, *words: str) -> SavedSearch:
    """Save a search (title, query, topic, language; the last two may be ""). HTTPException where it can never find."""
    title, query, topic, language = (_printable(one) for one in words)
    query = query[:LONGEST]
    wanted, mistakes = understood(room.app.settings, query, Narrowed(topic=topic or None))
    if wanted is None or not query:
        raise HTTPException(422, "; ".join(one.message for one in mistakes) or "there is nothing to save")
    if topic and topic not in {one.name for one in room.app.toolbox.topics.topics}:
        raise HTTPException(422, f"there is no topic {topic}")
    with room.app.store.begin() as shelves:
        name = shelves.saved.put(title[:200] or query, query, topic, language[:10], room.now())
        return next(one for one in shelves.saved.searches() if one.id == name)


@router.post("/searches/{name}/remove")
def remove(room: Here, name: str, _form: Form) -> Response:
    """Forget a saved search, and the address of its feed."""
    with room.app.store.begin() as shelves:
        if not shelves.saved.remove(name):
            raise HTTPException(404, "there is no such search")
    return RedirectResponse("/search#saved", 303)


def _is_address(query: str) -> bool:
    return query.strip().startswith(("https://", "http://")) and " " not in query.strip()


def _marked(query: str, mistakes: Sequence[Mistake]) -> list[tuple[str, str, str, str]]:
    """(what stands before the mistake, what from it on, what is wrong, what to do) of each."""
    return [(query[: one.offset], query[one.offset :], one.message, one.hint) for one in mistakes]


def _printable(text: str) -> str:
    return "".join(one for one in " ".join(text.split()) if one.isprintable())


def _address(saved: SavedSearch) -> str:
    asked = {"q": saved.query, "topic": saved.topic, "language": saved.language}
    return f"/search?{urlencode({key: value for key, value in asked.items() if value})}"


def _snippet(text: str, marks: Sequence[tuple[int, int]]) -> list[shown.Piece]:
    cut, done = [], 0
    for start, end in marks:
        cut += [shown.Piece(text[done:start]), shown.Piece(text[start:end], "searched for")]
        done = end
    return [piece for piece in (*cut, shown.Piece(text[done:])) if piece.words]
