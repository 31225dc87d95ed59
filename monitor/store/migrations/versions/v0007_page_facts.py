"""Articles keep what else their page states; sites have a memory of what they repeat."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column and the table; articles of before state nothing."""
    op.add_column("articles", sa.Column("facts", sa.Text(), nullable=False, server_default="{}"))
    op.create_table(
        "site_lines",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("line", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site", "line"),
    )
    op.create_index("site_lines_seen_at", "site_lines", ["seen_at"])
