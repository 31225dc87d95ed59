"""Targets of channels that refuse for good are switched off; a message that is tried anew gets its time again."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the table, add the column."""
    op.create_table(
        "switched_off",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "target"),
    )
    op.add_column("messages", sa.Column("waits_since", sa.BigInteger(), nullable=True))
