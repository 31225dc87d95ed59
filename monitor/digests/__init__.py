"""What a subscription is told, when, and how it reads: schedules, digests composed and rendered."""

from monitor.digests.alerting import held_back, is_quiet, moment, passes, rested, spike_words
from monitor.digests.compose import compose, digest_key, subscribed
from monitor.digests.coverage import blind
from monitor.digests.operator import OPERATOR, operator_message
from monitor.digests.render import Renderer, make_environment
from monitor.digests.sample import sample
from monitor.digests.schedule import Due, check_schedule, due, previous

__all__ = [
    "OPERATOR",
    "Due",
    "Renderer",
    "blind",
    "check_schedule",
    "compose",
    "digest_key",
    "due",
    "held_back",
    "is_quiet",
    "make_environment",
    "moment",
    "operator_message",
    "passes",
    "previous",
    "rested",
    "sample",
    "spike_words",
    "subscribed",
]
