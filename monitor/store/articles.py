"""Items, which are never forgotten, and articles with their verdicts and earlier versions.

Every item a feed ever showed has one row saying what became of it and why; that is what tells a new entry from a known
one, and what answers "why was this not in my digest?".
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, delete, exists, func, insert, select, update

from monitor.links import short_hash, url_key
from monitor.model import Article, Entry, Verdict
from monitor.store.bulk import ask, existing, fill, listed, slices, upsert
from monitor.store.codec import (
    article_row,
    item_row,
    silence_json,
    to_article,
    to_placement,
    to_silence,
    to_verdict,
    verdict_rows,
    without_text,
)
from monitor.store.columns import clean
from monitor.store.history import history
from monitor.store.rows import Fate, ItemHistory, KnownItem, NewArticle, Outcome, Remembered, Revision, StoredArticle
from monitor.store.schema import articles, items, marks, reports, revisions, silences, verdicts
from monitor.store.search import Search

_ITEM_CHANGES = ("link", "url_key", "title", "published", "content_hash", "article", "fate", "reason", "changed_at")
_SHOWN = [items.c[name] for name in ("identity", "link", "title", "published", "content_hash", "article", "fate")]
_KNOWN = select(*_SHOWN).where(items.c.feed == bindparam("feed"))
_AT_PAGES = select(items.c.feed, *_SHOWN).order_by(items.c.first_seen)
_AT_MOMENTS = _KNOWN.order_by(items.c.first_seen)
_UNDATED = _AT_MOMENTS.where(items.c.published.is_(None))
_ANY_ITEM = select(exists().where(items.c.feed == bindparam("feed")))
_RENAME = (
    update(items)
    .where(items.c.feed == bindparam("at_feed"), items.c.identity == bindparam("was"))
    .values(identity=bindparam("is"), link=bindparam("new_link"), url_key=bindparam("new_key"))
)
_WITH_PLACED = select(articles, exists().where(reports.c.article == articles.c.id).label("placed"))
_WORDING = select(articles.c.title, articles.c.text).where(articles.c.id == bindparam("id"))
_SAME_ARTICLE = articles.c.number == bindparam("at_number")


class Articles:
    """The shelf of items and articles."""

    def __init__(self, connection: Connection, search: Search) -> None:
        self._connection = connection
        self._search = search
        self._silences: dict[str, Mapping[str, Verdict]] = {}  # those met in this transaction, by their marks

    def known(self, feed: str, identities: Iterable[str]) -> dict[str, KnownItem]:
        """Which of these items of the feed are known, and how they stood, by identity."""
        asked = {clean(identity): identity for identity in identities}
        found: dict[str, KnownItem] = {}
        for part in slices(asked):
            for row in ask(self._connection, *listed(_KNOWN, items.c.identity, part, feed=feed)):
                found[asked[row[0]]] = _known(*row)
        return found

    def has_items(self, feed: str) -> bool:
        """Whether the feed ever showed an item."""
        return bool(ask(self._connection, _ANY_ITEM, {"feed": feed})[0][0])

    def at_pages(self, feed: str, keys: Iterable[str]) -> dict[str, KnownItem]:
        """The feed's items whose links have these keys (`links.url_key`), by identity, the first seen first."""
        found: dict[str, KnownItem] = {}
        for part in slices(dict.fromkeys(map(clean, keys))):
            # The feed is looked at here: both databases would rather go through all of a feed's items.
            rows = ask(self._connection, *listed(_AT_PAGES, items.c.url_key, part))
            found |= {row[1]: _known(*row[1:]) for row in rows if row[0] == feed}
        return found

    def at_moments(self, feed: str, moments: Iterable[datetime], undated: Iterable[str]) -> dict[str, KnownItem]:
        """The feed's items of these moments, and those of unknown date with these content hashes, by identity."""
        found: dict[str, KnownItem] = {}
        for statement, column, values in (
            (_AT_MOMENTS, items.c.published, dict.fromkeys(moments)),
            (_UNDATED, items.c.content_hash, dict.fromkeys(undated)),
        ):
            for part in slices(values):
                rows = ask(self._connection, *listed(statement, column, part, feed=feed))
                found |= {row[0]: _known(*row) for row in rows}
        return found

    def rename(self, feed: str, names: Iterable[tuple[str, str, Entry]]) -> None:
        """Note items under other identities, and where their links lead now: (what it was, what it is, entry)."""
        rows = [
            {"at_feed": feed, "was": was, "is": now, "new_link": entry.link, "new_key": url_key(entry.link)}
            for was, now, entry in names
        ]
        if rows:
            self._connection.execute(_RENAME, rows)

    def with_ids(self, ids: Iterable[str]) -> set[str]:
        """Those of these article ids that exist."""
        return set(existing(self._connection, articles.c.id, ids))

    def remember(self, *outcomes: Outcome) -> None:
        """Note what became of items, in place of what was noted before; the moment each was first seen stays."""
        fill(self._connection, items, [item_row(outcome) for outcome in outcomes], _ITEM_CHANGES)

    def add(
        self, article: Article, content_hash: str, verdicts_: Sequence[Verdict], silence: Sequence[Verdict] = ()
    ) -> None:
        """Keep one new article; see `add_all`."""
        self.add_all([NewArticle(article, content_hash, verdicts_)], silence)

    def add_all(self, new: Sequence[NewArticle], silence: Sequence[Verdict] = ()) -> None:
        """Keep new articles with the verdicts of all topics.

        `silence`: the verdicts on an article in which nothing is found; those that do not differ from them are kept
        once for all. An id must not be taken (sqlalchemy IntegrityError).
        """
        mark = self._silence(silence)
        rows = [article_row(one.article, one.content_hash) | {"silence": mark} for one in new]
        if not rows:
            return
        fill(self._connection, articles, rows)
        numbers = self._numbers([one.article.id for one in new])
        quiet = self._said(mark)
        self._search.add(*((numbers[one.article.id], one.article.title, one.article.text) for one in new))
        self._judge([row for one in new for row in _rows(one.article.id, one.verdicts, one.article.found_at, quiet)])

    def revise(
        self,
        article: Article,
        content_hash: str,
        verdicts_: Sequence[Verdict],
        at: datetime,
        silence: Sequence[Verdict] = (),
    ) -> None:
        """Replace an edited article; what it said before stays as a revision, unless it said the same (some feeds
        change a teaser at every visit).

        `found_at` stays that of its first version. A topic that it did not match before is matched from `at` on, so
        that an article edited into a topic is news then. LookupError when there is no such article.
        """
        old = self._connection.execute(select(articles).where(articles.c.id == article.id)).mappings().one_or_none()
        if old is None:
            raise LookupError(f"no article {article.id} to revise")
        before = {row["topic"]: row for row in self._verdict_rows(article.id)}
        quiet = {verdict.topic: verdict.score for verdict in self._said(old["silence"]).values()}
        kept = ("url", "title", "text", "language", "how", "content_hash")
        scores = quiet | {topic: row["score"] for topic, row in before.items()}
        if (old["title"], old["text"]) != (clean(article.title), clean(article.text)):
            self._connection.execute(
                insert(revisions),
                {name: old[name] for name in kept} | {"article": article.id, "replaced_at": at, "scores": scores},
            )
        mark = self._silence(silence)
        changes = article_row(article, content_hash) | {"silence": mark}
        del changes["id"], changes["found_at"]
        self._connection.execute(update(articles).where(articles.c.number == old["number"]), changes)
        self._search.replace(old["number"], article.title, article.text)
        rows = _rows(article.id, verdicts_, at, self._said(mark))
        for row in rows:
            earlier = before.get(row["topic"])
            if earlier is not None and earlier["matched"] and row["matched"]:
                row["at"] = earlier["at"]
        self._connection.execute(delete(verdicts).where(verdicts.c.article == article.id))
        self._judge(rows)

    def note_headline(self, article: str, headline: str) -> None:
        """Keep the headline that the page of a known article shows, to be compared with later ones."""
        facts = self._connection.scalar(select(articles.c.facts).where(articles.c.id == article)) or {}
        changes = {"facts": facts | {"headline": headline}}
        self._connection.execute(update(articles).where(articles.c.id == article), changes)

    def get(self, article: str) -> StoredArticle | None:
        """The article of that id with verdicts, earlier versions and placement."""
        row = self._connection.execute(select(articles).where(articles.c.id == article)).mappings().one_or_none()
        if row is None:
            return None
        report = self._connection.execute(select(reports).where(reports.c.article == article)).mappings().one_or_none()
        return StoredArticle(
            article=to_article(row),
            content_hash=row["content_hash"],
            verdicts=self._complete([to_verdict(one) for one in self._verdict_rows(article)], row["silence"]),
            revisions=self._revisions(article),
            outlet=report["outlet"] if report else "",
            placement=to_placement(report) if report else None,
            forgotten=row["forgotten"],
        )

    def wording(self, article: str) -> tuple[str, str]:
        """Headline and text of a known article; the text is "" where it was forgotten."""
        ((title, text),) = ask(self._connection, _WORDING, {"id": article})
        return title, text

    def history(self, url_or_id: str) -> list[ItemHistory]:
        """What became of an address (however it is written) or an article id, one answer per feed that showed it."""
        return history(self._connection, self.get, url_or_id)

    def remembered(self, since: datetime | None, *, after: int = 0, limit: int = 200) -> list[Remembered]:
        """Articles that still have their text, found after `since`; in order of their numbers, those behind `after`."""
        return self._remembered(since, limit, _WITH_PLACED.where(articles.c.number > after).order_by(articles.c.number))

    def latest(self, since: datetime | None, *, before: int | None = None, limit: int = 200) -> list[Remembered]:
        """As `remembered`, the last one first: those whose numbers are below `before`."""
        statement = _WITH_PLACED.order_by(articles.c.number.desc())
        if before is not None:
            statement = statement.where(articles.c.number < before)
        return self._remembered(since, limit, statement)

    def _remembered(self, since: datetime | None, limit: int, statement: Select[Any]) -> list[Remembered]:
        statement = statement.where(articles.c.forgotten.is_(False)).limit(limit)
        if since is not None:
            statement = statement.where(articles.c.found_at > since)
        rows = self._connection.execute(statement).mappings().all()
        theirs: dict[str, list[Verdict]] = defaultdict(list)
        for part in slices(row["id"] for row in rows):
            for row in self._connection.execute(select(verdicts).where(verdicts.c.article.in_(part))).mappings():
                theirs[row["article"]].append(to_verdict(row))
        return [
            Remembered(row["number"], to_article(row), self._complete(theirs[row["id"]], row["silence"]), row["placed"])
            for row in rows
        ]

    def rejudge(
        self,
        article: str,
        verdicts_: Sequence[Verdict],
        at: datetime,
        fate: Fate,
        reason: str,
        silence: Sequence[Verdict] = (),
    ) -> None:
        """Replace the verdicts by those of other rules, and what became of its items; nothing else changes.

        A topic that it did not match before is matched from `at` on, so that it is news then.
        """
        before = {row["topic"]: row for row in self._verdict_rows(article)}
        mark = self._silence(silence)
        rows = _rows(article, verdicts_, at, self._said(mark))
        for row in rows:
            earlier = before.get(row["topic"])
            if earlier is not None and earlier["matched"] == row["matched"]:
                row["at"] = earlier["at"]
        self._connection.execute(update(articles).where(articles.c.id == article).values(silence=mark))
        self._connection.execute(delete(verdicts).where(verdicts.c.article == article))
        self._judge(rows)
        judged = items.c.fate.in_([Fate.MATCHED.value, Fate.NOT_MATCHED.value])
        changes = {"fate": fate.value, "reason": reason, "changed_at": at}
        self._connection.execute(update(items).where(items.c.article == article, judged), changes)

    def forget_texts(self, before: datetime, *, matches: bool = False, limit: int | None = None) -> int:
        """Give up text and evidence of articles found before that moment which match no topic and stand in no story;
        with `matches` of those that do. What was marked keeps its own. At most `limit`, the oldest first.

        Their rows, titles, addresses and scores stay, and so do their items. The number of articles concerned.
        """
        statement = select(articles.c.number, articles.c.id, articles.c.entry).where(_forgettable(before, matches))
        old = self._connection.execute(statement.order_by(articles.c.found_at).limit(limit)).all()
        for part in slices(old):
            ids = [row.id for row in part]
            emptied = [{"at_number": row.number, "entry": without_text(row.entry)} for row in part]
            self._connection.execute(update(articles).where(_SAME_ARTICLE).values(text="", forgotten=True), emptied)
            self._connection.execute(
                update(verdicts).where(verdicts.c.article.in_(ids)).values(evidence=[], passage="")
            )
            self._connection.execute(delete(revisions).where(revisions.c.article.in_(ids)))
            self._search.remove([row.number for row in part])
        return len(old)

    def texts_before(self, before: datetime, *, matches: bool = False) -> int:
        """How many texts `forget_texts` would give up."""
        return (
            self._connection.scalar(select(func.count()).select_from(articles).where(_forgettable(before, matches)))
            or 0
        )

    def _judge(self, rows: list[dict[str, Any]]) -> None:
        fill(self._connection, verdicts, rows)

    def _numbers(self, ids: Sequence[str]) -> dict[str, int]:
        return dict(existing(self._connection, articles.c.id, ids, articles.c.number))

    def _silence(self, silence: Sequence[Verdict]) -> str:
        """The mark under which these verdicts are kept once for all articles; "" for none.

        Their evidence says at most what they lack: nothing of an article stands in it.
        """
        quiet = {one.topic: one for one in silence if not (one.matched or one.passage or _shows(one))}
        if not quiet:
            return ""
        facts = silence_json(quiet.values())
        mark = short_hash(repr(facts))
        if mark not in self._silences:
            upsert(self._connection, silences, {"mark": mark, "verdicts": facts})
            self._silences[mark] = quiet
        return mark

    def _said(self, mark: str) -> Mapping[str, Verdict]:
        """The verdicts that are kept under a mark, by topic."""
        if mark and mark not in self._silences:
            facts = self._connection.scalar(select(silences.c.verdicts).where(silences.c.mark == mark))
            self._silences[mark] = {verdict.topic: verdict for verdict in to_silence(facts or ())}
        return self._silences.get(mark, {})

    def _complete(self, found: Iterable[Verdict], mark: str) -> tuple[Verdict, ...]:
        """The verdicts of every topic, best first: those in rows, and those that `mark` stands for."""
        every = {**self._said(mark), **{verdict.topic: verdict for verdict in found}}
        return tuple(sorted(every.values(), key=lambda verdict: (-verdict.score, verdict.topic)))

    def _verdict_rows(self, article: str) -> list[Any]:
        statement = (
            select(verdicts).where(verdicts.c.article == article).order_by(verdicts.c.score.desc(), verdicts.c.topic)
        )
        return list(self._connection.execute(statement).mappings())

    def _revisions(self, article: str) -> tuple[Revision, ...]:
        statement = select(revisions).where(revisions.c.article == article).order_by(revisions.c.number)
        names = ("replaced_at", "url", "title", "text", "language", "content_hash", "scores")
        rows = self._connection.execute(statement).mappings()
        return tuple(Revision(**{name: row[name] for name in names}) for row in rows)


def _known(
    identity: str, link: str, title: str, published: datetime | None, content: str, article: str | None, fate: str
) -> KnownItem:
    return KnownItem(identity, link, title, published, content, article or "", Fate(fate))


def _rows(
    article: str, verdicts_: Iterable[Verdict], at: datetime, quiet: Mapping[str, Verdict]
) -> list[dict[str, Any]]:
    """Rows for those verdicts that `quiet` does not say already."""
    return verdict_rows(article, [one for one in verdicts_ if not _equal(one, quiet.get(one.topic))], at)


def _shows(verdict: Verdict) -> bool:
    return any(one.term for one in verdict.evidence)


def _equal(one: Verdict, other: Verdict | None) -> bool:
    return one is other or one == other


def _forgettable(before: datetime, matches: bool) -> ColumnElement[bool]:
    matching = exists().where(verdicts.c.article == articles.c.id, verdicts.c.matched)
    placed = exists().where(reports.c.article == articles.c.id)
    marked = exists().where(marks.c.article == articles.c.id)
    of_class = (matching | placed) if matches else and_(~matching, ~placed)
    return and_(articles.c.found_at < before, articles.c.forgotten.is_(False), of_class, ~marked)
