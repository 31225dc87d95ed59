"""The heart: the entries of one reading become remembered items, judged articles and placed stories.

    FeedPage → plan (what is new, what changed, what is known) → pages asked for → articles → finish (one transaction)

`plan` and `finish` touch the archive, everything between is the caller's. Either all of a reading is in the archive
afterwards, its feed's state included, or nothing is: then the next visit brings it again.
"""

import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from monitor.evidence import Held
from monitor.extract.edits import later_title
from monitor.identity import is_other_headline, is_other_text
from monitor.jobs.placing import place_article
from monitor.jobs.planning import Item, Plan, Step
from monitor.jobs.proving import prove
from monitor.jobs.toolbox import Extraction, Toolbox
from monitor.links import canonical, entry_id, fragment_of, host_of, names_file
from monitor.model import (
    LEFT_ALONE,
    Article,
    Failed,
    Feed,
    FeedState,
    Fresh,
    Lease,
    Unchanged,
    Verdict,
    Visit,
)
from monitor.store import Fate, NewArticle, Outcome, Shelves, Visited
from monitor.topics import Judge
from monitor.websub import after_poll

_NO_PAGE = "its link is that of a file and no page"


class Ingested(Struct):
    """What came of it, in numbers."""

    entries: int = 0
    new: int = 0
    edited: int = 0
    matched: int = 0
    left_over: int = 0
    empty: int = 0  # of what was new, without a title and a text


Also = Callable[[Shelves, Sequence[Ingested]], None]  # what else is stored, all with it or nothing


def extraction(toolbox: Toolbox, work: Plan, item: Item, visit: Visit | None) -> Extraction:
    """What is handed to the extractor, whatever became of the page; a page is set aside as evidence meanwhile."""
    entry = item.entry if item.entry.language else replace(item.entry, language=work.feed.language)
    match visit:
        case Fresh():
            repeated = work.repeated.get(host_of(visit.url), frozenset())
            work.pages[item] = toolbox.evidence.hold(visit)
            page = replace(visit, wire=None)
            return Extraction(entry, page, item.identity, work.at, known=repeated)
        case Failed():
            return Extraction(entry, None, item.identity, work.at, problem=str(visit))
        case Unchanged() | None:
            is_file = entry.file or names_file(entry.link)
            wanted = work.feed.pages != "never" and item.needs_text
            problem = item.left_alone or (_NO_PAGE if is_file and wanted else "")
            return Extraction(entry, None, item.identity, work.at, problem=problem)


class ClaimLostError(Exception):
    """What was read of these feeds must not be stored, for somebody else has them now."""

    def __init__(self, feeds: Collection[str]) -> None:
        super().__init__(", ".join(sorted(feeds)))
        self.feeds = frozenset(feeds)


def finish(
    toolbox: Toolbox,
    readings: Sequence[tuple[Plan, Mapping[Item, Article]]],
    also: Also | None = None,
    *,
    holder: str = "",
) -> list[Ingested]:
    """Judge, place and store everything of these readings in one transaction: all of them, or none.

    What came by another way than a visit (`Plan.via`) is tagged so, and says nothing of the feed's state. With a
    `holder`, feeds that are not its own any more raise ClaimLostError; another has visited them, or will.
    """
    judged = [(work, _judged(toolbox, work, articles)) for work, articles in readings]
    silence = toolbox.topics.judge("", "")
    toolbox.passing("ingest: judged")
    done: list[Ingested] = []
    with toolbox.store.begin() as shelves:
        if lost := shelves.claims.lost(holder, [work.feed.name for work, _ in readings]):
            raise ClaimLostError(lost)
        for work, _ in readings:
            shelves.articles.rename(work.feed.name, work.renamed)
        named = (
            name for _, articles in judged for item, (one, _) in articles.items() for name in (one.id, item.article)
        )
        batch = _Batch(shelves.articles.with_ids(named), shelves.articles.wording)
        for work, articles in judged:
            done.append(Ingested(entries=work.entries, left_over=work.left_over))
            for item in _still_to_do(shelves, work):
                if item.step is Step.SAME_PAGE:
                    batch.note(work, item, item.article, Fate.SAME, "this address was already known")
                else:
                    _sort(batch, work, item, *articles[item], done[-1])
        _store(toolbox, shelves, batch, silence)
        visits = []
        for (work, articles), one in zip(judged, done, strict=True):
            if work.via is not None:
                shelves.backfills.tag(work.feed.name, *batch.brought(work), work.via)
                continue
            if toolbox.limits.websub and work.outcome == "read":
                _note_hub(shelves, work, news=one.new > 0)
            _learn_sites(shelves, work, articles)
            visits.append(Visited(work.feed.name, work.at, work.outcome, work.entries, one.new, work.problem))
        shelves.feeds.save(*(_state_after(shelves, work) for work, _ in readings if work.via is None))
        shelves.feeds.log_visits(*visits)
        if also is not None:
            also(shelves, done)
        toolbox.passing("ingest: before commit")
    toolbox.passing("ingest: committed")
    return done


def _still_to_do(shelves: Shelves, work: Plan) -> list[Item]:
    """The items without what another reading of the feed (a backfill's, a push's) brought since the plan was made."""
    unknown = [item.identity for item in work.items if item.step is not Step.EDITED]
    met = shelves.articles.known(work.feed.name, unknown) if unknown else {}
    return [item for item in work.items if item.step is Step.EDITED or item.identity not in met]


