"""Of a page that is looked at again it is noted what was compared last, so that the same page is not read again."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Add the column; nothing was compared yet."""
    op.add_column("refetches", sa.Column("mark", sa.Text(), nullable=False, server_default=""))
