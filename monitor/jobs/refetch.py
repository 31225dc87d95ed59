"""The pages of matched articles, looked at again on a schedule: new wordings become versions, deleted pages are noted.

When a page is due stands in the archive. It is asked for through the same door as at first, in the name of the same
feed. What changed more than trivially is kept, judged and indexed anew, with its evidence, all in one transaction; what
did not leaves no trace. That a page was deleted leaves evidence too.
"""

from collections import defaultdict
from concurrent.futures import CancelledError
from datetime import datetime, timedelta
from hashlib import blake2b

from msgspec import Struct
from msgspec.structs import replace

from monitor.errors import StoreError
from monitor.extract.edits import compare, later_title, replaced
from monitor.jobs.follow import whole
from monitor.jobs.ingest import fate_of, judge_article
from monitor.jobs.planning import request_for
from monitor.jobs.proving import prove, prove_gone
from monitor.jobs.toolbox import Extraction, Toolbox
from monitor.links import host_of, names_file, short_hash
from monitor.logs import get_logger
from monitor.model import Article, Failed, Failure, Fresh, Request, Visit
from monitor.store import Refetch, Shelves
from monitor.values import as_dict

log = get_logger(job="refetch")

AT_ONCE = 40  # pages a round; with a round every five minutes the cost has a bound whatever matches
GONE_AFTER = 2  # answers in a row that there is no such page
AGAIN = timedelta(hours=1)  # after the first of these
_GONE = (404, 410)


class Refetched(Struct):
    """What a round did, in numbers."""

    looked: int = 0
    changed: int = 0
    gone: int = 0
    failed: int = 0


def refetch(toolbox: Toolbox) -> Refetched:
    """Look again at what is due; at most `AT_ONCE` pages."""
    done, now, spans = Refetched(), toolbox.now(), toolbox.limits.refetch
    if not spans:
        return done
    with toolbox.store.begin() as shelves:
        shelves.versions.enlist(now - spans[-1], now + spans[0], AT_ONCE)
        due = shelves.versions.due(now, AT_ONCE)
        repeated = shelves.sites.repeated(host_of(one.url) for one in due)
    asked: dict[str, list[Refetch]] = defaultdict(list)
    requests: list[Request] = []
    for one in due:
        feed, why = toolbox.feeds.get(one.feed), ""
        if feed is None or feed.pages == "never" or not one.url.startswith(("http://", "https://")):
            why = "its feed is not followed, or has no pages"
        elif names_file(one.url):
            why = "its link is that of a file and no page"
        if feed is None or why:
            _note(toolbox, replace(one, due_at=None, problem=f"not looked at: {why}"))
            continue
        if one.url not in asked:
            requests.append(request_for(feed, one.url, "page"))
        asked[one.url].append(one)
    for visit in whole(toolbox.fetcher, requests):
        for one in asked[visit.request.url]:
            _take_safely(toolbox, one, visit, repeated.get(host_of(one.url), frozenset()), done)
        if toolbox.stopping():
            break
    if done.looked:
        log.info("pages looked at again", **as_dict(done))
    return done


def next_due(found_at: datetime, now: datetime, spans: tuple[timedelta, ...]) -> datetime | None:
    """The next moment of the schedule after `now`; None when it is over."""
    return next((found_at + span for span in spans if found_at + span > now), None)


def _take_safely(toolbox: Toolbox, one: Refetch, visit: Visit, known: frozenset[int], done: Refetched) -> None:
    """A page that trips over a bug of ours must not keep the others from being looked at, now and at every round."""
    try:
        _take(toolbox, one, visit, known, done)
    except StoreError:
        raise
    except CancelledError:  # everything is being closed; it stays due
        return
    except Exception as error:
        log.error("page not looked at; please report this as a bug", url=one.url, exc_info=error)
        done.failed += 1
        due_at = next_due(one.found_at, toolbox.now(), toolbox.limits.refetch)
        _note(toolbox, replace(one, due_at=due_at, problem=f"a bug of the program: {type(error).__name__}"))


