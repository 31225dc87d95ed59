"""Limits of single settings, beyond what the types say."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from monitor.options import read_options
from monitor.settings.models import (
    AlertOptions,
    DigestOptions,
    ExtractOptions,
    MainOptions,
    PollOptions,
    SubscriptionOptions,
    WebOptions,
)


def test_the_defaults_are_valid() -> None:
    main, problems = read_options(MainOptions, {}, file="monitor.toml", where="")
    assert (main, problems) == (MainOptions(), [])
    assert MainOptions.model_validate(MainOptions().model_dump()) == MainOptions()


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        MainOptions().poll.tick_seconds = 5


def test_the_tick_as_a_span() -> None:
    assert PollOptions(tick_seconds=90).every == timedelta(minutes=1, seconds=30)


@pytest.mark.parametrize("domain", ["example.org", "localhost", "a-b.example", "news-monitor.invalid"])
def test_domains(domain: str) -> None:
    assert DigestOptions(mail_domain=domain).mail_domain == domain


@pytest.mark.parametrize("domain", ["", "a@b", "a..b", "приклад.укр", "a b", "x" * 254, "<a>", "a\nb"])
def test_what_is_no_domain(domain: str) -> None:
    with pytest.raises(ValidationError, match="is no domain name"):
        DigestOptions(mail_domain=domain)


def test_no_workers_are_allowed_but_not_fewer() -> None:
    assert ExtractOptions(workers=0).workers == 0
    with pytest.raises(ValidationError):
        ExtractOptions(workers=-1)


@pytest.mark.parametrize("template", ["../x", "a/b", ".hidden", "/abs", ""])
def test_templates_have_no_folder(template: str) -> None:
    with pytest.raises(ValidationError):
        SubscriptionOptions(name="one", channel="x", schedule="0 8 * * *", zone="UTC", template=template)


def test_a_watched_name_is_a_word() -> None:
    assert AlertOptions(watch=("Рейнметал", "F-16")).watch == ("Рейнметал", "F-16")
    for name in ("  ", "!!!", "«»"):
        with pytest.raises(ValidationError, match="a name has a letter or a digit"):
            AlertOptions(watch=(name,))


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "[::]", "desk.example.org"])
def test_a_desk_lets_others_in_only_with_a_password(host: str) -> None:
    asked = {"listen": f"{host}:8180", "enabled": True}
    _, problems = read_options(WebOptions, asked, file="monitor.toml", where="web")
    assert [(one.where, "there is no password; make one with" in one.message) for one in problems] == [("web", True)]
    assert WebOptions(listen=f"{host}:8180").stands_open  # it is refused when it is started by hand
    guarded = {**asked, "password": "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaGhhc2hoYXNo"}
    assert read_options(WebOptions, guarded, file="monitor.toml", where="web")[1] == []


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost", "127.8.0.1"])
def test_a_desk_for_this_machine_needs_no_password(host: str) -> None:
    assert WebOptions(listen=f"{host}:8180", enabled=True).stands_open == ""