def _state_after(shelves: Shelves, work: Plan) -> FeedState:
    """The feed's state after a reading; where a poll came before this push, the poll's with what is left over."""
    now = shelves.feeds.states([work.feed.name]).get(work.feed.name) if work.pushed else None
    if now is None or now.visited_at == work.state.visited_at:
        return work.state
    now = replace(now, noted="", waiting=(*now.waiting, *work.state.waiting))
    return replace(now, etag="", last_modified="", body_hash="", due_at=work.at) if work.left_over else now


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
            later = lease.waiting_at if lease.waiting_at and lease.waiting_at > work.at else None
            shelves.leases.put(replace(lease, pushed_at=work.at, waiting_at=later, missed=0))
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
    known = {item: _with_what_is_known(toolbox, item, _own(item, article)) for item, article in articles.items()}
    return {item: (article, judge_article(toolbox.topics, work.feed, article)) for item, article in known.items()}


class _Batch(Struct):
    """What a transaction is going to write, gathered so that each table is written once."""

    known: set[str]  # ids of articles
    wording: Callable[[str], tuple[str, str]]  # headline and text of one that is known
    new: list[NewArticle] = field(default_factory=list)
    edited: list[tuple[NewArticle, datetime]] = field(default_factory=list)
    matched: list[tuple[Article, str, datetime]] = field(default_factory=list)  # with its outlet
    proofs: list[tuple[Article, Held | None, Held | None]] = field(default_factory=list)  # see `proving.prove`
    outcomes: list[Outcome] = field(default_factory=list)

    def apart(self, work: Plan, item: Item, article: Article) -> Article:
        """An article under its own id and address, where its page names one under which another article stands: a
        section's, or that of somebody else's story.
        """
        if article.id not in self.known or not article.how.is_page or item.step is not Step.NEW:
            return article
        stands = next((one.article for one in self.new if one.article.id == article.id), None)
        title, text = (stands.title, stands.text) if stands else self.wording(article.id)
        if not (is_other_headline(article.title, title) and is_other_text(article.text, text)):
            return article
        own = entry_id(work.feed.name, item.identity) if item.article in self.known else item.article
        return replace(article, id=own, url=canonical(item.entry.link))

    def brought(self, work: Plan) -> tuple[list[str], list[str]]:
        """The identities of a reading's items, and the ids of its new articles."""
        mine = [one for one in self.outcomes if one.feed == work.feed.name and one.fate is not Fate.SAME]
        return [one.identity for one in mine], [one.article for one in mine if one.article]

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
        done.empty += 1
        batch.note(work, item, "", Fate.EMPTY, article.problem or "neither a title nor a text")
        return
    article = batch.apart(work, item, article)
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
    fate, reason = fate_of(verdicts, article)
    batch.note(work, item, article.id, fate, reason)
    if fate is Fate.MATCHED:
        done.matched += 1
        batch.matched.append((article, item.entry.outlet or work.feed.outlet, work.at))
        batch.proofs.append((article, work.pages.get(item), work.source))


def _store(toolbox: Toolbox, shelves: Shelves, batch: _Batch, silence: Sequence[Verdict]) -> None:
    shelves.articles.add_all(batch.new, silence)
    for one, at in batch.edited:
        shelves.articles.revise(one.article, one.content_hash, one.verdicts, at, silence)
    for article, outlet, at in batch.matched:
        if not shelves.stories.story_of(article.id):  # an edited article stays where it was placed first
            place_article(shelves, article, outlet, at, toolbox.limits.copies_within)
    shelves.articles.remember(*batch.outcomes)
    prove(toolbox, shelves, batch.proofs)


def _with_what_is_known(toolbox: Toolbox, item: Item, article: Article) -> Article:
    """An edited article with what its page said before: of its headline, and where the page cannot be read now the
    text, which says more than the feed does.
    """
    if item.step is not Step.EDITED:
        return article
    with toolbox.store.read() as shelves:
        stored = shelves.articles.get(item.article)
    if stored is None:
        return article
    known = stored.article
    article = replace(article, title=later_title(known, article), headline=article.headline or known.headline)
    if not article.problem or not known.how.is_page or len(known.text) <= len(article.text):
        return article
    return replace(article, url=known.url, text=known.text, language=known.language, how=known.how)


def judge_article(topics: Judge, feed: Feed, article: Article) -> tuple[Verdict, ...]:
    """The verdict of every topic on an article that this feed brought."""
    return topics.judge(
        article.title,
        article.text,
        language=article.language,
        source=article.entry.outlet or feed.outlet,
        url=article.url,
        country=feed.country,
    )


def fate_of(verdicts: Sequence[Verdict], article: Article) -> tuple[Fate, str]:
    """Whether an item matched by these verdicts on its article, and why, in words."""
    matching = [f"{verdict.topic} {verdict.score:.2f}" for verdict in verdicts if verdict.matched]
    if matching:
        return Fate.MATCHED, ", ".join(matching)
    best = max(verdicts, key=lambda verdict: verdict.score, default=None)
    nearest = f"nearest was {best.topic} with {best.score:.2f} of {best.threshold:.2f}" if best else "no topics"
    left_alone = f"; its page was {LEFT_ALONE}" if article.problem.startswith(LEFT_ALONE) else ""
    return Fate.NOT_MATCHED, nearest + left_alone
