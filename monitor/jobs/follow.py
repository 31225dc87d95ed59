"""What a document points to (the sitemaps of an index, further pages of an article) is visited and read with it."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec.structs import replace

from monitor.extract.nextpage import MOST_PAGES, next_page
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


def _next_of_article(page: Fresh) -> Request | None:
    """The next page of the same article, asked for as this one was."""
    address = next_page(page)
    return replace(page.request, url=address) if address else None


def whole(
    web: Web,
    requests: Iterable[Request],
    onward: Callable[[Fresh], Request | None] = _next_of_article,
    most: int = MOST_PAGES,
) -> Iterator[Visit]:
    """Each visit as it comes; one that goes on elsewhere when it is whole, with the further pages as its `parts`.

    At most `most` pages are one; a page that cannot be had ends it, for what is there is worth reading.
    """
    going: list[tuple[Fresh, Request]] = []
    for visit in web.visit_many(requests):
        following = onward(visit) if isinstance(visit, Fresh) else None
        if isinstance(visit, Fresh) and following is not None:
            going.append((visit, following))
        else:
            yield visit
    for pages in range(2, most + 1):
        if not going:
            return
        answers = {answer.request: answer for answer in web.visit_many(list({request for _, request in going}))}
        before, going = going, []
        for first, request in before:
            answer = answers.get(request)
            visit = replace(first, parts=(*first.parts, answer)) if isinstance(answer, Fresh) else first
            following = onward(answer) if isinstance(answer, Fresh) and pages < most else None
            if following is not None:
                going.append((visit, following))
            else:
                yield visit


def _with_parts(visit: Fresh, answers: Sequence[Visit]) -> Fresh:
    return replace(
        visit,
        parts=tuple(answer for answer in answers if isinstance(answer, Fresh)),
        missing=tuple(f"{answer.request.url}: {answer}" for answer in answers if isinstance(answer, Failed)),
    )
