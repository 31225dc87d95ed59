"""What a person says of stories: that two are one, or that an article is no part of one; kept for ever."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, case, delete, func, or_, select, update

from monitor.links import short_hash, url_key
from monitor.store.bulk import upsert
from monitor.store.schema import items, reports, rulings, told
from monitor.store.wishes import carry_mutes, drop_mutes


class Rulings:
    """The shelf of rulings."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def story(self, name: str) -> str:
        """The story of that id, of an article of that id or address, or the one that it went into by hand; "" when
        unknown.
        """
        if key := url_key(name):
            return self._at(key)
        either = or_(reports.c.story == name, reports.c.article == name)
        own_first = case((reports.c.story == name, 0), else_=1)  # an article may have left the story that has its id
        found = self._connection.scalar(
            select(reports.c.story).where(either).order_by(own_first, reports.c.at).limit(1)
        )
        into = select(rulings.c.other).where(rulings.c.one == name, rulings.c.same)
        after = self._connection.scalar(into)
        return found or (self.story(after) if after else "")

    def _at(self, key: str) -> str:
        """The story of the earliest article under an address, be it the page's own or that of a feed's item."""
        by_item = select(items.c.article).where(items.c.url_key == key)
        theirs = or_(reports.c.url_key == key, reports.c.article.in_(by_item))
        return self._connection.scalar(select(reports.c.story).where(theirs).order_by(reports.c.at).limit(1)) or ""

    def merge(self, one: str, other: str, at: datetime) -> str:
        """Make two known stories one, whatever was said before; the id of the older one, which stays."""
        oldest: str = self._connection.scalars(
            select(reports.c.story)
            .where(reports.c.story.in_((one, other)))
            .group_by(reports.c.story)
            .order_by(func.min(reports.c.at), reports.c.story)
        ).all()[0]
        gone = other if oldest == one else one
        pair = (one, other)
        self._connection.execute(delete(rulings).where(rulings.c.one.in_(pair), rulings.c.other.in_(pair)))
        moved = reports.c.story == gone
        opened = update(reports).where(moved, reports.c.placement == "opens")
        self._connection.execute(opened.values(placement="joins", reason="merged by hand"))
        self._connection.execute(update(reports).where(moved).values(story=oldest))
        self._copy_told(gone, oldest)
        self._connection.execute(delete(told).where(told.c.story == gone))
        self.rename([gone], oldest)
        upsert(self._connection, rulings, {"one": gone, "other": oldest, "same": True, "at": at}, ("same", "at"))
        return oldest

    def split(self, story: str, articles: Collection[str], at: datetime) -> str:
        """Take these articles, with the copies of them, out of the story; the id of the story they make.

        "" and nothing is done when nothing would be left, or one of them is no part of the story.
        """
        rows = self._connection.execute(
            select(reports.c.article, reports.c.copy_of).where(reports.c.story == story).order_by(reports.c.at)
        ).all()
        of = {row.article: row.copy_of for row in rows}
        leaving = [name for name in of if _leaves(name, of, articles)]
        if not set(articles) <= set(of) or len(leaving) == len(of):
            return ""
        # A story bears the id of an article: where that one leaves, it takes the id along.
        moving = [name for name in of if name not in leaving] if story in leaving else leaving
        new = short_hash("split", story, *moving)
        for place, name in enumerate(moving):
            values: dict[str, str | None] = {"story": new}
            if of[name] not in moving:
                values |= {"placement": "joins" if place else "opens", "copy_of": None, "similarity": None}
                values["reason"] = "split off by hand"
            self._connection.execute(update(reports).where(reports.c.article == name).values(values))
        self._copy_told(story, new)
        carry_mutes(self._connection, [story], new)
        upsert(self._connection, rulings, {"one": new, "other": story, "same": False, "at": at}, ("same", "at"))
        return story if story in leaving else new

    def rename(self, gone: Sequence[str], into: str) -> None:
        """Stories went into another: what was said of them is said of it."""
        old = or_(rulings.c.one.in_(gone), rulings.c.other.in_(gone))
        rows = self._connection.execute(select(rulings).where(old)).mappings().all()
        if rows:
            self._connection.execute(delete(rulings).where(old))
        if carry_mutes(self._connection, gone, into):
            drop_mutes(self._connection, gone)
        names = dict.fromkeys(gone, into)
        for row in rows:
            one = row["one"] if row["same"] else names.get(row["one"], row["one"])
            other = names.get(row["other"], row["other"])
            if one != other:
                upsert(self._connection, rulings, dict(row) | {"one": one, "other": other})

    def _copy_told(self, story: str, other: str) -> None:
        marks = self._connection.execute(select(told).where(told.c.story == story)).mappings().all()
        upsert(self._connection, told, [dict(mark) | {"story": other} for mark in marks])


def _leaves(name: str, of: dict[str, str | None], articles: Collection[str]) -> bool:
    """Whether the article, or what it copies, is one of `articles`."""
    while name not in articles:
        text = of.get(name)
        if text is None or text not in of:
            return False
        name = text
    return True
