"""The heart: the entries of one reading become remembered items, judged articles and placed stories.

    FeedPage → plan (what is new, what changed, what is known) → pages asked for → articles → finish (one transaction)

`plan` and `finish` touch the archive, everything between is the caller's. Either all of a reading is in the archive
afterwards, its feed's state included, or nothing is: then the next visit brings it again.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Literal

from monitor.addresses import same_site
from monitor.identity import Named, by_content, by_page, contradicts, named, renamed, without
from monitor.jobs.placing import place_article
from monitor.jobs.toolbox import Extraction, Toolbox
from monitor.links import canonical, fragment_of, host_of, names_page
from monitor.model import (
    Article,
    Entry,
    Failed,
    Feed,
    FeedPage,
    FeedState,
    Fresh,
    How,
    Lease,
    Request,
    Unchanged,
    Verdict,
    Visit,
)
from monitor.store import Fate, KnownItem, NewArticle, Outcome, Shelves, Visited
from monitor.topics import Judge
from monitor.websub import after_poll

_OWN_PAGE = (How.PAGE, How.STRUCTURED)


class Step(Enum):
    """What is to be done with an entry."""

    NEW = "new"
    EDITED = "edited"
    SAME_PAGE = "same page"  # another feed, or another item, already brought this address


@dataclass(frozen=True, slots=True)
class Item:
    """An entry that needs work, and which."""

    entry: Entry
    identity: str
    content: str  # links.content_hash
    step: Step
    article: str  # the id it has or, if its page names no other address, will have
    shares_page: bool = False  # its address is that of several items: the page is not its own

    @property
    def needs_text(self) -> bool:
        return self.step is not Step.SAME_PAGE


@dataclass(frozen=True, slots=True)
class Plan:
    """What one reading of a feed brings. `state` is the feed's next state, saved with everything else."""

    feed: Feed
    state: FeedState
    items: tuple[Item, ...]
    entries: int  # in the document
    at: datetime
    known: int = 0  # of the entries, remembered from earlier documents of the feed
    left_over: int = 0  # unseen entries that must wait for the next round
    renamed: tuple[tuple[str, str, Entry], ...] = ()  # known items that the feed names anew: before, now
    hub: str = ""  # that the document names, and
    topic: str = ""  # the address the hub knows it by
    pushed: bool = False  # by its hub; otherwise we asked for it
    repeated: Mapping[str, frozenset[int]] = field(default_factory=dict)  # host → marks of lines that it repeats


@dataclass(slots=True)
class Ingested:
    """What came of it, in numbers."""

    entries: int = 0
    new: int = 0
    edited: int = 0
    matched: int = 0
    left_over: int = 0


def plan(shelves: Shelves, feed: Feed, page: FeedPage, state: FeedState, at: datetime, most: int) -> Plan:
    """Which entries need work. At most `most`; what is over stays unseen, so that the next reading finds it again.

    `state` is the feed's before this reading; the caller puts the next one in its place.
    """
    entries, known, names = _recognised(shelves, feed.name, named(page.entries))
    ids = [one.article_id() for one in entries]
    taken = shelves.articles.with_ids(ids)
    items: list[Item] = []
    for one, article in zip(entries, ids, strict=True):
        before = known.get(one.identity)
        step = _step(before, one.content, article in taken)
        if step is not None:
            own = (before.article if before else "") or article
            items.append(Item(one.entry, one.identity, one.content, step, own, one.shares_page))
        taken.add(article)
    over = max(0, len(items) - most)
    repeated = shelves.sites.repeated(host_of(item.entry.link) for item in items[:most] if item.needs_text)
    return Plan(
        feed,
        state,
        tuple(items[:most]),
        len(entries),
        at,
        len(known),
        over,
        names,
        page.hub,
        page.self_link,
        repeated=repeated,
    )


def _recognised(
    shelves: Shelves, feed: str, entries: Sequence[Named]
) -> tuple[list[Named], dict[str, KnownItem], tuple[tuple[str, str, Entry], ...]]:
    """The entries under the names they have in the archive from now on, those that are known, and whose name changes.

    Only what is not known under its name is looked for in other ways.
    """
    by_name = shelves.articles.known(feed, [one.identity for one in entries])
    known = {
        one.identity: by_name[one.identity]
        for one in entries
        if one.identity in by_name and not contradicts(one, by_name[one.identity])
    }
    rest = [one for one in entries if one.identity not in known]
    if not rest or not (by_name or shelves.articles.has_items(feed)):
        return list(entries), known, ()
    at_pages = shelves.articles.at_pages(feed, [one.page for one in rest if one.page])
    found, shared = by_page(rest, without(at_pages, known))
    left = [one for one in rest if one.identity not in found]
    moments = [one.entry.published for one in left if one.entry.published]
    alike = shelves.articles.at_moments(feed, moments, [one.content for one in left if not one.entry.published])
    found |= by_content(left, without(alike, {*known, *(item.identity for item in found.values())}))
    names = []
    final: list[Named] = []
    for one in entries:
        item = found.get(one.identity)
        if one.identity in shared:
            one = replace(one, shares_page=True)
        if item is not None and one.identity not in by_name:
            names.append((item.identity, one.identity, one.entry))
        elif item is not None:
            one = replace(one, identity=item.identity)  # its own name is another item's
        elif one.identity in by_name and one.identity not in known:
            one = renamed(one)
        if item is not None:
            known[one.identity] = item
        final.append(one)
    return final, known, tuple(names)


