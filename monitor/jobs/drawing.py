"""What a digest or an alert holds, drawn from the archive, and made into a message; when is decided by who calls."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from monitor.digests import DAYS, by_day, compose, of_topics, subscribed
from monitor.errors import MonitorError, TemplateError
from monitor.jobs.toolbox import Toolbox
from monitor.logs import get_logger, masked
from monitor.model import (
    FEED_NOTICES,
    Before,
    Correction,
    Coverage,
    Digest,
    Gap,
    Message,
    Notice,
    NoticeKind,
    Story,
    Subscription,
    Via,
    Window,
    known_as,
)
from monitor.store import EVERYBODY, Shelves, ToldText
from monitor.stories import correction, rank, update_of

log = get_logger(job="digest")

AHEAD = timedelta(hours=2)  # a window that ends later than so much after now is of a clock that was ahead


class Composed(Struct, frozen=True):
    """A digest of this round: put into the outbox, or nothing to say; `problem`, mostly with its template, in words."""

    digest: Digest
    sent: bool
    problem: str = ""


def for_each(
    toolbox: Toolbox, subscriptions: Sequence[Subscription], job: Callable[[Subscription], list[Composed]]
) -> list[Composed]:
    """What `job` composes for each; one that trips over a bug of ours keeps no other from its news."""
    composed: list[Composed] = []
    broken: dict[str, str] = {}
    for subscription in subscriptions:
        try:
            composed += job(subscription)
        except MonitorError:
            raise
        except Exception as error:
            log.error("not composed; please report this as a bug", subscription=subscription.name, exc_info=error)
            problem = broken[_subject(subscription)] = f"{type(error).__name__}: {masked(str(error))}"
            now = toolbox.now()
            key = f"{subscription.name}@{now:%Y-%m-%dT%H:%M:%SZ}"
            nothing = Digest(key, subscription, Window(now, now), (), (), Coverage(), now)
            composed.append(Composed(nothing, sent=False, problem=f"cannot be composed: {problem}"))
    _note(toolbox, subscriptions, broken)
    return composed


def _note(toolbox: Toolbox, tried: Sequence[Subscription], broken: Mapping[str, str]) -> None:
    """Open a notice of what could not be composed; close those of what could be, and of what is not wanted any more."""
    others = {_subject(one) for one in toolbox.subscriptions} - {_subject(one) for one in tried}
    with toolbox.store.read() as shelves:
        noticed = {notice.subject for notice in shelves.notices.open({NoticeKind.NOT_COMPOSED})}
    if not (concerned := broken.keys() | noticed - others):
        return
    with toolbox.store.begin() as shelves:
        for subject in sorted(concerned):
            wanted = {NoticeKind.NOT_COMPOSED: broken[subject]} if subject in broken else {}
            shelves.notices.settle(subject, wanted, toolbox.now())


def _subject(subscription: Subscription) -> str:
    return f"Digest {subscription.name}"


def nobody_left(toolbox: Toolbox, shelves: Shelves, subscription: Subscription) -> bool:
    """Whether everybody who was told unsubscribed."""
    left = {one.target for one in shelves.wishes.left(subscription.name)}
    channel = toolbox.channels.get(subscription.channel)
    targets = set(channel.targets) if channel else set()
    return EVERYBODY in left or (bool(targets) and targets <= left)


def topic_names(toolbox: Toolbox, subscription: Subscription) -> list[str]:
    """The topics that the subscription is told of."""
    return [topic.name for topic in subscribed(subscription, toolbox.topics.topics)]


def untold(
    toolbox: Toolbox, shelves: Shelves, subscription: Subscription, since: datetime, until: datetime
) -> list[Story]:
    """What of the subscription's topics it was not told yet, found after `since`; of a told story only what is new.

    The stories come without verdicts on other topics: neither a rank nor an alert's rule may go by those.
    """
    silent = (Via.BACKFILL,) if subscription.alert is None else (Via.BACKFILL, Via.TOLD)
    names = topic_names(toolbox, subscription)
    found = [
        of_topics(story, names) for story in shelves.stories.untold(subscription.name, names, since, until, silent)
    ]
    told = shelves.stories.tellings(subscription.name, [story.id for story in found])
    news = []
    for story in found:
        if story.id not in told:
            news.append(story)
            continue
        at, articles = told[story.id]
        if (update := update_of(story, articles, at)) is not None:
            news.append(update)
    return news


def corrected(
    toolbox: Toolbox, shelves: Shelves, subscription: Subscription, since: datetime, news: Sequence[Story]
) -> list[Story]:
    """The same news, and what of told stories was edited after `since`: a headline or figures other than as told.

    A story that has news anyway carries its corrections; any other comes with the corrected reports alone.
    """
    told: dict[str, list[ToldText]] = defaultdict(list)
    for edit in shelves.edits.since(subscription.name, since):
        told[edit.story].append(edit)
    carried = [replace(story, corrections=_corrections(told.pop(story.id, ()), shelves)) for story in news]
    for name in shelves.wishes.mutes(subscription.name, list(told)):
        del told[name]
    names = frozenset(topic_names(toolbox, subscription))
    tellings = shelves.stories.tellings(subscription.name, list(told))
    for story in (of_topics(one, names) for one in shelves.stories.with_ids(list(told))):
        found = _corrections(told[story.id], shelves)
        wrong = {one.article for one in found}
        reports = tuple(report for report in story.reports if report.article.id in wrong)
        if any(report.verdicts for report in reports) and story.id in tellings:
            headline = next(edit.title for edit in told[story.id] if edit.article in wrong)
            at, articles = tellings[story.id]
            outlets = frozenset(report.outlet for report in story.originals if report.article.id in articles)
            before = Before(at, headline, outlets)
            carried.append(replace(story, reports=reports, before=before, corrections=found))
    return carried


def _corrections(edits: Sequence[ToldText], shelves: Shelves) -> tuple[Correction, ...]:
    found = []
    for edit in edits:
        stored = shelves.articles.get(edit.article)
        if stored is not None and not stored.forgotten:
            found.append(correction(edit.title, edit.text, stored.article, stored.outlet))
    return tuple(one for one in found if one is not None)


def by_age(shelves: Shelves, stories: Sequence[Story], most: timedelta) -> tuple[list[Story], list[Story]]:
    """(news, too old to be told as news): old is a story whose every report was published long before it was found.

    What a backfill was to tell is told however old it is.
    """
    late = shelves.backfills.told_late(report.article.id for story in stories for report in story.reports)
    news: list[Story] = []
    old: list[Story] = []
    for story in stories:
        recent = any(
            report.article.published is None
            or report.article.id in late
            or report.article.found_at - report.article.published <= most
            for report in story.reports
        )
        (news if recent else old).append(story)
    return news, old


def never_told(shelves: Shelves, story: str, most: timedelta) -> str:
    """Why a story comes in no digest: muted, filled in, or old; "" where none of it keeps it out."""
    if any(one.subscription == EVERYBODY for one in shelves.wishes.muted([story])):
        return "muted"
    if shelves.stories.came_by(story, (Via.BACKFILL,)):
        return "it came by a backfill, which tells nothing without --tell"
    _, old = by_age(shelves, shelves.stories.with_ids([story]), most)
    if not old:
        return ""
    newest = max(report.article.published for report in old[0].reports if report.article.published)
    return f"published {newest:%Y-%m-%d}, too old to be told (digest.max_age_days = {most.days})"


def tiers(toolbox: Toolbox) -> dict[str, int]:
    """How much each feed's reports count in the ranking, by its name."""
    return {name: feed.tier for name, feed in toolbox.feeds.items()}


