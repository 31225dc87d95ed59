"""Which files are the configuration: its texts, and nothing that stands beside them."""

from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.settings.texts import config_texts, references, without_secrets
from tests.configfolder import a_config


def test_the_texts_and_no_others(tmp_path: Path) -> None:
    folder = a_config(tmp_path / "config")
    (folder / "smtp-password.txt").write_text("not to be copied")
    (folder / "templates").mkdir()
    (folder / "templates" / "brief.txt.j2").write_text("{{ title }}")
    texts = config_texts(folder)
    assert list(texts) == [
        "monitor.toml",
        "feeds.toml",
        "topics.toml",
        "subscriptions.toml",
        "concepts/en.toml",
        "templates/brief.txt.j2",
    ]
    assert all(path == folder / name for name, path in texts.items())


WRITTEN_OUT = """\
[channel.mail]
kind = "email"
password = "hunter2-hunter2"   # to be changed

[channel.team]
kind = "slack"
webhook_url = 'https://hooks.example/T1/B2/x'

[channel.phone]
kind = "apprise"
urls = ["ntfy://topic-nobody-knows", "env:PHONE"]

[channel.desk]
kind = "webhook"
url = "https://desk.example/in?key=k1k1k1"
headers = { Authorization = "Bearer abc.def" }
"""


def test_secrets_written_out_become_references() -> None:
    text, names = without_secrets("subscriptions.toml", WRITTEN_OUT)
    assert names == (
        "CHANNEL_MAIL_PASSWORD",
        "CHANNEL_TEAM_WEBHOOK_URL",
        "CHANNEL_PHONE_URLS_1",
        "CHANNEL_DESK_URL",
        "CHANNEL_DESK_HEADERS_AUTHORIZATION",
    )
    for secret in ("hunter2", "hooks.example", "nobody-knows", "k1k1k1", "abc.def"):
        assert secret not in text
    assert "# to be changed" in text
    assert references(text) == (
        "env:CHANNEL_MAIL_PASSWORD",
        "env:CHANNEL_TEAM_WEBHOOK_URL",
        "env:CHANNEL_PHONE_URLS_1",
        "env:PHONE",
        "env:CHANNEL_DESK_URL",
        "env:CHANNEL_DESK_HEADERS_AUTHORIZATION",
    )


def test_of_feeds_too_and_what_is_no_secret_stays() -> None:
    feeds = (
        '[[feed]]\nname = "a"\nurl = "https://a.example/"\nlogin = "me:secret"\ncookies = { s = "c00kie" }\n'
        'proxy = "http://proxy.example:3128"\n[[feed]]\nname = "b"\nproxy = "http://u:pw@proxy.example:1"\n'
        'headers = { Key = "file:key.txt" }\n'
    )
    text, names = without_secrets("feeds.toml", feeds)
    assert names == ("FEED_A_LOGIN", "FEED_A_COOKIES_S", "FEED_B_PROXY")
    assert 'proxy = "http://proxy.example:3128"' in text
    assert references(text)[-1] == "file:key.txt"
    shipped = Path(__file__).resolve().parents[3] / "config"
    for name, path in config_texts(shipped).items():
        if path.suffix == ".toml":
            assert without_secrets(name, path.read_text("utf-8")) == (path.read_text("utf-8"), ())


def test_a_secret_that_cannot_be_left_out_is_a_mistake() -> None:
    odd = '[channel.mail]\npassword = """\\\n   hunter2"""\n'
    with pytest.raises(ConfigError, match=r'channel\.mail\.password.*write "env:NAME"'):
        without_secrets("subscriptions.toml", odd)
    with pytest.raises(ConfigError, match="not valid TOML"):
        without_secrets("subscriptions.toml", "[channel")
