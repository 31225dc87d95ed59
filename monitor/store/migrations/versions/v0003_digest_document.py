"""Messages carry their digest as a JSON document too."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column; messages of before have none."""
    op.add_column("messages", sa.Column("data", sa.Text(), nullable=False, server_default=""))