def drawn(
    toolbox: Toolbox,
    shelves: Shelves,
    subscription: Subscription,
    window: Window,
    key: str,
    stories: Sequence[Story],
    too_old: int = 0,
) -> Digest:
    """The digest of these stories, ranked, with what was seen in the window; `too_old` were left out."""
    names, label = topic_names(toolbox, subscription), known_as(toolbox.feeds.values())
    coverage = shelves.feeds.coverage(window, list(toolbox.feeds.values()), names, too_old=too_old)
    coverage = replace(
        coverage,
        notices=_notices(shelves, window, label),
        gaps=_gaps(shelves, window, label),
        silent=_silent(shelves, label),
    )
    ranked = rank(stories, window.end, tiers(toolbox), window.end - window.start)
    digest = compose(subscription, toolbox.topics.topics, window, key, ranked, coverage, window.end)
    return digest if subscription.alert else replace(digest, trends=_trends(shelves, digest))


def _trends(shelves: Shelves, digest: Digest) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Stories begun on each of the last days, of every topic of the digest."""
    end, zone = digest.window.end, digest.subscription.zone
    since = end - timedelta(days=DAYS, hours=2)  # the clocks may have been put forward or back
    return tuple((topic.name, by_day(shelves.stories.begun(topic.name, since), end, zone)) for topic in digest.topics)


def _gaps(shelves: Shelves, window: Window, label: Mapping[str, str]) -> tuple[Gap, ...]:
    """Gaps between visits that were filled in the window, or could not be, of the feeds under readers' names."""
    found = [gap for gap in shelves.backfills.gaps(window.start, window.end) if gap.healed_at is not None]
    told = [gap for gap in found if gap.feed in label and (gap.recovered or not gap.closed)]
    return tuple(replace(gap, feed=label[gap.feed]) for gap in told)


def _silent(shelves: Shelves, label: Mapping[str, str]) -> tuple[str, ...]:
    open_now = shelves.notices.open({NoticeKind.SILENT})
    return tuple(label[notice.subject] for notice in open_now if notice.subject in label)


def _notices(shelves: Shelves, window: Window, label: Mapping[str, str]) -> tuple[Notice, ...]:
    """What began or ended in the window, of the feeds under the names that readers know."""
    return tuple(
        replace(notice, subject=label.get(notice.subject, notice.subject))
        for notice in shelves.notices.within(window, FEED_NOTICES)
    )


def rendered(toolbox: Toolbox, digest: Digest) -> tuple[Message, str]:
    """The message, and what was wrong with the subscription's template: then the shipped one takes its place."""
    now = toolbox.now()
    try:
        return toolbox.renderer.render(digest, now), ""
    except TemplateError as error:
        log.error("template broken, the shipped one is used", subscription=digest.subscription.name, problem=str(error))
        place, colon, words = str(error).partition(": ")
        remark = f"Its own template is broken, so the built-in one was used: {Path(place).name}{colon}{words}"
        plain = replace(digest, remark=remark, subscription=replace(digest.subscription, template="digest"))
        return toolbox.shipped_renderer.render(plain, now), f"template broken, the shipped one was used: {error}"
