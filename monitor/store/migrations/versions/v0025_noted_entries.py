"""A feed's state says which entries of its last document are noted as they stand: they need no second look."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Add the column; of no entry it is said yet."""
    op.add_column("feed_states", sa.Column("noted", sa.Text(), nullable=False, server_default=""))
