"""`monitor web`: hashes and tokens for monitor.toml."""

import tomllib

import pytest
from click.testing import CliRunner

from monitor.cli import cli
from monitor.cli.common import Exit
from monitor.web.access import Access, Token, token_digest
from tests.unit.cli.calling import Call, Town


def test_a_password_becomes_a_hash_that_fits(town: Town) -> None:
    words = "five words make one good"
    said = CliRunner().invoke(
        cli, [*town.options, "web", "--password"], input=f"{words}\n{words}\n", standalone_mode=False
    )
    line = said.output.splitlines()[-1]
    assert Access(bytes(32), tomllib.loads(line)["password"]).enter(words) is not None
    assert words not in said.output


def test_a_short_password_is_refused(town: Town) -> None:
    said = CliRunner().invoke(cli, [*town.options, "web", "--password"], input="short\nshort\n", standalone_mode=False)
    assert "at least 10 characters" in str(said.exception)


def test_a_token_and_what_goes_into_the_configuration(town: Town, call: Call) -> None:
    alone = call(*town.options, "web", "--scope", "write")  # opens no desk
    assert (alone.code, "give --token NAME as well" in alone.err) == (Exit.USAGE, True)
    said = call(*town.options, "web", "--token", "reports", "--scope", "write")
    assert said.code == Exit.OK
    secret = said.out.splitlines()[0].rpartition(" ")[2]
    (table,) = tomllib.loads(said.out.partition("monitor.toml:")[2])["web"]["token"]
    assert table == {"name": "reports", "digest": token_digest(secret), "scope": "write"}
    assert Access(bytes(32), "", [Token("reports", table["digest"])]).token(f"Bearer {secret}") is not None


def test_what_is_missing_is_named(town: Town, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.cli.web.find_spec", lambda name: None if name == "uvicorn" else object())
    said = call(*town.options, "web")
    assert said.code == Exit.USAGE
    assert "the desk needs uvicorn, which is not installed; pip install 'news-monitor[web]'" in said.err
