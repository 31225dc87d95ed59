"""Stories: which articles a new one may repeat, where each was placed, and what a subscription was not told yet."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    delete,
    exists,
    func,
    literal_column,
    select,
    union,
    update,
)

from monitor.model import Copy, Fingerprint, Joins, Known, Opens, Placement, Report, Story, Verdict, Via
from monitor.store.bulk import amend, ask, existing, fill, places, slices, upsert
from monitor.store.codec import report_row, to_article, to_placement, to_verdict
from monitor.store.edits import mark_told
from monitor.store.rulings import Rulings
from monitor.store.schema import articles, bands, digests, reports, rulings, told, told_articles, verdicts
from monitor.store.wishes import carry_mutes, is_muted

_FILLED = (Via.BACKFILL.value, Via.TOLD.value)
_MOST_CANDIDATES = 500  # pages without any words of their own must not make each new one compare with all before
_PLACED = tuple(reports.c[name] for name in ("story", "outlet", "placement", "copy_of", "similarity", "reason"))
_KNOWN = ("article", "story", "outlet", "at", "url_key", "title_key", "signature", "words")
_NUMBER = select(articles.c.number).where(articles.c.id == bindparam("id"))
_STORY_OF = select(reports.c.story).where(reports.c.article == bindparam("article"))
_COPIES = select(reports.c.article, reports.c.copy_of).where(reports.c.story == bindparam("story"))
_MARKED = ("subscription", "key")
_MARKS = select(*(told.c[name] for name in _MARKED)).where(told.c.story == bindparam("story"))
_MOVED = ("story", "placement", "copy_of", "similarity", "reason")
_ONE_OF = select(reports.c.article).where(reports.c.story == bindparam("story")).limit(literal_column("1"))
_REPORT_CHANGES = tuple(column.name for column in reports.c if column.name != "article")


class Stories:
    """The shelf of stories."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def candidates(self, fingerprint: Fingerprint, since: datetime) -> list[Known]:
        """Articles found at or after `since` with the address, headline or any band in common, the newest first.

        The bands come back empty: they have done their work. At most 500.
        """
        keys = (fingerprint.url_key, fingerprint.title_key)
        statement = _alike(bool(keys[0]), bool(keys[1]), len(fingerprint.bands))
        if statement is None:
            return []
        asked: dict[str, Any] = {f"band{number}": band for number, band in enumerate(fingerprint.bands)}
        asked |= {"url_key": keys[0], "title_key": keys[1], "since": since}
        return [_to_known(*row) for row in ask(self._connection, statement, asked)]

    def place(self, article: str, outlet: str, placement: Placement, fingerprint: Fingerprint, at: datetime) -> None:
        """Remember where the article stands and what to recognise its copies by; replaces an earlier placement."""
        fill(self._connection, reports, [report_row(article, outlet, placement, fingerprint, at)], _REPORT_CHANGES)
        ((number,),) = ask(self._connection, _NUMBER, {"id": article})
        # Bands of an earlier version stay: they can only propose, the signature decides.
        fill(self._connection, bands, [{"band": band, "article": number} for band in set(fingerprint.bands)], ())

    def tie(self, article: str, ties: Sequence[Copy | Joins], reason: str) -> dict[str, str]:
        """Make one what a placed article is tied to: one story of several, and one text of those that it copies.

        The oldest story takes in the others, and who was told a text was told what repeats it. Of each text that the
        article copies, the one that was no copy so far becomes a copy of the article; `reason` is noted where that, or
        the story, changes. The articles that are in another story now, with its id.
        """
        names = {tie.story for tie in ties} | {self.story_of(article)}
        oldest = self._connection.scalars(
            select(reports.c.story)
            .where(reports.c.story.in_(names))
            .group_by(reports.c.story)
            .order_by(func.min(reports.c.at), reports.c.story)
        ).first()
        rows = self._connection.execute(select(reports.c.article, reports.c.copy_of).where(reports.c.story.in_(names)))
        originals: dict[str, str | None] = {row.article: row.copy_of for row in rows}
        for tie in ties:
            if isinstance(tie, Copy) and (root := _root(tie.of, originals)) != _root(article, originals):
                originals[root] = article
                copy = {"placement": "copy", "copy_of": article, "similarity": tie.similarity, "reason": reason}
                self._connection.execute(update(reports).where(reports.c.article == root).values(copy))
        others = names - {oldest}
        moved = reports.c.story.in_(others)
        went = self._connection.scalars(select(reports.c.article).where(moved)).all()
        self._tell(names, originals)
        opened = update(reports).where(moved, reports.c.placement == "opens")
        self._connection.execute(opened.values(placement="joins", reason=reason))
        self._connection.execute(update(reports).where(moved).values(story=oldest))
        if oldest is not None:
            Rulings(self._connection).rename(sorted(others - {oldest}), oldest)
        marks = self._connection.execute(select(told).where(told.c.story.in_(others))).mappings()
        upsert(self._connection, told, [dict(mark) | {"story": oldest} for mark in marks])
        self._connection.execute(delete(told).where(told.c.story.in_(others)))
        return dict.fromkeys(went, oldest or "")

    def move(self, article: str, placement: Opens | Joins) -> dict[str, str]:
        """Put a placed article, with the copies of it, into another story; these articles, with the id of that.

        Who was told one of them counts as told of that story, so that what was told is not told again. A story that
        nothing is left of goes: what was said and told of it is said and told of the other.
        """
        old, new = self.story_of(article), placement.story
        copies: dict[str, str | None] = dict(ask(self._connection, _COPIES, {"story": old}))
        leaving = [name for name in copies if _root(name, copies) == article]
        gone = len(leaving) == len(copies)
        marks = ask(self._connection, _MARKS, {"story": old})
        if marks and not gone:
            known = existing(self._connection, told_articles.c.article, leaving, told_articles.c.subscription)
            told_to = {subscription for _, subscription in known}
            marks = [mark for mark in marks if mark[0] in told_to]
        upsert(self._connection, told, [dict(zip(_MARKED, mark, strict=True)) | {"story": new} for mark in marks])
        for part in slices(name for name in leaving if name != article):
            self._connection.execute(update(reports).where(reports.c.article.in_(part)).values(story=new))
        word = "opens" if isinstance(placement, Opens) else "joins"
        amend(self._connection, reports, _MOVED, [(new, word, None, None, placement.reason, article)])
        if gone:
            if marks:
                self._connection.execute(delete(told).where(told.c.story == old))
            Rulings(self._connection).rename([old], new)
        elif word == "opens":
            carry_mutes(self._connection, [old], new)
        return dict.fromkeys(leaving, new)

    def texts(self, story: str) -> list[str]:
        """The ids of what in a story repeats nothing else."""
        own = select(reports.c.article).where(reports.c.story == story, reports.c.placement != "copy")
        return list(self._connection.scalars(own.order_by(reports.c.at, reports.c.article)))

    def exists(self, story: str) -> bool:
        """Whether anything stands in the story of that id."""
        return bool(ask(self._connection, _ONE_OF, {"story": story}))

    def _tell(self, stories: Collection[str], texts: Mapping[str, str | None]) -> None:
        """Who was told a text in one of these stories, which are becoming one, was told what repeats it in another.

        `texts`: what stands in them → what that is a copy of. What tells the event in own words is news to be told.
        """
        told_to = self._connection.scalars(
            select(told.c.subscription).where(told.c.story.in_(stories)).distinct()
        ).all()
        known = select(told_articles.c.article).where(told_articles.c.article.in_(list(texts)))
        for name in told_to:
            before = set(self._connection.scalars(known.where(told_articles.c.subscription == name)))
            roots = {_root(article, texts) for article in before}
            repeating = [each for each in texts if each not in before and _root(each, texts) in roots]
            mark_told(self._connection, {name: repeating})

    def apart(self, story: str) -> set[str]:
        """The stories that a person said are not this one."""
        said = rulings.c.same.is_(False)
        others = select(rulings.c.other).where(rulings.c.one == story, said)
        ones = select(rulings.c.one).where(rulings.c.other == story, said)
        return set(self._connection.scalars(union(others, ones)))

    def story_of(self, article: str) -> str:
        """The id of the story the article was placed in; "" when it was not."""
        found = ask(self._connection, _STORY_OF, {"article": article})
        return found[0][0] if found else ""

    def untold(
        self,
        subscription: str,
        topics: Collection[str],
        since: datetime,
        until: datetime,
        silent: Collection[Via] = (Via.BACKFILL,),
    ) -> list[Story]:
        """Stories with an article that came to match one of `topics` after `since` and up to `until`, untold here.

        Of a story that was told, a copy is nothing new; a report in own words is: see `tellings`. An article that came
        by one of `silent` is no reason to tell; of a story that is muted nothing is told.

        Each is complete with all its reports found up to `until`, also those before `since` and those that match
        nothing themselves; a report's verdicts are its matching ones of all topics. In order of finding.
        """
        not_told = ~exists().where(told.c.subscription == subscription, told.c.story == reports.c.story)
        mine = told_articles.c.subscription == subscription
        new_words = (reports.c.placement != "copy") & ~exists().where(
            mine, told_articles.c.article == reports.c.article
        )
        wanted = self._matching(since, until, topics).where(
            not_told | new_words, ~_came(silent), ~is_muted(subscription)
        )
        return self._load(wanted, until)

    def tellings(self, subscription: str, stories: Collection[str]) -> dict[str, tuple[datetime, set[str]]]:
        """Of those of the stories that the subscription was told: up to when, and which of their articles."""
        found: dict[str, tuple[datetime, set[str]]] = {}
        for part in slices(stories):
            ends = (
                select(told.c.story, digests.c.window_end)
                .join(digests, digests.c.key == told.c.key)
                .where(told.c.subscription == subscription, told.c.story.in_(part))
            )
            found |= {row.story: (row.window_end, set()) for row in self._connection.execute(ends)}
            which = (
                select(reports.c.story, reports.c.article)
                .join(told_articles, told_articles.c.article == reports.c.article)
                .where(told_articles.c.subscription == subscription, reports.c.story.in_(part))
            )
            for row in self._connection.execute(which):
                if row.story in found:
                    found[row.story][1].add(row.article)
        return found

    def recent(
        self, since: datetime, until: datetime, topics: Collection[str] | None = None, limit: int | None = None
    ) -> list[Story]:
        """Stories that came to match any topic (of `topics`) in that span, told or not; the newest `limit` of them."""
        newest = self._matching(since, until, topics).order_by(func.max(verdicts.c.at).desc(), reports.c.story)
        return self._load(newest.limit(limit), until)

    def begun(self, topic: str, since: datetime) -> list[datetime]:
        """When each story of the topic that began since that moment was found first, the earliest first."""
        first = func.min(articles.c.found_at)
        statement = (
            select(first)
            .select_from(reports)
            .join(articles, articles.c.id == reports.c.article)
            .join(verdicts, verdicts.c.article == reports.c.article)
            .where(verdicts.c.matched, verdicts.c.topic == topic, articles.c.found_at > since)
            .where(verdicts.c.at > since)  # nothing is judged before it is found, and this has an index
            .where(articles.c.via.not_in(_FILLED))
            .group_by(reports.c.story)
            .order_by(first)
        )
        return list(self._connection.scalars(statement))

    def came_by(self, story: str, ways: Collection[Via]) -> bool:
        """Whether all reports of a story, one at least, came by one of these ways."""
        there = select(_came(ways)).where(reports.c.story == story)
        came = self._connection.scalars(there).all()
        return bool(came) and all(came)

    def get(self, story: str) -> Story | None:
        """The story with all its reports."""
        return next(iter(self._load_ids([story], None)), None)

    def with_ids(self, stories: Sequence[str]) -> list[Story]:
        """These stories with all their reports, in order of finding; unknown ids are left out."""
        return self._load_ids(stories, None)

    def _matching(self, since: datetime, until: datetime, topics: Collection[str] | None) -> Select[str]:
        statement = (
            select(reports.c.story)
            .join(verdicts, verdicts.c.article == reports.c.article)
            .where(verdicts.c.matched, verdicts.c.at > since, verdicts.c.at <= until)
            .group_by(reports.c.story)
        )
        return statement if topics is None else statement.where(verdicts.c.topic.in_(list(topics)))

    def _load(self, ids: Select[str], until: datetime) -> list[Story]:
        return self._load_ids(self._connection.scalars(ids).all(), until)

    def _load_ids(self, ids: Sequence[str], until: datetime | None) -> list[Story]:
        found: list[Story] = []
        for part in slices(ids):
            found += self._assemble(part, until)
        return sorted(found, key=lambda story: (story.reports[0].article.found_at, story.id))

    def _assemble(self, ids: list[str], until: datetime | None) -> list[Story]:
        statement = (
            select(articles, *_PLACED)
            .join(reports, reports.c.article == articles.c.id)
            .where(reports.c.story.in_(ids))
            .order_by(articles.c.found_at, articles.c.number)
        )
        if until is not None:
            statement = statement.where(articles.c.found_at <= until)
        rows = self._connection.execute(statement).mappings().all()
        matching = self._matching_verdicts(row["id"] for row in rows)
        by_story: dict[str, list[Report]] = defaultdict(list)
        for row in rows:
            report = Report(to_article(row), row["outlet"], tuple(matching[row["id"]]), to_placement(row))
            by_story[row["story"]].append(report)
        return [Story(story, tuple(its_reports)) for story, its_reports in by_story.items()]

    def _matching_verdicts(self, ids: Iterable[str]) -> dict[str, list[Verdict]]:
        found: dict[str, list[Verdict]] = defaultdict(list)
        for part in slices(ids):
            statement = (
                select(verdicts)
                .where(verdicts.c.article.in_(part), verdicts.c.matched)
                .order_by(verdicts.c.score.desc(), verdicts.c.topic)
            )
            for row in self._connection.execute(statement).mappings():
                found[row["article"]].append(to_verdict(row))
        return found


