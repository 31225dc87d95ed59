"""Stand-ins for the doors, for tests of the jobs: a web of addresses, a clock, a channel that remembers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Self

from monitor.errors import DeliveryError
from monitor.extract import extract
from monitor.jobs.toolbox import Extraction
from monitor.model import Article, Failed, Failure, Fresh, Message, Receipt, Request, Unchanged, Visit

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class FixedClock:
    """A clock that stands still until it is told to move."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


@dataclass
class FakeWeb:
    """Address → body (bytes or text), a Failure, or None for 304; an unknown address is a 404. Remembers requests."""

    clock: FixedClock
    pages: dict[str, bytes | str | Failure | None] = field(default_factory=dict)
    headers: dict[str, Mapping[str, str]] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)

    def visit_many(self, requests: Iterable[Request]) -> Iterator[Visit]:
        for request in requests:
            yield self.visit(request)

    def visit(self, request: Request) -> Visit:
        self.asked.append(request)
        answer = self.pages.get(request.url, Failure.STATUS)
        if answer is None:
            return Unchanged(request, self.clock())
        if isinstance(answer, Failure):
            status = 404 if answer is Failure.STATUS else None
            detail = "HTTP 404 Not Found" if status else ""
            return Failed(request, answer, detail, self.clock(), status=status)
        body = answer.encode() if isinstance(answer, str) else answer
        kind = "text/html; charset=utf-8" if request.purpose == "page" else "application/rss+xml; charset=utf-8"
        headers = {"content-type": kind, **self.headers.get(request.url, {})}
        return Fresh(request, request.url, 200, headers, body, self.clock())

    def close(self) -> None:
        """Nothing to close."""


class HereExtractor:
    """The real extraction, in this process."""

    def start(self, work: Extraction) -> Any:
        article: Article = extract(
            work.entry,
            work.page,
            identity=work.identity,
            found_at=work.found_at,
            problem=work.problem,
            known=work.known,
        )
        return lambda: article


class RecordingChannel:
    """A channel that keeps what it was given; `failures` are raised first, one a call."""

    kind: ClassVar[str] = "recording"
    name = "desk"

    def __init__(self, failures: Iterable[DeliveryError] = ()) -> None:
        self.sent: list[Message] = []
        self.skipped: list[int] = []
        self._failures = list(failures)
        self.parts: tuple[str, ...] = ()
        self.mark = "1"

    @classmethod
    def from_options(cls, options: Mapping[str, Any], *, name: str, file: str, where: str, folder: Path) -> Self:
        return cls()

    @property
    def targets(self) -> tuple[str, ...]:
        return self.parts

    @property
    def settings_mark(self) -> str:
        return self.mark

    def send(self, message: Message, now: datetime, skip_parts: int = 0) -> Receipt:
        self.skipped.append(skip_parts)
        if self._failures:
            raise self._failures.pop(0)
        self.sent.append(message)
        return Receipt(message.key, now, "recorded")

    def check(self) -> str:
        return ""