def _step(known: KnownItem | None, content: str, taken: bool) -> Step | None:
    if known is None:
        return Step.SAME_PAGE if taken else Step.NEW
    return Step.EDITED if known.content_hash != content and known.fate is not Fate.SAME else None


def page_requests(work: Plan) -> dict[Item, Request]:
    """The pages to fetch for a plan."""
    if work.feed.pages == "never":
        return {}
    return {
        item: request_for(work.feed, link, "page")
        for item in work.items
        if item.needs_text and not item.shares_page and names_page(link := canonical(item.entry.link))
    }


def request_for(feed: Feed, url: str, purpose: Literal["feed", "page"], state: FeedState | None = None) -> Request:
    """Ask for an address in the name of a feed, with the validators of its `state` where one is given.

    The feed's headers, login and cookies are secrets of its own site: a feed may link anywhere, and move away.
    """
    own = same_site(feed.url, url)
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


def extraction(work: Plan, item: Item, visit: Visit | None) -> Extraction:
    """What is handed to the extractor, whatever became of the page."""
    entry = item.entry if item.entry.language else replace(item.entry, language=work.feed.language)
    match visit:
        case Fresh():
            repeated = work.repeated.get(host_of(visit.url), frozenset())
            return Extraction(entry, visit, item.identity, work.at, known=repeated)
        case Failed():
            return Extraction(entry, None, item.identity, work.at, problem=str(visit))
        case Unchanged() | None:
            return Extraction(entry, None, item.identity, work.at)


def finish(toolbox: Toolbox, readings: Sequence[tuple[Plan, Mapping[Item, Article]]]) -> list[Ingested]:
    """Judge, place and store everything of these readings in one transaction: all of them, or none."""
    judged = [(work, _judged(toolbox, work, articles)) for work, articles in readings]
    silence = toolbox.topics.judge("", "")
    toolbox.passing("ingest: judged")
    done: list[Ingested] = []
    with toolbox.store.begin() as shelves:
        for work, _ in readings:
            shelves.articles.rename(work.feed.name, work.renamed)
        named = (
            name for _, articles in judged for item, (one, _) in articles.items() for name in (one.id, item.article)
        )
        batch = _Batch(shelves.articles.with_ids(named))
        for work, articles in judged:
            done.append(Ingested(entries=work.entries, left_over=work.left_over))
            for item in work.items:
                if item.step is Step.SAME_PAGE:
                    batch.note(work, item, item.article, Fate.SAME, "this address was already known")
                else:
                    _sort(batch, work, item, *articles[item], done[-1])
        _store(toolbox, shelves, batch, silence)
        visits = []
        for (work, articles), one in zip(judged, done, strict=True):
            if toolbox.limits.websub:
                _note_hub(shelves, work, news=one.new > 0)
            _learn_sites(shelves, work, articles)
            visits.append(Visited(work.feed.name, work.at, "read", entries=work.entries, new=one.new))
        shelves.feeds.save(*(work.state for work, _ in readings))
        shelves.feeds.log_visits(*visits)
        toolbox.passing("ingest: before commit")
    toolbox.passing("ingest: committed")
    return done


def _own(item: Item, article: Article) -> Article:
    """An article under its own id and address, where several stand at one page."""
    if not item.shares_page:
        return article
    fragment = fragment_of(item.entry.link)
    url = f"{article.url}#{fragment}" if article.url and fragment else article.url
    return replace(article, id=item.article, url=url)


def _note_hub(shelves: Shelves, work: Plan, *, news: bool) -> None:
    """What a reading says of the feed's hub: that there is one, that it pushes, that it missed something."""
    lease = shelves.leases.of(work.feed.name)
    if work.pushed:
        if lease is not None:
            shelves.leases.put(replace(lease, pushed_at=work.at, missed=0))
        return
    offer = None
    if work.hub:  # with a path and a secret that nobody can guess
        topic = work.topic or work.feed.url
        offer = Lease(work.feed.name, work.hub, topic, secrets.token_urlsafe(32), secrets.token_hex(32))
    after = after_poll(lease, offer, news=news)
    if after is not None and after != lease:
        shelves.leases.put(after)


