"""A channel's note of where the rest of a message belongs: the thread in Slack that its first part began."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the column."""
    op.add_column("messages", sa.Column("memo", sa.Text(), nullable=False, server_default=""))
