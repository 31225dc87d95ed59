"""Items and articles know how they came; backfills, the gaps between visits and what sitemaps list are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def _number(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer(), nullable=False, server_default="0")


def upgrade() -> None:
    """Add the columns and the tables; all that is there came by visits."""
    for table in ("items", "articles"):
        op.add_column(table, sa.Column("via", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "backfills",
        sa.Column("key", sa.Text(), primary_key=True, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("tell", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
    )
    op.create_table(
        "climbs",
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("reached", sa.BigInteger(), nullable=True),
        *(_number(name) for name in ("documents", "found", "new", "matched", "outside", "empty")),
        sa.Column("failed", sa.Text(), nullable=False),
        _number("failures"),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("job", "feed", "rung"),
    )
    op.create_table(
        "gaps",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.BigInteger(), nullable=False),
        _number("recovered"),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("healed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("feed", "at"),
    )
    op.create_table(
        "comparisons",
        sa.Column("feed", sa.Text(), primary_key=True, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sitemap", sa.Text(), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
    )
