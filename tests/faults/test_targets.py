"""Targets fail one by one, on real servers: the others get theirs once, and the failed one once after recovery."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from monitor.channels.email import EmailChannel
from monitor.channels.slack import SlackChannel
from monitor.channels.webhook import WebhookChannel
from monitor.digests import OPERATOR
from monitor.jobs.deliver import deliver, switch_on
from monitor.jobs.digest import compose_due
from monitor.jobs.poll import poll
from monitor.model import DELIVERY_NOTICES, NoticeKind
from tests.hookserver import HookServer, hook_server
from tests.mailserver import MailServer, mail_server
from tests.slackserver import SECRET, SlackServer, slack_server
from tests.unit.jobs.conftest import DAILY, MATCHING, Bench, bench, publish

__all__ = ["bench", "publish"]  # the bench of the jobs, with real channels

RECIPIENTS = ("a@desk.example", "b@desk.example", "c@desk.example")
SUBSCRIPTIONS = tuple(replace(DAILY, name=f"to-{name}", channel=name) for name in ("mail", "slack", "hook"))


def mail_channel(port: int, to: tuple[str, ...] = RECIPIENTS) -> EmailChannel:
    options = {"host": "127.0.0.1", "port": port, "security": "none", "from": "news@desk.example", "to": list(to)}
    return EmailChannel.from_options(options, name="mail", file="x", where="channel.mail", folder=Path())


def slack_channel(url: str) -> SlackChannel:
    options = {"webhook_url": url, "allow_private": ["127.0.0.0/8"]}
    return SlackChannel.from_options(options, name="slack", file="x", where="channel.slack", folder=Path())


def hook_channel(url: str) -> WebhookChannel:
    options = {"url": url, "allow_private": ["127.0.0.0/8"]}
    return WebhookChannel.from_options(options, name="hook", file="x", where="channel.hook", folder=Path())


@pytest.fixture
def servers(bench: Bench, publish: Callable[..., None]) -> Iterator[tuple[MailServer, SlackServer, HookServer]]:
    """Three channels on real servers, and a digest waiting for each."""
    with mail_server() as mails, slack_server() as slack, hook_server() as hook:
        channels: dict[str, Any] = {
            "mail": mail_channel(mails.port),
            "slack": slack_channel(slack.webhook_url),
            "hook": hook_channel(hook.url),
        }
        bench.change(subscriptions=SUBSCRIPTIONS, channels=channels)
        publish("courier", ("a", "NASAMS for the capital", MATCHING))
        poll(bench.tools)
        compose_due(bench.tools)
        yield mails, slack, hook


def digests(mails: MailServer) -> Counter[str]:
    """How many digests each recipient got."""
    return Counter(who for mail in mails.mails if "operator" not in mail.parsed()["List-Id"] for who in mail.recipients)


def _three_hours(bench: Bench) -> None:
    for _ in range(36):
        deliver(bench.tools)
        bench.clock.forward(minutes=5)


def test_one_recipient_fails_for_three_hours(bench: Bench, servers: tuple[MailServer, SlackServer, HookServer]) -> None:
    mails, slack, hook = servers
    mails.refuse["b@desk.example"] = "450 mailbox busy"
    _three_hours(bench)
    assert digests(mails) == {"a@desk.example": 1, "c@desk.example": 1}
    assert (len(slack.posted), len(hook.requests)) == (1, 1)
    mails.refuse.clear()
    bench.clock.forward(hours=1)
    for _ in range(3):
        deliver(bench.tools)
        bench.clock.forward(hours=1)
    assert digests(mails) == dict.fromkeys(RECIPIENTS, 1)
    assert len({str(mail.parsed()["Message-ID"]) for mail in mails.mails}) == 1
    assert (len(slack.posted), len(hook.requests)) == (1, 1)


def test_slack_fails_for_three_hours(bench: Bench, servers: tuple[MailServer, SlackServer, HookServer]) -> None:
    mails, slack, hook = servers
    slack.answers = [(503, "no")] * 1000
    _three_hours(bench)
    assert (slack.posted, digests(mails), len(hook.requests)) == ([], dict.fromkeys(RECIPIENTS, 1), 1)
    slack.answers.clear()
    bench.clock.forward(hours=1)
    deliver(bench.tools)
    deliver(bench.tools)
    assert (len(slack.posted), digests(mails), len(hook.requests)) == (1, dict.fromkeys(RECIPIENTS, 1), 1)


def test_a_recipient_refused_for_good_is_switched_off_and_told_elsewhere(
    bench: Bench, servers: tuple[MailServer, SlackServer, HookServer], publish: Callable[..., None]
) -> None:
    mails, slack, _ = servers
    mails.refuse["b@desk.example"] = "550 no such user"
    done = deliver(bench.tools)
    assert list(done.switched_off) == ["mail → b@desk.example"]
    deliver(bench.tools)
    assert digests(mails) == {"a@desk.example": 1, "c@desk.example": 1}
    assert slack.posted[-1]["text"] == "News-monitor: mail → b@desk.example is switched off"
    assert "550 no such user" in slack.posted[-1]["blocks"][0]["text"]["text"]
    publish("courier", ("b", "Air defence for the harbour", MATCHING.replace("capital", "harbour")))
    bench.clock.forward(days=10)  # far beyond the age at which a message is given up
    poll(bench.tools, force=True)
    compose_due(bench.tools)
    for _ in range(3):
        done = deliver(bench.tools)
        assert (done.refused, done.switched_off) == ({}, {})
    assert digests(mails) == {"a@desk.example": 2, "c@desk.example": 2}
    mails.refuse.clear()
    with bench.store.begin() as shelves:
        found, released = switch_on(shelves, "mail", bench.clock(), "b@desk.example")
    assert ([one.target for one in found], released) == (["b@desk.example"], 2)
    deliver(bench.tools)
    deliver(bench.tools)
    assert digests(mails) == dict.fromkeys(RECIPIENTS, 2), "nothing was lost, nothing came twice"
    with bench.store.read() as shelves:
        assert shelves.notices.open(DELIVERY_NOTICES) == []
        assert shelves.notices.untold(DELIVERY_NOTICES) == []


def test_a_hook_that_is_gone_comes_back_when_its_settings_change(
    bench: Bench, servers: tuple[MailServer, SlackServer, HookServer]
) -> None:
    mails, slack, hook = servers
    hook.answers = [(410, "gone")]
    assert deliver(bench.tools).switched_off.keys() == {"hook"}
    deliver(bench.tools)
    asked = len(hook.requests)
    bench.clock.forward(days=5)
    deliver(bench.tools)
    assert len(hook.requests) == asked
    told = [post["text"] for post in slack.posted]
    assert "News-monitor: hook is switched off" in told + [str(mail.parsed()["Subject"]) for mail in mails.mails]
    bench.change(channels={**bench.tools.channels, "hook": hook_channel(f"{hook.url}?new")})
    deliver(bench.tools)
    assert len(hook.requests) == asked + 1


def test_all_channels_dead_is_told_when_one_is_alive_again(
    bench: Bench, servers: tuple[MailServer, SlackServer, HookServer]
) -> None:
    mails, slack, hook = servers
    slack.answers = [(404, "channel_not_found")]
    hook.answers = [(404, "")]
    mails.refuse_sender = "550 not you"
    assert deliver(bench.tools).switched_off.keys() == {"mail", "slack", "hook"}
    deliver(bench.tools)
    assert (mails.mails, slack.posted) == ([], [])
    with bench.store.read() as shelves:
        assert {notice.kind for notice in shelves.notices.open()} == {NoticeKind.OFF}
        assert len(shelves.notices.untold()) == 3
    mails.refuse_sender = ""
    with bench.store.begin() as shelves:
        switch_on(shelves, "mail", bench.clock())
    deliver(bench.tools)
    deliver(bench.tools)
    assert digests(mails) == dict.fromkeys(RECIPIENTS, 1)
    (told,) = [mail.parsed() for mail in mails.mails if "operator" in mail.parsed()["List-Id"]]
    assert told["Subject"] == "News-monitor: hook is switched off and 2 more"
    (body,) = [mail.text("plain") for mail in mails.mails if "operator" in mail.parsed()["List-Id"]]
    assert "slack is switched off" in body
    assert SECRET not in body


def test_what_is_given_up_is_told_once_and_the_telling_makes_no_more_of_it(
    bench: Bench, servers: tuple[MailServer, SlackServer, HookServer]
) -> None:
    mails, slack, _ = servers
    slack.answers = [(503, "no")] * 1000
    for _ in range(80):
        deliver(bench.tools)
        bench.clock.forward(hours=1)
    told = [str(mail.parsed()["Subject"]) for mail in mails.mails if "operator" in mail.parsed()["List-Id"]]
    assert told == [
        "News-monitor: slack → outbox could not be delivered for hours",
        "News-monitor: slack → to-slack@2026-03-02T08:00 was given up",
    ]
    slack.answers.clear()
    with bench.store.begin() as shelves:
        assert shelves.outbox.retry(bench.clock()) == 1
    deliver(bench.tools)
    assert len(slack.posted) == 1
    with bench.store.read() as shelves:
        assert shelves.notices.open() == []
        assert OPERATOR not in {one.message.subscription for one in shelves.outbox.refused()}


def test_a_retry_after_holds_back_the_whole_channel(
    bench: Bench, servers: tuple[MailServer, SlackServer, HookServer], publish: Callable[..., None]
) -> None:
    _, slack, _ = servers
    second = replace(SUBSCRIPTIONS[1], name="second")
    bench.change(subscriptions=(*SUBSCRIPTIONS, second))
    compose_due(bench.tools)
    slack.answers = [(429, "rate_limited", {"Retry-After": "1800"})]
    deliver(bench.tools)
    bench.clock.forward(minutes=29)
    deliver(bench.tools)
    assert slack.requests == 1
    bench.clock.forward(minutes=1)
    deliver(bench.tools)
    assert len(slack.posted) == 2
