"""The topic lab: a topic edited as a text, checked while it is typed, tried on the archive, and saved.

Nothing but saving changes anything. Saving writes config/topics.toml, see `settings.rewriting`: the configuration is
right afterwards, or the file is as it was; a copy of the file before is kept.
"""

import json
import os
import re
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from threading import Lock
from time import monotonic
from urllib.parse import quote

from fastapi import APIRouter
from msgspec import Struct, field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from monitor.errors import ConfigError, MonitorError, Problem
from monitor.jobs.rejudge import Change, Rejudged, judge_marked, on_marks, replay
from monitor.jobs.searching import as_query
from monitor.settings.drafts import concept_texts, load_draft, mistakes_in, outline, topic_text, with_topic
from monitor.settings.feedsfile import slug
from monitor.settings.learned import with_learning
from monitor.settings.rewriting import rewrite, text_of
from monitor.topics.quality import Figures
from monitor.topics.rules import TopicOptions
from monitor.web.room import Form, Here, Room

router = APIRouter(include_in_schema=False)

FILE = "topics.toml"
LONGEST = 200_000  # characters of a draft
SECONDS = 20.0  # that a trial may take; what it has seen by then is shown
SHOWN = 50  # changes of each kind
SPANS = (1, 7, 30)  # days
_PLACES = ("instead", "beside")  # of a topic whose name was changed: of the one that was opened
NEW = """\
[topics.new-topic]
title = "A new topic"
description = "What it is about, in a sentence."
threshold = 0.5
bias = -4
clauses = [
    { name = "what must occur", query = '#ukraine', required = true },
    { name = "what speaks for it", query = '"field hospital*" OR title:hospital*', weight = 5 },
    { name = "what speaks against it", query = 'hospital* ~s #combat', weight = -2 },
]
"""

_one_trial = Lock()
_AT = re.compile(r"line (\d+)(?:, column (\d+))?")


class Wrong(Struct, frozen=True):
    """A mistake in a draft, with the line in which it stands cut where it begins."""

    problem: Problem
    before: str
    after: str


class Checked(Struct, frozen=True):
    """What was found in a draft: mistakes, or the topics as they were understood."""

    wrong: tuple[Wrong, ...] = ()
    topics: Mapping[str, TopicOptions] = field(default_factory=dict)


class Tried(Struct, frozen=True):
    """What a draft would change, the surest first."""

    done: Rejudged
    entering: tuple[Change, ...]
    leaving: tuple[Change, ...]
    marked: tuple[tuple[str, int, Figures, Figures], ...]  # (topic, marks, before, after)


class Opened(Struct, frozen=True):
    """The topic that was opened in the lab: its name, and the mark of its text as it was; "" of a new one."""

    name: str = ""
    mark: str = ""


@router.get("/lab")
def lab(request: Request, room: Here, topic: str = "", search: str = "") -> HTMLResponse:
    """The lab with a topic of topics.toml, or a new one: made of a saved search, or an example."""
    if search:
        return _page(request, room, _of_search(room, search), Opened())
    text = topic_text(_file_text(room), topic) if topic else NEW
    if not text:
        raise HTTPException(404, f"{FILE} has no topic {topic} that can be taken out of it; edit the file itself")
    return _page(request, room, text, Opened(topic, _mark(text)) if topic else Opened())


@router.post("/lab/check")
def check(request: Request, room: Here, form: Form) -> HTMLResponse:
    """Every mistake in a draft, with its place; for who types, only that part of the page."""
    text = _draft(form)
    if request.headers.get("hx-request"):
        return room.page(request, "labcheck", checked=_checked(room, text))
    return _page(request, room, text, _opened(form), days=_days(form))


@router.post("/lab/try")
def try_out(request: Request, room: Here, form: Form) -> HTMLResponse:
    """What the draft would let in and out of what was found of late, and how well it judges what was marked."""
    text, days = _draft(form), _days(form)
    checked = _checked(room, text)
    tried = None
    if not checked.wrong:
        if not _one_trial.acquire(blocking=False):
            raise HTTPException(429, "another draft is being tried; try again in a moment")
        try:
            tried = _tried(room, text, days)
        finally:
            _one_trial.release()
    return _page(request, room, text, _opened(form), days=days, tried=tried)


@router.post("/lab/save")
def save(request: Request, room: Here, form: Form) -> Response:
    """Put the draft into topics.toml in the place of the topic of that name, or at its end; where it was given another
    name than it was opened by, what is meant is asked first (`place`: instead, beside).
    """
    text, opened = _draft(form), _opened(form)
    if not room.may_edit(FILE):
        raise HTTPException(403, f"this desk may not write {FILE}; download the file instead and put it in its place")
    if _checked(room, text).wrong:
        return _page(request, room, text, opened, status=422)
    with room.editing:
        try:
            if (place := form.get("place", "")) not in _PLACES and _is_renamed(room, text, opened):
                return _page(request, room, text, opened, renamed=_name(text), status=409)
            name = _saved(room, text, opened, instead=place == "instead")
        except MonitorError as error:
            return _page(request, room, text, opened, refused=str(error), status=409)
    return RedirectResponse(f"/topics/{quote(name)}?saved=true", 303)


