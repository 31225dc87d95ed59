"""What the API answers: values as JSON, with an ETag (RFC 9110 section 8.8.3), and cursors."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Path, Query
from msgspec import Struct
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.model import Copy, Report, Story, Verdict
from monitor.store import Hit
from monitor.values import as_dict

Name = Annotated[str, Path(min_length=1, max_length=200)]
Limit = Annotated[int, Query(ge=1, le=200, description="how many a page")]
IN_LIST = 5
"""Reports of a story that a list shows: it must stay small, however much is reported of one event."""
Cursor = Annotated[str, Query(max_length=400, description="the `next` of the page before; empty for the first")]


class Problem(BaseModel):
    """What was wrong, in words."""

    problem: str


ANSWERS: dict[int | str, dict[str, Any]] = {
    304: {"description": "Nothing has changed since the answer with that ETag."},
    401: {"model": Problem, "description": "A token is needed."},
    403: {"model": Problem, "description": "The token may only read, or another site sent this."},
    404: {"model": Problem, "description": "There is nothing of that name."},
    422: {"model": Problem, "description": "What was asked for cannot be understood."},
    503: {"model": Problem, "description": "The archive cannot be read."},
}
"""What any call may be answered with beside what it is for."""


def page(request: Request, name: str, found: list[Any], following: str | None, **more: Any) -> Response:
    """A page of a list, under its name, with the cursor of the `next` one, null at the end."""
    return answer(request, {name: found, "next": following or None, **more})


def sealed(*parts: Any) -> str:
    """A cursor: where a page ends, not to be understood by anybody else."""
    return urlsafe_b64encode(json.dumps(parts, default=_plain, separators=(",", ":")).encode()).decode().rstrip("=")


def opened(cursor: str, *kinds: type) -> tuple[Any, ...] | None:
    """The parts of a cursor, of these kinds (str, int or an aware datetime); None of "". Raises HTTPException."""
    if not cursor:
        return None
    try:
        parts = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        made = tuple(
            datetime.fromisoformat(one) if kind is datetime else one for one, kind in zip(parts, kinds, strict=True)
        )
        fits = all(type(one) is kind for one, kind in zip(made, kinds, strict=True))
        fits = fits and all(one.tzinfo is not None for one in made if isinstance(one, datetime))
        fits = fits and all(abs(one) < 2**53 for one in made if isinstance(one, int))
    except (ValueError, TypeError, RecursionError):
        fits = False
    if not fits:
        raise HTTPException(422, "this cursor is none of ours; begin again without one")
    return made


def story_facts(story: Story) -> dict[str, Any]:
    """A story as a list names it, with its first reports only; `report_count` says how many there are."""
    first = story.originals[0].article
    return {
        "id": story.id,
        "title": first.title,
        "url": first.url,
        "language": first.language,
        "found": story.reports[0].article.found_at,
        "page": f"/stories/{story.id}",
        "outlets": list(dict.fromkeys(report.outlet for report in story.originals)),
        "topics": {verdict.topic: round(verdict.score, 3) for verdict in story.verdicts},
        "report_count": len(story.reports),
        "reports": [report_facts(report) for report in story.reports[:IN_LIST]],
    }


def report_facts(report: Report, *, whole: bool = False) -> dict[str, Any]:
    """A report of a story; `whole` with its text, and with the passage and the evidence of its verdicts."""
    article, placement = report.article, report.placement
    return {
        "article": article.id,
        "title": article.title,
        "url": article.url,
        "outlet": report.outlet,
        "language": article.language,
        "published": article.published,
        "found": article.found_at,
        "copy_of": placement.of if isinstance(placement, Copy) else None,
        "reason": placement.reason,
        "verdicts": [_verdict_facts(verdict, whole=whole) for verdict in report.verdicts],
        **({"text": article.text} if whole else {}),
    }


def _verdict_facts(verdict: Verdict, *, whole: bool) -> dict[str, Any]:
    if whole:
        return as_dict(verdict)
    return {"topic": verdict.topic, "score": round(verdict.score, 3), "threshold": verdict.threshold}


def hit_facts(hit: Hit) -> dict[str, Any]:
    """An article found; `marks` are the places of the words found in its snippet."""
    article = hit.article
    return {
        "article": article.id,
        "title": article.title,
        "url": article.url,
        "outlet": hit.outlet,
        "language": article.language,
        "found": article.found_at,
        "score": hit.score,
        "snippet": hit.snippet,
        "marks": hit.marks,
    }


def facts(value: Any) -> Mapping[str, Any] | None:
    """The fields of a value of the model; None of none."""
    return as_dict(value) if isinstance(value, Struct) else None


def aware(moment: datetime | None) -> datetime | None:
    """A moment without a zone would mean another one on each machine."""
    if moment is not None and moment.tzinfo is None:
        raise HTTPException(422, "a moment needs its zone, such as 2026-11-23T08:00:00Z")
    return moment


def answer(request: Request, value: Any, status: int = 200) -> Response:
    """The value as JSON; 304 without it where the asking side has it already."""
    body = json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if request.method == "GET" and tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, status, headers, "application/json")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
