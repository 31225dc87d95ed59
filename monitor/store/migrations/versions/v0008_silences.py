"""Verdicts of topics that found nothing are kept once for all articles, and not with each."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the table and the column; articles of before have all of their verdicts in rows."""
    op.create_table(
        "silences",
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("verdicts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("mark"),
    )
    op.add_column("articles", sa.Column("silence", sa.Text(), nullable=False, server_default=""))
