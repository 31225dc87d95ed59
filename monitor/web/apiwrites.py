"""What the API changes: marks, stories joined, parted and muted, messages tried again, searches saved, feeds paused.

For tokens with the scope "write". Bodies are JSON, and said to be: a form of another site cannot say so.
"""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.store import Shelves
from monitor.web.answers import ANSWERS, Name, Problem, answer, facts
from monitor.web.feedpages import known_feed
from monitor.web.room import Here, Room
from monitor.web.searchpages import LONGEST, keep


def _may_write(request: Request) -> None:
    if not request.scope["may_write"]:
        raise HTTPException(403, 'this token may only read; give it scope = "write"')
    if request.method == "POST" and not request.headers.get("content-type", "").startswith("application/json"):
        raise HTTPException(415, "send JSON, with content-type application/json")


router = APIRouter(
    prefix="/api/v1",
    tags=["write"],
    dependencies=[Depends(_may_write)],
    responses={
        **{status: said for status, said in ANSWERS.items() if status != 304},
        400: {"model": Problem, "description": "The body cannot be read."},
        409: {"model": Problem, "description": "It cannot be done as things stand."},
        415: {"model": Problem, "description": "The body is no JSON."},
    },
)
Id = Annotated[str, Field(min_length=1, max_length=200)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewMark(_Body):
    """Whether an article belongs to a topic."""

    article: Id
    topic: Id
    relevant: bool


class Other(_Body):
    """Another story."""

    other: Id


class Leaving(_Body):
    """Articles that are to make a story of their own."""

    articles: Annotated[list[Id], Field(min_length=1, max_length=200)]


class Muting(_Body):
    """To whom a story is told no more; "" = to nobody."""

    subscription: Annotated[str, Field(max_length=200)] = ""


class NewSearch(_Body):
    """A search to be kept; the title is the query where there is none."""

    query: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    title: Annotated[str, Field(max_length=200)] = ""
    topic: Annotated[str, Field(max_length=200)] = ""
    language: Annotated[str, Field(max_length=10)] = ""


class Key(_Body):
    """Which message."""

    key: Id


@router.post("/marks", status_code=201)
def mark(request: Request, room: Here, new: NewMark) -> Response:
    """Mark an article for a topic, in place of an earlier mark."""
    _known_topic(room, new.topic)
    with room.app.store.begin() as shelves:
        if not shelves.articles.with_ids([new.article]):
            raise HTTPException(404, f"there is no article {new.article}")
        shelves.marks.put(new.article, [new.topic], relevant=new.relevant, at=room.now())
    return answer(request, new.model_dump(), status=201)


@router.delete("/marks/{article}/{topic:path}", status_code=204)
def unmark(room: Here, article: Name, topic: Name) -> Response:
    """Take a mark back."""
    with room.app.store.begin() as shelves:
        if not shelves.marks.remove(article, topic):
            raise HTTPException(404, f"{article} is not marked for {topic}")
    return Response(status_code=204)


@router.post("/stories/{name}/merge")
def merge(request: Request, room: Here, name: Name, body: Other) -> Response:
    """Make two stories one, for good; answers with the id that stays."""
    with room.app.store.begin() as shelves:
        one, other = _known_story(shelves, name), _known_story(shelves, body.other)
        if one == other:
            raise HTTPException(409, "these are one story already")
        kept = shelves.rulings.merge(one, other, room.now())
    return answer(request, {"story": kept})


@router.post("/stories/{name}/split")
def split(request: Request, room: Here, name: Name, body: Leaving) -> Response:
    """Take articles, with the copies of them, out of a story, for good; answers with the id of the story they make."""
    with room.app.store.begin() as shelves:
        known = _known_story(shelves, name)
        if wrong := [one for one in body.articles if shelves.stories.story_of(one) != known]:
            raise HTTPException(404, f"article {wrong[0]} does not stand in this story")
        new = shelves.rulings.split(known, body.articles, room.now())
    if not new:
        raise HTTPException(409, "nothing would be left of the story")
    return answer(request, {"story": new})


@router.post("/stories/{name}/mute")
def mute(request: Request, room: Here, name: Name, body: Muting) -> Response:
    """Tell nothing more of a story, to one subscription or to anybody."""
    if body.subscription and body.subscription not in {one.name for one in room.app.toolbox.subscriptions}:
        raise HTTPException(404, f"there is no subscription {body.subscription}")
    with room.app.store.begin() as shelves:
        known = _known_story(shelves, name)
        shelves.wishes.mute(known, room.now(), body.subscription)
    return answer(request, {"story": known, "subscription": body.subscription})


@router.delete("/stories/{name}/mute", status_code=204)
def unmute(room: Here, name: Name) -> Response:
    """Tell of a story again, wherever it was muted."""
    with room.app.store.begin() as shelves:
        if not shelves.wishes.unmute(_known_story(shelves, name)):
            raise HTTPException(404, f"{name} is not muted")
    return Response(status_code=204)


@router.post("/deliveries/retry")
def retry(request: Request, room: Here, body: Key) -> Response:
    """Let a message that was given up wait for delivery again."""
    with room.app.store.begin() as shelves:
        if not shelves.outbox.retry(room.now(), body.key):
            raise HTTPException(404, f"nothing was given up under {body.key}")
    return answer(request, {"key": body.key})


@router.post("/deliveries/again")
def again(request: Request, room: Here, body: Key) -> Response:
    """Let a message that was delivered be sent once more: whoever has it gets it twice."""
    with room.app.store.begin() as shelves:
        if not shelves.outbox.send_again(body.key, room.now()):
            raise HTTPException(404, f"nothing was delivered under {body.key}")
    return answer(request, {"key": body.key})


@router.post("/searches", status_code=201)
def save(request: Request, room: Here, new: NewSearch) -> Response:
    """Keep a search; the same search again only gets the new title."""
    return answer(request, facts(keep(room, new.title, new.query, new.topic, new.language)), status=201)


@router.delete("/searches/{name}", status_code=204)
def forget(room: Here, name: Name) -> Response:
    """Forget a saved search, and the address of its feed."""
    with room.app.store.begin() as shelves:
        if not shelves.saved.remove(name):
            raise HTTPException(404, f"there is no search {name}")
    return Response(status_code=204)


@router.post("/feeds/{name}/pause")
def pause(request: Request, room: Here, name: Name) -> Response:
    """Visit a feed no more, from the next round on; answers since when it is paused."""
    known_feed(room, name)
    with room.app.store.begin() as shelves:
        shelves.pauses.pause(name, room.now())
        since = shelves.pauses.all()[name]
    return answer(request, {"feed": name, "paused": since})


@router.delete("/feeds/{name}/pause", status_code=204)
def resume(room: Here, name: Name) -> Response:
    """Visit a feed again, from the next round on."""
    known_feed(room, name)
    with room.app.store.begin() as shelves:
        if not shelves.pauses.resume(name):
            raise HTTPException(404, f"{name} is not paused")
    return Response(status_code=204)


def _known_topic(room: Room, topic: str) -> None:
    if topic not in {one.name for one in room.app.toolbox.topics.topics}:
        raise HTTPException(404, f"there is no topic {topic}")


def _known_story(shelves: Shelves, name: str) -> str:
    known = shelves.rulings.story(name)
    if not known:
        raise HTTPException(404, f"there is no story {name}")
    return known
