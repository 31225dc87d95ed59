"""The remembered articles judged again by other topics: to see what would change, or to change it.

What comes to match is placed in a story and is news from now on, so that the next digest tells it, once. What no longer
matches is told no more. Articles whose text retention took are left as they are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct, field

from monitor.jobs.ingest import fate_of, judge_article
from monitor.jobs.placing import place_article
from monitor.jobs.proving import prove
from monitor.jobs.toolbox import Toolbox
from monitor.logs import get_logger
from monitor.model import LEFT_ALONE, Article, Feed, Verdict
from monitor.store import Fate, Remembered, Shelves, Store
from monitor.topics import Judge, likely
from monitor.topics.quality import Figures, figures

log = get_logger(job="rejudge")

AT_ONCE = 200  # articles a transaction; the daemon may write between two


class Change(Struct, frozen=True):
    """An article that comes to match a topic, or no longer does. `before` is None where the topic is new."""

    article: Article
    outlet: str
    before: Verdict | None
    after: Verdict

    @property
    def entered(self) -> bool:
        return self.after.matched

    @property
    def telling(self) -> Verdict:
        """The verdict that says why: of what enters the new one, of what leaves the one before."""
        return self.after if self.entered or self.before is None else self.before


class Rejudged(Struct):
    """What came of it, in numbers and changes."""

    articles: int = 0  # looked at
    judged: int = 0  # by a rule that was not theirs before
    unread: int = 0  # of these, judged by the feed's words alone, though by these topics their page would be fetched
    changes: list[Change] = field(default_factory=list)
    whole: bool = True  # else only what was found from `oldest` on was looked at
    oldest: datetime | None = None  # when the last one looked at was found

    @property
    def entered(self) -> list[Change]:
        return [change for change in self.changes if change.entered]

    @property
    def left(self) -> list[Change]:
        return [change for change in self.changes if not change.entered]


class Marked(Struct, frozen=True):
    """An article that the reader marked for a topic, with what that topic made of it before and makes of it now."""

    article: Article
    relevant: bool
    before: Verdict | None
    after: Verdict


def replay(
    store: Store,
    topics: Judge,
    feeds: Mapping[str, Feed],
    since: datetime | None,
    enough: Callable[[], bool] = lambda: False,
) -> Rejudged:
    """What these topics would change of what was found after `since`, the newest first; nothing is changed.

    Topics that are not among these are not looked at. `enough` is asked after each part; see `Rejudged.whole`.
    """
    done = Rejudged()
    rules = _rules(topics.judge("", ""))
    for part in _parts(store, since):
        if done.articles and enough():
            done.whole = False
            break
        for one in part:
            done.articles += 1
            if not _same(one, rules):
                done.judged += 1
                done.unread += _wants_page(topics, feeds, one.article)
            verdicts = judge_article(topics, _feed(feeds, one.article), one.article)
            done.changes += _changes(one, verdicts, feeds)
            done.oldest = one.article.found_at
    return done


def judge_marked(store: Store, topics: Judge, feeds: Mapping[str, Feed]) -> dict[str, list[Marked]]:
    """topic → every marked article of it that still has its text, judged by these topics; nothing is changed."""
    marked: dict[str, list[Marked]] = {topic.name: [] for topic in topics.topics}
    with store.read() as shelves:
        marks = [mark for mark in shelves.marks.all() if mark.topic in marked]
        stored = {name: shelves.articles.get(name) for name in {mark.article for mark in marks}}
    kept = {name: one for name, one in stored.items() if one is not None and not one.forgotten}
    judged = {name: judge_article(topics, _feed(feeds, one.article), one.article) for name, one in kept.items()}
    for mark in marks:
        if mark.article in kept:
            before = next((one for one in kept[mark.article].verdicts if one.topic == mark.topic), None)
            after = next(one for one in judged[mark.article] if one.topic == mark.topic)
            marked[mark.topic].append(Marked(kept[mark.article].article, mark.relevant, before, after))
    return marked


def on_marks(marked: Sequence[Marked]) -> tuple[Figures, Figures]:
    """How well a topic judges what was marked for it, (before, after)."""
    old = [(one.relevant, one.before is not None and one.before.matched) for one in marked]
    return figures(old), figures([(one.relevant, one.after.matched) for one in marked])


def rejudge(
    toolbox: Toolbox, since: datetime | None, watch: Callable[[Rejudged, int], object] = lambda _done, _number: None
) -> Rejudged:
    """Apply the current topics to what was found after `since`, part by part, each in one transaction.

    `watch` is told after each part what came of it so far, and the number of its last article. Only what
    other rules judged is judged again, so that a second run goes on where the first was broken off.
    """
    done = Rejudged()
    silence = toolbox.topics.judge("", "")
    rules = _rules(silence)
    after = 0
    while not toolbox.stopping():
        with toolbox.store.begin() as shelves:
            part = shelves.articles.remembered(since, after=after, limit=AT_ONCE)
            for one in part:
                done.articles += 1
                if not _same(one, rules):
                    _apply(toolbox, shelves, one, silence, done)
            toolbox.passing("rejudge: before commit")
        if not part:
            break
        after = part[-1].number
        watch(done, after)
    log.info("rejudged", articles=done.articles, judged=done.judged, entered=len(done.entered), left=len(done.left))
    return done


def _apply(toolbox: Toolbox, shelves: Shelves, one: Remembered, silence: Sequence[Verdict], done: Rejudged) -> None:
    article, feed = one.article, _feed(toolbox.feeds, one.article)
    verdicts = judge_article(toolbox.topics, feed, article)
    fate, reason = fate_of(verdicts, article)
    matched = fate is Fate.MATCHED
    shelves.articles.rejudge(article.id, verdicts, toolbox.now(), fate, reason, silence)
    if matched and not one.placed:
        # As of the day it was found: its copies of that day are its copies still.
        place_article(shelves, article, _outlet(feed, article), article.found_at, toolbox.limits.copies_within)
    if matched and not shelves.exhibits.of(article.id):  # the answer it came in is gone
        prove(toolbox, shelves, [(article, None, None)])
    done.judged += 1
    done.unread += _wants_page(toolbox.topics, toolbox.feeds, article)
    done.changes += _changes(one, verdicts, toolbox.feeds)


def _parts(store: Store, since: datetime | None) -> Iterator[list[Remembered]]:
    before: int | None = None
    while True:
        with store.read() as shelves:
            part = shelves.articles.latest(since, before=before, limit=AT_ONCE)
        if not part:
            return
        yield part
        before = part[-1].number


def _rules(verdicts: Iterable[Verdict]) -> dict[str, str]:
    """topic → the hash of its rule, as every verdict carries it."""
    return {verdict.topic: verdict.rule for verdict in verdicts}


def _same(one: Remembered, rules: Mapping[str, str]) -> bool:
    return _rules(one.verdicts) == rules


def _changes(one: Remembered, verdicts: Sequence[Verdict], feeds: Mapping[str, Feed]) -> Iterator[Change]:
    before = {verdict.topic: verdict for verdict in one.verdicts}
    outlet = _outlet(_feed(feeds, one.article), one.article)
    for verdict in verdicts:
        earlier = before.get(verdict.topic)
        if verdict.matched != (earlier is not None and earlier.matched):
            yield Change(one.article, outlet, earlier, verdict)


def _wants_page(topics: Judge, feeds: Mapping[str, Feed], article: Article) -> bool:
    """Whether the page was left alone that these topics would ask for."""
    if not article.problem.startswith(LEFT_ALONE):
        return False
    feed = _feed(feeds, article)
    return likely(
        topics,
        article.title,
        article.text,
        language=article.language,
        source=_outlet(feed, article),
        url=article.url,
        country=feed.country,
    ).likely


def _feed(feeds: Mapping[str, Feed], article: Article) -> Feed:
    """The feed that brought it; one that is followed no more has left only its name."""
    return feeds.get(article.entry.feed) or Feed(article.entry.feed, "")


def _outlet(feed: Feed, article: Article) -> str:
    return article.entry.outlet or feed.outlet
