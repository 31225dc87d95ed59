"""Articles become stories: copies recognised (`fingerprint`, `ties`), reports of one event in other words joined
(`sketch`, `weigh`, `link`, `group`), stories put in order (`rank`), and more of them
than usual noticed (`spike`)."""

from monitor.stories.averages import NEIGHBOUR, group, names
from monitor.stories.corrections import correction
from monitor.stories.fingerprint import fingerprint
from monitor.stories.grouping import place, ties
from monitor.stories.moments import moment_of
from monitor.stories.ranking import Standing, rank, standing
from monitor.stories.spikes import FALSE_ALARMS, HOUR, PAST, SPAN, Spike, daily, hourly, spike
from monitor.stories.terms import sketch
from monitor.stories.topical import joined, kept, link, posted, weigh
from monitor.stories.updates import added, update_of

__all__ = [
    "FALSE_ALARMS",
    "HOUR",
    "NEIGHBOUR",
    "PAST",
    "SPAN",
    "Spike",
    "Standing",
    "added",
    "correction",
    "daily",
    "fingerprint",
    "group",
    "hourly",
    "joined",
    "kept",
    "link",
    "moment_of",
    "names",
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
