"""The next digest shown, or one sent now."""

import json
import shutil
from pathlib import Path

import click
import pytest

from monitor.cli.common import Exit
from monitor.cli.digest import order_of
from monitor.store import ArchiveLock, open_store
from tests.builders import NOW, a_digest, a_message
from tests.unit.cli.calling import Call, Town


def test_a_preview_shows_and_marks_nothing(town: Town, call: Call) -> None:
    first = call(*town.options, "digest", "preview")
    assert first.code == Exit.OK
    assert first.out.startswith("Subject: ")
    assert first.err == ""
    assert call(*town.options, "digest", "preview", "daily").out.splitlines()[0] == first.out.splitlines()[0]


def test_a_preview_says_what_gave_each_story_its_rank(town: Town, call: Call) -> None:
    drawn = a_digest()
    head, first = order_of(drawn, {drawn.stories[0].reports[0].article.entry.feed: 1})
    assert head == "WHY IN THIS ORDER"
    assert first.startswith(f"1. {drawn.stories[0].originals[0].article.title}\n")
    assert "source +0.06" in first
    assert max(map(len, first.splitlines())) <= 78
    said = call(*town.options, "digest", "preview", "--why")
    assert said.code == Exit.OK
    assert ("WHY IN THIS ORDER" in said.out) == ("Why: " in said.out)


def test_a_preview_as_page_and_as_slack_payloads(town: Town, call: Call) -> None:
    page = call(*town.options, "digest", "preview", "--format", "html").out
    assert page.startswith("<!DOCTYPE html>")
    payloads = call(*town.options, "digest", "preview", "--format", "slack").out.splitlines()
    assert payloads
    assert all({"text", "blocks"} <= set(json.loads(payload)) for payload in payloads)


def test_slack_messages_drawn_as_a_page(town: Town, call: Call) -> None:
    page = call(*town.options, "digest", "preview", "--format", "slack-html").out
    assert page.startswith("<!doctype html>")
    assert 'class="header"' in page


