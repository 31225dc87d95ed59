"""Slack by webhook and by bot token, over real HTTP, against a server that enforces Slack's limits."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from monitor.channels.slack import SlackChannel
from monitor.errors import ConfigError, DeliveryError
from monitor.logs import masked
from tests.builders import NOW, a_message
from tests.mailserver import free_port
from tests.slackserver import SECRET, TOKEN, SlackServer, problem_of, slack_server


@pytest.fixture(scope="module")
def running() -> Iterator[SlackServer]:
    with slack_server() as server:
        yield server


@pytest.fixture
def server(running: SlackServer) -> SlackServer:
    running.posted.clear()
    running.answers.clear()
    running.requests = 0
    return running


def a_channel(**options: Any) -> SlackChannel:
    return SlackChannel.from_options(
        {"timeout_seconds": 5, "allow_private": ["127.0.0.0/8"], **options},
        name="slack",
        file="subscriptions.toml",
        where="channel.slack",
        folder=Path(),
    )


def by_webhook(server: SlackServer) -> SlackChannel:
    return a_channel(webhook_url=server.webhook_url)


def by_token(server: SlackServer) -> SlackChannel:
    return a_channel(token=TOKEN, channel="#news", base_url=server.base_url)


WAYS = pytest.mark.parametrize("way", [by_webhook, by_token])


def a_payload(text: str) -> str:
    block = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    return json.dumps({"text": text, "blocks": [block]}, ensure_ascii=False)


FIVE = a_message(slack=tuple(a_payload(f"Частина {number}") for number in range(1, 6)))


@WAYS
def test_payloads_arrive_in_order(server: SlackServer, way: Any) -> None:
    receipt = way(server).send(FIVE, NOW)
    assert [payload["text"] for payload in server.posted] == [f"Частина {number}" for number in range(1, 6)]
    assert all(payload["unfurl_links"] is False for payload in server.posted)
    assert (receipt.key, receipt.at, receipt.detail) == (FIVE.key, NOW, "5 messages accepted")
    assert way(server).send(a_message(slack=(a_payload("one"),)), NOW).detail == "1 message accepted"


@WAYS
def test_a_second_attempt_goes_on_where_the_first_stopped(server: SlackServer, way: Any) -> None:
    server.answers = [None, None, (500, "internal_error")]
    with pytest.raises(DeliveryError, match="Slack answered 500") as caught:
        way(server).send(FIVE, NOW)
    assert (caught.value.permanent, caught.value.sent_parts) == (False, 0b11)
    way(server).send(FIVE, NOW, skip_parts=caught.value.sent_parts)
    assert [payload["text"] for payload in server.posted] == [f"Частина {number}" for number in range(1, 6)]
    assert server.requests == 6


def test_a_bot_posts_a_long_digest_into_one_thread(server: SlackServer) -> None:
    by_token(server).send(FIVE, NOW)
    first, *replies = server.posted
    assert "thread_ts" not in first
    assert {reply["thread_ts"] for reply in replies} == {"1.000"}


def test_the_thread_outlives_a_failed_attempt(server: SlackServer) -> None:
    server.answers = [None, None, (500, "oops")]
    with pytest.raises(DeliveryError) as caught:
        by_token(server).send(FIVE, NOW)
    assert caught.value.memo == "1.000"
    by_token(server).send(replace(FIVE, memo=caught.value.memo), NOW, skip_parts=caught.value.sent_parts)
    assert [post.get("thread_ts", "") for post in server.posted] == ["", *["1.000"] * 4]


def test_a_webhook_cannot_know_its_thread(server: SlackServer) -> None:
    by_webhook(server).send(FIVE, NOW)
    assert not any("thread_ts" in post for post in server.posted)


@pytest.mark.parametrize(
    ("error", "off"),
    [("channel_not_found", True), ("invalid_auth", True), ("is_archived", True), ("invalid_blocks", False)],
)
def test_what_is_wrong_with_the_channel_and_what_with_the_message(server: SlackServer, error: str, off: bool) -> None:
    server.answers = [(200, json.dumps({"ok": False, "error": error}), {"Content-Type": "application/json"})]
    with pytest.raises(DeliveryError) as caught:
        by_token(server).send(FIVE, NOW)
    assert caught.value.permanent
    assert bool(caught.value.off) == off


@WAYS
def test_patience_is_what_slack_asks_for(server: SlackServer, way: Any) -> None:
    server.answers = [(429, '{"ok": false, "error": "ratelimited"}', {"Retry-After": "17"})]
    with pytest.raises(DeliveryError, match="429") as caught:
        way(server).send(FIVE, NOW)
    assert (caught.value.permanent, caught.value.retry_after) == (False, timedelta(seconds=17))
    assert server.requests == 1  # asking again is the outbox's work


@WAYS
def test_patience_is_what_slack_asks_for_but_not_for_ever(server: SlackServer, way: Any) -> None:
    server.answers = [(429, '{"ok": false, "error": "ratelimited"}', {"Retry-After": "99999999999999999999"})]
    with pytest.raises(DeliveryError, match="429") as caught:
        way(server).send(FIVE, NOW)
    assert (caught.value.permanent, caught.value.retry_after) == (False, timedelta(days=1))
    assert server.requests == 1  # asking again is the outbox's work


@pytest.mark.parametrize(
    ("status", "body", "permanent"),
    [
        (400, "invalid_payload", True),
        (403, "action_prohibited", True),
        (404, "channel_not_found", True),
        (410, "channel_is_archived", True),
        (408, "request_timeout", False),
        (429, "rate_limited", False),
        (500, "rollup_error", False),
        (503, "<html>busy</html>", False),
        (302, "", False),
        (403, "<html>Proxy: access denied</html>", False),
        (200, "<html>Welcome to our hotel</html>", False),
    ],
)
def test_answers_of_a_webhook(server: SlackServer, status: int, body: str, permanent: bool) -> None:
    server.answers = [(status, body)]
    with pytest.raises(DeliveryError) as caught:
        by_webhook(server).send(FIVE, NOW)
    assert (caught.value.permanent, caught.value.sent_parts) == (permanent, 0)


@pytest.mark.parametrize(
    ("body", "permanent"),
    [
        ('{"ok": false, "error": "channel_not_found"}', True),
        ('{"ok": false, "error": "token_revoked"}', True),
        ('{"ok": false, "error": "fatal_error"}', False),
        ('{"ok": false, "error": "ratelimited"}', False),
    ],
)
def test_answers_of_the_web_api(server: SlackServer, body: str, permanent: bool) -> None:
    server.answers = [(200, body)]
    with pytest.raises(DeliveryError, match=json.loads(body)["error"]) as caught:
        by_token(server).send(FIVE, NOW)
    assert caught.value.permanent is permanent


@pytest.mark.parametrize(("status", "page"), [(502, "Bad gateway"), (200, "Welcome to our hotel"), (200, "")])
def test_what_is_no_answer_of_slack_is_tried_again(server: SlackServer, status: int, page: str) -> None:
    server.answers = [(status, page)]
    with pytest.raises(DeliveryError, match=f"Slack answered {status}") as caught:
        by_token(server).send(FIVE, NOW)
    assert not caught.value.permanent


@WAYS
def test_blocks_beyond_the_limits_are_refused_for_good(server: SlackServer, way: Any) -> None:
    message = a_message(slack=(a_payload("fine"), a_payload("x" * 3001)))
    with pytest.raises(DeliveryError, match="invalid_blocks") as caught:
        way(server).send(message, NOW)
    assert (caught.value.permanent, caught.value.sent_parts) == (True, 0b1)


def section(**fields: Any) -> dict[str, Any]:
    return {"type": "section", **fields}


def header(text: str, kind: str = "plain_text") -> dict[str, Any]:
    return {"type": "header", "text": {"type": kind, "text": text}}


def context(elements: int) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * elements}


FITS = [header("x" * 150), section(text={"type": "mrkdwn", "text": "x" * 3000}), context(10), {"type": "divider"}]


@pytest.mark.parametrize(
    "blocks",
    [
        [{"type": "divider"}] * 51,
        [header("x" * 151)],
        [header("x", "mrkdwn")],
        [header("")],
        [section(text={"type": "mrkdwn", "text": "x" * 3001})],
        [section(text={"type": "mrkdwn", "text": ""})],
        [section(text={"type": "mrkdwn", "text": "x", "emoji": True})],
        [section(text="x")],
        [section()],
        [section(fields=[{"type": "mrkdwn", "text": "x"}] * 11)],
        [section(fields=[{"type": "mrkdwn", "text": "x" * 2001}])],
        [context(0)],
        [context(11)],
        [{"type": "paragraph"}],
        [{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}],
    ],
)
def test_the_server_these_tests_rely_on_knows_the_limits(server: SlackServer, blocks: list[Any]) -> None:
    assert problem_of({"text": "x", "blocks": FITS * 12 + [{"type": "divider"}] * 2}) == ""
    message = a_message(slack=(json.dumps({"text": "x", "blocks": blocks}),))
    with pytest.raises(DeliveryError, match="Slack answered 400 invalid_blocks"):
        by_webhook(server).send(message, NOW)
    assert not server.posted


def test_check_posts_nothing(server: SlackServer) -> None:
    assert by_webhook(server).check() == ""
    assert by_token(server).check() == ""
    gone = a_channel(webhook_url=server.webhook_url[:-1] + "x")
    assert gone.check() == "Slack answered 404 no_service"
    assert a_channel(token="xoxb-wrong", channel="#news", base_url=server.base_url).check().endswith("invalid_auth")
    assert not server.posted


def test_nobody_there() -> None:
    port = free_port()
    for channel in (
        a_channel(webhook_url=f"http://127.0.0.1:{port}/services/T0/B0/{SECRET}"),
        a_channel(token=TOKEN, channel="#news", base_url=f"http://127.0.0.1:{port}/api/"),
    ):
        with pytest.raises(DeliveryError, match="Slack cannot be reached") as caught:
            channel.send(FIVE, NOW)
        assert not caught.value.permanent


def test_secrets_show_nowhere(server: SlackServer) -> None:
    hook, bot = by_webhook(server), by_token(server)
    server.answers = [(403, f"no {server.webhook_url}"), (500, f'{{"ok": false, "error": "bad {TOKEN}"}}')]
    for channel in (hook, bot):
        with pytest.raises(DeliveryError) as caught:
            channel.send(FIVE, NOW)
        assert SECRET not in str(caught.value) + repr(channel)
        assert TOKEN not in str(caught.value) + repr(channel)
    assert masked(f"{TOKEN} {SECRET}") == "*** ***"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "channel.slack: needs either webhook_url, or token and channel"),
        (
            {"webhook_url": "https://hooks.example/x", "token": "t", "channel": "c"},
            "needs either webhook_url, or token",
        ),
        ({"token": "xoxb"}, "token and channel belong together"),
        ({"webhook_url": "https://hooks.example/x", "channel": "#news"}, "token and channel belong together"),
        (
            {"webhook_url": "http://hooks.example/secret"},
            "channel.slack · webhook_url: found ***: must start with https",
        ),
        ({"webhook_url": "https://[bad"}, "must start with https://"),
        ({"webhook": "https://hooks.example/x"}, "unknown key 'webhook' — did you mean 'webhook_url'?"),
    ],
)
def test_wrong_options(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        a_channel(**options)
    assert message in str(caught.value)
