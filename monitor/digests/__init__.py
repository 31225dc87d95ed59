"""What a subscription is told, when, and how it reads: schedules, digests composed and rendered."""

from monitor.digests.alerting import arrivals, held_back, is_quiet, moment, passes, rested, spike_words
from monitor.digests.compose import compose, digest_key, of_topics, subscribed
from monitor.digests.coverage import blind
from monitor.digests.operator import OPERATOR, operator_message
from monitor.digests.render import Renderer, make_environment, trial_environment, wrap
from monitor.digests.sample import sample
from monitor.digests.schedule import Due, check_schedule, due, previous
from monitor.digests.slackpage import slack_page
from monitor.digests.trend import DAYS, by_day

__all__ = [
    "DAYS",
    "OPERATOR",
    "Due",
    "Renderer",
    "arrivals",
    "blind",
    "by_day",
    "check_schedule",
    "compose",
    "digest_key",
    "due",
    "held_back",
    "is_quiet",
    "make_environment",
    "moment",
    "of_topics",
    "operator_message",
    "passes",
    "previous",
    "rested",
    "sample",
    "slack_page",
    "spike_words",
    "subscribed",
    "trial_environment",
    "wrap",
]
