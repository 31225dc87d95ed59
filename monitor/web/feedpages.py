"""The pages of the feeds: how each stands, a new one found at an address, lists in and out (OPML), pauses.

What is added is written into config/feeds.toml, see `settings.rewriting`; a pause stands in the archive.
"""

import os
from collections import defaultdict
from collections.abc import Sequence
from threading import Lock
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from monitor.errors import MonitorError
from monitor.jobs.discovery import Found, discover
from monitor.jobs.rating import Numbers, add_up, rate
from monitor.model import Feed, Notice
from monitor.pacing import interval_of, norm
from monitor.settings.feedsfile import NewFeed, all_named, already, fitting, with_feeds
from monitor.settings.opml import OpmlError, read_opml, write_opml
from monitor.settings.rewriting import rewrite, text_of
from monitor.web import shown
from monitor.web.room import Form, Here, Room

router = APIRouter(include_in_schema=False)

FILE = "feeds.toml"
PAGE = 75  # feeds
_RANKS = ("trouble", "look", "new", "well", "paused")  # of `shown.FeedRow`
_YOUNG = 600  # seconds for which the feeds' numbers are not added up again
_one_search = Lock()


@router.get("/feeds")
def feeds(
    request: Request,
    room: Here,
    q: Annotated[str, Query(max_length=200)] = "",
    state: Literal["", "trouble", "look", "new", "well", "paused"] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    added: Annotated[list[str] | None, Query()] = None,
    left: int = 0,
) -> HTMLResponse:
    """The feeds with how each stands, the troubled ones first; `added` and `left` tell what was just done."""
    every = sorted(_rows(room, room.app.settings.feeds), key=_order)
    counts = [sum(row.rank == rank for row in every) for rank in range(len(_RANKS))]
    words = q.casefold().split()
    rows = [row for row in every if not state or row.rank == _RANKS.index(state)]
    rows = [row for row in rows if all(word in _said(row.feed) for word in words)]
    shown_rows = rows[PAGE * (page - 1) : PAGE * page]
    asked = {key: value for key, value in (("q", q), ("state", state)) if value}
    names = {row.feed.name for row in every}
    return room.page(
        request,
        "feeds",
        rows=shown_rows,
        found=len(rows),
        all=len(every),
        counts=counts,
        asked={"q": q, "state": state},
        next_page=f"/feeds?{urlencode(asked | {'page': str(page + 1)})}" if len(rows) > PAGE * page else "",
        added=[name for name in added or () if name in names],
        left=left,
        may_edit=room.may_edit(FILE),
    )


@router.get("/feeds/export.opml")
def export(room: Here) -> Response:
    """The feeds as a list that other readers understand, without any secret."""
    headers = {"content-disposition": 'attachment; filename="feeds.opml"'}
    return Response(write_opml(room.app.settings.feeds), media_type="text/x-opml", headers=headers)


@router.get("/feeds/{name}")
def feed(request: Request, room: Here, name: str) -> HTMLResponse:
    """All that is known of one feed."""
    (row,) = _rows(room, [known_feed(room, name)])
    with room.app.store.read() as shelves:
        noticed = shelves.notices.of(name)
    usual = norm(row.rated.state) if row.rated.state else None
    return room.page(request, "feed", row=row, noticed=noticed, usual=usual)


@router.post("/feeds/{name}/pause")
def pause(room: Here, name: str, form: Form) -> Response:
    """Visit a feed no more, or again (`paused` = no), from the next round on."""
    known_feed(room, name)
    with room.app.store.begin() as shelves:
        if form.get("paused") == "no":
            shelves.pauses.resume(name)
        else:
            shelves.pauses.pause(name, room.now())
    return RedirectResponse(f"/feeds/{name}", 303)


