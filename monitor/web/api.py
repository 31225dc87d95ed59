"""`/api/v1`: the same for programs, as JSON; described at /api/v1/openapi.json. Here what only reads.

Lists come in pages: `next` is the cursor of the page that follows. What changes is in `apiwrites`.
"""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.app import understood
from monitor.jobs.rating import rate
from monitor.jobs.searching import search as find
from monitor.model import Narrowed, Window
from monitor.values import as_dict, open_facts
from monitor.web.answers import (
    ANSWERS,
    Cursor,
    Limit,
    Name,
    answer,
    aware,
    facts,
    hit_facts,
    opened,
    page,
    report_facts,
    sealed,
    story_facts,
)
from monitor.web.feedpages import numbers_of
from monitor.web.filters import Filters, cursor_of, place_of
from monitor.web.room import Here

router = APIRouter(prefix="/api/v1", tags=["read"], responses=ANSWERS)
Text = Annotated[str, Query(max_length=200)]
REPORTS = Query(ge=1, le=100, description="how many reports a page; their texts may be long")
_MOST_PAGES = 1000


@router.get("/topics")
def topics(request: Request, room: Here) -> Response:
    """The topics that are followed."""
    return answer(request, [as_dict(topic) for topic in room.app.toolbox.topics.topics])


@router.get("/stories")
def stories(
    request: Request,
    room: Here,
    filters: Filters,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Response:
    """Stories, the latest match first."""
    wanted = replace(filters, since=aware(since), until=aware(until))
    with room.app.store.read() as shelves:
        found, more = shelves.browsing.stories(wanted, limit, place_of(cursor))
        keys = shelves.browsing.told([story.id for story in found])
    shown = [story_facts(story) | {"told": keys.get(story.id, [])} for story in found]
    return page(request, "stories", shown, cursor_of(more))


@router.get("/stories/{name}")
def story(
    request: Request, room: Here, name: Name, limit: Annotated[int, REPORTS] = 20, cursor: Cursor = ""
) -> Response:
    """One story, a page of its reports with their texts and evidence, the first found first.

    `told` are the keys of the digests that told it; `muted` the subscriptions that hear no more of it, "" being all.
    """
    begin = (opened(cursor, int) or (0,))[0]
    if begin < 0:
        raise HTTPException(422, "this cursor is none of ours; begin again without one")
    with room.app.store.read() as shelves:
        found = shelves.stories.get(shelves.rulings.story(name) or name)
        if found is None:
            raise HTTPException(404, f"there is no story {name}")
        told, muted = shelves.outbox.told(found.id), shelves.wishes.muted([found.id])
    end = begin + limit
    said = {
        "reports": [report_facts(report, whole=True) for report in found.reports[begin:end]],
        "next": sealed(end) if end < len(found.reports) else None,
        "told": [one.key for one in told],
        "muted": [one.subscription for one in muted],
    }
    return answer(request, story_facts(found) | said)


@router.get("/items")
def items(
    request: Request,
    room: Here,
    feed: Text = "",
    language: Text = "",
    since: datetime | None = None,
    until: datetime | None = None,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Response:
    """Articles, also those that match nothing, without their texts; the latest found first. Times are of finding."""
    after = opened(cursor, int)
    with room.app.store.read() as shelves:
        found, more = shelves.browsing.articles(
            limit, after[0] if after else None, feed=feed, language=language, since=aware(since), until=aware(until)
        )
    return page(request, "items", found, sealed(more) if more else None)


@router.get("/items/{name}")
def item(request: Request, room: Here, name: Name) -> Response:
    """What became of an article (by its id) at each stage, one answer for each feed that showed it, with its text."""
    with room.app.store.read() as shelves:
        histories = shelves.articles.history(name)
    if not histories:
        raise HTTPException(404, f"no item {name} was ever seen")
    return answer(request, [as_dict(one) for one in histories])


@router.get("/search")
def search(
    request: Request,
    room: Here,
    q: Annotated[str, Query(min_length=1, max_length=1000)],
    topic: Text = "",
    language: Text = "",
    since: datetime | None = None,
    until: datetime | None = None,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Response:
    """Articles by a query in the language of the topics, the best first; at most 1,000 pages."""
    after = opened(cursor, int)
    number = min(max(after[0], 1), _MOST_PAGES) if after else 1
    narrowed = Narrowed(topic=topic or None, language=language or None, since=aware(since), until=aware(until))
    wanted, mistakes = understood(room.app.settings, q, narrowed)
    if wanted is None:
        raise HTTPException(422, "; ".join(f"at character {one.offset + 1}: {one.message}" for one in mistakes))
    found = find(room.app.store, wanted, room.app.toolbox.feeds, limit=limit, page=number)
    following = sealed(number + 1) if found.more and number < _MOST_PAGES else None
    return page(request, "hits", [hit_facts(hit) for hit in found.hits], following)


@router.get("/feeds")
def feeds(request: Request, room: Here, limit: Limit = 50, cursor: Cursor = "") -> Response:
    """The feeds by name, with what is remembered of each; logins, cookies and proxies are left out."""
    after = opened(cursor, str)
    named = sorted(room.app.settings.feeds, key=lambda feed: feed.name)
    left = [feed for feed in named if after is None or feed.name > after[0]]
    with room.app.store.read() as shelves:
        rated = rate(shelves, left[:limit], room.now(), numbers_of(room))
        paused = shelves.pauses.all()
    shown = ("name", "url", "title", "kind", "language", "country", "tags")
    found = [
        {name: fact for name, fact in open_facts(feed).items() if name in shown}
        | {"state": (state := rated[feed.name].state) and open_facts(state)}
        | {key: facts(getattr(rated[feed.name], key)) for key in ("figures", "health")}
        | {"matches": rated[feed.name].matches, "paused": paused.get(feed.name)}
        for feed in left[:limit]
    ]
    return page(request, "feeds", found, sealed(found[-1]["name"]) if len(left) > limit else None)


@router.get("/searches")
def searches(request: Request, room: Here) -> Response:
    """The saved searches, by their titles."""
    with room.app.store.read() as shelves:
        found = shelves.saved.searches()
    return page(request, "searches", [facts(one) for one in found], None)


@router.get("/deliveries")
def deliveries(request: Request, room: Here, limit: Limit = 50, cursor: Cursor = "") -> Response:
    """Messages, the latest first, and how far each got; `counts` by state; who `left` a subscription."""
    place = opened(cursor, datetime, str)
    after = (place[0], place[1]) if place else None
    with room.app.store.read() as shelves:
        letters, counts = shelves.browsing.letters(limit + 1, after=after), shelves.outbox.counts()
        left = shelves.wishes.left()
    last = letters[limit - 1] if len(letters) > limit else None
    following = sealed(last.created_at, last.key) if last else None
    found = [facts(letter) for letter in letters[:limit]]
    return page(request, "deliveries", found, following, counts=counts, left=[facts(one) for one in left])


@router.get("/coverage")
def coverage(request: Request, room: Here, hours: Annotated[int, Query(ge=1, le=24 * 31)] = 24) -> Response:
    """What was and was not seen in the last hours, up to the last full minute."""
    toolbox = room.app.toolbox
    end = room.now().replace(second=0, microsecond=0)
    window = Window(end - timedelta(hours=hours), end)
    names = [topic.name for topic in toolbox.topics.topics]
    with room.app.store.read() as shelves:
        seen = shelves.feeds.coverage(window, list(toolbox.feeds.values()), names)
    return answer(request, as_dict(window) | as_dict(seen))


@router.get("/marks")
def marks(request: Request, room: Here, topic: Text = "", limit: Limit = 200, cursor: Cursor = "") -> Response:
    """What was said of articles, the first made first."""
    after = opened(cursor, datetime, str, str)
    with room.app.store.read() as shelves:
        found = shelves.marks.all(topic or None)
    left = [one for one in found if after is None or (one.at, one.article, one.topic) > after]
    last = left[limit - 1] if len(left) > limit else None
    following = sealed(last.at, last.article, last.topic) if last else None
    return page(request, "marks", [facts(one) for one in left[:limit]], following)
