"""Items are also found by when they were published and what they say."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the index."""
    op.create_index("items_moment", "items", ["feed", "published", "content_hash"])
