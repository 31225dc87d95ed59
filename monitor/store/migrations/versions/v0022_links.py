"""Articles remember what they have in common with their neighbours, so that stories can be looked at again."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Add the links, none of which are known of old articles; how alike those were to others follows from links."""
    nothing = sa.text("X''" if op.get_bind().dialect.name == "sqlite" else "''")
    op.add_column("sketches", sa.Column("links", sa.LargeBinary(), nullable=False, server_default=nothing))
    op.drop_column("sketches", "crowd")
