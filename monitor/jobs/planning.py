"""What one reading of a feed asks for: which entries are new or changed, which are known, which pages to fetch.

Reads the archive and writes nothing; what comes of a plan is `ingest`'s.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from monitor.addresses import same_site
from monitor.dates import settled
from monitor.evidence import Held
from monitor.identity import (
    MARK,
    Document,
    Named,
    by_content,
    by_page,
    contradicts,
    is_other_headline,
    mark,
    named,
    renamed,
    without,
)
from monitor.links import canonical, host_of, leads_to_page, url_key
from monitor.model import LEFT_ALONE, Entry, Feed, FeedPage, FeedState, Request, Via
from monitor.store import Fate, KnownItem, Shelves
from monitor.topics import Judge, likely
from monitor.words import plain

ITEMS_AT_ONCE = 1_000  # that one transaction ingests
_MOST_NOTED = 500  # entries of a feed whose marks are kept
_MOST_WAITING = 500  # entries of a feed that are kept until their turn comes
_LONGEST_WAIT = timedelta(hours=6)  # of entries, for their pages, while the feed brings no document
_TEASER = 6_000  # characters of a feed's HTML that tell whether the page is wanted


class Step(Enum):
    """What is to be done with an entry."""

    NEW = "new"
    EDITED = "edited"
    SAME_PAGE = "same page"  # another feed, or another item, already brought this address


class Item(Struct, frozen=True):
    """An entry that needs work, and which."""

    entry: Entry
    identity: str
    content: str  # identity.content_hash
    step: Step
    article: str  # the id it has or, if its page names no other address, will have
    shares_page: bool = False  # its address is that of several items: the page is not its own
    left_alone: str = ""  # why its page is not worth a visit; begins with LEFT_ALONE

    @property
    def needs_text(self) -> bool:
        return self.step is not Step.SAME_PAGE


class Noted(Struct, frozen=True):
    """A visit that brought nothing to ingest, and the feed's state after it; all of a round are saved together."""

    state: FeedState
    at: datetime
    outcome: str  # as in the log of visits
    problem: str = ""


class Plan(Struct, frozen=True):
    """What one reading of a feed brings. `state` is the feed's next state, saved with everything else."""

    feed: Feed
    state: FeedState
    items: tuple[Item, ...]
    entries: int  # in the document
    at: datetime
    known: int = 0  # of the entries, remembered from earlier documents of the feed
    left_over: int = 0  # entries that must wait for the next round
    renamed: tuple[tuple[str, str, Entry], ...] = ()  # known items that the feed names anew: before, now
    hub: str = ""  # that the document names, and
    topic: str = ""  # the address the hub knows it by
    pushed: bool = False  # by its hub; otherwise we asked for it
    outcome: str = "read"  # of the visit, as in the log of visits, and
    problem: str = ""  # why it brought no document: these are entries of an earlier one
    via: Via | None = None  # how it came, if not by a visit to the feed as it is today
    source: Held | None = None  # the document's answer, set aside: evidence for what has no page
    pages: dict[Item, Held] = field(default_factory=dict)  # likewise of each page, as they come
    repeated: Mapping[str, frozenset[int]] = field(default_factory=dict)  # host → marks of lines that it repeats


def plan(shelves: Shelves, feed: Feed, page: FeedPage, state: FeedState, at: datetime) -> Plan:
    """Which entries need work: of the document, and of those that have waited since an earlier one.

    `state` is the feed's before this reading, but for `noted` and `waiting`; the caller puts the next one in its place.
    """
    waited = _waited(page, state)
    document = named(settled((*page.entries, *waited), at), _marks(state.noted))
    entries, known, names = _recognised(shelves, feed.name, document)
    ids = [one.article_id() for one in entries]
    stored = shelves.articles.with_ids(ids)
    taken = set(stored)
    items: list[Item] = []
    for one, article in zip(entries, ids, strict=True):
        before = known.get(one.identity)
        step = _step(before, one.content, article in taken)
        if step is Step.SAME_PAGE and article in stored and _is_other(shelves, article, one.entry.title):
            step = Step.NEW
        if step is not None:
            own = (before.article if before else "") or article
            items.append(Item(one.entry, one.identity, one.content, step, own, one.shares_page))
        taken.add(article)
    visited = items if feed.pages != "never" else ()
    repeated = shelves.sites.repeated(host_of(item.entry.link) for item in visited if item.needs_text)
    return Plan(
        feed,
        replace(state, noted=_noted(document, entries, known, items), waiting=()),
        tuple(items),
        document.size - len(waited),
        at,
        len(known) + len(document.standing),
        renamed=names,
        hub=page.hub,
        topic=page.self_link,
        repeated=repeated,
    )


def _is_other(shelves: Shelves, article: str, title: str) -> bool:
    """Whether another article may stand at a known address: one whose page gave it as its own. Its page will tell."""
    return is_other_headline(title, shelves.articles.wording(article)[0])


def _waited(page: FeedPage, state: FeedState) -> list[Entry]:
    """The entries that have waited and do not stand in the document (any more)."""
    if not state.waiting:
        return []
    here = {(entry.id, url_key(entry.link)) for entry in page.entries}
    return [entry for entry in state.waiting if (entry.id, url_key(entry.link)) not in here]


def limited(work: Plan, most: int) -> Plan:
    """The plan with at most `most` pages to fetch; what wants one more waits for the next reading, remembered.

    What wants no page does not wait for those that do.
    """
    if len(work.items) <= min(most, ITEMS_AT_ONCE):  # as nearly always
        return work
    wanted = page_requests(work)
    kept: list[Item] = []
    over: list[Item] = []
    pages = 0
    for item in work.items:
        full = len(kept) >= ITEMS_AT_ONCE or (item in wanted and pages >= most)
        (over if full else kept).append(item)
        pages += not full and item in wanted
    if not over:
        return work
    waiting = tuple(item.entry for item in over[:_MOST_WAITING])
    return replace(work, items=tuple(kept), left_over=len(over), state=replace(work.state, noted="", waiting=waiting))


