"""What every kind of channel owes, run over `KINDS` against real servers. A new kind adds one line to `WORKING`."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from monitor.channels import KINDS, Channel
from monitor.errors import ConfigError, DeliveryError
from tests.builders import NOW, a_message
from tests.hookserver import hook_server
from tests.mailserver import free_port, mail_server
from tests.slackserver import slack_server

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # Apprise's own, at its first import

MESSAGE = a_message(
    subject="Дайджест: 2 історії",
    text="Дві історії.\n",
    html="<p>Дві історії.</p>",
    slack=('{"text": "Одна"}', '{"text": "Дві"}'),
)


@dataclass
class Bench:
    """One kind with a receiving side: options that work, options that lead nowhere, how many times it was told."""

    working: dict[str, Any]
    dead: dict[str, Any]
    told: Callable[[], int]
    parts: int
    secret: str = ""
    folder: Path = field(default_factory=Path)


def email_bench(stack: ExitStack, folder: Path) -> Bench:
    server = stack.enter_context(mail_server(login=("news", "s3cret-pass")))
    base: dict[str, Any] = {
        "host": "127.0.0.1",
        "security": "none",
        "from": "news@example.org",
        "to": ["a@example.org", "b@example.org"],
    }
    base |= {"user": "news", "password": "s3cret-pass", "timeout_seconds": 5}
    return Bench(
        working=base | {"port": server.port},
        dead=base | {"port": free_port()},
        told=lambda: sum(len(mail.recipients) for mail in server.mails),
        parts=2,
        secret="s3cret-pass",
    )


def slack_bench(stack: ExitStack, folder: Path) -> Bench:
    server = stack.enter_context(slack_server())
    return Bench(
        working={"webhook_url": server.webhook_url, "allow_private": ["127.0.0.0/8"]},
        dead={
            "allow_private": ["127.0.0.0/8"],
            "webhook_url": f"http://127.0.0.1:{free_port()}/services/T0/B0/s3cret-hook",
        },
        told=lambda: len(server.posted),
        parts=2,
        secret="s3cret-hook",
    )


def file_bench(stack: ExitStack, folder: Path) -> Bench:
    (folder / "in-the-way").write_text("")
    return Bench(
        working={"folder": "outbox"},
        dead={"folder": "in-the-way"},
        told=lambda: len(list((folder / "outbox").glob("*.eml"))),
        parts=1,
        folder=folder,
    )


def apprise_bench(stack: ExitStack, folder: Path) -> Bench:
    server = stack.enter_context(mail_server())
    return Bench(
        working={
            "urls": [f"mailto://127.0.0.1:{server.port}/?from=news@example.org&to=a@example.org&mode=insecure"],
            "allow_private": ["127.0.0.0/8"],
        },
        dead={"allow_private": ["127.0.0.0/8"], "urls": [f"json://user:s3cret-word@127.0.0.1:{free_port()}/"]},
        told=lambda: len(server.mails),
        parts=1,
        secret="s3cret-word",
    )


def webhook_bench(stack: ExitStack, folder: Path) -> Bench:
    server = stack.enter_context(hook_server())
    near = {"allow_private": ["127.0.0.0/8"]}
    return Bench(
        working=near | {"url": server.url},
        dead=near | {"url": f"http://127.0.0.1:{free_port()}/hook/s3cret-path"},
        told=lambda: len(server.requests),
        parts=1,
        secret="s3cret-path",
    )


def feed_bench(stack: ExitStack, folder: Path) -> Bench:
    (folder / "in-the-way").write_text("")
    return Bench(
        working={"folder": "feeds"},
        dead={"folder": "in-the-way"},
        told=lambda: len(list((folder / "feeds").glob("*.atom"))),
        parts=1,
        folder=folder,
    )


WORKING = {
    "email": email_bench,
    "slack": slack_bench,
    "file": file_bench,
    "apprise": apprise_bench,
    "feed": feed_bench,
    "webhook": webhook_bench,
}


@pytest.fixture(params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def bench(kind: str, tmp_path: Path) -> Iterator[Bench]:
    with ExitStack() as stack:
        yield WORKING[kind](stack, tmp_path)


def built(kind: str, options: Mapping[str, Any], folder: Path) -> Channel:
    return KINDS[kind].from_options(options, name="one", file="subscriptions.toml", where="channel.one", folder=folder)


def test_the_key_is_the_kind(kind: str, bench: Bench) -> None:
    channel = built(kind, bench.working, bench.folder)
    assert (channel.kind, channel.name) == (kind, "one")


def test_a_message_gets_through_once(kind: str, bench: Bench) -> None:
    receipt = built(kind, bench.working, bench.folder).send(MESSAGE, NOW)
    assert (receipt.key, receipt.at) == (MESSAGE.key, NOW)
    assert receipt.detail
    assert bench.told() == bench.parts


def test_parts_that_got_through_are_not_repeated(kind: str, bench: Bench) -> None:
    channel = built(kind, bench.working, bench.folder)
    channel.send(MESSAGE, NOW, skip_parts=(1 << bench.parts) - 1)
    assert bench.told() == 0


def test_trouble_is_told_in_words_and_tried_again(kind: str, bench: Bench) -> None:
    channel = built(kind, bench.dead, bench.folder)
    with pytest.raises(DeliveryError) as caught:
        channel.send(MESSAGE, NOW)
    assert not caught.value.permanent
    assert caught.value.sent_parts == 0
    assert len(str(caught.value)) > 20
    if bench.secret:
        assert bench.secret not in str(caught.value) + repr(channel)


def test_check_tells_a_working_channel_and_sends_nothing(kind: str, bench: Bench) -> None:
    assert built(kind, bench.working, bench.folder).check() == ""
    assert bench.told() == 0


def test_unknown_keys_are_refused(kind: str, bench: Bench) -> None:
    with pytest.raises(ConfigError) as caught:
        built(kind, bench.working | {"colour": "red"}, bench.folder)
    (problem,) = caught.value.problems
    assert (problem.file, problem.where) == ("subscriptions.toml", "channel.one · colour")
    assert "unknown key 'colour'" in problem.message
