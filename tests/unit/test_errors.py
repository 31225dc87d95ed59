"""Errors say what, where and what to do."""

from datetime import timedelta

import pytest

from monitor.errors import (
    ConfigError,
    DeliveryError,
    LockedError,
    MonitorError,
    Problem,
    StoreError,
    TemplateError,
    nearest,
)


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (Problem("feeds.toml", "line 3", "is missing"), "feeds.toml: line 3: is missing"),
        (Problem("feeds.toml", "", "cannot be read"), "feeds.toml: cannot be read"),
        (
            Problem("feeds.toml", "feed[2] · lang", "unknown key 'lang'", "did you mean 'language'?"),
            "feeds.toml: feed[2] · lang: unknown key 'lang' — did you mean 'language'?",
        ),
    ],
)
def test_a_problem_is_one_line_with_its_place_and_the_way_out(problem: Problem, line: str) -> None:
    assert str(problem) == line


def test_a_config_error_shows_every_problem_under_a_count() -> None:
    first, second = Problem("a.toml", "line 1", "wrong"), Problem("b.toml", "line 2", "also wrong")
    error = ConfigError(iter([first, second]))
    assert error.problems == (first, second)
    assert str(error).splitlines() == [
        "The configuration has 2 mistakes:",
        "  a.toml: line 1: wrong",
        "  b.toml: line 2: also wrong",
    ]


def test_one_mistake_is_not_mistakes() -> None:
    assert str(ConfigError([Problem("a.toml", "", "wrong")])).startswith("The configuration has 1 mistake:")


@pytest.mark.parametrize("kind", [ConfigError, StoreError, LockedError, TemplateError, DeliveryError])
def test_every_error_can_be_caught_as_ours(kind: type[Exception]) -> None:
    assert issubclass(kind, MonitorError)


def test_a_locked_archive_is_an_archive_that_cannot_be_used() -> None:
    assert issubclass(LockedError, StoreError)


def test_a_delivery_error_is_passing_and_repeats_all_unless_it_says_otherwise() -> None:
    error = DeliveryError("the server is busy")
    assert (str(error), error.permanent, error.retry_after, error.sent_parts) == ("the server is busy", False, None, 0)


def test_a_delivery_error_carries_what_the_next_try_needs() -> None:
    error = DeliveryError("slow down", permanent=True, retry_after=timedelta(seconds=30), sent_parts=0b101)
    assert (error.permanent, error.retry_after, error.sent_parts) == (True, timedelta(seconds=30), 5)


@pytest.mark.parametrize(
    ("word", "allowed", "hint"),
    [
        ("langauge", ["language", "country"], "did you mean 'language'?"),
        ("europe/kiev", ["Europe/Kyiv", "Asia/Tokyo"], "did you mean 'Europe/Kyiv'?"),
        ("EMAIL", ["email", "slack"], "did you mean 'email'?"),
        ("xylophone", ["language", "country"], ""),
        ("anything", [], ""),
        ("", ["language"], ""),
    ],
)
def test_the_nearest_word_is_offered_as_it_is_spelled(word: str, allowed: list[str], hint: str) -> None:
    assert nearest(word, allowed) == hint
