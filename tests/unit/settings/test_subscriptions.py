"""Channels and subscriptions as tables; the mistakes have their words in tests/faults/test_bad_config.py."""

import tomllib
from pathlib import Path

import pytest

from monitor.channels.file import FileChannel
from monitor.digests import Renderer, make_environment
from monitor.model import Subscription
from monitor.settings.document import Document
from monitor.settings.subscriptions import read_channels, read_subscriptions

RENDERER = Renderer(make_environment())
TOPICS = ["air-defence", "drone-coalition"]
ONE = 'channel = "folder"\nschedule = "0 8 * * *"\nzone = "Europe/Kyiv"\n'


def read(text: str, topics: list[str] | None) -> tuple[tuple[Subscription, ...], list[str]]:
    text = f"channel.folder = {{}}\n{text}"
    found, problems, broken = read_subscriptions(Document("s.toml", text, tomllib.loads(text)), topics, RENDERER)
    assert broken == []
    return found, [problem.message for problem in problems]


def test_every_key() -> None:
    text = f'[[subscription]]\nname = "one"\ntitle = "Одна"\ntopics = ["drone-coalition"]\n{ONE}'
    text += 'template = "digest"\nsend_empty = true\n'
    assert read(text, TOPICS) == (
        (
            Subscription(
                name="one",
                title="Одна",
                topics=("drone-coalition",),
                channel="folder",
                schedule="0 8 * * *",
                zone="Europe/Kyiv",
                template="digest",
                send_empty=True,
            ),
        ),
        [],
    )


@pytest.mark.parametrize(
    ("topics", "meant"),
    [
        ('["*"]', ("air-defence", "drone-coalition")),
        ('["drone-coalition", "*"]', ("air-defence", "drone-coalition")),
        ('["drone-coalition", "air-defence", "drone-coalition"]', ("drone-coalition", "air-defence")),
    ],
)
def test_topics_are_named_each_once(topics: str, meant: tuple[str, ...]) -> None:
    (one,), problems = read(f'[[subscription]]\nname = "one"\ntopics = {topics}\n{ONE}', TOPICS)
    assert (one.topics, problems) == (meant, [])


def test_topics_that_could_not_be_read_are_no_second_mistake() -> None:
    assert read(f'[[subscription]]\nname = "one"\ntopics = ["unheard-of"]\n{ONE}', None)[1] == []


@pytest.mark.parametrize(
    ("zone", "hint"),
    [("kyiv", "Europe/Kyiv"), ("new york", "America/New_York"), ("Europe/Warsawa", "Europe/Warsaw"), ("UTCC", "UTC")],
)
def test_the_nearest_zone(zone: str, hint: str) -> None:
    text = f'[[subscription]]\nname = "one"\n{ONE.replace("Europe/Kyiv", zone)}'
    table = tomllib.loads(text) | {"channel": {"folder": {}}}
    _, (problem,), _ = read_subscriptions(Document("s.toml", text, table), TOPICS, RENDERER)
    assert problem.hint == f"did you mean '{hint}'?"


def test_an_unread_secret_is_the_only_thing_said_of_it(tmp_path: Path) -> None:
    text = '[channel.chat]\nkind = "slack"\nwebhook_url = "env:HOOK"\nchanel = "x"\n[channel.folder]\nkind = "file"\n'
    channels, problems = read_channels(Document("s.toml", text, tomllib.loads(text)), {}, tmp_path, tmp_path)
    assert channels == {"folder": FileChannel("folder", tmp_path / "outbox")}
    assert [problem.where for problem in problems] == ["channel.chat · webhook_url", "channel.chat · chanel"]
