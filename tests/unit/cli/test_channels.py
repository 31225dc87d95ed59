"""The ways outward, and one tried."""

import json
from datetime import UTC, datetime
from pathlib import Path

from monitor.cli.common import Exit
from monitor.model import NoticeKind
from monitor.store import open_store
from tests.configfolder import SUBSCRIPTIONS, a_config
from tests.mailserver import free_port, mail_server
from tests.unit.cli.calling import Call, Town


def with_mail(folder: Path, port: int) -> Path:
    mail = f"""
[channel.mail]
kind = "email"
host = "127.0.0.1"
port = {port}
security = "none"
from = "news@example.org"
to = ["analyst@example.org"]
"""
    return a_config(folder, {"subscriptions.toml": SUBSCRIPTIONS + mail})


def test_each_channel_stands_on_one_line(tmp_path: Path, call: Call) -> None:
    config = with_mail(tmp_path / "config", free_port())
    said = call("--config", config, "--archive", tmp_path / "none", "channels")
    assert said.code == Exit.OK
    assert said.out.splitlines() == [
        "channel  kind   used by  delivered  state",
        "folder   file   daily    –          ok",
        "mail     email  –        –          ok",
    ]
    assert not (tmp_path / "none").exists()


def test_the_last_delivery_is_told(town: Town, call: Call) -> None:
    (row,) = json.loads(call(*town.options, "channels", "--json").out)
    assert (row["kind"], row["problem"]) == ("file", "")
    assert row["delivered"] is not None


def test_a_check_finds_a_dead_server(tmp_path: Path, call: Call) -> None:
    config = with_mail(tmp_path / "config", free_port())
    said = call("--config", config, "--archive", tmp_path / "archive", "channels", "--check")
    assert said.code == Exit.NOT_WELL
    assert "mail server 127.0.0.1 cannot be reached" in said.out.splitlines()[2]


def test_a_sample_goes_out_and_the_servers_words_come_back(tmp_path: Path, call: Call) -> None:
    with mail_server() as server:
        config = with_mail(tmp_path / "config", server.port)
        said = call("--config", config, "--archive", tmp_path / "archive", "channels", "test", "mail")
        (mail,) = server.mails
    assert said.code == Exit.OK
    assert said.out.startswith("Sent «Test of mail, ")
    assert said.out.rstrip().endswith("→ accepted for analyst@example.org (250 Kept)")
    assert "This is a test" in mail.text("plain")


def test_trouble_is_told_in_words(tmp_path: Path, call: Call) -> None:
    config = with_mail(tmp_path / "config", free_port())
    said = call("--config", config, "--archive", tmp_path / "archive", "channels", "test", "mail", "--json")
    answer = json.loads(said.out)
    assert (said.code, answer["channel"], answer["kind"], answer["answer"]) == (Exit.NOT_WELL, "mail", "email", "")
    assert "cannot be reached" in answer["problem"]
    spoken = call("--config", config, "--archive", tmp_path / "archive", "channels", "test", "mail")
    assert spoken.out.startswith("Not sent: mail server 127.0.0.1")


def test_a_wrong_name_gets_the_nearest(tmp_path: Path, call: Call) -> None:
    said = call("--config", a_config(tmp_path / "config"), "--archive", tmp_path / "none", "channels", "test", "foldr")
    assert said.code == Exit.USAGE
    assert "there is no channel 'foldr'; did you mean 'folder'?" in said.err


def test_what_was_switched_off_is_shown_and_switched_on(copied: Town, call: Call) -> None:
    store = open_store(f"sqlite:///{copied.archive / 'monitor.db'}")
    with store.begin() as shelves:
        shelves.switches.off("folder", {"": "404 gone"}, "another", datetime(2026, 3, 2, 12, tzinfo=UTC))
        shelves.notices.settle("folder", {NoticeKind.OFF: "404 gone"}, datetime(2026, 3, 2, 12, tzinfo=UTC))
    store.close()
    said = call(*copied.options, "channels")
    assert said.code == Exit.NOT_WELL
    assert "all of it switched off since 2026-03-02 12:00 UTC: 404 gone (0 messages held; `monitor chan" in said.out
    ill = call(*copied.options, "health")
    assert ill.code == Exit.NOT_WELL
    assert "folder is switched off: 404 gone" in ill.out
    assert "there is no channel 'foldre'" in call(*copied.options, "channels", "on", "foldre").err
    said = call(*copied.options, "channels", "on", "folder")
    assert said.code == Exit.OK
    assert said.out.splitlines()[0] == "Switched on folder, off since 2026-03-02 12:00 UTC: 404 gone"
    said = call(*copied.options, "channels", "on", "folder")
    assert (said.code, said.out) == (Exit.NOT_WELL, "nothing of folder is switched off\n")
    assert call(*copied.options, "health").code == Exit.OK
