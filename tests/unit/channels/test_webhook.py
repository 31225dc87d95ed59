"""The digest posted to a web address: signed, never redirected, every no in words."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.channels.webhook import WebhookChannel
from monitor.errors import ConfigError, DeliveryError
from tests.builders import NOW, a_message
from tests.hookserver import SECRET, HookServer, hook_server
from tests.mailserver import free_port


def a_channel(url: str, **options: Any) -> WebhookChannel:
    table = {"url": url, "allow_private": ["127.0.0.0/8"], "timeout_seconds": 2.0} | options
    return WebhookChannel.from_options(
        table, name="desk", file="subscriptions.toml", where="channel.desk", folder=Path()
    )


@pytest.fixture
def server() -> Iterator[HookServer]:
    with hook_server() as running:
        yield running


def test_the_document_arrives_signed(server: HookServer) -> None:
    receipt = a_channel(server.url, secret=SECRET, headers={"X-Desk": "one"}).send(a_message(), NOW)
    (request,) = server.requests
    assert request.path == "/hook/s3cret-path"
    assert json.loads(request.body) == json.loads(a_message().data)
    assert request.headers["content-type"] == "application/json"
    assert request.headers["x-desk"] == "one"
    assert (request.headers["webhook-id"], request.headers["webhook-timestamp"]) == (
        "daily@2026-11-23T08:00",
        str(int(NOW.timestamp())),
    )
    assert request.genuine
    assert receipt.detail == "127.0.0.1 answered 200 kept"


def test_the_specifications_own_example_is_signed_as_it_says() -> None:
    channel = a_channel("https://desk.example/", secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signed = channel._signature(b'{"test": 2432232314}', "msg_p5jXN8AQM9LWM0D4loKWxJek", NOW.fromtimestamp(1614265330))
    assert signed["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_another_body_or_secret_is_not_genuine(server: HookServer) -> None:
    a_channel(server.url, secret="another secret of some length").send(a_message(), NOW)
    a_channel(server.url).send(a_message(), NOW)
    assert [request.genuine for request in server.requests] == [False, False]
    assert "webhook-signature" not in server.requests[1].headers


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(400, True), (401, True), (404, True), (410, True), (408, False), (425, False), (429, False), (500, False)],
)
def test_what_a_no_means(server: HookServer, status: int, permanent: bool) -> None:
    server.answers = [(status, "not today")]
    with pytest.raises(DeliveryError, match=f"127.0.0.1 answered {status} not today") as caught:
        a_channel(server.url).send(a_message(), NOW)
    assert caught.value.permanent is permanent
    assert ("wants no more deliveries" in str(caught.value)) is (status == 410)


def test_patience_that_is_asked_for_is_told(server: HookServer) -> None:
    server.answers = [(503, "busy", {"Retry-After": "120"})]
    with pytest.raises(DeliveryError) as caught:
        a_channel(server.url).send(a_message(), NOW)
    assert (caught.value.permanent, caught.value.retry_after) == (False, timedelta(minutes=2))


def test_redirects_are_not_followed(server: HookServer) -> None:
    server.answers = [(308, "", {"Location": "/elsewhere"})]
    with pytest.raises(DeliveryError, match="write the new address into the channel's url") as caught:
        a_channel(server.url).send(a_message(), NOW)
    assert len(server.requests) == 1
    assert not caught.value.permanent


def test_a_private_address_is_refused_unless_it_is_allowed(server: HookServer) -> None:
    channel = a_channel(server.url, allow_private=[])
    with pytest.raises(DeliveryError, match="a loopback address; where that is meant, list its network"):
        channel.send(a_message(), NOW)
    assert "a loopback address" in channel.check()
    assert server.requests == []


def test_nobody_there_is_told_without_the_secret_address(server: HookServer) -> None:
    channel = a_channel(f"http://127.0.0.1:{free_port()}/hook/s3cret-path?t=1")
    with pytest.raises(DeliveryError, match=r"127\.0\.0\.1 cannot be reached") as caught:
        channel.send(a_message(), NOW)
    assert "s3cret-path" not in str(caught.value) + repr(channel)
    assert "cannot be reached" in channel.check()
    assert a_channel(server.url).check() == ""


def test_a_login_in_the_address_is_sent_as_one(server: HookServer) -> None:
    a_channel(server.url.replace("127.0.0.1", "desk:s3cret-word@127.0.0.1")).send(a_message(), NOW)
    assert server.requests[0].headers["authorization"] == "Basic ZGVzazpzM2NyZXQtd29yZA=="


def test_a_message_without_a_document_is_refused_for_good(server: HookServer) -> None:
    with pytest.raises(DeliveryError, match="kept no document") as caught:
        a_channel(server.url).send(a_message(data=""), NOW)
    assert caught.value.permanent


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"url": "ftp://desk.example/"}, "is no web address"),
        ({"secret": "short"}, "is too short"),
        ({"secret": "whsec_***"}, "not base64"),
        ({"headers": {"X Desk": "one"}}, "is no header that can be sent"),
        ({"headers": {"X-Desk": "one\r\nBcc: x"}}, "is no header that can be sent"),
        ({"headers": {"Webhook-Id": "one"}}, "sets by itself"),
        ({"allow_private": ["10.0.0.0/33"]}, "write networks like"),
    ],
)
def test_wrong_options_are_named(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        a_channel(**({"url": "https://desk.example/"} | options))
