"""One story: who was first and who copied, why each report stands there, its versions; and what a person says of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from monitor.digests.languages import direction, language_name
from monitor.digests.wording import clean, web_address
from monitor.extract.edits import Piece as Change
from monitor.extract.edits import changed_lines
from monitor.extract.edits import pieces as changes
from monitor.jobs.drawing import never_told
from monitor.model import Copy, Report, Story, Verdict
from monitor.store import Mark, Shelves, Version
from monitor.stories import added
from monitor.web import shown
from monitor.web.room import Form, Here
from monitor.web.shown import Piece

router = APIRouter(include_in_schema=False)

REPORTS = 20  # on a page
TEXTS = 70_000  # bytes of texts, versions and evidence on a page; what goes beyond is a link away
_OF_EVIDENCE = 200  # bytes that each finding takes, in the text and in its table
_HEADLINE, _PASSAGE = 300, 320  # characters, where a story stands in few words
_MOST_JOINED = 60  # articles that an address may hold
_MOST_VERSIONS = 12  # compared on the page; a live blog may have hundreds


class Line(Struct, frozen=True):
    """A story in a list."""

    id: str
    headline: str
    outlets: tuple[str, ...]
    copies: int
    languages: tuple[str, ...]
    language: str
    direction: str
    at: datetime
    topics: tuple[tuple[str, int], ...]  # (name, per cent)
    passage: str


class Later(Struct, frozen=True):
    """A later version against the one before: what went and what came."""

    at: datetime
    reason: str
    title: tuple[Change, ...]  # () where it stayed
    lines: tuple[tuple[Change, ...] | int, ...]  # a number: so many paragraphs stayed


class ReportView(Struct, frozen=True):
    """One report of a story's timeline."""

    id: str
    title: tuple[Piece, ...]
    paragraphs: tuple[tuple[Piece, ...], ...]
    url: str
    outlet: str
    authors: tuple[str, ...]
    at: datetime
    dated: bool
    role: str  # "first", "own words", "copy"
    copied: str  # the outlet whose words it repeats; "" = nobody's
    copied_id: str
    reason: str
    added: tuple[str, ...]  # figures and names that no report before it had
    language: str
    language_name: str
    direction: str
    how: str
    problem: str
    verdicts: tuple[Verdict, ...]
    marks: dict[str, bool]  # by topic
    versions: tuple[Later, ...]
    unshown: int  # earlier versions that are not compared here
    deleted: datetime | None  # since when its page is gone
    kept: bool  # its page is kept for evidence
    shut: bool  # its text, versions and evidence are a link away


class Beside(Struct, frozen=True):
    """What the archive holds beside a story's reports, by the ids of articles."""

    marks: Mapping[str, Sequence[Mark]]
    versions: Mapping[str, Sequence[Version]]
    deleted: Mapping[str, datetime]
    kept: Collection[str] = frozenset()


