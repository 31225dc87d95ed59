"""A search that is narrowed to a feed or a language finds their articles without reading all others."""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add the indices."""
    op.create_index("articles_feed", "articles", ["feed"])
    op.create_index("articles_language", "articles", ["language"])
