"""Answers "what became of this?": an item's way from the feed to the digest, read from what every stage wrote down."""

from collections.abc import Callable

from sqlalchemy import Connection, or_, select

from monitor.links import url_key
from monitor.model import Receipt
from monitor.store.codec import Row
from monitor.store.rows import Delivery, Fate, Item, ItemHistory, StoredArticle, Told
from monitor.store.schema import articles, digests, items, messages, told


def history(connection: Connection, get: Callable[[str], StoredArticle | None], url_or_id: str) -> list[ItemHistory]:
    """One answer for each item of each feed under this address or article id, the first seen first."""
    key = url_key(url_or_id)
    same = select(articles.c.id).where(articles.c.url_key == key) if key else None
    by_item = items.c.url_key == key if key else items.c.article == url_or_id
    statement = select(items).where(or_(by_item, items.c.article.in_(same)) if same is not None else by_item)
    answers = []
    for row in connection.execute(statement.order_by(items.c.first_seen, items.c.feed)).mappings():
        stored = get(row["article"]) if row["article"] else None
        tellings = tuple(told_of(connection, stored.story)) if stored and stored.story else ()
        answers.append(ItemHistory(_to_item(row), stored, tellings))
    return answers


def told_of(connection: Connection, story: str) -> list[Told]:
    """In which digests the story was told, and how far their messages got, the earliest first."""
    state = (messages.c.state, messages.c.settled_at, messages.c.detail)
    statement = (
        select(told.c.subscription, told.c.key, digests.c.composed_at, *state)
        .join(digests, digests.c.key == told.c.key)
        .outerjoin(messages, messages.c.key == told.c.key)
        .where(told.c.story == story)
        .order_by(digests.c.composed_at, told.c.subscription)
    )
    return [_to_told(row) for row in connection.execute(statement).mappings()]


def _to_told(row: Row) -> Told:
    delivery = Delivery(row["state"]) if row["state"] else None
    facts = (row["subscription"], row["key"], row["composed_at"], delivery)
    if delivery is Delivery.DELIVERED:
        return Told(*facts, receipt=Receipt(row["key"], row["settled_at"], row["detail"]))
    return Told(*facts, problem=row["detail"] or "")


def _to_item(row: Row) -> Item:
    return Item(
        feed=row["feed"],
        identity=row["identity"],
        link=row["link"],
        title=row["title"],
        published=row["published"],
        article=row["article"] or "",
        fate=Fate(row["fate"]),
        reason=row["reason"],
        first_seen=row["first_seen"],
        changed_at=row["changed_at"],
    )
