"""Moving house: what is packed on one machine is there on another; the next digest repeats and misses nothing."""

import json
import os
import shutil
from pathlib import Path

import pytest

from monitor.cli.common import Exit
from monitor.store import ArchiveLock
from monitor.store.dump import TABLES, dumping
from tests.configfolder import a_config
from tests.unit.cli.calling import Call, Town


def _lines(archive: Path) -> dict[str, list[bytes]]:
    with dumping(f"sqlite:///{archive}/monitor.db") as dump:
        return {name: list(dump.lines(name)) for name in TABLES}


def _told(archive: Path) -> set[tuple[str, str]]:
    return {(row["subscription"], row["story"]) for row in map(json.loads, _lines(archive)["told"])}


@pytest.mark.parametrize("name", ["house.tar.gz", "house"])
def test_a_house_is_moved(copied: Town, call: Call, tmp_path: Path, name: str) -> None:
    (copied.archive / "evidence" / "2026").mkdir(parents=True)
    (copied.archive / "evidence" / "2026" / "a.warc.gz").write_bytes(b"\x1f\x8bbytes")
    (copied.archive / "learned.json").write_text("{}")
    made = call(*copied.options, "export", tmp_path / name)
    assert made.code == Exit.OK, made.err
    assert made.out.splitlines()[0] == f"exported: {tmp_path / name}"
    new = ("--config", tmp_path / "new" / "config", "--archive", tmp_path / "new" / "archive")
    moved = call(*new, "import", tmp_path / name)
    assert moved.code == Exit.OK, moved.err
    assert "`monitor check`" in moved.out
    assert _lines(tmp_path / "new" / "archive") == _lines(copied.archive)
    for path in (path for path in copied.config.rglob("*") if path.suffix == ".toml"):
        assert (tmp_path / "new" / "config" / path.relative_to(copied.config)).read_bytes() == path.read_bytes()
    assert (tmp_path / "new" / "archive" / "evidence" / "2026" / "a.warc.gz").read_bytes() == b"\x1f\x8bbytes"
    assert sorted(one.name for one in (tmp_path / "new" / "archive").iterdir()) == [
        "evidence",
        "learned.json",
        "monitor.db",
        "monitor.lock",
    ]


def test_the_next_digest_on_the_new_machine_repeats_nothing_and_misses_nothing(
    copied: Town, call: Call, tmp_path: Path
) -> None:
    """Some was told before the move; what came to match since is told on the new machine as it is on the old one."""
    config = tmp_path / "config"
    shutil.copytree(copied.config, config)
    with (config / "topics.toml").open("a") as file:
        file.write('\n[topics.treaties]\ntitle = "Treaties"\nclauses = [{ query = "treaty OR bake", weight = 9 }]\n')
    old = ("--config", config, "--archive", copied.archive)
    assert call(*old, "rejudge").code == Exit.OK
    assert call(*old, "export", tmp_path / "house.tar.gz").code == Exit.OK
    new = ("--config", tmp_path / "new" / "config", "--archive", tmp_path / "new" / "archive")
    assert call(*new, "import", tmp_path / "house.tar.gz").code == Exit.OK
    before = _told(copied.archive)
    assert _told(tmp_path / "new" / "archive") == before
    assert before
    assert call(*old, "digest", "send", "--now").code == Exit.OK
    assert call(*new, "digest", "send", "--now").code == Exit.OK
    after = _told(copied.archive)
    assert after > before
    assert _told(tmp_path / "new" / "archive") == after
    call(*new, "digest", "send", "--now")
    assert _told(tmp_path / "new" / "archive") == after


def test_over_an_archive_that_holds_something_only_when_told(copied: Town, call: Call, tmp_path: Path) -> None:
    call(*copied.options, "export", tmp_path / "house.tar.gz")
    before = _lines(copied.archive)
    refused = call(*copied.options, "import", tmp_path / "house.tar.gz")
    assert refused.code == Exit.ARCHIVE
    assert "holds something already; nothing was changed" in refused.err
    assert _lines(copied.archive) == before
    done = call(*copied.options, "import", "--replace", tmp_path / "house.tar.gz")
    assert done.code == Exit.OK
    (kept,) = copied.archive.glob("monitor-before-import-*.db")
    assert f"kept of before: {kept}" in done.out
    assert _lines(copied.archive) == before


def test_over_another_configuration_only_when_told(copied: Town, call: Call, tmp_path: Path) -> None:
    call(*copied.options, "export", tmp_path / "house.tar.gz")
    config = a_config(tmp_path / "other")
    options = ("--config", config, "--archive", tmp_path / "new")
    refused = call(*options, "import", tmp_path / "house.tar.gz")
    assert refused.code == Exit.ARCHIVE
    assert "feeds.toml" in refused.err
    assert not (tmp_path / "new" / "monitor.db").exists()
    assert call(*options, "import", "--no-config", tmp_path / "house.tar.gz").code == Exit.OK
    assert "Northern Courier" in (config / "feeds.toml").read_text()
    assert call(*options, "import", "--replace", tmp_path / "house.tar.gz").code == Exit.OK
    assert (config / "feeds.toml").read_bytes() == (copied.config / "feeds.toml").read_bytes()
    (kept,) = config.glob("feeds.toml.before-import-*")
    assert "Northern Courier" in kept.read_text()


def test_not_while_a_daemon_runs(copied: Town, call: Call, tmp_path: Path) -> None:
    call(*copied.options, "export", tmp_path / "house.tar.gz")
    with ArchiveLock(copied.archive):
        said = call(*copied.options, "import", "--replace", tmp_path / "house.tar.gz")
    assert (said.code, "another monitor daemon" in said.err) == (Exit.ARCHIVE, True)


def test_no_secret_is_packed_and_what_is_needed_is_told(
    copied: Town, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEED_KEY", "value-of-the-key")
    config = tmp_path / "config"
    shutil.copytree(copied.config, config)
    feeds = (config / "feeds.toml").read_text()
    (config / "feeds.toml").write_text(
        feeds + '[[feed]]\nname = "paid"\nurl = "https://paid.example/rss"\nlogin = "me:written-out"\n'
        'headers = { Key = "env:FEED_KEY" }\n'
    )
    made = call("--config", config, "--archive", copied.archive, "export", tmp_path / "house")
    assert "secrets to be set on the new machine: env:FEED_PAID_LOGIN, env:FEED_KEY" in made.out
    for folder, _, names in os.walk(tmp_path / "house"):
        for name in names:
            content = (Path(folder) / name).read_bytes()
            assert b"written-out" not in content
            assert b"value-of-the-key" not in content


def test_a_damaged_parcel_changes_nothing(copied: Town, call: Call, tmp_path: Path) -> None:
    call(*copied.options, "export", tmp_path / "house")
    table = tmp_path / "house" / "tables" / "articles.jsonl"
    table.write_bytes(table.read_bytes()[:-10])
    said = call("--config", tmp_path / "c", "--archive", tmp_path / "a", "import", tmp_path / "house")
    assert said.code == Exit.ARCHIVE
    assert "tables/articles.jsonl" in said.err
    assert not (tmp_path / "c").exists()
    assert list((tmp_path / "a").iterdir()) == []
