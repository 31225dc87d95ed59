"""Articles become stories: copies recognised (`fingerprint`, `place`, `ties`), stories put in order (`rank`)."""

from monitor.stories.fingerprint import fingerprint
from monitor.stories.grouping import place, ties
from monitor.stories.ranking import Standing, rank, standing

__all__ = ["Standing", "fingerprint", "place", "rank", "standing", "ties"]
