"""One line per event, plain or JSON, and no secret in any of them."""

import json
import logging
import re
from contextlib import suppress
from io import StringIO
from typing import Any, Literal

import pytest

from monitor import logs


def _logged(form: Literal["plain", "json"], level: str = "info") -> tuple[Any, StringIO]:
    stream = StringIO()
    logs.configure(form, level, stream)
    return logs.get_logger(), stream


def test_a_json_line_holds_the_event_its_facts_level_and_time() -> None:
    log, stream = _logged("json")
    log.info("feed read", feed="кур’єр", entries=12)
    (line,) = stream.getvalue().splitlines()
    event = json.loads(line)
    stamp = event.pop("timestamp")
    assert event == {"event": "feed read", "feed": "кур’єр", "entries": 12, "level": "info"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", stamp)
    assert "кур’єр" in line  # readable as it is, not escaped


def test_a_plain_line_reads_from_left_to_right_without_colours() -> None:
    log, stream = _logged("plain")
    log.warning("feed failed", feed="courier")
    assert re.fullmatch(r"\S+Z \[warning\s*\] feed failed\s+feed=courier\n", stream.getvalue())


@pytest.mark.parametrize(
    ("level", "shown"),
    [
        ("debug", ["debug", "info", "warning", "error"]),
        ("info", ["info", "warning", "error"]),
        ("warning", ["warning", "error"]),
        ("error", ["error"]),
    ],
)
def test_what_is_below_the_level_is_not_written(level: str, shown: list[str]) -> None:
    log, stream = _logged("json", level)
    for name in ("debug", "info", "warning", "error"):
        getattr(log, name)("something")
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["level"] for line in lines if line["event"] == "something"] == shown  # others' threads may log too


def test_bound_facts_stand_in_every_line() -> None:
    _, stream = _logged("json")
    log = logs.get_logger(job="poll")
    log.info("one")
    log.info("two")
    assert [json.loads(line)["job"] for line in stream.getvalue().splitlines()] == ["poll", "poll"]


@pytest.mark.parametrize("form", ["plain", "json"])
def test_a_known_secret_is_masked_wherever_it_stands(form: Literal["plain", "json"]) -> None:
    log, stream = _logged(form)
    logs.hide(["s3cr3t-word"])
    try:
        raise ValueError("refused: s3cr3t-word")
    except ValueError as error:
        log.error(
            "could not log in with s3cr3t-word",
            url="https://mail.example/?key=s3cr3t-word",
            cause=error,
            parts=["s3cr3t-word"],
            exc_info=error,
        )
    assert "s3cr3t-word" not in stream.getvalue()
    assert stream.getvalue().count(logs.MASK) >= 5
    assert "Traceback" in stream.getvalue()


def test_numbers_keep_their_kind_when_secrets_are_known() -> None:
    log, stream = _logged("json")
    logs.hide(["12345"])
    log.info("counted", entries=12345, offline=False, score=0.5, nothing=None)
    event = json.loads(stream.getvalue())
    assert (event["entries"], event["offline"], event["score"], event["nothing"]) == (12345, False, 0.5, None)


def test_a_secret_within_a_longer_one_does_not_uncover_it() -> None:
    logs.hide(["token", "token-of-the-desk"])
    assert logs.masked("sent with token-of-the-desk and token") == "sent with *** and ***"


def test_texts_too_short_to_be_secrets_are_left_alone() -> None:
    logs.hide(["", "abc"])
    assert logs.masked("abc is the alphabet") == "abc is the alphabet"


def test_warnings_of_libraries_are_heard_and_their_chatter_is_not() -> None:
    _, stream = _logged("json")
    logging.getLogger("some.library").info("chatter")
    logging.getLogger("some.library").warning("trouble")
    event = json.loads(stream.getvalue())
    assert (event["event"], event["level"], event["logger"]) == ("trouble", "warning", "some.library")


def test_what_a_library_says_is_one_line() -> None:
    _, stream = _logged("plain")
    library = logging.getLogger("some.pool")
    library.warning("the connection failed:\n\tIs the server running?")
    try:
        raise OSError("broken\npipe")
    except OSError:
        library.exception("Exception during reset")
    lines = [line for line in stream.getvalue().splitlines() if "task: <Task" not in line]  # left by other tests
    assert len(lines) == 2
    assert "the connection failed: Is the server running?" in lines[0]
    assert "Exception during reset OSError: broken pipe" in lines[1]


def test_what_is_told_in_our_own_words_is_not_told_by_a_library_too() -> None:
    _, stream = _logged("plain")
    logs.leave_unsaid(ConnectionError)
    library = logging.getLogger("some.queue.sides")
    library.error("listener failed, stopping worker", exc_info=ConnectionResetError("gone"))
    library.error("job failed", exc_info=ValueError("no number"))
    library.error("no exception at all")
    assert "listener" not in stream.getvalue()
    assert "job failed ValueError: no number" in stream.getvalue()
    assert "no exception at all" in stream.getvalue()


@pytest.mark.parametrize("form", ["plain", "json"])
def test_lines_of_libraries_are_masked_too(form: Literal["plain", "json"]) -> None:
    _, stream = _logged(form)
    logs.hide(["s3cr3t-word"])
    library = logging.getLogger("some.library")
    library.warning("posting to %s", "https://hooks.example/s3cr3t-word")
    try:
        raise ValueError("refused: s3cr3t-word")
    except ValueError:
        library.exception("failed")
    assert "https://hooks.example/***" in stream.getvalue()
    assert "ValueError: refused: ***" in stream.getvalue()
    assert "s3cr3t-word" not in stream.getvalue()


@pytest.mark.parametrize("form", ["plain", "json"])
def test_addresses_stand_without_their_logins(form: Literal["plain", "json"], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_hidden", set())
    log, stream = _logged(form)
    log.warning("feed failed", url="http://user:pw@host.example/x?a=b", tried=["https://user:pw@host.example/"])
    assert "http://host.example/x?a=b" in stream.getvalue()
    assert "https://host.example/" in stream.getvalue()
    assert "user" not in stream.getvalue()


@pytest.mark.parametrize("form", ["plain", "json"])
def test_a_log_without_room_stops_no_work(form: Literal["plain", "json"]) -> None:
    with open("/dev/full", "w", buffering=1) as full:
        logs.configure(form, "info", full)
        logs.get_logger().info("feed read")
        logging.getLogger("some.library").warning("something")
        with suppress(OSError):  # what is still buffered
            full.close()
