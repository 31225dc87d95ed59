"""Secrets from the environment and from files, hidden once read."""

from pathlib import Path

import pytest

from monitor.logs import MASK, masked
from monitor.settings.secrets import UNREAD, resolve


def test_secrets_are_read_and_hidden(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("  from-a-file-77 \n")
    table = {
        "plain": "as it is",
        "password": "env:PASSWORD",
        "token": "file:token",
        "absolute": f"file:{tmp_path / 'token'}",
        "urls": ["env:URL", "json://x", 5],
        "port": 25,
    }
    environ = {"PASSWORD": "from-env-77", "URL": "url-from-env-77"}
    resolved, problems = resolve(table, environ, tmp_path, file="f.toml", where="channel.x")
    assert problems == []
    assert resolved == {
        "plain": "as it is",
        "password": "from-env-77",
        "token": "from-a-file-77",
        "absolute": "from-a-file-77",
        "urls": ["url-from-env-77", "json://x", 5],
        "port": 25,
    }
    assert masked("from-env-77 from-a-file-77 url-from-env-77") == " ".join([MASK] * 3)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("env:MISSING", "MISSING is not set — set it, for example: export MISSING=…"),
        ("env:EMPTY", "EMPTY is empty"),
        ("file:~nobody-here/token", "file ~nobody-here/token cannot be found: there is no such user"),
        ("env:PASWORD", "PASWORD is not set — did you mean 'PASSWORD'?"),
        ("env:", "the environment variable  is not set"),
        ("file:nowhere", "nowhere cannot be read: No such file or directory"),
        ("file:.", "cannot be read: Is a directory"),
        ("file:blank", "blank is empty"),
        ("file:huge", "huge is too long"),
        ("file:binary", "binary is no text in UTF-8"),
    ],
)
def test_what_cannot_be_read(value: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "blank").write_text(" \n")
    (tmp_path / "huge").write_text("x" * 20_000)
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    resolved, (problem,) = resolve(
        {"key": [value]}, {"EMPTY": "", "PASSWORD": "x"}, tmp_path, file="f.toml", where="channel.x"
    )
    assert resolved == {"key": [UNREAD]}
    assert str(problem).startswith("f.toml: channel.x · key: the ")
    assert message in str(problem)
