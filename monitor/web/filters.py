"""Which stories are asked for, as pages and API take it from an address: one set of filters, one way to turn pages."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import Depends
from starlette.exceptions import HTTPException

from monitor.store import Wanted
from monitor.web.room import Room

LATELY = timedelta(days=30)


def _filters(topic: str = "", outlet: str = "", language: str = "", told: Literal["", "yes", "no"] = "") -> Wanted:
    return Wanted((topic,) if topic else (), outlet, language, told=told)


Filters = Annotated[Wanted, Depends(_filters)]
"""The filters that pages and API share; each adds moments in its own notation."""


def cursor_of(place: tuple[datetime, str] | None) -> str:
    """Where the next page begins, for its address; "" where there is none."""
    return f"{place[0].isoformat()}/{place[1]}" if place else ""


def place_of(cursor: str) -> tuple[datetime, str] | None:
    """Where a page begins, as the page before it wrote it; None at "". Raises HTTPException where it is damaged."""
    if not cursor:
        return None
    moment, _, name = cursor.partition("/")
    try:
        at = datetime.fromisoformat(moment.replace(" ", "+"))  # a plus that nobody quoted arrives as a space
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not name:
        raise HTTPException(422, "this page's address is damaged; begin again at the first page")
    return at, name


def choices(room: Room) -> tuple[list[str], list[str]]:
    """The outlets and languages of late, to be chosen from; asked of the archive once a minute."""

    def read() -> tuple[list[str], list[str]]:
        now = room.now()
        with room.app.store.read() as shelves:
            return shelves.browsing.outlets(now - LATELY), shelves.browsing.languages(now - LATELY)

    return room.memory.get("choices", None, read, young=60).thing