@router.get("/stories/{name}")
def story(
    request: Request,
    room: Here,
    name: str,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    whole: str = "",
    apart: str = "",
    joined: str = "",
) -> HTMLResponse:
    """One story: its timeline with the evidence marked in the texts, why it matched and why each report stands here.

    Of a story with many reports a page; `whole`: the report whose text is wanted, however much there is; `apart`: the
    story it was just taken out of; `joined`: the articles that were just made a part of it.
    """
    with room.app.store.read() as shelves:
        found = shelves.stories.get(shelves.rulings.story(name) or name)
        if found is None:
            raise HTTPException(404, f"there is no story {name}")
        ordered = found.in_time
        place = next((at for at, one in enumerate(ordered) if one.article.id == whole), REPORTS * (page - 1))
        page = place // REPORTS + 1
        part = ordered[REPORTS * (page - 1) : REPORTS * page]
        beside = _beside(shelves, [report.article.id for report in part])
        told = shelves.outbox.told(found.id)
        muted = shelves.wishes.muted([found.id])
        left = shelves.rulings.story(apart) if apart else ""
        never = "" if told else never_told(shelves, found.id, room.app.toolbox.limits.told_max_age)
    reports = timeline(found, beside, part, whole)
    came = [one for one in found.reports if one.article.id in joined.split(",")]
    names = [(one.name, one.title or one.name) for one in room.app.toolbox.subscriptions]
    return room.page(
        request,
        "story",
        story=found,
        line=line_of(found),
        reports=reports,
        told=told,
        never_told=never,
        muted=muted,
        apart=left if left != found.id else "",
        came=came if len(came) < len(found.reports) else (),
        subscriptions=names,
        page=page,
        pages=-(-len(ordered) // REPORTS),
    )


@router.post("/stories/{name}/merge")
def merge(room: Here, name: str, form: Form) -> Response:
    """Make two stories one, for good."""
    with room.app.store.begin() as shelves:
        given = form.get("other", "").strip()
        one, other = shelves.rulings.story(name), shelves.rulings.story(_id_in(given)) or shelves.rulings.story(given)
        if not one or not other:
            raise HTTPException(404, "there is no such story; copy the other one's id or address from its page")
        if one == other:
            raise HTTPException(409, "these are one story already")
        both = {each.id: each.originals for each in shelves.stories.with_ids([one, other])}
        kept = shelves.rulings.merge(one, other, room.now())
    came = [report.article.id for report in both[other if kept == one else one]]
    back = f"?{urlencode({'joined': ','.join(came)}, safe=',')}" if len(came) <= _MOST_JOINED else ""
    return RedirectResponse(f"/stories/{kept}{back}", 303)


@router.post("/stories/{name}/split")
def split(room: Here, name: str, form: Form) -> Response:
    """Take an article, or several parted by commas, with the copies of them, out of their story, for good."""
    leaving = form.get("article", "").split(",")
    with room.app.store.begin() as shelves:
        known = shelves.rulings.story(name)
        if wrong := [one for one in leaving if not known or shelves.stories.story_of(one) != known]:
            raise HTTPException(404, f"article {wrong[0]} does not stand in this story")
        new = shelves.rulings.split(known, leaving, room.now())
    if not new:
        raise HTTPException(409, "nothing would be left of the story")
    return RedirectResponse(f"/stories/{new}?{urlencode({'apart': name})}", 303)


@router.post("/stories/{name}/mute")
def mute(room: Here, name: str, form: Form) -> Response:
    """Tell nothing more of a story, to one subscription or to any; or, with `muted` = "no", tell of it again."""
    subscription = form.get("subscription", "")
    if subscription and subscription not in {one.name for one in room.app.toolbox.subscriptions}:
        raise HTTPException(422, f"there is no subscription {subscription}")
    with room.app.store.begin() as shelves:
        known = shelves.rulings.story(name)
        if not known:
            raise HTTPException(404, f"there is no story {name}")
        if form.get("muted", "yes") == "no":
            shelves.wishes.unmute(known, subscription)
        else:
            shelves.wishes.mute(known, room.now(), subscription)
    return RedirectResponse(f"/stories/{known}", 303)


def _id_in(text: str) -> str:
    """The id in what was given: the id itself, or the address of the story's page."""
    return text.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2].lower()


def line_of(story: Story) -> Line:
    """A story as a list shows it."""
    first = story.originals[0]
    return Line(
        id=story.id,
        headline=clean(first.article.title, _HEADLINE) or "(no headline)",
        outlets=tuple(dict.fromkeys(report.outlet for report in story.originals)),
        copies=len(story.reports) - len(story.originals),
        languages=tuple(sorted({report.article.language for report in story.reports} - {""})),
        language=first.article.language,
        direction=direction(first.article.language),
        at=max(report.article.found_at for report in story.reports),
        topics=tuple((verdict.topic, shown.percent(verdict.score)) for verdict in story.verdicts),
        passage=clean(passage_of(story), _PASSAGE),
    )


def passage_of(story: Story, topic: str = "") -> str:
    """The sentences that say why (of one topic, or of that which matches best), of the report whose headline is shown;
    of another where that matches nothing.
    """
    first = sorted(story.originals[0].verdicts, key=lambda verdict: -verdict.score)
    said = (one.passage for one in (*first, *story.verdicts) if one.passage and topic in ("", one.topic))
    return next(said, "")


