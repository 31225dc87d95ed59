"""Where the folders are, how troubles end, whether there is an archive."""

import os
from pathlib import Path

import pytest

from monitor.cli.common import (
    Exit,
    MisuseError,
    Paths,
    choose,
    give_up,
    has_archive,
    left_to_owner,
    opened,
    read_settings,
    reading,
    shipped_config,
)
from monitor.errors import ConfigError, LockedError, MonitorError, Problem, StoreError
from tests.configfolder import a_config
from tests.unit.cli.calling import Call, Town


def test_the_configuration_here_goes_before_the_shipped_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Paths.find(None, None) == Paths(shipped_config(), Path("archive"))
    a_config(tmp_path / "config")
    assert Paths.find(None, None) == Paths(Path("config"), None)
    assert Paths.find(None, "elsewhere") == Paths(Path("config"), Path("elsewhere"))
    assert Paths.find("mine", None) == Paths(Path("mine"), None)


def test_the_shipped_configuration_is_there() -> None:
    assert (shipped_config() / "monitor.toml").is_file()


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConfigError([Problem("feeds.toml", "line 1", "is wrong")]), Exit.USAGE),
        (MisuseError("no such thing"), Exit.USAGE),
        (StoreError("unreadable"), Exit.ARCHIVE),
        (LockedError("another daemon"), Exit.ARCHIVE),
        (MonitorError("not well"), Exit.NOT_WELL),
    ],
)
def test_each_trouble_has_its_code(error: MonitorError, code: Exit, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        give_up(error)
    assert ended.value.code == code
    assert capsys.readouterr().err == f"monitor: {error}\n"


def test_the_help_names_every_code() -> None:
    assert all(str(int(code)) in Exit.table() for code in Exit)


def test_asking_makes_no_archive(tmp_path: Path) -> None:
    paths = Paths(a_config(tmp_path / "config"), tmp_path / "archive")
    settings = read_settings(paths)
    assert not has_archive(settings)
    with pytest.raises(StoreError, match=r"there is no archive in .*archive yet"), reading(settings):
        pytest.fail("there is nothing to read")
    with pytest.raises(StoreError, match="monitor once"), opened(paths, existing=True):
        pytest.fail("there is nothing to open")
    assert not paths.archive or not paths.archive.exists()


def test_what_was_opened_once_can_be_read(tmp_path: Path) -> None:
    paths = Paths(a_config(tmp_path / "config"), tmp_path / "archive")
    with opened(paths, workers=0) as app:
        assert app.settings.archive.folder == tmp_path / "archive"
    settings = read_settings(paths)
    assert has_archive(settings)
    with reading(settings) as store, store.read() as shelves:
        assert shelves.feeds.states() == {}


def test_a_subscription_by_name_or_the_first(tmp_path: Path) -> None:
    subscriptions = read_settings(Paths(a_config(tmp_path), None)).subscriptions
    assert choose(subscriptions, None).name == choose(subscriptions, "daily").name == "daily"
    with pytest.raises(MisuseError, match="no subscription 'dialy'; did you mean 'daily'"):
        choose(subscriptions, "dialy")
    with pytest.raises(MisuseError, match="known: daily"):
        choose(subscriptions, "x")


def test_a_command_of_a_group_that_there_is_not_is_told_the_right_ones(call: Call) -> None:
    said = call("feeds", "inport", "x.opml")
    assert (said.code, "there is no command 'inport'; did you mean 'import'?" in said.err) == (Exit.USAGE, True)
    assert "there is no command 'new'; known: learn, score, suggest, test, try" in call("topics", "new").err


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_what_root_makes_in_the_archive_of_another_is_left_to_its_owner(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "archive", tmp_path / "secret"
    folder.mkdir()
    os.chown(folder, 4711, 4712)
    elsewhere.write_text("root's own")
    with left_to_owner(folder, tmp_path / "not there"):
        (folder / "evidence").mkdir()
        (folder / "evidence" / "today.warc.gz").touch()
        (folder / "link").symlink_to(elsewhere)
        os.link(elsewhere, folder / "other name")
        (folder / "of a third").touch()
        os.chown(folder / "of a third", 4713, 4713)
    owners = {path.name: path.lstat().st_uid for path in folder.rglob("*")}
    assert owners == {"evidence": 4711, "today.warc.gz": 4711, "link": 0, "other name": 0, "of a third": 4713}
    assert elsewhere.stat().st_uid == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_a_round_and_a_backup_by_root_leave_nothing_of_roots(copied: Town, call: Call) -> None:
    os.chown(copied.archive, 4711, 4712)
    for path in copied.archive.rglob("*"):
        os.chown(path, 4711, 4712)
    assert call(*copied.options, "once", "--all").code == Exit.OK
    assert call(*copied.options, "backup").code == Exit.OK
    assert {path.name for path in copied.archive.rglob("*") if path.stat().st_uid == 0} == set()
