"""What was told of a story is remembered article by article, so that its later reports come as updates."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the table; of stories told so far, all that is known was told."""
    op.create_table(
        "told_articles",
        sa.Column("subscription", sa.Text(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("subscription", "article"),
    )
    op.create_index("told_articles_article", "told_articles", ["article"])
    op.execute(
        "INSERT INTO told_articles (subscription, article)"
        " SELECT DISTINCT told.subscription, reports.article FROM told JOIN reports ON reports.story = told.story"
    )
