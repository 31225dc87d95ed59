"""Several workers can share the feeds: each says which it visits, and until when."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Add the columns; no feed is anybody's. The hosts are noted when the feeds are looked through next."""
    op.add_column("feed_states", sa.Column("host", sa.Text(), nullable=False, server_default=""))
    op.add_column("feed_states", sa.Column("claimed_by", sa.Text(), nullable=False, server_default=""))
    op.add_column("feed_states", sa.Column("claimed_until", sa.BigInteger()))
    op.drop_index("feed_states_due", "feed_states")
    op.create_index("feed_states_due", "feed_states", ["active", "claimed_by", "due_at", "feed"])
    op.create_index("feed_states_claimed", "feed_states", ["claimed_until"])
    op.create_index("feed_states_held", "feed_states", ["held_until"])
