"""Articles remember the headline of their page beside their feed's; programs before this step could not read them."""

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Nothing to change: it stands among an article's facts; of an old one it is noted when its page is next seen."""
