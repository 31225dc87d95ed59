"""The pages Today and Stories. They read; what changes is in `actions`."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from fastapi import APIRouter
from msgspec import Struct
from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from monitor.digests.present import present, ranked
from monitor.digests.schedule import following
from monitor.digests.view import DigestView
from monitor.jobs.digest import coming as next_of
from monitor.jobs.doctor import ailing
from monitor.model import Digest, Subscription
from monitor.store import Letter, look
from monitor.web.filters import Filters, choices, cursor_of, place_of
from monitor.web.room import Here, Room
from monitor.web.story import line_of

router = APIRouter(include_in_schema=False)

PAGE = 25  # stories
DRAWN_FOR = 10  # seconds for which a coming digest is not drawn again; an older one is shown while a new one is drawn
BEST = 30  # stories of a coming digest that are shown
YOUNG = timedelta(hours=1)
_ALERTS = 10


class Coming(Struct, frozen=True):
    """What a subscription's next digest would hold now; `ids` are the stories' by their rank."""

    subscription: Subscription
    digest: Digest
    view: DigestView
    ids: dict[int, str]
    counts: list[tuple[str, int]]  # by the topic's title
    more: int  # stories that are not shown
    last: Letter | None
    due_at: datetime

    @property
    def is_young(self) -> bool:
        """Whether its window is too short for anything to be said of feeds."""
        return self.digest.window.end - self.digest.window.start < YOUNG


def _coming(subscription: Subscription, digest: Digest, last: Letter | None, due_at: datetime) -> Coming:
    every = [story for _, story in ranked(digest)]
    best = replace(digest, stories=tuple(every[:BEST]))
    ids = {rank: story.id for rank, story in ranked(best)}
    titles = {topic.name: topic.title for topic in digest.topics}
    counts = Counter(titles[story.verdicts[0].topic] for story in every)
    return Coming(subscription, digest, present(best), ids, counts.most_common(), len(every) - len(ids), last, due_at)


def _next(room: Room, subscription: Subscription) -> Coming:
    """What its next digest would hold; drawn anew beside, and at once after what this desk has changed."""
    toolbox = room.app.toolbox

    due_at = following(subscription.schedule, subscription.zone, toolbox.now())

    def draw() -> Coming:
        with toolbox.store.read() as shelves:
            last = next(iter(shelves.browsing.letters(1, [subscription.name])), None)
        return _coming(subscription, next_of(toolbox, subscription), last, due_at)

    state = (toolbox.store.written, id(toolbox))
    drawn = room.memory.get(f"coming {subscription.name}", state, draw, young=DRAWN_FOR)
    return replace(drawn.thing, due_at=due_at)


@router.get("/")
def today(request: Request, room: Here) -> HTMLResponse:
    """What the next digest of each subscription will hold, whether anything fills it, and the alerts of late."""
    toolbox = room.app.toolbox
    found = [_next(room, subscription) for subscription in toolbox.subscriptions if subscription.alert is None]
    alerting = [one.name for one in toolbox.subscriptions if one.alert is not None]
    with toolbox.store.read() as shelves:
        alerts = shelves.browsing.letters(_ALERTS, alerting) if alerting else []
        notices, beat = shelves.notices.open(), shelves.pulse.beats().get("poll")
    settings = room.app.settings
    held = look(settings.archive.folder, settings.archive.url).held
    stale = ailing(beat, room.now(), held=held) if beat else "no round was made on this archive yet"
    return room.page(request, "today", coming=found, alerts=alerts, alerting=alerting, notices=notices, stale=stale)


@router.get("/stories")
def stories(
    request: Request,
    room: Here,
    filters: Filters,
    since: str = "",
    until: str = "",
    after: str = "",
) -> HTMLResponse:
    """Stories, the latest first, with filters; a page at a time."""
    asked = {"topic": "".join(filters.topics), "outlet": filters.outlet, "language": filters.language}
    asked |= {"told": filters.told, "since": since, "until": until}
    wanted = replace(filters, since=_day(room, since, "since"), until=_day(room, until, "until", whole=True))
    with room.app.store.read() as shelves:
        found, more = shelves.browsing.stories(wanted, PAGE, place_of(after))
        keys = shelves.browsing.told([story.id for story in found])
    outlets, languages = choices(room)
    following = {name: value for name, value in asked.items() if value}
    next_page = f"/stories?{urlencode({**following, 'after': cursor_of(more)})}" if more else ""
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


def _day(room: Room, text: str, name: str, *, whole: bool = False) -> datetime | None:
    """A day of the reader's zone as a moment: its beginning, or with `whole` its end."""
    if not text:
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d") + timedelta(days=whole)  # noqa: DTZ007 - its zone is the reader's
        return day.replace(tzinfo=room.zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise HTTPException(422, f"{name} is no day; write one such as 2026-11-23") from None
