"""Of each told article it is remembered which version was told, so that a later edit can be told as a correction."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the column; what was told so far counts as told in its present version."""
    op.add_column("told_articles", sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE told_articles SET version ="
        " (SELECT count(*) FROM revisions WHERE revisions.article = told_articles.article)"
    )
