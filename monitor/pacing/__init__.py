"""When and where to visit a feed; how it is; whether it is we who are cut off. Pure: nothing is stored here."""

from monitor.pacing.address import address_of
from monitor.pacing.outage import cut_off, network_is_down, outage_words, stopped, suspicious
from monitor.pacing.rhythm import Pace, Reading, asks_for_all
from monitor.pacing.visits import after_visit, interval_of, put_off
from monitor.pacing.watch import is_error_item, norm, notices, silent_since

__all__ = [
    "Pace",
    "Reading",
    "address_of",
    "after_visit",
    "asks_for_all",
    "cut_off",
    "interval_of",
    "is_error_item",
    "network_is_down",
    "norm",
    "notices",
    "outage_words",
    "put_off",
    "silent_since",
    "stopped",
    "suspicious",
]
