"""Articles become stories: copies recognised (`fingerprint`, `ties`), reports of one event in other words joined
(`sketch`, `weigh`, `choose`), stories put in order (`rank`), and more of them
than usual noticed (`spike`)."""

from monitor.stories.corrections import correction
from monitor.stories.fingerprint import fingerprint
from monitor.stories.grouping import place, ties
from monitor.stories.moments import moment_of
from monitor.stories.ranking import Standing, rank, standing
from monitor.stories.spikes import HOUR, PAST, SPAN, Spike, daily, hourly, spike
from monitor.stories.terms import sketch
from monitor.stories.topical import choose, joined, kept, posted, weigh
from monitor.stories.updates import added, update_of

__all__ = [
    "HOUR",
    "PAST",
    "SPAN",
    "Spike",
    "Standing",
    "added",
    "choose",
    "correction",
    "daily",
    "fingerprint",
    "hourly",
    "joined",
    "kept",
    "moment_of",
    "place",
    "posted",
    "rank",
    "sketch",
    "spike",
    "standing",
    "ties",
    "update_of",
    "weigh",
]