def _came(ways: Collection[Via]) -> ColumnElement[bool]:
    """Whether the article of a report came by one of these ways."""
    wanted = [via.value for via in ways]
    return exists().where(articles.c.id == reports.c.article, articles.c.via.in_(wanted))


def _root(article: str, copies: Mapping[str, str | None]) -> str:
    """The article that it copies in the end, through however many others; itself where it is no copy."""
    while of := copies.get(article):
        article = of
    return article


@cache
def _alike(with_url: bool, with_title: bool, count: int) -> Select[Any] | None:
    """The question for what an article may have in common with others, one lookup in an index for each such thing.

    None where it has nothing to be found by. `count` is that of its bands.
    """
    lookups: list[Select[str]] = []
    if with_url:
        lookups.append(select(reports.c.article.label("id")).where(reports.c.url_key == bindparam("url_key")))
    if with_title:
        lookups.append(select(reports.c.article.label("id")).where(reports.c.title_key == bindparam("title_key")))
    if count:
        by_band = select(articles.c.id).join(bands, bands.c.article == articles.c.number)
        lookups.append(by_band.where(bands.c.band.in_(places(bands.c.band, "band", count))))
    if not lookups:
        return None
    same = union(*lookups).subquery()
    return (
        select(*(reports.c[name] for name in _KNOWN), articles.c.title)
        .join(articles, articles.c.id == reports.c.article)
        .where(reports.c.article.in_(select(same.c.id)), reports.c.at >= bindparam("since"))
        .order_by(reports.c.at.desc(), articles.c.number.desc())
        .limit(literal_column(str(_MOST_CANDIDATES)))
    )


def _to_known(
    article: str,
    story: str,
    outlet: str,
    at: datetime,
    url_key: str,
    title_key: str,
    signature: bytes,
    words: int,
    title: str,
) -> Known:
    return Known(article, story, Fingerprint(url_key, title_key, signature, (), words), title, outlet, at)
