"""Feeds can be paused by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Create the table; nothing was paused before."""
    op.create_table(
        "paused_feeds",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("feed"),
    )
