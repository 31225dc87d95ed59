"""Pages of matched articles are looked at again: when each is due, and why a version is another than the one before."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the column and the table."""
    op.add_column("revisions", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "refetches",
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger()),
        sa.Column("checked_at", sa.BigInteger()),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("gone_at", sa.BigInteger()),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"]),
        sa.PrimaryKeyConstraint("article"),
    )
    op.create_index("refetches_due_at", "refetches", ["due_at"])