@router.post("/feeds/find")
def find(request: Request, room: Here, form: Form) -> HTMLResponse:
    """Visit an address and try every feed that is named there or stands where feeds usually do; nothing is stored."""
    url = form.get("url", "").strip()[:2000]
    url = url if "://" in url or not url else f"https://{url}"
    if not _one_search.acquire(blocking=False):
        raise HTTPException(429, "another address is being tried; try again in a moment")
    found: Sequence[Found] = ()
    problem = ""
    try:
        found = discover(room.app.toolbox.fetcher, url) if url else ()
    except MonitorError as error:
        problem = str(error)
    finally:
        _one_search.release()
    offers = [(one, already(one.url, room.app.settings.feeds)) for one in found if one.page is not None]
    dead = [one for one in found if one.page is None]
    may_edit = room.may_edit(FILE)
    return room.page(request, "feedsfound", url=url, offers=offers, dead=dead, problem=problem, may_edit=may_edit)


@router.post("/feeds/add")
def add(room: Here, form: Form) -> Response:
    """Write a feed that was found into feeds.toml."""
    url = form.get("url", "").strip()
    tags = tuple(tag for one in form.get("tags", "").split(",") if (tag := one.strip()))
    words = {key: form.get(key, "").strip() for key in ("title", "name", "language")}
    with room.editing:
        if double := already(url, room.app.settings.feeds):
            raise HTTPException(409, f"'{url}' stands already in {FILE} as '{double.name}'")
        return _write(room, [NewFeed(url, kind=form.get("kind", "feed"), tags=tags, **words)])


@router.post("/feeds/import")
def take_in(room: Here, form: Form) -> Response:
    """Write the feeds of an OPML file that are new into feeds.toml."""
    try:
        listed = read_opml(form.get("file", "").encode("latin-1", "replace"))
    except OpmlError as error:
        raise HTTPException(422, f"that file {error}") from error
    with room.editing:
        new, left_out = fitting(listed, room.app.settings.feeds)
        if not new:
            raise HTTPException(409, f"that file lists {len(listed)} feeds, and none that could be added")
        return _write(room, new, left=len(left_out))


def _write(room: Room, new: Sequence[NewFeed], left: int = 0) -> Response:
    if not room.may_edit(FILE):
        raise HTTPException(403, f"this desk may not write {FILE}; `monitor feeds add` and `import` do it")
    file = room.app.settings.folder / FILE
    try:
        complete = all_named(new, (feed.name for feed in room.app.settings.feeds))
        before = text_of(file)
        after = with_feeds(before, complete)
        room.take_over(rewrite(file, before, after, os.environ, room.archive, room.now()))
    except (MonitorError, ValueError, OSError) as error:
        raise HTTPException(409, str(error)) from error
    done = [("added", one.name) for one in complete[:50]] + ([("left", str(left))] if left else [])
    return RedirectResponse(f"/feeds?{urlencode(done)}", 303)


def known_feed(room: Room, name: str) -> Feed:
    """The feed of that name. Raises HTTPException where there is none."""
    found = next((feed for feed in room.app.settings.feeds if feed.name == name), None)
    if found is None:
        raise HTTPException(404, f"there is no feed {name}")
    return found


def numbers_of(room: Room) -> Numbers:
    """What the feeds brought, added up anew every ten minutes."""

    def add() -> Numbers:
        with room.app.store.read() as shelves:
            return add_up(shelves, room.now())

    return room.memory.get("feeds", None, add, young=_YOUNG).thing


def _rows(room: Room, wanted: Sequence[Feed]) -> list[shown.FeedRow]:
    now, pace = room.now(), room.app.toolbox.limits.pace
    with room.app.store.read() as shelves:
        rated = rate(shelves, wanted, now, numbers_of(room))
        paused, open_ = shelves.pauses.all(), shelves.notices.open()
    noticed: dict[str, list[Notice]] = defaultdict(list)
    for notice in open_:
        noticed[notice.subject].append(notice)
    rows = []
    for one in wanted:
        state = rated[one.name].state
        every = interval_of(one, state, pace) if state is not None else pace.start
        rows.append(shown.feed_row(one, rated[one.name], noticed[one.name], every, paused.get(one.name)))
    return rows


def _said(feed: Feed) -> str:
    return " ".join((feed.outlet, feed.name, feed.url, feed.language, feed.country, *feed.tags)).casefold()


def _order(row: shown.FeedRow) -> tuple[int, int, str]:
    points = row.rated.health.points if row.rated.health else 100
    return row.rank, points, row.feed.outlet.lower()
