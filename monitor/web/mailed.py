"""What the links in mails lead to: a page that asks, and by POST does one thing. No session: the link is the leave.

One click (RFC 8058): a mail program may POST to the link of List-Unsubscribe by itself, without cookies; it is answered
at once, without a redirect. Looking (GET, also by the scanners of mail servers) changes nothing.
"""

from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends
from msgspec import Struct
from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from monitor.digests.oneclick import MARKS, PATH, UNDONE_BY, Act, LinkError, Wish, token_of, wish_of
from monitor.logs import get_logger
from monitor.model import Subscription
from monitor.store import EVERYBODY, Shelves
from monitor.web.gate import address_of
from monitor.web.room import Here, Room

log = get_logger(job="desk")
router = APIRouter(include_in_schema=False)

LARGEST = 16_384  # bytes of a form
UNDO_FOR = timedelta(days=1)


class Asked(Struct, frozen=True):
    """What a link asks for, in words, as the archive stands."""

    wish: Wish
    question: str
    done: str
    about: str = ""  # the headline
    language: str = ""
    choices: tuple[str, ...] = ()  # of whom one is meant: addresses of a mail with several


async def _form(request: Request) -> dict[str, str]:
    """The fields sent; those of a mail program may come as multipart/form-data, and say nothing that is needed."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise HTTPException(413, "the form is too large")
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {}
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}


@router.get(PATH + "{token}")
def ask(request: Request, room: Here, token: str) -> HTMLResponse:
    """The page that asks whether it is meant."""
    _want_ears(request, room)
    try:
        asked = _asked(room, token)
    except LinkError as error:
        return _useless(request, room, token, error)
    return room.page(request, "mailed", asked=asked, action=f"{PATH}{token}", done="", undo="")


@router.post(PATH + "{token}")
def do(request: Request, room: Here, token: str, form: Annotated[dict[str, str], Depends(_form)]) -> HTMLResponse:
    """Do it, and offer to take it back."""
    _want_ears(request, room)
    try:
        asked = _asked(room, token)
    except LinkError as error:
        return _useless(request, room, token, error)
    target = form.get("target", EVERYBODY)
    if asked.choices and target not in (*asked.choices, EVERYBODY):
        raise HTTPException(422, "choose one of the addresses")
    if asked.choices and target == EVERYBODY and "target" not in form:
        raise HTTPException(422, "this mail goes to several people; open the link to say who leaves")
    _carry_out(room, asked.wish, target)
    log.info("done by a link in a mail", act=asked.wish.act.name.lower(), subscription=asked.wish.subscription)
    undo = _undo(room, asked.wish)
    return room.page(request, "mailed", asked=asked, action=undo, done=asked.done, undo=undo, target=target)


def _want_ears(request: Request, room: Room) -> None:
    """Raises HTTPException where too many invented links came from that address."""
    if seconds := room.access.deaf_for(address_of(request)):
        raise HTTPException(429, "too many links that were none of ours", {"retry-after": str(seconds)})


def _useless(request: Request, room: Room, token: str, error: LinkError) -> HTMLResponse:
    if not error.expired:
        room.access.wrong_token(token, address_of(request))
    return room.page(request, "problem", status=410 if error.expired else 404, words=str(error))


def _asked(room: Room, token: str) -> Asked:
    """What the link asks for. Raises LinkError when it is none of ours, too old, or about what is gone."""
    wish = wish_of(room.key, token, room.now())
    if wish.act in (Act.UNSUBSCRIBE, Act.RESUBSCRIBE):
        return _about_leaving(room, wish)
    with room.app.store.read() as shelves:
        return _about_mark(room, shelves, wish) if wish.act in MARKS else _about_story(room, shelves, wish)


def _about_leaving(room: Room, wish: Wish) -> Asked:
    subscription = _subscription(room, wish)
    title = subscription.title or subscription.name
    channel = room.app.toolbox.channels.get(subscription.channel)
    targets = channel.targets if channel else ()
    choices = tuple(targets) if len(targets) > 1 else ()
    if wish.act is Act.UNSUBSCRIBE:
        return Asked(wish, f"Unsubscribe from {title}?", f"Unsubscribed: {title} is sent no more.", choices=choices)
    return Asked(wish, f"Subscribe to {title} again?", f"Subscribed again to {title}.", choices=choices)


def _about_mark(room: Room, shelves: Shelves, wish: Wish) -> Asked:
    titles = {topic.name: topic.title for topic in room.app.toolbox.topics.topics}
    stored = shelves.articles.get(wish.subject)
    if stored is None or wish.topic not in titles:
        raise LinkError("What this link is about is no longer there: the article is gone, or the topic.", expired=True)
    words = {
        Act.RELEVANT: ("Mark it as relevant for {}?", "Marked as relevant for {}."),
        Act.IRRELEVANT: ("Mark it as not relevant for {}?", "Marked as not relevant for {}."),
        Act.UNMARK: ("Take back its mark for {}?", "Its mark for {} is taken back."),
    }[wish.act]
    question, done = (each.format(titles[wish.topic]) for each in words)
    return Asked(wish, question, done, stored.article.title, stored.article.language)


def _about_story(room: Room, shelves: Shelves, wish: Wish) -> Asked:
    story = shelves.stories.get(shelves.rulings.story(wish.subject))
    if story is None:
        raise LinkError("The story that this link is about is no longer there.", expired=True)
    subscription = _subscription(room, wish)
    title = subscription.title or subscription.name
    words = (
        ("Mute this story?", f"Muted: nothing more of it is told by {title}.")
        if wish.act is Act.MUTE
        else ("Tell of this story again?", f"No longer muted: what comes is told by {title}.")
    )
    first = story.originals[0].article
    return Asked(replace(wish, subject=story.id), *words, first.title, first.language)


def _subscription(room: Room, wish: Wish) -> Subscription:
    found = next((one for one in room.app.toolbox.subscriptions if one.name == wish.subscription), None)
    if found is None:
        raise LinkError(f"There is no subscription {wish.subscription} any more.", expired=True)
    return found


def _carry_out(room: Room, wish: Wish, target: str) -> None:
    now: datetime = room.now()
    with room.app.store.begin() as shelves:
        match wish.act:
            case Act.RELEVANT | Act.IRRELEVANT:
                shelves.marks.put(wish.subject, [wish.topic], relevant=wish.act is Act.RELEVANT, at=now)
            case Act.UNMARK:
                shelves.marks.remove(wish.subject, wish.topic)
            case Act.MUTE:
                shelves.wishes.mute(wish.subject, now, wish.subscription)
            case Act.UNMUTE:
                shelves.wishes.unmute(wish.subject, wish.subscription)
            case Act.UNSUBSCRIBE:
                shelves.wishes.leave(wish.subscription, now, target)
            case Act.RESUBSCRIBE:
                shelves.wishes.rejoin(wish.subscription, target)


def _undo(room: Room, wish: Wish) -> str:
    """Where the opposite is asked for; "" of what is no opposite's."""
    act = UNDONE_BY.get(wish.act)
    return f"{PATH}{token_of(room.key, replace(wish, act=act), room.now() + UNDO_FOR)}" if act else ""
