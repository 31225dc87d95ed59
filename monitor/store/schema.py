"""The archive's tables as this version knows them.

One schema for every database: no statement here depends on a dialect. What a released version created is frozen in
`migrations/`; a change here needs a migration there (a test compares the two).
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, LargeBinary, MetaData, Table

from monitor.store.columns import Json, Moment, Numbers, Span, Words
from monitor.store.entries import Entries

metadata = MetaData()


def _words(name: str, **options: Any) -> Column[str]:
    return Column(name, Words, nullable=False, **options)


def _moment(name: str, *, nullable: bool = False) -> Column[datetime]:
    return Column(name, Moment, nullable=nullable)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


def _span(name: str) -> Column[timedelta]:
    return Column(name, Span, nullable=False, server_default="0")


feed_states = Table(
    "feed_states",
    metadata,
    _words("feed", primary_key=True),
    Column("active", Boolean, nullable=False),  # still in the configuration
    _moment("due_at"),
    _words("etag"),
    _words("last_modified"),
    _words("body_hash"),
    _moment("visited_at", nullable=True),
    _moment("succeeded_at", nullable=True),
    Column("failures", Integer, nullable=False),
    _words("problem"),
    _moment("full_at", nullable=True),
    _moment("failing_since", nullable=True),
    _number("missing"),
    _moment("gone_at", nullable=True),
    _moment("held_until", nullable=True),
    _words("url", server_default=""),
    _words("address", server_default=""),
    _words("moved_to", server_default=""),
    _number("moves"),
    Column("interval", Span),
    Column("reach", Span),
    _span("wish"),
    Column("skip_hours", Numbers, nullable=False, server_default="[]"),
    Column("skip_days", Numbers, nullable=False, server_default="[]"),
    _number("doubts"),
    _moment("lied_at", nullable=True),
    _number("gaps"),
    _moment("gap_at", nullable=True),
    _number("torn"),
    _number("hollow"),
    _moment("news_at", nullable=True),
    _number("news"),
    _span("lull"),
    _span("lull_before"),
    _moment("lull_since", nullable=True),
    _words("host", server_default=""),  # where it is visited
    _words("claimed_by", server_default=""),  # see `claims`
    _moment("claimed_until", nullable=True),
    _words("noted", server_default=""),
    Column("waiting", Entries, nullable=False, server_default=""),
    Index("feed_states_due", "active", "claimed_by", "due_at", "feed"),
    Index("feed_states_claimed", "claimed_until"),
    Index("feed_states_held", "held_until"),
)

notices = Table(
    "notices",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    _words("kind"),
    _words("subject"),
    _words("words"),
    _moment("opened_at"),
    _moment("closed_at", nullable=True),
    _words("told"),  # how far it was told: "", "opened" or "closed"
    Index("notices_closed_at", "closed_at"),
)

leases = Table(
    "leases",
    metadata,
    _words("feed", primary_key=True),
    _words("hub"),
    _words("topic"),
    _words("token"),
    _words("secret"),
    _words("standing"),
    _moment("asked_at", nullable=True),
    Column("pending", Boolean, nullable=False),
    Column("tries", Integer, nullable=False),
    _moment("ends_at", nullable=True),
    _moment("pushed_at", nullable=True),
    _moment("waiting_at", nullable=True),
    _moment("paced_at", nullable=True),
    Column("missed", Integer, nullable=False),
    _words("problem"),
    Index("leases_token", "token", unique=True),
)

host_turns = Table(
    "host_turns",
    metadata,
    _words("host", primary_key=True),
    _words("holder"),
    _moment("until"),
)

visits = Table(
    "visits",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    _words("feed"),
    _moment("at"),
    _words("outcome"),
    Column("entries", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    _words("problem"),
    Index("visits_at", "at"),
)

items = Table(
    "items",
    metadata,
    _words("feed", primary_key=True),
    _words("identity", primary_key=True),
    _words("link"),
    _words("url_key"),
    _words("title"),
    Column("published", Moment),
    _words("content_hash"),
    Column("article", Words),  # id; NULL when it became none
    _words("fate"),
    _words("reason"),
    _moment("first_seen"),
    _moment("changed_at"),
    _words("via", server_default=""),  # a `Via`; "" = a visit to its feed brought it
    Index("items_url_key", "url_key"),
    Index("items_article", "article"),
    Index("items_first_seen", "first_seen"),
    Index("items_moment", "feed", "published", "content_hash"),
)

articles = Table(
    "articles",
    metadata,
    # The number joins what is stored in bulk (bands, the search index); people and other tables use the id.
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    _words("id", unique=True),
    _words("feed"),
    _words("url"),
    _words("url_key"),
    _words("title"),
    _words("text"),
    _words("language"),
    _words("how"),
    _moment("found_at"),
    Column("published", Moment),
    Column("authors", Json, nullable=False),
    _words("problem"),
    _words("content_hash"),
    Column("entry", Json, nullable=False),
    # What else the page states: image, section and the like.
    Column("facts", Json, nullable=False, server_default="{}"),
    Column("forgotten", Boolean, nullable=False),  # its text was given up by retention
    _words("silence", server_default=""),  # which of `silences` holds the verdicts that have no row of their own
    _words("via", server_default=""),  # as in `items`, of the item that brought it first
    Index("articles_url_key", "url_key"),
    Index("articles_found_at", "found_at"),
    Index("articles_feed", "feed"),
    Index("articles_language", "language"),
)

site_lines = Table(
    "site_lines",
    metadata,
    _words("site", primary_key=True),  # scheme and host
    Column("line", BigInteger, primary_key=True, autoincrement=False),  # mark of a line at an article's end
    Column("articles", Integer, nullable=False),  # how many it stood in
    _moment("seen_at"),
    Index("site_lines_seen_at", "seen_at"),
)

# What topics say of an article in which they find nothing: said once for thousands of articles.
silences = Table(
    "silences",
    metadata,
    _words("mark", primary_key=True),
    Column("verdicts", Json, nullable=False),  # [topic, score, threshold, rule] of each, and the evidence of what lacks
)

verdicts = Table(
    "verdicts",
    metadata,
    Column("article", Words, ForeignKey("articles.id"), primary_key=True),
    _words("topic", primary_key=True),
    Column("score", Float, nullable=False),
    Column("threshold", Float, nullable=False),
    Column("matched", Boolean, nullable=False),
    _moment("at"),  # since when it is as it is: an article edited into a topic is news from then on
    _words("passage"),
    _words("rule"),
    Column("evidence", Json, nullable=False),
    Index("verdicts_matched_at", "matched", "at"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("article", Words, ForeignKey("articles.id"), nullable=False),
    _moment("replaced_at"),
    _words("url"),
    _words("title"),
    _words("text"),
    _words("language"),
    _words("how"),
    _words("content_hash"),
    Column("scores", Json, nullable=False),
    _words("reason", server_default=""),  # what the next version says otherwise
    Index("revisions_article", "article"),
    Index("revisions_replaced_at", "replaced_at"),
)

refetches = Table(
    "refetches",
    metadata,
    Column("article", Words, ForeignKey("articles.id"), primary_key=True),
    _moment("due_at", nullable=True),  # NULL = not looked at any more
    _moment("checked_at", nullable=True),
    Column("missing", Integer, nullable=False),
    _moment("gone_at", nullable=True),
    _words("problem"),
    _words("mark", server_default=""),
    Index("refetches_due_at", "due_at"),
)

marks = Table(
    "marks",
    metadata,
    Column("article", Words, ForeignKey("articles.id"), primary_key=True),
    _words("topic", primary_key=True),
    Column("relevant", Boolean, nullable=False),
    _moment("at"),
)

reports = Table(
    "reports",
    metadata,
    Column("article", Words, ForeignKey("articles.id"), primary_key=True),
    _words("story"),
    _words("outlet"),
    _words("placement"),  # "opens", "joins" or "copy"
    Column("copy_of", Words),
    Column("similarity", Float),
    _words("reason"),
    _moment("at"),
    _words("url_key"),
    _words("title_key"),
    Column("signature", LargeBinary, nullable=False),
    Column("words", Integer, nullable=False),
    Index("reports_story", "story"),
    Index("reports_url_key", "url_key"),
    Index("reports_title_key", "title_key"),
)

bands = Table(
    "bands",
    metadata,
    Column("band", BigInteger, primary_key=True, autoincrement=False),
    Column("article", BigInteger, ForeignKey("articles.number"), primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

sketches = Table(
    "sketches",
    metadata,
    Column("article", BigInteger, ForeignKey("articles.number"), primary_key=True, autoincrement=False),
    Column("terms", LargeBinary, nullable=False),
    Column("norm", Float, nullable=False),
    Column("links", LargeBinary, nullable=False),  # to what was near when it came
    Column("moment", Moment),  # when it was published; NULL = not known
)

postings = Table(
    "postings",
    metadata,
    Column("term", BigInteger, primary_key=True, autoincrement=False),
    Column("article", BigInteger, ForeignKey("articles.number"), primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

term_counts = Table(
    "term_counts",
    metadata,
    Column("term", BigInteger, primary_key=True, autoincrement=False),  # 0 = every article
    Column("articles", Float, nullable=False),  # that held it; decays
)

rulings = Table(
    "rulings",
    metadata,
    _words("one", primary_key=True),  # a story's id
    _words("other", primary_key=True),  # another's
    Column("same", Boolean, nullable=False),  # `one` went into `other`; or the two may never become one
    _moment("at"),
)

digests = Table(
    "digests",
    metadata,
    _words("key", primary_key=True),
    _words("subscription"),
    _moment("window_start"),
    _moment("window_end"),
    _moment("composed_at"),
    Column("stories", Integer, nullable=False),
    Index("digests_subscription", "subscription", "window_end"),
)

told = Table(
    "told",
    metadata,
    _words("subscription", primary_key=True),
    _words("story", primary_key=True),
    Column("key", Words, ForeignKey("digests.key"), nullable=False),
    Index("told_story", "story"),
)

told_articles = Table(
    "told_articles",
    metadata,
    _words("subscription", primary_key=True),
    _words("article", primary_key=True),  # id
    _number("version"),  # how many versions had been replaced when it was told
    Index("told_articles_article", "article"),
)

messages = Table(
    "messages",
    metadata,
    Column("key", Words, ForeignKey("digests.key"), primary_key=True),
    _words("subscription"),
    _words("channel"),
    _words("message_id"),
    _words("list_id"),
    _words("subject"),
    _words("text"),
    _words("html"),
    Column("slack", Json, nullable=False),
    _moment("created_at"),
    _words("state"),  # a `Delivery`
    Column("attempts", Integer, nullable=False),
    _moment("next_try"),
    # Bits of the parts that got through already; as text, for a mail may have more recipients than an integer has bits.
    _words("sent_parts"),
    Column("settled_at", Moment),
    _words("detail"),  # the last problem, or what the receiving side answered
    _words("data"),
    _words("memo", server_default=""),
    _moment("waits_since", nullable=True),  # when it was asked to be tried anew; NULL = never
    _words("unsubscribe", server_default=""),
    Index("messages_waiting", "state", "next_try"),
)

switched_off = Table(
    "switched_off",
    metadata,
    _words("channel", primary_key=True),
    _words("target", primary_key=True),  # one of its targets; "" = all of it
    _words("words"),  # the other side's
    _moment("since"),
    _words("mark"),  # of the channel's settings then
)

beats = Table(
    "beats",
    metadata,
    _words("ticker", primary_key=True),
    _moment("started_at"),
    Column("succeeded_at", Moment),
    Column("every", Span, nullable=False),
    _words("problem"),
)
