"""The page of the deliveries, each message as it was made, and what templates make of what comes next.

They read; what changes is in `actions`. Mails are shown under a policy of their own: they may do nothing.
"""

import json
from collections.abc import Sequence
from typing import Literal

from fastapi import APIRouter
from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from monitor.digests import sample
from monitor.errors import TemplateError
from monitor.jobs.digest import coming
from monitor.model import Digest, Message
from monitor.store import Letter
from monitor.web.filters import cursor_of, place_of
from monitor.web.gate import MAIL
from monitor.web.room import Here, Room

router = APIRouter(include_in_schema=False)

LETTERS = 50  # a page
Part = Literal["html", "text", "slack", "data"]


@router.get("/deliveries")
def deliveries(request: Request, room: Here, after: str = "") -> HTMLResponse:
    """What was sent, what waits and what was given up, with the receiving side's words."""
    with room.app.store.read() as shelves:
        letters: list[Letter] = shelves.browsing.letters(LETTERS + 1, after=place_of(after))
        counts = shelves.outbox.counts()
        left = shelves.wishes.left()
    last = letters[LETTERS - 1] if len(letters) > LETTERS else None
    more = cursor_of((last.created_at, last.key)) if last else ""
    return room.page(
        request,
        "deliveries",
        letters=letters[:LETTERS],
        counts=counts,
        more=more,
        subscriptions=room.app.toolbox.subscriptions,
        templates=_templates(room),
        left=left,
    )


@router.get("/deliveries/message")
def letter(room: Here, key: str, part: Part = "html") -> Response:
    """A message as it was made, in one of its forms."""
    with room.app.store.read() as shelves:
        message = shelves.outbox.message(key)
    if message is None:
        raise HTTPException(404, f"there is no message {key}")
    return _shown(message, part)


@router.get("/deliveries/preview/{subscription}")
def mail(room: Here, subscription: str, part: Part = "html") -> Response:
    """What a subscription would be sent if it were due now."""
    toolbox = room.app.toolbox
    chosen = next((one for one in toolbox.subscriptions if one.name == subscription), None)
    if chosen is None:
        raise HTTPException(404, f"there is no subscription {subscription}")
    return _shown(_made(room, coming(toolbox, chosen)), part)


@router.get("/deliveries/template/{template}")
def tried(room: Here, template: str, part: Part = "html") -> Response:
    """What a template makes of the first digest that is due next, or of an invented story where none holds any."""
    if template not in _templates(room):
        raise HTTPException(404, f"there is no template {template}")
    toolbox = room.app.toolbox
    found = (coming(toolbox, one) for one in toolbox.subscriptions if one.alert is None)
    digest = next((one for one in found if one.stories), None) or sample("the template", room.now())
    subscription = replace(digest.subscription, template=template)
    return _shown(_made(room, replace(digest, subscription=subscription)), part)


def _templates(room: Room) -> Sequence[str]:
    """The shipped template, and those of the templates folder by name."""
    folder = room.app.settings.templates
    own = {file.name.removesuffix(".html.j2") for file in folder.glob("*.html.j2")} if folder.is_dir() else set()
    return ["digest", *sorted(own - {"digest"})]


def _made(room: Room, digest: Digest) -> Message:
    try:
        return room.app.toolbox.renderer.render(digest, room.now())
    except TemplateError as error:
        name = digest.subscription.template
        raise HTTPException(
            409, f"the template {name} is broken; the shipped one is used meanwhile: {error}"
        ) from error


def _shown(message: Message, part: Part) -> Response:
    if part == "html":
        return HTMLResponse(message.html, headers={"content-security-policy": MAIL})
    if part == "slack":
        text = "\n".join(json.dumps(json.loads(one), indent=2, ensure_ascii=False) for one in message.slack)
    else:
        text = message.text if part == "text" else message.data
    return PlainTextResponse(f"Subject: {message.subject}\n\n{text}" if part == "text" else text)
