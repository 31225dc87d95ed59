"""Entries that wait for their pages' turn are remembered, for a feed may drop them before it comes."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Add the column; nothing waits yet."""
    op.add_column("feed_states", sa.Column("waiting", sa.Text(), nullable=False, server_default=""))
