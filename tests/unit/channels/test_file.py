"""Digests as files: whole, safe names, trouble in words."""

import email
import errno
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from monitor.channels.file import FileChannel, file_name
from monitor.errors import ConfigError, DeliveryError
from tests.builders import NOW, a_message
from tests.mailserver import STRICT, body_of


def a_channel(archive: Path, **options: Any) -> FileChannel:
    return FileChannel.from_options(
        options, name="files", file="subscriptions.toml", where="channel.files", folder=archive
    )


def test_the_five_files(tmp_path: Path) -> None:
    message = a_message(subject="Дайджест", text="Одна історія.\n", slack=('{"text": "Одна"}', '{"text": "Дві"}'))
    receipt = a_channel(tmp_path).send(message, NOW)
    folder = tmp_path / "outbox"
    assert (receipt.key, receipt.at, receipt.detail) == (message.key, NOW, f"written to {folder}")
    base = "daily@2026-11-23T08-00"
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        f"{base}{ending}" for ending in (".eml", ".html", ".json", ".slack.json", ".txt")
    )
    assert (folder / f"{base}.txt").read_text() == message.text
    assert (folder / f"{base}.html").read_text() == message.html
    assert json.loads((folder / f"{base}.slack.json").read_text()) == [{"text": "Одна"}, {"text": "Дві"}]
    assert json.loads((folder / f"{base}.json").read_text())["key"] == message.key
    read = email.message_from_bytes((folder / f"{base}.eml").read_bytes(), policy=STRICT)
    assert (read["Subject"], read["Message-ID"], body_of(read, "plain")) == (
        "Дайджест",
        message.message_id,
        message.text,
    )
    assert read["From"].addresses[0].addr_spec == "news-monitor@news-monitor.local"


def test_the_same_again_changes_nothing(tmp_path: Path) -> None:
    channel = a_channel(tmp_path, folder="deep/er")
    channel.send(a_message(), NOW)
    before = {path.name: path.read_bytes() for path in (tmp_path / "deep" / "er").iterdir()}
    channel.send(a_message(), NOW)
    assert {path.name: path.read_bytes() for path in (tmp_path / "deep" / "er").iterdir()} == before


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("daily@2026-11-23T08:00", "daily@2026-11-23T08-00"),
        ("daily@preview", r"daily@preview-[0-9a-f]{16}"),
        ("../../etc/passwd", r"etc-passwd-[0-9a-f]{16}"),
        ("..", r"[0-9a-f]{16}"),
        ("-rf /", r"rf---[0-9a-f]{16}"),
        ("новини@x", r"x-[0-9a-f]{16}|@x-[0-9a-f]{16}"),
        ("x" * 500, r"x{120}-[0-9a-f]{16}"),
    ],
)
def test_names_of_files(key: str, name: str) -> None:
    assert re.fullmatch(name, file_name(key))


def test_different_keys_have_different_names() -> None:
    keys = ["daily@2026-11-23T08:00", "daily@2026-11-23T08-00", "daily@2026-11-23T08/00", "x" * 130, "x" * 131]
    assert len({file_name(key) for key in keys}) == len(keys)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_full_or_closed_disk_is_tried_again(tmp_path: Path, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = a_channel(tmp_path)
    channel.send(a_message(text="old"), NOW)

    def fails(_descriptor: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(DeliveryError, match=rf"cannot write into .*: {os.strerror(code)}; free space") as caught:
        channel.send(a_message(text="new"), NOW)
    assert not caught.value.permanent
    names = sorted(path.name for path in (tmp_path / "outbox").iterdir())
    assert len(names) == 5
    assert not any(name.endswith(".part") for name in names)
    assert (tmp_path / "outbox" / "daily@2026-11-23T08-00.txt").read_text() == "old"


def test_a_file_in_the_way_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("in the way")
    channel = a_channel(tmp_path)
    assert "cannot write into" in channel.check()
    with pytest.raises(DeliveryError, match="cannot write into"):
        channel.send(a_message(), NOW)


def test_check_leaves_nothing_behind(tmp_path: Path) -> None:
    assert a_channel(tmp_path).check() == ""
    assert list((tmp_path / "outbox").iterdir()) == []


def test_an_absolute_folder_stays_where_it_is(tmp_path: Path) -> None:
    assert a_channel(Path("/elsewhere"), folder=str(tmp_path)).folder == tmp_path


@pytest.mark.parametrize("options", [{"folder": ""}, {"folder": 1}, {"folders": "x"}])
def test_wrong_options(options: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"channel\.files · folder"):
        a_channel(tmp_path, **options)
