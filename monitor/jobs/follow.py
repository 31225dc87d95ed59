"""What a document points to (the sitemaps of an index) is visited with it, so that its source can read all at once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from monitor.jobs.toolbox import Web
from monitor.model import Failed, Fresh, Request, Visit


def follow(web: Web, visits: Iterable[Visit], pointers: Callable[[Fresh], Sequence[Request]]) -> list[Visit]:
    """The visits, each that points elsewhere with its `parts`; one level, all hosts side by side."""
    kept = list(visits)
    wanted = {id(visit): pointers(visit) for visit in kept if isinstance(visit, Fresh)}
    asked = dict.fromkeys(request for requests in wanted.values() for request in requests)
    if not asked:
        return kept
    answers = {visit.request: visit for visit in web.visit_many(list(asked))}
    return [
        _with_parts(visit, [answers[request] for request in wanted[id(visit)] if request in answers])
        if isinstance(visit, Fresh) and wanted[id(visit)]
        else visit
        for visit in kept
    ]


def _with_parts(visit: Fresh, answers: Sequence[Visit]) -> Fresh:
    return replace(
        visit,
        parts=tuple(answer for answer in answers if isinstance(answer, Fresh)),
        missing=tuple(f"{answer.request.url}: {answer}" for answer in answers if isinstance(answer, Failed)),
    )
