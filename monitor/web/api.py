"""`/api/v1`: the same for programs, as JSON; described at /api/v1/openapi.json. Lists come in pages, by a cursor.

A token with the scope "write" may mark; every other call only reads. Answers carry an ETag (RFC 9110 section 8.8.3), so
that who asks again with If-None-Match is spared what has not changed.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.app import understood
from monitor.jobs.rating import rate
from monitor.jobs.searching import search as find
from monitor.model import Copy, Narrowed, Report, Story, Window
from monitor.store import Hit
from monitor.web.filters import Filters, cursor_of, place_of
from monitor.web.room import Here

router = APIRouter(prefix="/api/v1", tags=["news-monitor"])
Name = Annotated[str, Path(max_length=200)]
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/topics")
def topics(request: Request, room: Here) -> Response:
    """The topics that are followed."""
    return _answer(request, [asdict(topic) for topic in room.app.toolbox.topics.topics])


@router.get("/stories")
def stories(
    request: Request,
    room: Here,
    filters: Filters,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: Limit = 50,
    cursor: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Stories, the latest match first. `cursor`: the `next` of the page before."""
    wanted = replace(filters, since=_aware(since), until=_aware(until))
    with room.app.store.read() as shelves:
        found, more = shelves.browsing.stories(wanted, limit, place_of(cursor))
        keys = shelves.browsing.told([story.id for story in found])
    following = cursor_of(more) or None
    return _answer(
        request, {"stories": [_story(story) | {"told": keys.get(story.id, [])} for story in found], "next": following}
    )


@router.get("/stories/{name}", responses={404: {"description": "There is no such story."}})
def story(request: Request, room: Here, name: Name) -> Response:
    """One story with its reports, their texts and evidence."""
    with room.app.store.read() as shelves:
        found = shelves.stories.get(shelves.rulings.story(name) or name)
        if found is None:
            raise HTTPException(404, f"there is no story {name}")
        told = shelves.outbox.told(found.id)
    reports = [_report(report) | {"text": report.article.text} for report in found.reports]
    return _answer(request, _story(found) | {"reports": reports, "told": [one.key for one in told]})


@router.get("/items/{name}", responses={404: {"description": "No such article or address was ever seen."}})
def item(request: Request, room: Here, name: Name) -> Response:
    """What became of an article (by its id) at each stage, one answer for each feed that showed it."""
    with room.app.store.read() as shelves:
        histories = shelves.articles.history(name)
    if not histories:
        raise HTTPException(404, f"no item {name} was ever seen")
    return _answer(request, [asdict(one) for one in histories])


