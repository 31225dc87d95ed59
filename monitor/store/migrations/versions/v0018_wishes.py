"""Readers can mute a story and leave a subscription; a message carries the address for the latter."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Create the tables and the column; nobody said anything before."""
    op.create_table(
        "muted",
        sa.Column("subscription", sa.Text(), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subscription", "story"),
    )
    op.create_table(
        "unsubscribed",
        sa.Column("subscription", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subscription", "target"),
    )
    op.add_column("messages", sa.Column("unsubscribe", sa.Text(), nullable=False, server_default=""))