def left_waiting(shelves: Shelves, feed: Feed, before: FeedState, noted: Noted) -> Plan | None:
    """What waits for its pages' turn, where a visit brought no document to go on with; None where nothing does, or the
    feed fails only since a while.
    """
    after, at = noted.state, noted.at
    asked = after.visited_at == at
    lately = after.failing_since is not None and at - after.failing_since < _LONGEST_WAIT
    if not before.waiting or not asked or lately:
        return None
    work = plan(shelves, feed, FeedPage("", "", "", ()), before, at)
    return replace(work, state=replace(after, waiting=()), outcome=noted.outcome, problem=noted.problem)


def _marks(noted: str) -> frozenset[str]:
    return frozenset(noted[at : at + MARK] for at in range(0, len(noted), MARK))


def _noted(document: Document, entries: Sequence[Named], known: Mapping[str, KnownItem], items: Sequence[Item]) -> str:
    """The marks of those entries that are noted, once the plan is carried out, as they stand.

    A mark holds the name: that of an entry noted under another than its own is found again by nobody.
    """
    done = {item.identity for item in items}
    marks = list(document.standing.values())
    for one in entries:
        item = known.get(one.identity)
        if one.identity in done or (item is not None and item.content_hash == one.content):
            marks.append(mark(one.entry, one.identity))
    return "".join(marks[:_MOST_NOTED])


def _recognised(
    shelves: Shelves, feed: str, document: Document
) -> tuple[list[Named], dict[str, KnownItem], tuple[tuple[str, str, Entry], ...]]:
    """The entries that do not stand as noted, under the names they have in the archive from now on; those of them that
    are known, and whose name changes.

    Only what is not known under its name is looked for in other ways.
    """
    entries, standing = document.others, document.standing
    if not entries or not (standing or shelves.articles.has_items(feed)):
        return list(entries), {}, ()
    by_name = shelves.articles.known(feed, [one.identity for one in entries])
    known = {
        one.identity: by_name[one.identity]
        for one in entries
        if one.identity in by_name and not contradicts(one, by_name[one.identity])
    }
    rest = [one for one in entries if one.identity not in known]
    if not rest:
        return list(entries), known, ()
    at_pages = shelves.articles.at_pages(feed, [one.page for one in rest if one.page])
    found, shared = by_page(rest, without(at_pages, {*known, *standing}))
    left = [one for one in rest if one.identity not in found]
    moments = [one.entry.published for one in left if one.entry.published]
    alike = shelves.articles.at_moments(feed, moments, [one.content for one in left if not one.entry.published])
    found |= by_content(left, without(alike, {*known, *standing, *(item.identity for item in found.values())}))
    names = []
    final: list[Named] = []
    own = frozenset(known)  # whose names are theirs; what is found below is known under names of others
    for one in entries:
        item = found.get(one.identity)
        if one.identity in shared:
            one = replace(one, shares_page=True)
        if item is not None and one.identity not in by_name:
            names.append((item.identity, one.identity, one.entry))
        elif item is not None:
            one = replace(one, identity=item.identity)  # its own name is another item's
        elif one.identity in by_name and one.identity not in own:
            one = renamed(one)
        if item is not None:
            known[one.identity] = item
        final.append(one)
    return final, known, tuple(names)


def _step(known: KnownItem | None, content: str, taken: bool) -> Step | None:
    if known is None:
        return Step.SAME_PAGE if taken else Step.NEW
    return Step.EDITED if known.content_hash != content and known.fate is not Fate.SAME else None


def choose_pages(work: Plan, topics: Judge) -> Plan:
    """The plan without the pages of what can hardly match a topic, where the feed's `pages` is "likely"."""
    if work.feed.pages != "likely":
        return work
    return replace(work, items=tuple(_chosen(work.feed, item, topics) for item in work.items))


def _chosen(feed: Feed, item: Item, topics: Judge) -> Item:
    entry = item.entry
    if not item.needs_text or item.shares_page or entry.file or not leads_to_page(entry.link):
        return item
    outlook = likely(
        topics,
        entry.title,
        plain(f"{entry.summary}\n{entry.content[:_TEASER]}"),
        language=entry.language or feed.language,
        source=entry.outlet or feed.outlet,
        url=entry.link,
        country=feed.country,
    )
    return item if outlook.likely else replace(item, left_alone=f"{LEFT_ALONE}: {outlook.reason}")


def page_requests(work: Plan) -> dict[Item, Request]:
    """The pages to fetch for a plan."""
    if work.feed.pages == "never":
        return {}
    return {
        item: request_for(work.feed, link, "page")
        for item in work.items
        if item.needs_text
        and not (item.shares_page or item.left_alone or item.entry.file)
        and leads_to_page(link := canonical(item.entry.link))
    }


def request_for(feed: Feed, url: str, purpose: Literal["feed", "page"], state: FeedState | None = None) -> Request:
    """Ask for an address in the name of a feed, with the validators of its `state` where one is given.

    The feed's headers, login and cookies are secrets of its own site: a feed may link anywhere, and move away.
    """
    own = url == feed.url or same_site(feed.url, url)
    return Request(
        url=url,
        purpose=purpose,
        feed=feed.name,
        etag=state.etag if state else "",
        last_modified=state.last_modified if state else "",
        headers=feed.headers if own else (),
        login=feed.login if own else "",
        cookies=feed.cookies if own else (),
        proxy=feed.proxy,
        robots=feed.robots,
    )
