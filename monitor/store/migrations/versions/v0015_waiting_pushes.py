"""What a hub sent and was not read yet is noted, so that its feed is asked at once after a crash."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the column."""
    op.add_column("leases", sa.Column("waiting_at", sa.BigInteger()))
