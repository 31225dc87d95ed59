"""A file of the configuration is right afterwards, or as it was."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

import monitor
from monitor.errors import MonitorError
from monitor.settings.rewriting import KEPT, is_shipped, rewrite, text_of
from tests.builders import NOW
from tests.configfolder import a_config

MORE = '\n[topics.film]\ntitle = "Film"\nclauses = [{ query = "film", weight = 5 }]\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return a_config(tmp_path / "config") / "topics.toml"


def test_what_is_right_is_written_and_the_file_before_kept(file: Path, tmp_path: Path) -> None:
    before = file.read_text("utf-8")
    settings = rewrite(file, before, before + MORE, {}, tmp_path / "archive", NOW)
    assert [topic.name for topic in settings.topics.topics][-1] == "film"
    assert file.read_text("utf-8") == before + MORE
    (kept,) = (tmp_path / "archive" / "former").iterdir()
    assert kept.read_text("utf-8") == before
    assert sorted(one.name for one in file.parent.iterdir() if one.name.startswith(".")) == []


def test_what_would_be_wrong_leaves_the_file_as_it_was(file: Path, tmp_path: Path) -> None:
    before = file.read_text("utf-8")
    with pytest.raises(MonitorError, match="is as it was"):
        rewrite(file, before, before + "[topics.x]", {}, tmp_path / "archive")
    assert file.read_text("utf-8") == before


def test_a_change_of_somebody_else_is_not_written_over(file: Path, tmp_path: Path) -> None:
    before = file.read_text("utf-8")
    file.write_text(before + MORE, "utf-8")
    with pytest.raises(MonitorError, match="changed meanwhile"):
        rewrite(file, before, before + "# mine", {}, tmp_path / "archive")
    assert file.read_text("utf-8") == before + MORE


def test_a_link_stays_one(file: Path, tmp_path: Path) -> None:
    before, real = file.read_text("utf-8"), tmp_path / "real.toml"
    file.rename(real)
    file.symlink_to(real)
    rewrite(file, before, before + MORE, {}, tmp_path / "archive")
    assert file.is_symlink()
    assert real.read_text("utf-8") == before + MORE


def test_line_ends_and_a_mark_at_the_beginning_stay(file: Path, tmp_path: Path) -> None:
    """As Windows' editors write them."""
    before = file.read_text("utf-8")
    was = b"\xef\xbb\xbf" + before.replace("\n", "\r\n").encode()
    file.write_bytes(was)
    assert text_of(file) == before
    with pytest.raises(MonitorError, match="is as it was"):
        rewrite(file, before, before + "[topics.x]", {}, tmp_path / "archive")
    assert file.read_bytes() == was
    rewrite(file, before, before + MORE, {}, tmp_path / "archive")
    assert file.read_bytes() == was + MORE.replace("\n", "\r\n").encode()


def test_rights_and_owner_stay(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "chown", lambda _path, user, group: given.append((user, group)))
    file.chmod(0o600)
    rewrite(file, file.read_text("utf-8"), file.read_text("utf-8") + MORE, {}, tmp_path / "archive")
    assert file.stat().st_mode & 0o777 == 0o600
    assert given == [(file.stat().st_uid, file.stat().st_gid)]


def test_only_so_many_copies_are_kept(file: Path, tmp_path: Path) -> None:
    former = tmp_path / "archive" / "former"
    former.mkdir(parents=True)
    for number in range(KEPT + 3):
        (former / f"topics-20250101T{number:06}.toml").write_text("old", "utf-8")
    text = file.read_text("utf-8")
    rewrite(file, text, text + MORE, {}, tmp_path / "archive", NOW + timedelta(seconds=1))
    kept = sorted(former.iterdir())
    assert len(kept) == KEPT
    assert kept[-1].read_text("utf-8") == text


def test_the_program_s_own_configuration_is_left_alone(tmp_path: Path) -> None:
    assert is_shipped(Path(monitor.__file__).parent / "shipped")
    assert not is_shipped(tmp_path)


def test_a_file_that_is_not_there_is_written_or_stays_away(tmp_path: Path) -> None:
    feeds = a_config(tmp_path / "config") / "feeds.toml"
    text = feeds.read_text("utf-8")
    feeds.unlink()
    with pytest.raises(MonitorError, match="is as it was"):
        rewrite(feeds, "", "[[feed]]", {}, tmp_path / "archive")
    assert not feeds.exists()
    rewrite(feeds, "", text, {}, tmp_path / "archive", NOW)
    assert feeds.read_text("utf-8") == text