@router.get("/search")
def search(
    request: Request,
    room: Here,
    q: Annotated[str, Query(min_length=1, max_length=1000)],
    topic: str = "",
    language: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    limit: Limit = 50,
    page: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> Response:
    """Articles by a query in the language of the topics, the best first; `more`: whether there is another page."""
    narrowed = Narrowed(topic=topic or None, language=language or None, since=_aware(since), until=_aware(until))
    wanted, mistakes = understood(room.app.settings, q, narrowed)
    if wanted is None:
        raise HTTPException(422, "; ".join(f"at character {one.offset + 1}: {one.message}" for one in mistakes))
    found = find(room.app.store, wanted, room.app.toolbox.feeds, limit=limit, page=page)
    return _answer(request, {"hits": [_hit(hit) for hit in found.hits], "more": found.more})


@router.get("/feeds")
def feeds(request: Request, room: Here) -> Response:
    """The feeds with what is remembered of each; logins, cookies and proxies are left out."""
    with room.app.store.read() as shelves:
        rated, paused = rate(shelves, room.app.settings.feeds, room.now()), shelves.pauses.all()
    shown = ("name", "url", "title", "kind", "language", "country", "tags")
    return _answer(
        request,
        [
            {name: getattr(feed, name) for name in shown}
            | {key: _facts(getattr(rated[feed.name], key)) for key in ("state", "figures", "health")}
            | {"matches": rated[feed.name].matches, "paused": paused.get(feed.name)}
            for feed in room.app.settings.feeds
        ],
    )


@router.get("/deliveries")
def deliveries(request: Request, room: Here, limit: Limit = 50) -> Response:
    """The last messages, and how far each got."""
    with room.app.store.read() as shelves:
        letters, counts = shelves.browsing.letters(limit), shelves.outbox.counts()
    return _answer(request, {"counts": counts, "deliveries": [_facts(letter) for letter in letters]})


@router.get("/coverage")
def coverage(request: Request, room: Here, hours: Annotated[int, Query(ge=1, le=24 * 31)] = 24) -> Response:
    """What was and was not seen in the last hours."""
    toolbox = room.app.toolbox
    window = Window(room.now() - timedelta(hours=hours), room.now())
    names = [topic.name for topic in toolbox.topics.topics]
    with room.app.store.read() as shelves:
        seen = shelves.feeds.coverage(window, list(toolbox.feeds.values()), names)
    return _answer(request, asdict(window) | asdict(seen))


@router.get("/marks")
def marks(request: Request, room: Here, topic: str = "") -> Response:
    """What was said of articles, the first made first."""
    with room.app.store.read() as shelves:
        found = shelves.marks.all(topic or None)
    return _answer(request, [asdict(mark) for mark in found])


class NewMark(BaseModel):
    """Whether an article belongs to a topic."""

    model_config = ConfigDict(extra="forbid")
    article: str
    topic: str
    relevant: bool


@router.post(
    "/marks",
    status_code=201,
    responses={
        403: {"description": "The token may only read."},
        404: {"description": "There is no such article or topic."},
        415: {"description": "The body is no JSON."},
    },
)
def mark(request: Request, room: Here, new: NewMark) -> Response:
    """Mark an article for a topic, in place of an earlier mark."""
    if not request.scope["may_write"]:
        raise HTTPException(403, 'this token may only read; give it scope = "write"')
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise HTTPException(415, "send JSON, with content-type application/json")
    if new.topic not in {topic.name for topic in room.app.toolbox.topics.topics}:
        raise HTTPException(404, f"there is no topic {new.topic}")
    with room.app.store.begin() as shelves:
        if not shelves.articles.with_ids([new.article]):
            raise HTTPException(404, f"there is no article {new.article}")
        shelves.marks.put(new.article, [new.topic], relevant=new.relevant, at=room.now())
    return _answer(request, new.model_dump(), status=201)


def _story(story: Story) -> dict[str, Any]:
    first = story.originals[0].article
    return {
        "id": story.id,
        "title": first.title,
        "url": first.url,
        "language": first.language,
        "found": story.reports[0].article.found_at,
        "outlets": list(dict.fromkeys(report.outlet for report in story.originals)),
        "topics": {verdict.topic: round(verdict.score, 3) for verdict in story.verdicts},
        "reports": [_report(report) for report in story.reports],
    }


def _report(report: Report) -> dict[str, Any]:
    article, placement = report.article, report.placement
    return {
        "article": article.id,
        "title": article.title,
        "url": article.url,
        "outlet": report.outlet,
        "language": article.language,
        "published": article.published,
        "found": article.found_at,
        "copy_of": placement.of if isinstance(placement, Copy) else None,
        "reason": placement.reason,
        "verdicts": [asdict(verdict) for verdict in report.verdicts],
    }


def _hit(hit: Hit) -> dict[str, Any]:
    article = hit.article
    return {
        "article": article.id,
        "title": article.title,
        "url": article.url,
        "outlet": hit.outlet,
        "language": article.language,
        "found": article.found_at,
        "score": hit.score,
        "snippet": hit.snippet,
        "marks": hit.marks,
    }


def _facts(value: Any) -> Mapping[str, Any] | None:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else None


def _aware(moment: datetime | None) -> datetime | None:
    """A moment without a zone would mean another one on each machine."""
    if moment is not None and moment.tzinfo is None:
        raise HTTPException(422, "a moment needs its zone, such as 2026-11-23T08:00:00Z")
    return moment


def _answer(request: Request, value: Any, status: int = 200) -> Response:
    body = json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if request.method == "GET" and tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, status, headers, "application/json")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
