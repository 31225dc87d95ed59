"""What is learned of a feed's rhythm, address and health; and what is told once when it begins and ends."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_MOMENTS = ("full_at", "failing_since", "gone_at", "held_until", "lied_at", "gap_at", "news_at", "lull_since")
_NUMBERS = ("missing", "moves", "doubts", "gaps", "torn", "hollow", "news")
_WORDS = {"url": "", "address": "", "moved_to": "", "skip_hours": "[]", "skip_days": "[]"}


def upgrade() -> None:
    """Widen the feeds' states, create the table of notices."""
    for name in (*_MOMENTS, "interval", "reach"):
        op.add_column("feed_states", sa.Column(name, sa.BigInteger()))
    for name in ("wish", "lull", "lull_before"):
        op.add_column("feed_states", sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
    for name in _NUMBERS:
        op.add_column("feed_states", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    for name, default in _WORDS.items():
        op.add_column("feed_states", sa.Column(name, sa.Text(), nullable=False, server_default=default))
    op.create_table(
        "notices",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger()),
        sa.Column("told", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("notices_closed_at", "notices", ["closed_at"])