def _learn_sites(shelves: Shelves, work: Plan, articles: "_Judged") -> None:
    """What stood at the ends of new articles, so that what a site puts under all of them is known."""
    read: dict[str, list[tuple[int, ...]]] = defaultdict(list)
    for item, (article, _) in articles.items():
        if item.step is Step.NEW and article.ends:
            read[host_of(article.url)].append(article.ends)
    for site, ends in read.items():
        shelves.sites.learn(site, ends, work.at)


_Judged = Mapping[Item, tuple[Article, tuple[Verdict, ...]]]


def _judged(toolbox: Toolbox, work: Plan, articles: Mapping[Item, Article]) -> _Judged:
    known = {item: _with_known_text(toolbox, item, _own(item, article)) for item, article in articles.items()}
    return {item: (article, judge_article(toolbox.topics, work.feed, article)) for item, article in known.items()}


@dataclass(slots=True)
class _Batch:
    """What a transaction is going to write, gathered so that each table is written once."""

    known: set[str]  # ids of articles
    new: list[NewArticle] = field(default_factory=list)
    edited: list[tuple[NewArticle, datetime]] = field(default_factory=list)
    matched: list[tuple[Article, str, datetime]] = field(default_factory=list)  # with its outlet
    outcomes: list[Outcome] = field(default_factory=list)

    def note(self, work: Plan, item: Item, article: str, fate: Fate, reason: str) -> None:
        """Note what became of an item."""
        self.outcomes.append(
            Outcome(work.feed.name, item.identity, item.entry, item.content, article or None, fate, reason, work.at)
        )


def _sort(
    batch: _Batch, work: Plan, item: Item, article: Article, verdicts: tuple[Verdict, ...], done: Ingested
) -> None:
    """What becomes of an item and its article."""
    if not article.title and not article.text:
        batch.note(work, item, "", Fate.EMPTY, article.problem or "neither a title nor a text")
        return
    if item.step is Step.EDITED and item.article in batch.known:
        article = replace(article, id=item.article)
        batch.edited.append((NewArticle(article, item.content, verdicts), work.at))
        done.edited += 1
    elif article.id in batch.known:
        batch.note(work, item, article.id, Fate.SAME, f"its page names the known address {article.url}")
        return
    else:
        batch.known.add(article.id)
        batch.new.append(NewArticle(article, item.content, verdicts))
        done.new += 1
    if any(verdict.matched for verdict in verdicts):
        done.matched += 1
        batch.matched.append((article, item.entry.outlet or work.feed.outlet, work.at))
        batch.note(work, item, article.id, Fate.MATCHED, matched_words(verdicts))
    else:
        batch.note(work, item, article.id, Fate.NOT_MATCHED, missed_words(verdicts))


def _store(toolbox: Toolbox, shelves: Shelves, batch: _Batch, silence: Sequence[Verdict]) -> None:
    shelves.articles.add_all(batch.new, silence)
    for one, at in batch.edited:
        shelves.articles.revise(one.article, one.content_hash, one.verdicts, at, silence)
    for article, outlet, at in batch.matched:
        if not shelves.stories.story_of(article.id):  # an edited article stays where it was placed first
            place_article(shelves, article, outlet, at, toolbox.limits.copies_within)
    shelves.articles.remember(*batch.outcomes)


def _with_known_text(toolbox: Toolbox, item: Item, article: Article) -> Article:
    """An edited article whose page cannot be read now: what its page said before says more than the feed does."""
    if item.step is not Step.EDITED or not article.problem:
        return article
    with toolbox.store.read() as shelves:
        stored = shelves.articles.get(item.article)
    if stored is None or stored.article.how not in _OWN_PAGE or len(stored.article.text) <= len(article.text):
        return article
    known = stored.article
    return replace(article, url=known.url, text=known.text, language=known.language, how=known.how)


def judge_article(topics: Judge, feed: Feed, article: Article) -> tuple[Verdict, ...]:
    """The verdict of every topic on an article that this feed brought."""
    source = article.entry.outlet or feed.outlet
    return topics.judge(
        article.title,
        article.text,
        language=article.language,
        source=source,
        url=article.url,
        country=feed.country,
    )


def matched_words(verdicts: Iterable[Verdict]) -> str:
    """Why an item matched, for its fate."""
    return ", ".join(f"{verdict.topic} {verdict.score:.2f}" for verdict in verdicts if verdict.matched)


def missed_words(verdicts: Iterable[Verdict]) -> str:
    """Why an item did not match, for its fate."""
    best = max(verdicts, key=lambda verdict: verdict.score, default=None)
    return f"nearest was {best.topic} with {best.score:.2f} of {best.threshold:.2f}" if best else "no topics"
