"""What the desk's forms change: sessions, marks, deliveries tried again. Each by POST, each stamped."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from monitor.extract.language import detect
from monitor.web import topicpages
from monitor.web.access import within
from monitor.web.gate import address_of, cookie_header, is_secure
from monitor.web.room import Form, Here

router = APIRouter(include_in_schema=False)
LONGEST = 100_000  # characters of a text to be judged


@router.get("/signin")
def door(request: Request, room: Here, to: str = "") -> Response:
    """The page that asks for the password; who is in already goes on `to` where she wanted."""
    if room.access.is_open or request.scope["session"].signed_in:
        return RedirectResponse(within(to), 303)
    return room.page(request, "signin", wrong="", to=within(to))


@router.post("/signin")
def sign_in(request: Request, room: Here, form: Form) -> Response:
    """Enter with the password; the session changes, so that one fixed beforehand is of no use."""
    access = room.access
    session = None if access.is_open else access.enter(form.get("password", ""), address_of(request))
    if session is None:
        shut = access.is_shut(address_of(request))
        wrong = "Too many wrong passwords; wait five minutes." if shut else "That is not the password."
        return room.page(request, "signin", status=429 if shut else 403, wrong=wrong, to=within(form.get("to", "")))
    cookie = cookie_header(access, session, secure=is_secure(request))
    return RedirectResponse(within(form.get("to", "")), 303, {"set-cookie": cookie})


@router.post("/signout")
def sign_out(request: Request, room: Here, _form: Form) -> Response:
    """Leave; the browser forgets the session, and the door knows it no more."""
    room.access.leave(request.scope["session"])
    cookie = cookie_header(room.access, room.access.visitor(), secure=is_secure(request))
    return RedirectResponse("/", 303, {"set-cookie": cookie})


@router.post("/articles/{article}/mark")
def mark(room: Here, article: str, form: Form) -> Response:
    """Say whether an article belongs to a topic, or take that back; `to`: the page on which it was said."""
    topic, said = form.get("topic", ""), form.get("relevant", "")
    if topic not in {one.name for one in room.app.toolbox.topics.topics} or said not in ("yes", "no", ""):
        raise HTTPException(422, "a mark names a topic and says yes, no or nothing")
    with room.app.store.begin() as shelves:
        if not shelves.articles.with_ids([article]):
            raise HTTPException(404, f"there is no article {article}")
        if said:
            shelves.marks.put(article, [topic], relevant=said == "yes", at=room.now())
        else:
            shelves.marks.remove(article, topic)
        story = shelves.stories.story_of(article)
    if to := form.get("to"):
        return RedirectResponse(f"{within(to)}#{article}", 303)
    return RedirectResponse(f"/stories/{story}?whole={article}#{article}" if story else "/stories", 303)


@router.post("/deliveries/retry")
def retry(room: Here, form: Form) -> Response:
    """Let a message that was given up wait for delivery again."""
    with room.app.store.begin() as shelves:
        waiting = shelves.outbox.retry(room.now(), form.get("key", ""))
    if not waiting:
        raise HTTPException(409, "nothing was given up under that key")
    return RedirectResponse("/deliveries", 303)


@router.post("/deliveries/again")
def again(room: Here, form: Form) -> Response:
    """Let a message that was delivered be sent once more."""
    with room.app.store.begin() as shelves:
        waiting = shelves.outbox.send_again(form.get("key", ""), room.now())
    if not waiting:
        raise HTTPException(409, "nothing was delivered under that key")
    return RedirectResponse("/deliveries", 303)


@router.post("/deliveries/resubscribe")
def resubscribe(room: Here, form: Form) -> Response:
    """Send a subscription again to who left it."""
    with room.app.store.begin() as shelves:
        shelves.wishes.rejoin(form.get("subscription", ""), form.get("target", ""))
    return RedirectResponse("/deliveries", 303)


@router.post("/topics/judge")
def judge(request: Request, room: Here, form: Form) -> HTMLResponse:
    """What all topics make of a text, with the reasons; nothing is stored."""
    title, text = form.get("title", "")[:1000], form.get("text", "")[:LONGEST]
    verdicts = room.app.toolbox.topics.judge(title, text, language=detect(f"{title}\n{text}"))
    return topicpages.topics_page(request, room, title=title, text=text, verdicts=verdicts)