def test_a_template_is_tried_before_it_is_used(town: Town, call: Call, tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt.j2"
    mine.write_text("{{ digest.title }} mine\n", "utf-8")
    said = call(*town.options, "digest", "preview", "--template", mine)
    assert (said.code, "daily mine" in said.out.splitlines()) == (Exit.OK, True)
    mine.write_text("fine\n{{ digest.nonsense }}", "utf-8")
    said = call(*town.options, "digest", "preview", "--template", mine)
    assert said.code == Exit.USAGE
    assert f"{mine}, line 2: " in said.err
    said = call(*town.options, "digest", "preview", "--template", "weekly")
    assert (said.code, "weekly.txt.j2: there is no such" in said.err) == (Exit.USAGE, True)
    said = call(*town.options, "digest", "preview", "--template", tmp_path / "none.txt.j2")
    assert (said.code, "none.txt.j2: there is no such file" in said.err) == (Exit.USAGE, True)


def test_a_template_in_the_folder_of_templates_is_tried_by_the_name_of_its_file(
    copied: Town, call: Call, tmp_path: Path
) -> None:
    shutil.copytree(copied.config, tmp_path / "config")
    (tmp_path / "config" / "templates").mkdir(exist_ok=True)
    (tmp_path / "config" / "templates" / "brief.txt.j2").write_text("{{ digest.title }} in brief\n", "utf-8")
    options = ("--config", tmp_path / "config", "--archive", copied.archive)
    said = call(*options, "digest", "preview", "--template", "brief.txt.j2")
    assert (said.code, "daily in brief" in said.out.splitlines()) == (Exit.OK, True)


def test_a_broken_template_is_told_and_keeps_nobody_from_the_digest(copied: Town, call: Call, tmp_path: Path) -> None:
    shutil.copytree(copied.config, tmp_path / "config")
    (tmp_path / "config" / "templates").mkdir(exist_ok=True)
    (tmp_path / "config" / "templates" / "digest.txt.j2").write_text("{{ digest.nonsense }}", "utf-8")
    options = ("--config", tmp_path / "config", "--archive", copied.archive)
    assert "digest.txt.j2, line 1: " in call(*options, "health").out
    said = call(*options, "digest", "send", "--now", "--json")
    told = json.loads(said.out)
    assert (said.code, told["receipt"] is not None) == (Exit.OK, True)
    assert "template broken" in told["problem"]
    copies = [page.read_text("utf-8") for page in Path(told["receipt"]["detail"].split()[-1]).glob("*.txt")]
    assert sum("Its own template is broken, so the built-in one" in " ".join(copy.split()) for copy in copies) == 1
    (tmp_path / "config" / "templates" / "digest.txt.j2").write_text("{% if %}", "utf-8")
    assert call(*options, "check").code == Exit.USAGE
    assert "digest.txt.j2, line 1: " in call(*options, "health").out


def test_open_starts_a_browser_on_a_file(town: Town, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []

    def no_browser(url: str) -> int:
        started.append(url)
        return 1

    monkeypatch.setattr(click, "launch", no_browser)
    said = call(*town.options, "digest", "preview", "--open")
    (page,) = started
    assert Path(page).read_text("utf-8").startswith("<!DOCTYPE html>")
    assert said.out.splitlines()[-1] == page
    assert "open that file" in said.err  # for the browser here says 1
    Path(page).unlink()


def test_send_delivers_at_once_and_tells_nothing_twice(copied: Town, call: Call) -> None:
    said = call(*copied.options, "digest", "send", "--now", "--json")
    told = json.loads(said.out)
    assert said.code == Exit.OK
    assert told["key"].startswith("daily@")
    assert (told["stories"], told["problem"], told["left_to_daemon"]) == (0, "", False)
    assert told["receipt"]["detail"] == f"written to {copied.archive / 'outbox'}"
    assert list((copied.archive / "outbox").glob("daily*Z*.eml"))


def test_while_a_daemon_runs_it_delivers(copied: Town, call: Call) -> None:
    with ArchiveLock(copied.archive):
        said = call(*copied.options, "digest", "send", "--now")
    assert said.code == Exit.OK
    assert "the running daemon delivers it within a minute" in said.out
    assert not list((copied.archive / "outbox").glob("daily*Z*.eml"))


def test_what_cannot_be_delivered_is_said(copied: Town, call: Call) -> None:
    outbox = copied.archive / "outbox"
    for path in outbox.iterdir():
        path.unlink()
    outbox.rmdir()
    outbox.write_text("a file where the folder should be")
    said = call(*copied.options, "digest", "send", "--now")
    assert said.code == Exit.NOT_WELL
    assert said.out.startswith("Not sent: daily@")
    assert f"cannot write into {outbox}" in said.out


@pytest.mark.parametrize("command", [("preview", "dialy"), ("send", "dialy", "--now")])
def test_a_wrong_name_is_a_misuse(town: Town, call: Call, command: tuple[str, ...]) -> None:
    said = call(*town.options, "digest", *command)
    assert said.code == Exit.USAGE
    assert said.err == "monitor: there is no subscription 'dialy'; did you mean 'daily'?\n"


def test_send_wants_to_be_meant(town: Town, call: Call) -> None:
    assert call(*town.options, "digest", "send").code == Exit.USAGE


def test_what_was_given_up_is_delivered_after_all(copied: Town, call: Call) -> None:
    store = open_store(f"sqlite:///{copied.archive / 'monitor.db'}")
    message = a_message(key="daily@2026-03-02T08:00", channel="folder")
    with store.begin() as shelves:
        shelves.outbox.put(message, a_digest(key=message.key))
        shelves.outbox.refuse(message.key, "550 no such mailbox", NOW)
    store.close()
    said = call(*copied.options, "digest", "retry")
    assert said.code == Exit.OK
    assert said.out.startswith(f"Sent {message.key} → written to")
    again = call(*copied.options, "digest", "retry")
    assert (again.code, again.out) == (Exit.NOT_WELL, "nothing was given up\n")


def test_a_subscription_is_left_and_taken_up_again(copied: Town, call: Call) -> None:
    assert "daily is sent no more to anybody" in call(*copied.options, "digest", "unsubscribe", "daily").out
    assert call(*copied.options, "digest", "unsubscribe", "daily", "x@example.org").code == Exit.USAGE
    assert call(*copied.options, "digest", "resubscribe").out.startswith("daily: everybody, since ")
    assert call(*copied.options, "digest", "resubscribe", "daily").out == "daily is sent again\n"
    assert call(*copied.options, "digest", "resubscribe", "daily").out == "nobody had left daily\n"
    assert call(*copied.options, "digest", "resubscribe").out == "nobody has left anything\n"
