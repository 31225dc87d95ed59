"""The pages: Today, Stories, Topics, Feeds, Deliveries, Search. They read; what changes is in `actions`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from monitor.app import understood
from monitor.digests.present import present, ranked
from monitor.digests.view import DigestView
from monitor.errors import TemplateError
from monitor.jobs.digest import preview
from monitor.jobs.searching import Found
from monitor.jobs.searching import search as find
from monitor.model import Digest, Narrowed, Subscription, Verdict
from monitor.pacing import interval_of
from monitor.store import Figures, Letter, Wanted
from monitor.web import charts, shown
from monitor.web.gate import MAIL
from monitor.web.room import Here, Room
from monitor.web.story import line_of

router = APIRouter(include_in_schema=False)

PAGE = 25  # stories
DAYS = 30
HITS = 30
LETTERS = 100
LATELY = timedelta(days=DAYS)
YOUNG = timedelta(hours=1)
_ALERTS = 10


@dataclass(frozen=True, slots=True)
class Coming:
    """What a subscription's next digest would hold now; `ids` are the stories' by their rank."""

    subscription: Subscription
    digest: Digest
    view: DigestView
    ids: dict[int, str]
    last: Letter | None

    @property
    def is_young(self) -> bool:
        """Whether its window is too short for anything to be said of feeds."""
        return self.digest.window.end - self.digest.window.start < YOUNG


@router.get("/")
def today(request: Request, room: Here) -> HTMLResponse:
    """What the next digest of each subscription will hold, as it fills, and the alerts of late."""
    toolbox = room.app.toolbox
    coming = []
    for subscription in toolbox.subscriptions:
        if subscription.alert is None:
            digest, _ = preview(toolbox, subscription)
            ids = {rank: story.id for rank, story in ranked(digest)}
            with toolbox.store.read() as shelves:
                last = next(iter(shelves.browsing.letters(1, [subscription.name])), None)
            coming.append(Coming(subscription, digest, present(digest), ids, last))
    alerting = [one.name for one in toolbox.subscriptions if one.alert is not None]
    with toolbox.store.read() as shelves:
        alerts = shelves.browsing.letters(_ALERTS, alerting) if alerting else []
        notices = shelves.notices.open()
    return room.page(request, "today", coming=coming, alerts=alerts, alerting=alerting, notices=notices)


@router.get("/stories")
def stories(
    request: Request,
    room: Here,
    topic: str = "",
    outlet: str = "",
    language: str = "",
    told: Literal["", "yes", "no"] = "",
    since: str = "",
    until: str = "",
    after: str = "",
) -> HTMLResponse:
    """Stories, the latest first, with filters; a page at a time."""
    asked = {"topic": topic, "outlet": outlet, "language": language, "told": told, "since": since, "until": until}
    wanted = Wanted(
        topics=(topic,) if topic else (),
        outlet=outlet,
        language=language,
        told=told,
        since=_day(room, since, "since"),
        until=_day(room, until, "until", whole=True),
    )
    with room.app.store.read() as shelves:
        found, more = shelves.browsing.stories(wanted, PAGE, _place(after))
        keys = shelves.browsing.told([story.id for story in found])
        lately = room.now() - LATELY
        outlets, languages = shelves.browsing.outlets(lately), shelves.browsing.languages(lately)
    following = {name: value for name, value in asked.items() if value}
    next_page = ""
    if more is not None:
        next_page = f"/stories?{urlencode({**following, 'after': f'{more[0].isoformat()}/{more[1]}'})}"
    return room.page(
        request,
        "stories",
        found=[line_of(story) for story in found],
        keys=keys,
        asked=asked,
        outlets=outlets,
        languages=languages,
        next_page=next_page,
    )


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


@router.get("/deliveries")
def deliveries(request: Request, room: Here) -> HTMLResponse:
    """What was sent, what waits and what was given up, with the receiving side's words."""
    with room.app.store.read() as shelves:
        letters: list[Letter] = shelves.browsing.letters(LETTERS)
        counts = shelves.outbox.counts()
    digests = [one for one in room.app.toolbox.subscriptions if one.alert is None]
    return room.page(request, "deliveries", letters=letters, counts=counts, digests=digests)


@router.get("/deliveries/preview/{subscription}")
def mail(room: Here, subscription: str) -> Response:
    """The next digest as its mail would look; shown within a frame that may do nothing."""
    toolbox = room.app.toolbox
    chosen = next((one for one in toolbox.subscriptions if one.name == subscription), None)
    if chosen is None:
        raise HTTPException(404, f"there is no subscription {subscription}")
    try:
        _, message = preview(toolbox, chosen)
    except TemplateError as error:
        raise HTTPException(409, f"the template of {subscription} is broken: {error}") from error
    return HTMLResponse(message.html, headers={"content-security-policy": MAIL})


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


def _day(room: Room, text: str, name: str, *, whole: bool = False) -> datetime | None:
    """A day of the reader's zone as a moment: its beginning, or with `whole` its end."""
    if not text:
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007 - the zone comes with the next line
    except ValueError:
        raise HTTPException(422, f"{name} is no day; write one such as 2026-11-23") from None
    return datetime.combine(day + timedelta(days=whole), time(), room.zone)


def _place(text: str) -> tuple[datetime, str] | None:
    """Where a page begins, as the page before it wrote it."""
    if not text:
        return None
    try:
        return shown.place_of(text)
    except ValueError:
        raise HTTPException(422, "this page's address is damaged; begin again at /stories") from None
