"""Items, which are never forgotten, and articles with their verdicts and earlier versions.

Every item a feed ever showed has one row saying what became of it and why; that is what tells a new entry from a known
one, and what answers "why was this not in my digest?".
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, exists, insert, select, update

from monitor.links import url_key
from monitor.model import Article, Entry, Verdict
from monitor.store.bulk import slices, upsert
from monitor.store.codec import article_row, to_article, to_placement, to_verdict, verdict_rows, without_text
from monitor.store.history import history
from monitor.store.rows import Fate, ItemHistory, KnownItem, Remembered, Revision, StoredArticle
from monitor.store.schema import articles, clean, items, marks, reports, revisions, verdicts
from monitor.store.search import Search

_ITEM_CHANGES = ("link", "url_key", "title", "published", "content_hash", "article", "fate", "reason", "changed_at")
_KNOWN = select(
    items.c.identity,
    items.c.link,
    items.c.title,
    items.c.published,
    items.c.content_hash,
    items.c.article,
    items.c.fate,
)
_ANY_ITEM = select(exists().where(items.c.feed == bindparam("feed")))
_RENAME = (
    update(items)
    .where(items.c.feed == bindparam("at_feed"), items.c.identity == bindparam("was"))
    .values(identity=bindparam("is"), link=bindparam("new_link"), url_key=bindparam("new_key"))
)
_ADD = insert(articles).returning(articles.c.number)
_SAME_ARTICLE = articles.c.number == bindparam("at_number")


class Articles:
    """The shelf of items and articles."""

    def __init__(self, connection: Connection, search: Search) -> None:
        self._connection = connection
        self._search = search

    def known(self, feed: str, identities: Iterable[str]) -> dict[str, KnownItem]:
        """Which of these items of the feed are known, and how they stood, by identity."""
        asked = {clean(identity): identity for identity in identities}
        found: dict[str, KnownItem] = {}
        for part in slices(asked):
            statement = _KNOWN.where(items.c.feed == feed, items.c.identity.in_(part))
            for row in self._connection.execute(statement):
                found[asked[row.identity]] = _known(row)
        return found

    def has_items(self, feed: str) -> bool:
        """Whether the feed ever showed an item."""
        return bool(self._connection.scalar(_ANY_ITEM, {"feed": feed}))

    def at_pages(self, feed: str, keys: Iterable[str]) -> dict[str, KnownItem]:
        """The feed's items whose links have these keys (`links.url_key`), by identity, the first seen first."""
        rows = []
        for part in slices(dict.fromkeys(map(clean, keys))):
            # The feed is looked at here: both databases would rather go through all of a feed's items.
            statement = _KNOWN.add_columns(items.c.feed).where(items.c.url_key.in_(part)).order_by(items.c.first_seen)
            rows += [row for row in self._connection.execute(statement) if row.feed == feed]
        return {row.identity: _known(row) for row in rows}

    def at_moments(self, feed: str, moments: Iterable[datetime], undated: Iterable[str]) -> dict[str, KnownItem]:
        """The feed's items of these moments, and those of unknown date with these content hashes, by identity."""
        conditions: list[ColumnElement[bool]] = [items.c.published.in_(part) for part in slices(dict.fromkeys(moments))]
        conditions += [
            and_(items.c.published.is_(None), items.c.content_hash.in_(part)) for part in slices(dict.fromkeys(undated))
        ]
        found: dict[str, KnownItem] = {}
        for condition in conditions:
            statement = _KNOWN.where(items.c.feed == feed, condition).order_by(items.c.first_seen)
            found |= {row.identity: _known(row) for row in self._connection.execute(statement)}
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
        found: set[str] = set()
        for part in slices(dict.fromkeys(ids)):
            found.update(self._connection.scalars(select(articles.c.id).where(articles.c.id.in_(part))))
        return found

    def remember(
        self,
        feed: str,
        identity: str,
        entry: Entry,
        content_hash: str,
        article: str | None,
        fate: Fate,
        reason: str,
        at: datetime,
    ) -> None:
        """Note what became of an item, in place of what was noted before; the moment it was first seen stays."""
        row = {
            "feed": feed,
            "identity": identity,
            "link": entry.link,
            "url_key": url_key(entry.link),
            "title": entry.title,
            "published": entry.published,
            "content_hash": content_hash,
            "article": article or None,
            "fate": fate.value,
            "reason": reason,
            "first_seen": at,
            "changed_at": at,
        }
        upsert(self._connection, items, row, _ITEM_CHANGES)

    def add(self, article: Article, content_hash: str, verdicts_: Sequence[Verdict]) -> None:
        """Keep a new article with the verdicts of all topics. Its id must not be taken (sqlalchemy IntegrityError)."""
        number = self._connection.execute(_ADD, article_row(article, content_hash)).scalar_one()
        self._search.add(number, article.title, article.text)
        self._judge(verdict_rows(article.id, verdicts_, article.found_at))

    def revise(self, article: Article, content_hash: str, verdicts_: Sequence[Verdict], at: datetime) -> None:
        """Replace an edited article; what it said before stays as a revision, unless it said the same (some feeds
        change a teaser at every visit).

        `found_at` stays that of its first version. A topic that it did not match before is matched from `at` on, so
        that an article edited into a topic is news then. LookupError when there is no such article.
        """
        old = self._connection.execute(select(articles).where(articles.c.id == article.id)).mappings().one_or_none()
        if old is None:
            raise LookupError(f"no article {article.id} to revise")
        before = {row["topic"]: row for row in self._verdict_rows(article.id)}
        kept = ("url", "title", "text", "language", "how", "content_hash")
        scores = {topic: row["score"] for topic, row in before.items()}
        if (old["title"], old["text"]) != (clean(article.title), clean(article.text)):
            self._connection.execute(
                insert(revisions),
                {name: old[name] for name in kept} | {"article": article.id, "replaced_at": at, "scores": scores},
            )
        changes = article_row(article, content_hash)
        del changes["id"], changes["found_at"]
        self._connection.execute(update(articles).where(articles.c.number == old["number"]), changes)
        self._search.replace(old["number"], article.title, article.text)
        rows = verdict_rows(article.id, verdicts_, at)
        for row in rows:
            earlier = before.get(row["topic"])
            if earlier is not None and earlier["matched"] and row["matched"]:
                row["at"] = earlier["at"]
        self._connection.execute(delete(verdicts).where(verdicts.c.article == article.id))
        self._judge(rows)

    def get(self, article: str) -> StoredArticle | None:
        """The article of that id with verdicts, earlier versions and placement."""
        row = self._connection.execute(select(articles).where(articles.c.id == article)).mappings().one_or_none()
        if row is None:
            return None
        report = self._connection.execute(select(reports).where(reports.c.article == article)).mappings().one_or_none()
        return StoredArticle(
            article=to_article(row),
            content_hash=row["content_hash"],
            verdicts=tuple(to_verdict(one) for one in self._verdict_rows(article)),
            revisions=self._revisions(article),
            outlet=report["outlet"] if report else "",
            placement=to_placement(report) if report else None,
            forgotten=row["forgotten"],
        )

    def history(self, url_or_id: str) -> list[ItemHistory]:
        """What became of an address (however it is written) or an article id, one answer per feed that showed it."""
        return history(self._connection, self.get, url_or_id)

    def remembered(self, since: datetime | None, *, after: int = 0, limit: int = 200) -> list[Remembered]:
        """Articles that still have their text, found after `since`; in order of their numbers, those behind `after`."""
        placed = exists().where(reports.c.article == articles.c.id)
        statement = (
            select(articles, placed.label("placed"))
            .where(articles.c.number > after, articles.c.forgotten.is_(False))
            .order_by(articles.c.number)
            .limit(limit)
        )
        if since is not None:
            statement = statement.where(articles.c.found_at > since)
        rows = self._connection.execute(statement).mappings().all()
        theirs: dict[str, list[Verdict]] = defaultdict(list)
        for part in slices(row["id"] for row in rows):
            for row in self._connection.execute(select(verdicts).where(verdicts.c.article.in_(part))).mappings():
                theirs[row["article"]].append(to_verdict(row))
        return [Remembered(row["number"], to_article(row), tuple(theirs[row["id"]]), row["placed"]) for row in rows]

    def rejudge(self, article: str, verdicts_: Sequence[Verdict], at: datetime, fate: Fate, reason: str) -> None:
        """Replace the verdicts by those of other rules, and what became of its items; nothing else changes.

        A topic that it did not match before is matched from `at` on, so that it is news then.
        """
        before = {row["topic"]: row for row in self._verdict_rows(article)}
        rows = verdict_rows(article, verdicts_, at)
        for row in rows:
            earlier = before.get(row["topic"])
            if earlier is not None and earlier["matched"] == row["matched"]:
                row["at"] = earlier["at"]
        self._connection.execute(delete(verdicts).where(verdicts.c.article == article))
        self._judge(rows)
        judged = items.c.fate.in_([Fate.MATCHED.value, Fate.NOT_MATCHED.value])
        changes = {"fate": fate.value, "reason": reason, "changed_at": at}
        self._connection.execute(update(items).where(items.c.article == article, judged), changes)

    def forget_texts(self, before: datetime) -> int:
        """Give up text and evidence of articles found before that moment which match no topic, no story and no mark.

        Their rows, titles, addresses and scores stay, and so do their items. The number of articles concerned.
        """
        matching = exists().where(verdicts.c.article == articles.c.id, verdicts.c.matched)
        placed = exists().where(reports.c.article == articles.c.id)
        marked = exists().where(marks.c.article == articles.c.id)
        statement = select(articles.c.number, articles.c.id, articles.c.entry).where(
            articles.c.found_at < before, articles.c.forgotten.is_(False), ~matching, ~placed, ~marked
        )
        old = self._connection.execute(statement).all()
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

    def _judge(self, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(insert(verdicts), rows)

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


def _known(row: Any) -> KnownItem:
    return KnownItem(
        row.identity, row.link, row.title, row.published, row.content_hash, row.article or "", Fate(row.fate)
    )
