"""Asking what became of an address."""

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.cli.common import Exit
from tests.configfolder import a_config
from tests.unit.cli.calling import Call, Town


@pytest.mark.parametrize("command", [("search", "drones"), ("why", "https://a.example/")])
def test_without_an_archive_both_say_how_to_make_one(tmp_path: Path, call: Call, command: tuple[str, str]) -> None:
    said = call("--config", a_config(tmp_path / "config"), "--archive", tmp_path / "none", *command)
    assert said.code == Exit.ARCHIVE
    assert said.err.startswith("monitor: there is no archive in ")
    assert not (tmp_path / "none").exists()


def test_what_is_no_archive_is_told_as_such(tmp_path: Path, call: Call) -> None:
    (tmp_path / "monitor.db").write_text("these are no tables at all, only words " * 50)
    said = call("--config", a_config(tmp_path / "config"), "--archive", tmp_path, "search", "x")
    assert said.code == Exit.ARCHIVE
    assert "not an SQLite database" in said.err


def test_why_something_was_told(town: Town, call: Call) -> None:
    said = call(*town.options, "why", town.address("canada-interceptor-drones"))
    stages = [line.split()[0] for line in said.out.splitlines() if line.startswith("  ")]
    assert said.code == Exit.OK
    assert stages == ["feed", "text", "page", "judged", "judged", "judged", "fate", "story", "told"]
    assert "✓  drone-coalition" in said.out
    assert "daily@" in said.out


def test_why_tells_the_date_that_only_the_page_states(copied: Town, call: Call) -> None:
    url = copied.address("canada-interceptor-drones")
    with sqlite3.connect(copied.archive / "monitor.db") as database:
        database.execute("UPDATE items SET published = NULL")
        database.execute("UPDATE articles SET published = 1767225600000000")
    assert ", published 2026-01-01 00:00 UTC by its page" in " ".join(call(*copied.options, "why", url).out.split())
    with sqlite3.connect(copied.archive / "monitor.db") as database:
        database.execute("UPDATE articles SET published = NULL")
    assert ", no date of publication stated" in " ".join(call(*copied.options, "why", url).out.split())


def test_why_of_a_report_that_came_after_its_story_was_told(copied: Town, call: Call) -> None:
    with sqlite3.connect(copied.archive / "monitor.db") as database:
        database.execute("UPDATE items SET first_seen = first_seen + 86400000000")
    said = call(*copied.options, "why", copied.address("canada-interceptor-drones")).out
    assert "told        its story, before this report came, in " in said


def test_why_something_was_not_told(town: Town, call: Call) -> None:
    url = town.address("film-fund-kyiv-paris")
    said = call(*town.options, "why", url)
    assert "✓" not in said.out
    assert "fate        no topic matched: nearest was " in said.out
    assert "told " not in said.out
    (history,) = json.loads(call(*town.options, "why", url, "--json").out)
    assert history["item"]["link"] == url
    assert [verdict["topic"] for verdict in history["stored"]["verdicts"]]


def test_why_says_what_a_topic_requires_and_did_not_find(town: Town, call: Call) -> None:
    said = call(*town.options, "why", town.address("ursi-gunoi-brasov"))
    assert ": Ukraine: required, and not found" in " ".join(said.out.split())


def test_why_of_a_page_that_was_broken(town: Town, call: Call) -> None:
    said = call(*town.options, "why", town.address("drohnen-gemeinschaftswerk-kiel"))
    assert "the page was not used: refused by the server: HTTP 500" in said.out


def test_why_tells_what_the_page_says_of_itself(copied: Town, call: Call) -> None:
    url = copied.address("canada-interceptor-drones")
    facts = {"live": True, "dateline": "KYIV", "section": "Defence", "image": "https://courier.example/header.jpg"}
    with sqlite3.connect(copied.archive / "monitor.db") as database:
        database.execute("UPDATE articles SET facts = ?, authors = '[\"A. Writer\"]'", (json.dumps(facts),))
    said = " ".join(call(*copied.options, "why", url).out.split())
    assert (
        "page says a live blog; from KYIV; section Defence; by A. Writer; image https://courier.example/header.jpg"
        in said
    )


def test_why_of_what_was_never_seen(town: Town, call: Call) -> None:
    said = call(*town.options, "why", "https://elsewhere.example/")
    assert (said.code, said.out) == (Exit.NOT_WELL, "")
    assert "https://elsewhere.example/ was never seen" in said.err
    assert "`monitor feeds add elsewhere.example` looks for one" in said.err
    assert call(*town.options, "why", "https://elsewhere.example/", "--json").out == "[]\n"


def test_why_of_what_waits_for_its_page(copied: Town, call: Call) -> None:
    entry = {"feed": "x", "id": "9", "link": "https://elsewhere.example/late?utm_source=rss", "title": "Late news"}
    with sqlite3.connect(copied.archive / "monitor.db") as database:
        feed = database.execute("SELECT min(feed) FROM feed_states").fetchone()[0]
        database.execute("UPDATE feed_states SET waiting = ? WHERE feed = ?", (json.dumps([entry]), feed))
    said = call(*copied.options, "why", "https://elsewhere.example/late")
    assert said.code == Exit.OK
    assert "“Late news”" in said.out
    assert f"{feed}: it has more new pages than one round fetches" in said.out


def _untold(town: Town, slug: str, published: datetime) -> str:
    """The address of a match that was told nowhere, with all of its story published at this moment."""
    url = town.address(slug)
    with sqlite3.connect(town.archive / "monitor.db") as database:
        database.execute("DELETE FROM told")
        database.execute("UPDATE articles SET published = ?", (round(published.timestamp() * 1e6),))
    return url


@pytest.mark.parametrize("command", ["why", "show"])
def test_a_match_that_is_too_old_to_be_told_is_said_to_be(copied: Town, call: Call, command: str) -> None:
    url = _untold(copied, "canada-interceptor-drones", datetime(2019, 1, 1, tzinfo=UTC))
    said = " ".join(call(*copied.options, command, url).out.split())
    assert "told in no digest: published 2019-01-01, too old to be told (digest.max_age_days = 7)" in said
    assert "`monitor digest preview`" not in said


def test_a_match_that_waits_for_its_digest_is_said_to(copied: Town, call: Call) -> None:
    url = _untold(copied, "canada-interceptor-drones", datetime.now(UTC))
    said = " ".join(call(*copied.options, "why", url).out.split())
    assert "told in no digest yet; `monitor digest preview` shows what the next one holds" in said
    assert "too old" not in said


def test_what_is_muted_or_came_by_a_backfill_waits_for_no_digest(copied: Town, call: Call) -> None:
    url = _untold(copied, "canada-interceptor-drones", datetime.now(UTC))
    with sqlite3.connect(copied.archive / "monitor.db") as database:
        database.execute("UPDATE articles SET via = 'backfill'")
        database.execute("UPDATE items SET title = ''")
    said = " ".join(call(*copied.options, "why", url).out.split())
    assert "told in no digest: it came by a backfill, which tells nothing without --tell" in said
    assert "“Canada buys 2,500 interceptor drones" in said
    call(*copied.options, "story", "mute", said.split(" story ")[1].split(":")[0])
    assert "in no digest: muted" in call(*copied.options, "why", url).out
