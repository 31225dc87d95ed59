"""The settings of visiting: sensible as shipped, checked with words that help."""

from typing import Any

import pytest

from monitor import __version__
from monitor.fetch.options import FetchOptions
from monitor.options import read_options


def test_networks_may_be_a_list_as_toml_gives_it() -> None:
    options, problems = read_options(
        FetchOptions, {"allow_private": ["10.0.0.0/8"]}, file="monitor.toml", where="fetch"
    )
    assert problems == []
    assert options is not None
    assert options.allow_private == ("10.0.0.0/8",)


@pytest.mark.parametrize(
    ("contact", "agent"),
    [
        ("", f"news-monitor/{__version__}"),
        ("desk@example.org", f"news-monitor/{__version__} (+desk@example.org)"),
    ],
)
def test_the_user_agent_says_who_visits(contact: str, agent: str) -> None:
    assert FetchOptions(contact=contact).user_agent == agent


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"contact": "a\r\nX-Evil: 1"}, "mail or web address"),
        ({"contact": "редакція"}, "mail or web address"),
        ({"allow_private": ["10.0.0.1/8"]}, "has host bits set; write networks like"),
        ({"allow_private": ["home"]}, "write networks like"),
        ({"total_seconds": 0}, "greater than"),
        ({"parallel": 0}, "greater than"),
        ({"per_host": "2"}, "valid integer"),
        ({"max_feed_mb": 10_000}, "less than"),
        ({"host_gap": 1}, "host_gap_seconds"),
    ],
)
def test_mistakes_are_named(table: dict[str, Any], words: str) -> None:
    options, problems = read_options(FetchOptions, table, file="monitor.toml", where="fetch")
    assert options is None
    assert words in str(problems[0])
