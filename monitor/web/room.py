"""What every page of the desk shares: the app, the door, and templates with what stands on all of them."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import jinja2
from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from monitor import __version__
from monitor.app import App
from monitor.links import without_login
from monitor.settings import Settings
from monitor.settings.rewriting import is_shipped
from monitor.store import read_key
from monitor.topics.reasons import by_clause
from monitor.web import shown
from monitor.web.access import Access
from monitor.web.gate import STAMP, form_of
from monitor.web.memory import Memory
from monitor.web.works import Works

_CLAUSES = 5  # that are shown of a verdict
_TEMPLATES = Path(__file__).parent / "templates"
ROOMS = (
    ("/", "Today"),
    ("/stories", "Stories"),
    ("/topics", "Topics"),
    ("/feeds", "Feeds"),
    ("/deliveries", "Deliveries"),
    ("/past", "Past"),
    ("/search", "Search"),
)
_ROOM_OF = {"lab": "topics", "articles": "stories"}


class Room:
    """Hands out pages. Settings may be read again meanwhile, so everything is asked of the app at each request.

    `edited` is called when a page has changed the configuration's files, so that a daemon may read them too.
    """

    def __init__(self, app: App, access: Access, edited: Callable[[], None] = lambda: None) -> None:
        self.app = app
        self._edited = edited
        self.access = access
        self.works = Works()
        self.editing = Lock()
        """Held from reading a file of the configuration until the desk works by what was written."""
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_TEMPLATES),
            autoescape=True,
            auto_reload=False,  # the next version may have written its own over these
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.memory = Memory(self.now)
        self._environment.filters |= _filters(self.now)

    @property
    def key(self) -> bytes:
        """What links in mails are signed by. Raises StoreError when it cannot be read."""
        return read_key(self.app.settings.archive.folder)

    def now(self) -> datetime:
        """The app's clock."""
        return self.app.toolbox.now()

    def take_over(self, settings: Settings) -> None:
        """Work with these settings from now on, which a page has just written, and let others know."""
        self.app.reload(settings)
        self._edited()

    def may_edit(self, file: str) -> bool:
        """Whether a file of the configuration may be written from here: [web] edit, and the file's own rights."""
        path = self.app.settings.folder / file
        return self.app.settings.web.edit and not is_shipped(path.parent) and os.access(path, os.W_OK)

    @property
    def archive(self) -> Path:
        """The archive's folder."""
        return self.app.settings.archive.folder

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which days are counted: that of the first subscription."""
        subscriptions = self.app.settings.subscriptions
        return ZoneInfo(subscriptions[0].zone if subscriptions else "UTC")

    def local(self, moment: datetime) -> str:
        """A moment in the desk's zone, in words."""
        return f"{moment.astimezone(self.zone):%a %d %b %Y, %H:%M}"

    def page(self, request: Request, template: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
        """One page; `facts` are what its template shows."""
        session = request.scope["session"]
        html = self._environment.get_template(f"{template}.html.j2").render(
            path=_within(request.url.path),
            status=status,
            rooms=ROOMS,
            stamp_name=STAMP,
            stamp=self.access.stamp(session),
            signed_in=session.signed_in,
            topic_titles={topic.name: topic.title for topic in self.app.toolbox.topics.topics},
            local=self.local,
            zone=self.zone.key,
            now=self.now(),
            version=__version__,
            **facts,
        )
        return HTMLResponse(html, status)


def _within(path: str) -> str:
    """The path within its room: that of a page which stands elsewhere as one of the room it is reached from."""
    first, _, rest = path.removeprefix("/").partition("/")
    return f"/{_ROOM_OF.get(first, first)}{'/' if rest else ''}{rest}"


def _filters(now: Callable[[], datetime]) -> dict[str, Callable[..., object]]:
    return {
        "without_login": without_login,
        "ago": lambda moment: shown.ago(moment, now()),
        "clauses": lambda evidence: by_clause(evidence, _CLAUSES),
        "sentence": shown.sentence,
        "span": shown.span,
        "percent": lambda score: str(shown.percent(score)),
        "utc": lambda moment: shown.utc(moment or datetime.now(UTC)),
    }


def room_of(request: Request) -> Room:
    """The desk's room, for a route."""
    room: Room = request.app.state.room
    return room


async def _form(request: Request) -> dict[str, str]:
    try:
        return await form_of(request, room_of(request).access)
    except PermissionError as error:
        raise HTTPException(403, str(error)) from error
    except ValueError as error:
        raise HTTPException(413, str(error)) from error


Here = Annotated[Room, Depends(room_of)]
Form = Annotated[dict[str, str], Depends(_form)]
"""The fields of a form of this session; a route that asks for it is refused any other."""
