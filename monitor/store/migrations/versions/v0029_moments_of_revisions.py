"""What was edited lately is looked for each minute, among all that was ever edited."""

from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Add the index."""
    op.create_index("revisions_replaced_at", "revisions", ["replaced_at"])