def _take(toolbox: Toolbox, one: Refetch, visit: Visit, known: frozenset[int], done: Refetched) -> None:
    now = toolbox.now()
    done.looked += 1
    after = replace(
        one, due_at=next_due(one.found_at, now, toolbox.limits.refetch), checked_at=now, missing=0, problem=""
    )
    match visit:
        case Failed(status=status) if status in _GONE:
            done.gone += _miss(toolbox, one, after, visit)
        case Failed(failure=Failure.NO_PAGE):
            _note(toolbox, replace(after, due_at=None, problem=str(visit)))
        case Failed():
            done.failed += 1
            _note(toolbox, replace(after, missing=one.missing, problem=str(visit)))
        case Fresh():
            done.changed += _read(toolbox, one, after, visit, known)
        case _:
            _note(toolbox, after)


def _miss(toolbox: Toolbox, one: Refetch, after: Refetch, visit: Failed) -> bool:
    """Note that there was no page; whether it counts as deleted now."""
    now, missing = toolbox.now(), one.missing + 1
    gone = missing >= GONE_AFTER
    due = None if gone else now + AGAIN
    stands = replace(after, due_at=due, missing=missing, gone_at=now if gone else None, problem=str(visit))
    with toolbox.store.begin() as shelves:
        shelves.versions.note([stands])
        if gone:
            prove_gone(toolbox, shelves, one.article, visit, one.checked_at or now)
    return gone


def _note(toolbox: Toolbox, one: Refetch) -> None:
    with toolbox.store.begin() as shelves:
        shelves.versions.note([one])


def _read(toolbox: Toolbox, one: Refetch, after: Refetch, page: Fresh, known: frozenset[int]) -> bool:
    """Compare what the page says now; whether it became a version."""
    with toolbox.store.read() as shelves:
        stored = shelves.articles.get(one.article)
    assert stored is not None
    old = stored.article
    after = replace(after, mark=_mark(old, page))
    if after.mark == one.mark:  # the same page as at the last look, and the same article: it is not read again
        _note(toolbox, replace(after, problem=one.problem))
        return False
    task = Extraction(old.entry, page, old.id, old.found_at, known=known)
    new = replace(toolbox.extractor.start(task)(), id=old.id, url=old.url, published=old.published)
    new = replace(new, title=later_title(old, new))
    if new.problem or not new.how.is_page or not new.text:
        _note(toolbox, replace(after, problem=new.problem or "no article on the page"))
        return False
    edit = compare(old.title, old.text, new.title, new.text)
    if replaced(old.text, new.text):
        _note(toolbox, replace(after, problem="another page stands in its place"))
        return False
    with toolbox.store.begin() as shelves:
        shelves.versions.note([after if edit.trivial else replace(after, mark=_mark(new, page))])
        if not old.how.is_page or edit.trivial:  # a feed's teaser is no wording that a page could change
            if new.headline and not old.headline:
                shelves.articles.note_headline(old.id, new.headline)
            return False
        _revise(toolbox, shelves, new, edit.reason)
        prove(toolbox, shelves, [(new, toolbox.evidence.hold(page), None)])
    log.info("article edited", article=old.id, url=old.url, what=edit.reason)
    return True


def _mark(article: Article, page: Fresh) -> str:
    bodies = (blake2b(one.body, digest_size=8).hexdigest() for one in (page, *page.parts))
    return short_hash(*bodies, article.title, article.headline, article.text)


def _revise(toolbox: Toolbox, shelves: Shelves, new: Article, reason: str) -> None:
    """Keep the new wording, with the verdicts on it; the old one stays as a version."""
    at, silence = toolbox.now(), toolbox.topics.judge("", "")
    verdicts = judge_article(toolbox.topics, toolbox.feeds[new.entry.feed], new)
    shelves.articles.revise(new, short_hash(f"{new.title}\n{new.text}"), verdicts, at, silence)
    shelves.versions.explain(new.id, at, reason)
    shelves.articles.rejudge(new.id, verdicts, at, *fate_of(verdicts, new), silence)
