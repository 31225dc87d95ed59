"""Topics and saved searches as feeds for readers, at addresses that hold a secret and can be taken back."""

import html
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Path
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from monitor.app import understood
from monitor.channels.feedforms import TYPES, Head, plain, written
from monitor.jobs.searching import newest
from monitor.model import Narrowed, Story, Topic
from monitor.store import Hit, Wanted
from monitor.web.gate import READERS, address_of, is_secure
from monitor.web.room import Form, Here, Room
from monitor.web.story import passage_of

router = APIRouter(include_in_schema=False)

MOST = 50  # items of a feed
_NOBODY = "Nobody reads a feed here; the address was taken back, or was never given."


@router.post("/feed-address")
def change(room: Here, form: Form) -> Response:
    """Give a topic or a saved search an address (in place of the one it has), or take it back."""
    subject = form.get("subject", "")
    kind, _, name = subject.partition(":")
    with room.app.store.begin() as shelves:
        names = {one.id for one in shelves.saved.searches()}
        if kind == "topic":
            names = {one.name for one in room.app.toolbox.topics.topics}
        if kind not in ("topic", "search") or name not in names:
            raise HTTPException(404, "there is no such topic or saved search")
        if form.get("close"):
            shelves.saved.close(subject)
        else:
            shelves.saved.open(subject, room.now())
    return RedirectResponse(f"/topics/{quote(name)}#feed" if kind == "topic" else "/search#saved", 303)


@router.get(READERS + "{token}.{form}")
def read(
    request: Request, room: Here, token: Annotated[str, Path(max_length=100)], form: Literal["atom", "rss", "json"]
) -> Response:
    """The newest stories of a topic, or articles of a saved search; 304 where the reader has them."""
    address = address_of(request)
    if seconds := room.access.deaf_for(address):
        return PlainTextResponse("too many wrong addresses\n", 429, {"retry-after": str(seconds)})
    with room.app.store.read() as shelves:
        kind, _, name = shelves.saved.subject(token).partition(":")
    base = _base(room, request)
    if kind == "topic":
        title, items = _of_topic(room, name, base)
    elif kind == "search":
        title, items = _of_search(room, name, base)
    else:
        room.access.wrong_token(token, address)
        return PlainTextResponse(f"{_NOBODY}\n", 404)
    domain = urlsplit(base).hostname or "news-monitor.local"
    head = Head(plain(title), f"tag:{domain},2026:{kind}/{name}", f"{base}/", f"{base}{request.url.path}")
    body = written(form, head, [dict(item) for item in items])
    headers = {"etag": f'"{sha256(body).hexdigest()[:32]}"', "cache-control": "private, no-cache"}
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, f"{TYPES[form]}; charset=utf-8")


def _base(room: Room, request: Request) -> str:
    """How the desk is reached from elsewhere, without a slash at the end."""
    known = room.app.settings.digest.desk_url
    host = request.headers.get("host", "")
    return (known or f"{'https' if is_secure(request) else 'http'}://{host}").rstrip("/")


def _of_topic(room: Room, name: str, base: str) -> tuple[str, list[Mapping[str, Any]]]:
    topic = next((one for one in room.app.toolbox.topics.topics if one.name == name), None)
    if topic is None:
        raise HTTPException(410, f"there is no topic {name} any more")
    with room.app.store.read() as shelves:
        stories, _ = shelves.browsing.stories(Wanted((name,)), MOST)
        muted = shelves.wishes.mutes("", [story.id for story in stories])
    return topic.title, [_story(story, topic, base) for story in stories if story.id not in muted]


def _of_search(room: Room, name: str, base: str) -> tuple[str, list[Mapping[str, Any]]]:
    with room.app.store.read() as shelves:
        saved = next((one for one in shelves.saved.searches() if one.id == name), None)
    if saved is None:
        raise HTTPException(410, "this search was deleted")
    narrowed = Narrowed(topic=saved.topic or None, language=saved.language or None)
    wanted, mistakes = understood(room.app.settings, saved.query, narrowed)
    if wanted is None:
        raise HTTPException(410, f"this search is understood no longer: {'; '.join(one.message for one in mistakes)}")
    hits = newest(room.app.store, wanted, room.app.toolbox.feeds, room.now(), MOST)
    return saved.title, [_hit(hit, saved.title, base) for hit in hits]


def _story(story: Story, topic: Topic, base: str) -> Mapping[str, Any]:
    first = story.originals[0].article
    outlets = dict.fromkeys(report.outlet for report in story.originals)
    copies = len(story.reports) - len(story.originals)
    more = f"; repeated {copies} more {'time' if copies == 1 else 'times'}" if copies else ""
    lines = [passage] if (passage := passage_of(story, topic.name)) else []
    lines += [f"Reported by {', '.join(outlets)}{more}"]
    desk = f'<p><a href="{html.escape(base)}/stories/{story.id}">Why it is here, and all reports</a></p>'
    dates = sorted(report.article.found_at for report in story.reports)
    return dict(
        _common(first.title, first.url, first.language, topic.title),
        id=f"tag:{urlsplit(base).hostname},2026:story/{story.id}",
        content_html="".join(_paragraphs(lines)) + desk,
        date_published=first.at.isoformat(),
        date_modified=dates[-1].isoformat(),
    )


def _hit(hit: Hit, title: str, base: str) -> Mapping[str, Any]:
    article = hit.article
    lines = [line for line in (hit.snippet, hit.outlet) if line]
    return dict(
        _common(article.title, article.url, article.language, title),
        id=f"tag:{urlsplit(base).hostname},2026:article/{article.id}",
        content_html="".join(_paragraphs(lines)),
        date_published=article.at.isoformat(),
        date_modified=article.found_at.isoformat(),
    )


def _common(title: str, url: str, language: str, tag: str) -> dict[str, Any]:
    item: dict[str, Any] = {"title": plain(title) or "(no headline)", "tags": [plain(tag)]}
    item |= {"url": plain(url)} if url.startswith(("http://", "https://")) else {}
    return item | ({"language": language} if language else {})


def _paragraphs(lines: list[str]) -> Iterator[str]:
    return (f"<p>{html.escape(plain(line))}</p>" for line in lines)
