"""Processes that share an archive ask a host one at a time: whose turn it is, and until when."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Add the table; nobody asks anything yet."""
    op.create_table(
        "host_turns",
        sa.Column("host", sa.Text(), primary_key=True),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
    )
