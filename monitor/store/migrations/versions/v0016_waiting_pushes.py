"""What a hub sent and was not read yet is noted, so that its feed is asked at once after a crash."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the column."""
    op.add_column("leases", sa.Column("waiting_at", sa.BigInteger()))
