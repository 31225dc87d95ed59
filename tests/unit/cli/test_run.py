"""The daemon started and stopped as a person or a service manager would; one round; and whether all is well."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest

from monitor.cli.common import Exit
from monitor.cli.run import _progress
from monitor.logs import get_logger
from monitor.model import Beat, NoticeKind
from monitor.store import ArchiveLock, open_store
from tests.builders import a_digest, a_message
from tests.configfolder import a_config
from tests.unit.cli.calling import Call, Town

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
WELL = Beat("poll", NOW, NOW, timedelta(minutes=1))


@contextmanager
def daemon(*options: str) -> Iterator[subprocess.Popen[str]]:
    """`monitor run` in a process of its own, waited for until it ticks."""
    command = [sys.executable, "-m", "monitor", *options, "run"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_for(process, "daemon started")
            yield process
        finally:
            process.kill()


def wait_for(process: subprocess.Popen[str], words: str) -> str:
    """The log line with these words; fails when the process ends without it."""
    assert process.stderr
    seen = []
    for line in process.stderr:
        seen.append(line)
        if words in line:
            return line
    pytest.fail("".join(seen))


def test_the_daemon_obeys_its_signals(copied: Town, tmp_path: Path, call: Call) -> None:
    config = a_config(tmp_path / "config", {"feeds.toml": "", "monitor.toml": "[extract]\nworkers = 0\n"})
    (config / "feeds.toml").write_text((copied.config / "feeds.toml").read_text("utf-8"), "utf-8")
    options = ("--config", str(config), "--archive", str(copied.archive))
    with daemon(*options) as process:
        second = call(*options, "run")
        assert second.code == Exit.ARCHIVE
        assert f"another monitor daemon (process {process.pid}) runs on this archive" in second.err
        assert call(*options, "once").code == Exit.ARCHIVE
        process.send_signal(signal.SIGHUP)
        wait_for(process, "configuration read again")
        (config / "topics.toml").write_text("[topics", "utf-8")
        process.send_signal(signal.SIGHUP)
        wait_for(process, "the last good one stays")
        process.send_signal(signal.SIGTERM)
        wait_for(process, "stopped")
        for impatient in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            process.send_signal(impatient)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (Exit.OK, "")
    assert "Traceback" not in err


def test_the_daemon_refuses_a_wrong_configuration(tmp_path: Path, call: Call) -> None:
    config = a_config(tmp_path / "config", {"feeds.toml": "[[feeds]]\n"})
    said = call("--config", config, "--archive", tmp_path / "archive", "run")
    assert said.code == Exit.USAGE
    assert "did you mean 'feed'?" in said.err
    assert not (tmp_path / "archive").exists()


def test_a_reload_asked_for_during_the_start_does_not_end_it(
    copied: Town, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = []
    asking = signal.pthread_sigmask
    monkeypatch.setattr(
        "monitor.daemon.run_daemon", lambda *_: held.append(signal.SIGHUP in asking(signal.SIG_BLOCK, ()))
    )
    assert call(*copied.options, "run").code == Exit.OK
    asking(signal.SIG_UNBLOCK, {signal.SIGHUP})
    assert held == [True]


def test_a_round_says_what_it_did(copied: Town, call: Call) -> None:
    (copied.archive / "monitor.db").unlink()
    said = call(*copied.options, "once")
    lines = said.out.splitlines()
    assert said.code == Exit.OK
    assert lines[0] == "Feeds   8 due · 8 read · 0 unchanged · 0 failed"
    assert re.fullmatch(r"Items   53 new · 0 edited · (19|20|21) match a topic", lines[1])
    assert re.fullmatch(rf"Sent    daily@[\dT:-]+ → written to {copied.archive}/outbox", lines[2])
    assert "feed read" in said.err  # the plain lines that stand where a terminal has bars


def test_a_round_with_nothing_due(copied: Town, call: Call) -> None:
    said = call(*copied.options, "once")
    assert said.code == Exit.OK
    assert said.out.splitlines()[0].startswith("Feeds   0 due")
    assert said.out.splitlines()[-1].startswith("Digest  none due")
    told = json.loads(call(*copied.options, "once", "--all", "--json").out)
    assert (told["poll"]["due"], told["poll"]["unchanged"], told["digests"]) == (8, 8, [])


class Terminal(StringIO):
    """A terminal as programs see it."""

    def isatty(self) -> bool:
        return True


def test_long_work_has_bars_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with _progress("plain") as progress:
        progress("feeds visited", 3, 8)
        progress("feeds visited", 8, 8)
        progress("pages fetched", 1, 40)
        get_logger().info("feed read")
        get_logger().error("a job failed")
    assert re.search(r"feeds visited.*8/8", screen.getvalue())
    assert re.search(r"pages fetched.*1/40", screen.getvalue())
    assert "a job failed" in screen.getvalue()
    assert "feed read" not in screen.getvalue()  # the bars tell it


def test_long_work_is_silent_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    with _progress("plain") as progress:
        progress("feeds visited", 3, 8)
    assert capsys.readouterr() == ("", "")


def test_a_round_without_any_network_says_so(tmp_path: Path, call: Call) -> None:
    dead = "".join(f'[[feed]]\nname = "dead-{n}"\nurl = "http://127.0.0.{n}:1/feed"\n' for n in (1, 2, 3))
    config = a_config(
        tmp_path / "config",
        {
            "feeds.toml": dead,
            "monitor.toml": '[poll]\ncanaries = []\n[fetch]\nallow_private = ["127.0.0.0/8"]\n[extract]\nworkers = 0\n',
        },
    )
    said = call("--config", config, "--archive", tmp_path / "archive", "once")
    assert said.code == Exit.NOT_WELL
    assert "3 due · none of them could be reached; this looks like this machine's own network being down" in said.out


def test_a_round_waits_for_no_daemon(copied: Town, call: Call) -> None:
    with ArchiveLock(copied.archive):
        said = call(*copied.options, "once")
    assert said.code == Exit.ARCHIVE
    assert "another monitor daemon" in said.err


def test_an_archive_that_cannot_be_made(tmp_path: Path, call: Call) -> None:
    (tmp_path / "file").write_text("no folder")
    said = call("--config", a_config(tmp_path / "config"), "--archive", tmp_path / "file" / "archive", "once")
    assert said.code == Exit.ARCHIVE
    assert "cannot be made: Not a directory" in said.err


def test_health_of_an_archive_that_works(town: Town, call: Call) -> None:
    said = call(*town.options, "health")
    assert said.code == Exit.OK
    assert [line.split()[:2] for line in said.out.splitlines()[:-1]] == [
        ["✓", "deliver"],
        ["✓", "digest"],
        ["✓", "poll"],
        ["✓", "outbox"],
    ]
    assert said.out.splitlines()[-1] == "healthy"
    told = json.loads(call(*town.options, "health", "--json").out)
    assert (told["healthy"], told["troubles"], told["outbox"]["delivered"]) == (True, {}, 1)


@pytest.mark.parametrize(("command", "word"), [(["health"], "healthy"), (["doctor", "--offline"], "well")])
def test_what_cannot_be_opened_is_told_to_machines_too(copied: Town, call: Call, command: list[str], word: str) -> None:
    (copied.archive / "monitor.db").write_bytes(b"no database " * 500)
    said = call(*copied.options, *command, "--json")
    assert (said.code, json.loads(said.out)[word]) == (Exit.ARCHIVE, False)
    assert "it is not an SQLite database" in said.out
    assert "it is not an SQLite database" in said.err


def test_health_names_backups_that_are_not_made(copied: Town, call: Call) -> None:
    copied = copied.with_settings('[backup]\nschedule = "30 3 * * *"\n')
    said = call(*copied.options, "health")
    assert said.code == Exit.NOT_WELL
    assert "✗ backup   there is none in " in said.out
    assert call(*copied.options, "backup").code == Exit.OK
    assert call(*copied.options, "health").code == Exit.OK


def test_health_names_a_disk_that_runs_full(town: Town, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=123_456_789))
    said = call(*town.options, "health")
    assert said.code == Exit.NOT_WELL
    assert "✗ disk     only 123 MB are free at " in said.out


def test_health_of_an_archive_left_alone(copied: Town, call: Call) -> None:
    store = open_store(f"sqlite:///{copied.archive / 'monitor.db'}")
    long_ago = datetime.now(UTC) - timedelta(hours=2)
    with store.begin() as shelves:
        shelves.pulse.beat(Beat("poll", long_ago, long_ago, timedelta(minutes=1)))
    store.close()
    said = call(*copied.options, "health")
    assert said.code == Exit.NOT_WELL
    assert "✗ poll     last success 2 h ago" in said.out
    assert said.out.splitlines()[-1] == "not healthy"


def test_health_of_a_daemon_that_was_killed_in_a_round(copied: Town, call: Call) -> None:
    store = open_store(f"sqlite:///{copied.archive / 'monitor.db'}")
    now = datetime.now(UTC)
    with store.begin() as shelves:
        shelves.pulse.beat(Beat("poll", now - timedelta(hours=2), now - timedelta(hours=2), timedelta(minutes=1)))
        shelves.pulse.begin("poll", now, timedelta(minutes=1))
    store.close()
    with ArchiveLock(copied.archive):  # which is at work, and may be for an hour
        assert call(*copied.options, "health").code == Exit.OK
    (copied.archive / "monitor.lock").write_text("4711\n")
    said = call(*copied.options, "health")
    assert said.code == Exit.NOT_WELL
    assert "✗ poll     last success 2 h ago" in said.out
    assert "✗ daemon   process 4711 ended in the middle of its work; start it again" in said.out


def test_health_names_a_message_that_was_given_up(copied: Town, call: Call) -> None:
    store = open_store(f"sqlite:///{copied.archive / 'monitor.db'}")
    message = a_message(key="daily@2026-03-02T08:00")
    with store.begin() as shelves:
        shelves.outbox.put(message, a_digest(key=message.key))
        shelves.outbox.refuse(message.key, "550 no such mailbox", datetime.now(UTC))
    store.close()
    said = call(*copied.options, "health")
    assert said.code == Exit.NOT_WELL
    assert "✗ outbox   given up in the last 7 days: daily@2026-03-02T08:00: 550 no such mailbox" in said.out


def test_health_names_evidence_that_is_not_kept(copied: Town, call: Call) -> None:
    store = open_store(f"sqlite:///{copied.archive / 'monitor.db'}")
    with store.begin() as shelves:
        shelves.notices.settle("Evidence", {NoticeKind.NO_EVIDENCE: "x could not be written"}, datetime.now(UTC))
    store.close()
    said = call(*copied.options, "health")
    assert said.code == Exit.NOT_WELL
    assert "✗ evidence cannot be kept: x could not be written" in said.out


def test_health_names_a_channel_that_takes_nothing_for_hours(copied: Town, call: Call) -> None:
    store = open_store(f"sqlite:///{copied.archive / 'monitor.db'}")
    with store.begin() as shelves:
        shelves.notices.settle("mail → outbox", {NoticeKind.LATE: "421 busy"}, datetime.now(UTC))
    store.close()
    said = call(*copied.options, "health")
    assert said.code == Exit.NOT_WELL
    assert "✗ channels mail → outbox could not be delivered for hours: 421 busy" in said.out


def test_health_shows_what_is_noticed_and_only_the_network_makes_it_ill(copied: Town, call: Call) -> None:
    store = open_store(f"sqlite:///{copied.archive / 'monitor.db'}")
    with store.begin() as shelves:
        shelves.notices.settle("northwire", {NoticeKind.EMPTY: "answers, but lists nothing"}, datetime.now(UTC))
    said = call(*copied.options, "health")
    assert said.code == Exit.OK
    assert "! northwire: answers, but lists nothing" in said.out
    with store.begin() as shelves:
        shelves.notices.settle("", {NoticeKind.NETWORK: "nothing can be reached"}, datetime.now(UTC))
    store.close()
    said = call(*copied.options, "health")
    assert said.code == Exit.NOT_WELL
    assert "✗ network  nothing can be reached; noticed " in said.out
    assert len(json.loads(call(*copied.options, "health", "--json").out)["notices"]) == 2


def test_health_before_the_first_run(tmp_path: Path, call: Call) -> None:
    options = ("--config", str(a_config(tmp_path / "config")), "--archive", str(tmp_path / "none"))
    said = call(*options, "health")
    assert said.code == Exit.NOT_WELL
    assert "✗ daemon   has never run on " in said.out
    assert json.loads(call(*options, "health", "--json").out)["healthy"] is False
    assert not (tmp_path / "none").exists()


def test_a_round_without_news_loads_only_what_it_uses(copied: Town, call: Call) -> None:
    script = (
        "import sys\nfrom monitor.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit as end:\n    assert not end.code\n"
        "unused = 'feedparser lark rich slack_sdk sqlalchemy.dialects.postgresql trafilatura'\n"
        "print(*(set(unused.split()) & set(sys.modules)), file=sys.stderr, end='')\n"
    )
    quiet = copied.with_settings('\n[log]\nlevel = "error"\n')
    assert call(*quiet.options, "once", "--json").code == Exit.OK  # notes that the topics are right
    command = [sys.executable, "-c", script, *map(str, quiet.options), "once", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["poll"]["new"] == 0


@pytest.mark.parametrize("command", ["health", "why https://courier.example/x", "show x", "topics", "feeds", "check"])
def test_what_visits_nothing_loads_no_http_library(command: str, copied: Town) -> None:
    script = (
        "import sys\nfrom monitor.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print(*({'aiohttp', 'aiodns', 'trafilatura'} & set(sys.modules)), file=sys.stderr, end='')\n"
    )
    words = [sys.executable, "-c", script, *map(str, copied.options), *command.split()]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert not {"aiohttp", "aiodns", "trafilatura"} & set(done.stderr.split()), done.stderr
    assert done.stdout or done.stderr