def _saved(room: Room, text: str, opened: Opened, *, instead: bool) -> str:
    """Write the draft, `instead` of the topic that was opened; its name. Raises MonitorError where it cannot be."""
    before = _file_text(room)
    after, name = _joined(before, text, opened.name if instead else ""), _name(text)
    for known in {name, opened.name} if instead else {name}:
        if (old := topic_text(before, known)) and _mark(old) != opened.mark:
            what = "was changed meanwhile" if opened.mark and known == (opened.name or known) else "exists already"
            raise MonitorError(f"the topic '{known}' {what} in {FILE}; open it in the lab and edit that")
    room.take_over(rewrite(room.app.settings.folder / FILE, before, after, os.environ, room.archive, room.now()))
    return name


@router.post("/lab/download")
def download(request: Request, room: Here, form: Form) -> Response:
    """The whole of topics.toml with the draft in it, as a file; nothing is changed."""
    text = _draft(form)
    try:
        if _checked(room, text).wrong:
            return _page(request, room, text, _opened(form), status=422)
        whole = _joined(_file_text(room), text)
    except MonitorError as error:
        return _page(request, room, text, _opened(form), refused=str(error), status=409)
    headers = {"content-disposition": f'attachment; filename="{FILE}"'}
    return Response(whole, media_type="application/toml", headers=headers)


def _page(
    request: Request,
    room: Room,
    text: str,
    opened: Opened,
    *,
    days: int = SPANS[-1],
    tried: Tried | None = None,
    refused: str = "",
    renamed: str = "",
    status: int = 200,
) -> HTMLResponse:
    facts = {
        "text": text,
        "opened": opened,
        "renamed": renamed,
        "days": days,
        "tried": tried,
        "refused": refused,
        "spans": SPANS,
    }
    facts |= {"checked": _checked(room, text), "may_edit": room.may_edit(FILE), "most": SHOWN}
    return room.page(request, "lab", status=status, **facts)


def _of_search(room: Room, name: str) -> str:
    """A saved search as a topic; what only searches know (days, told or not) is left out."""
    with room.app.store.read() as shelves:
        saved = next((one for one in shelves.saved.searches() if one.id == name), None)
    if saved is None:
        raise HTTPException(404, "there is no such saved search")
    query = as_query(saved.query)
    if saved.language:
        query = f"({query}) AND lang:{saved.language}" if query else f"lang:{saved.language}"
    quoted = json.dumps(query, ensure_ascii=False) if "'" in query else f"'{query}'"
    clause = f'{{ name = "as searched", query = {quoted}, weight = 6 }}'
    title = json.dumps(saved.title, ensure_ascii=False).replace("\x7f", "\\u007f")
    head = f"[topics.{slug(saved.title) or 'saved-search'}]\ntitle = {title}\n"
    return f"{head}threshold = 0.5\nbias = -4\nclauses = [\n    {clause},\n]\n"


def _opened(form: dict[str, str]) -> Opened:
    return Opened(form.get("opened", ""), form.get("base", ""))


def _is_renamed(room: Room, text: str, opened: Opened) -> bool:
    topics = outline(text)
    return len(topics) == 1 and opened.name not in ("", *topics) and bool(topic_text(_file_text(room), opened.name))


def _draft(form: dict[str, str]) -> str:
    return form.get("text", "")[:LONGEST].replace("\r\n", "\n")


def _days(form: dict[str, str]) -> int:
    asked = form.get("days", "")
    return int(asked) if asked in map(str, SPANS) else SPANS[-1]


def _checked(room: Room, text: str) -> Checked:
    mistakes = mistakes_in(FILE, text, concept_texts(room.app.settings.folder))
    if not mistakes:
        return Checked(topics=outline(text))
    lines = text.split("\n")
    wrong = []
    for one in mistakes:
        at = _AT.match(one.where)
        line = lines[int(at[1]) - 1] if at and int(at[1]) <= len(lines) else ""
        column = int(at[2]) - 1 if at and at[2] else len(line)
        wrong.append(Wrong(one, line[:column].lstrip(), line[column:]))
    return Checked(wrong=tuple(wrong))


def _tried(room: Room, text: str, days: int) -> Tried:
    settings, store = room.app.settings, room.app.store
    feeds = dict(room.app.toolbox.feeds)
    try:
        edited = load_draft({FILE: text, **concept_texts(settings.folder)})
    except ConfigError as error:  # a word list was edited meanwhile
        raise HTTPException(409, str(error)) from error
    topics, _ = with_learning(edited, settings)
    until = monotonic() + SECONDS
    done = replay(store, topics, feeds, room.now() - timedelta(days=days), lambda: monotonic() > until)
    sure = sorted(done.changes, key=lambda change: -change.telling.score)
    marked = judge_marked(store, topics, feeds)
    return Tried(
        done,
        tuple(change for change in sure if change.entered)[:SHOWN],
        tuple(change for change in sure if not change.entered)[:SHOWN],
        tuple((name, len(each), *on_marks(each)) for name, each in marked.items() if each),
    )


def _file_text(room: Room) -> str:
    try:
        return text_of(room.app.settings.folder / FILE)
    except (OSError, UnicodeDecodeError) as error:
        raise HTTPException(409, f"{FILE} cannot be read: {error}") from error


def _joined(whole: str, draft: str, instead_of: str = "") -> str:
    try:
        return with_topic(whole, draft, instead_of)
    except ValueError as error:
        raise MonitorError(str(error)) from error


def _name(draft: str) -> str:
    (name,) = outline(draft)
    return name


def _mark(text: str) -> str:
    return sha256(text.strip().encode()).hexdigest()