def timeline(story: Story, beside: Beside, part: Sequence[Report] | None = None, whole: str = "") -> list[ReportView]:
    """The story's reports in order of time, or `part` of them: who was first, who repeats whom, why each stands there.

    Texts are shown as long as there is room for them, that of the report `whole` in any case.
    """
    ordered = story.in_time
    part = ordered if part is None else part
    news = added(ordered)
    here = {report.article.id for report in part}
    left = TEXTS - sum(_size(one, beside) for one in part if one.article.id == whole)
    views = []
    for report in part:
        name, size = report.article.id, _size(report, beside)
        shut = name != whole and size > left
        left -= 0 if shut or name == whole else size
        views.append(_report(story, report, beside, news[name], here, shut=shut))
    return views


def _size(report: Report, beside: Beside) -> int:
    texts = [report.article.text, *(one.text for one in beside.versions.get(report.article.id, ())[-_MOST_VERSIONS:])]
    evidence = sum(len(verdict.evidence) for verdict in report.verdicts)
    return sum(len(text.encode("utf-8", "replace")) for text in texts) + _OF_EVIDENCE * evidence


def later(versions: Sequence[Version]) -> tuple[Later, ...]:
    """Each version against the one before it, the latest first."""
    return tuple(
        Later(
            at=new.seen_at,
            reason=new.reason or "edited in the feed",
            title=changes(old.title, new.title) if old.title != new.title else (),
            lines=tuple(changed_lines(changes(old.text, new.text))),
        )
        for old, new in reversed(list(pairwise(versions)))
    )


def _beside(shelves: Shelves, ids: Collection[str]) -> Beside:
    return Beside(
        marks={one: shelves.marks.of(one) for one in ids},
        versions={one: shelves.versions.of(one) for one in shelves.versions.edited(ids)},
        deleted=shelves.versions.deleted(ids),
        kept=shelves.exhibits.with_pages(ids),
    )


def _report(
    story: Story, report: Report, beside: Beside, news: Sequence[str], here: Collection[str], *, shut: bool
) -> ReportView:
    article, placement = report.article, report.placement
    originals = [one.article.id for one in story.originals]
    outlets = {one.article.id: one.outlet for one in story.reports}
    first, own = article.id == originals[0], article.id in originals
    of = placement.of if isinstance(placement, Copy) and not own else ""
    evidence = [one for verdict in report.verdicts for one in verdict.evidence]
    versions = () if shut else beside.versions.get(article.id, ())
    text = "" if shut else article.text
    return ReportView(
        id=article.id,
        title=shown.pieces(article.title, evidence, ("title",)) or (Piece("(no headline)"),),
        paragraphs=shown.paragraphs(shown.pieces(text, evidence, ("lead", "body"))),
        url=web_address(article.url or article.entry.link),
        outlet=report.outlet,
        authors=article.authors,
        at=article.at,
        dated=article.published is not None,
        role="first" if first else "own words" if own else "copy",
        copied=outlets.get(of, ""),
        copied_id=of if of in here else "",
        reason=_reason(report, first=first),
        added=tuple(news) if own and not first else (),
        language=article.language,
        language_name=language_name(article.language) if article.language else "",
        direction=direction(article.language),
        how=str(article.how),
        problem=article.problem,
        verdicts=report.verdicts,
        marks={mark.topic: mark.relevant for mark in beside.marks.get(article.id, ())},
        versions=later(versions[-_MOST_VERSIONS:]),
        unshown=max(0, len(versions) - _MOST_VERSIONS),
        deleted=beside.deleted.get(article.id),
        kept=article.id in beside.kept,
        shut=shut,
    )


def _reason(report: Report, *, first: bool) -> str:
    """Why it stands there; one that was found after its own copies was published before them all the same."""
    reason = report.placement.reason
    return f"{reason}, which was published later" if first and isinstance(report.placement, Copy) else reason
