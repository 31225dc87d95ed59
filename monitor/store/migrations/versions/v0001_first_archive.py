"""The first archive: feeds and what they showed, articles and what was made of them, stories, and what was told."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create everything."""
    _create_feeds()
    _create_articles()
    _create_stories()
    _create_telling()
    if op.get_bind().dialect.name == "sqlite":
        _create_search()
    else:
        _create_search_on_server()


def _create_feeds() -> None:
    op.create_table(
        "feed_states",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.Text(), nullable=False),
        sa.Column("visited_at", sa.BigInteger(), nullable=True),
        sa.Column("succeeded_at", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("feed"),
    )
    op.create_index("feed_states_due", "feed_states", ["active", "due_at"])
    op.create_table(
        "visits",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("visits_at", "visits", ["at"])
    op.create_table(
        "items",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("url_key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("published", sa.BigInteger(), nullable=True),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("article", sa.Text(), nullable=True),
        sa.Column("fate", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("feed", "identity"),
    )
    op.create_index("items_article", "items", ["article"])
    op.create_index("items_first_seen", "items", ["first_seen"])
    op.create_index("items_url_key", "items", ["url_key"])


def _create_articles() -> None:
    op.create_table(
        "articles",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.Column("published", sa.BigInteger(), nullable=True),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("forgotten", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("articles_found_at", "articles", ["found_at"])
    op.create_index("articles_url_key", "articles", ["url_key"])
    op.create_table(
        "verdicts",
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("threshold", sa.Float(), nullable=False),
        sa.Column("matched", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("passage", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"]),
        sa.PrimaryKeyConstraint("article", "topic"),
    )
    op.create_index("verdicts_matched_at", "verdicts", ["matched", "at"])
    op.create_table(
        "revisions",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("replaced_at", sa.BigInteger(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("scores", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"]),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("revisions_article", "revisions", ["article"])


def _create_stories() -> None:
    op.create_table(
        "reports",
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("placement", sa.Text(), nullable=False),
        sa.Column("copy_of", sa.Text(), nullable=True),
        sa.Column("similarity", sa.Float(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("url_key", sa.Text(), nullable=False),
        sa.Column("title_key", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"]),
        sa.PrimaryKeyConstraint("article"),
    )
    op.create_index("reports_story", "reports", ["story"])
    op.create_index("reports_title_key", "reports", ["title_key"])
    op.create_index("reports_url_key", "reports", ["url_key"])
    op.create_table(
        "bands",
        sa.Column("band", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.number"]),
        sa.PrimaryKeyConstraint("band", "article"),
        sqlite_with_rowid=False,
    )


def _create_telling() -> None:
    op.create_table(
        "digests",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("subscription", sa.Text(), nullable=False),
        sa.Column("window_start", sa.BigInteger(), nullable=False),
        sa.Column("window_end", sa.BigInteger(), nullable=False),
        sa.Column("composed_at", sa.BigInteger(), nullable=False),
        sa.Column("stories", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("digests_subscription", "digests", ["subscription", "window_end"])
    op.create_table(
        "told",
        sa.Column("subscription", sa.Text(), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["key"], ["digests.key"]),
        sa.PrimaryKeyConstraint("subscription", "story"),
    )
    op.create_index("told_story", "told", ["story"])
    op.create_table(
        "messages",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("subscription", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("list_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("slack", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.BigInteger(), nullable=False),
        sa.Column("sent_parts", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["key"], ["digests.key"]),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("messages_waiting", "messages", ["state", "next_try"])
    op.create_table(
        "beats",
        sa.Column("ticker", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("succeeded_at", sa.BigInteger(), nullable=True),
        sa.Column("every", sa.BigInteger(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ticker"),
    )


def _create_search() -> None:
    # The index keeps no second copy of the texts, where SQLite is new enough (3.43) to delete from such an index.
    version = tuple(
        int(part) for part in op.get_bind().exec_driver_sql("SELECT sqlite_version()").scalar_one().split(".")
    )
    lean = ", content='', contentless_delete=1" if version >= (3, 43) else ""
    op.execute(
        f"CREATE VIRTUAL TABLE article_words USING fts5(title, text, tokenize='unicode61 remove_diacritics 2'{lean})"
    )


def _create_search_on_server() -> None:
    # The text search configuration is none: the words are folded and placed before they come here.
    op.execute("CREATE TABLE article_words (number bigint PRIMARY KEY, words tsvector NOT NULL)")
    op.execute("CREATE INDEX article_words_words ON article_words USING gin (words)")
    op.execute('CREATE TABLE article_words_seen (term text COLLATE "C" PRIMARY KEY)')
