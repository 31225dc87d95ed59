"""The feeds with their state, and one address tried."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from monitor.cli.common import Exit
from monitor.model import NoticeKind
from monitor.store import open_store
from tests.configfolder import a_config
from tests.newsserver import Answer, NewsServer
from tests.unit.cli.calling import ON_LOOPBACK, SHIPPED, Call, Town


def test_without_an_archive_every_feed_waits_for_its_first_visit(tmp_path: Path, call: Call) -> None:
    said = call("--config", a_config(tmp_path / "config"), "--archive", tmp_path / "none", "feeds")
    assert said.code == Exit.OK
    assert said.out.splitlines() == [
        "feed     outlet            lang  read  next  every  state",
        "courier  Northern Courier  en    –     –     –      not visited yet",
        "herald   herald                  –     –     –      not visited yet",
        "",
        "2 feeds: 0 well, 0 in trouble, 2 not visited yet",
    ]
    assert not (tmp_path / "none").exists()


def test_each_feed_stands_on_one_line_in_its_columns(town: Town, call: Call) -> None:
    lines = call(*town.options, "feeds").out.splitlines()
    column = lines[0].index("state")
    assert {line[column:] for line in lines[1:-2]} == {"ok"}
    assert [line.split()[0] for line in lines[1:-2]] == [feed.name for feed in town.newsroom.feeds]
    assert lines[-1] == "8 feeds: 8 well, 0 in trouble, 0 not visited yet"


def test_the_shipped_feeds_fit_narrow_terminals(tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # as on a terminal
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "80")
    said = call("--config", SHIPPED, "--archive", tmp_path / "none", "feeds")
    lines = said.out.splitlines()
    assert "outlet" not in lines[0]
    assert len(lines) > 60
    assert max(map(len, lines)) <= 80


def test_in_a_pipe_the_outlets_names_are_whole(tmp_path: Path, call: Call) -> None:
    said = call("--config", SHIPPED, "--archive", tmp_path / "none", "feeds").out
    assert "European Parliament, Committee on Security and Defence" in said
    assert "…" not in said


def test_trouble_is_told_in_words(copied: Town, call: Call) -> None:
    now = datetime.now(UTC)
    store = open_store(f"sqlite:///{copied.archive / 'monitor.db'}")
    with store.begin() as shelves:
        state = shelves.feeds.states()["northwire"]
        shelves.feeds.save(
            replace(state, succeeded_at=now - timedelta(hours=5), failures=3, problem="HTTP 500", due_at=now)
        )
    store.close()
    whole = call(*copied.options, "feeds")
    assert "8 feeds: 7 well, 1 in trouble, 0 not visited yet" in whole.out
    failing = call(*copied.options, "feeds", "--failing")
    shown = " ".join(failing.out.splitlines()[1].split())
    assert shown == "northwire Northwire 5 h ago due 30 min 3× HTTP 500"
    assert failing.out.splitlines()[-1] == "1 feed failing"
    (row,) = json.loads(call(*copied.options, "feeds", "--failing", "--json").out)
    assert (row["feed"]["name"], row["state"]["failures"]) == ("northwire", 3)


def test_trouble_too_long_for_a_narrow_terminal_stands_below_its_feed(
    copied: Town, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = "refused by the server: 503 Service Unavailable, to be asked again after 3600 s"
    store = open_store(f"sqlite:///{copied.archive / 'monitor.db'}")
    with store.begin() as shelves:
        state = shelves.feeds.states()["northwire"]
        shelves.feeds.save(replace(state, failures=3, problem=problem))
    store.close()
    for name, value in {"FORCE_COLOR": "1", "NO_COLOR": "1", "TERM": "xterm", "COLUMNS": "60"}.items():
        monkeypatch.setenv(name, value)
    lines = call(*copied.options, "feeds", "--failing").out.splitlines()
    assert lines[1].startswith("northwire ")
    assert lines[2].startswith("    3× refused by the server")
    assert " ".join(" ".join(lines[2:-1]).split()) == f"3× {problem}"
    assert max(map(len, lines[1:])) <= 60


def test_what_is_noticed_of_a_feed_that_answers_is_shown(copied: Town, call: Call) -> None:
    now = datetime.now(UTC)
    store = open_store(f"sqlite:///{copied.archive / 'monitor.db'}")
    with store.begin() as shelves:
        shelves.notices.settle("northwire", {NoticeKind.SILENT: "nothing new for days"}, now)
    store.close()
    said = call(*copied.options, "feeds").out
    assert "unusually silent: nothing new for days" in said
    assert "8 feeds: 7 well, 1 to be looked at, 0 in trouble, 0 not visited yet" in said
    told = {row["feed"]["name"]: row for row in json.loads(call(*copied.options, "feeds", "--json").out)}
    assert [notice["kind"] for notice in told["northwire"]["notices"]] == ["unusually silent"]
    assert told["northwire"]["figures"]["items"] == 9


def test_no_failing_feed_is_said_so(town: Town, call: Call) -> None:
    assert call(*town.options, "feeds", "--failing").out == "no feed is failing\n"


def test_an_address_is_visited_and_read(town: Town, call: Call) -> None:
    url = next(feed.url for feed in town.newsroom.feeds if feed.name == "northwire")
    said = call(*town.options, "feeds", "test", url, "--entries", "2")
    lines = said.out.splitlines()
    assert said.code == Exit.OK
    assert lines[0].startswith(f"200 {url} · ")
    assert lines[1] == "conditional requests: etag, last-modified"
    assert lines[2] == "✓ “Northwire” · 9 entries, 9 of them dated"
    assert len(lines) == 3 + 2 * 2
    assert call(*town.options, "feeds", "test", "northwire", "--entries", "2").out == said.out
    told = json.loads(call(*town.options, "feeds", "test", url, "--json").out)
    assert (told["url"], told["visit"]["status"], len(told["feed"]["entries"])) == (url, 200, 9)


@pytest.mark.parametrize(("path", "words"), [("/nothing-here", "HTTP 404"), ("/", "HTML page instead of a feed")])
def test_what_cannot_be_read_says_why(town: Town, call: Call, path: str, words: str) -> None:
    base = "/".join(town.address("film-fund").split("/")[:3])
    said = call(*town.options, "feeds", "test", base + path)
    assert said.code == Exit.NOT_WELL
    assert words in said.out
    assert json.loads(call(*town.options, "feeds", "test", base + path, "--json").out)["url"] == base + path


def test_of_a_page_it_is_said_how_to_find_its_feeds(town: Town, call: Call, tmp_path: Path) -> None:
    head = '<title>Ridge</title><link rel="alternate" type="application/rss+xml" href="/main.xml">'
    with NewsServer() as site:
        site.put("/", Answer(body=f"<html><head>{head}</head></html>".encode(), headers={"Content-Type": "text/html"}))
        said = call(*town.options, "feeds", "test", site.url("/"))
        assert f"it names  {site.url('/main.xml')}" in said.out
        assert f"`monitor feeds add {site.url('/')}` looks for its feeds" in said.out
        feeds = f'[[feed]]\nname = "ridge"\nurl = "{site.url("/")}"\n'
        listed = a_config(tmp_path / "config", {"monitor.toml": ON_LOOPBACK, "feeds.toml": feeds})
        said = call("--config", listed, "feeds", "test", "ridge")
        assert f"it names  {site.url('/main.xml')}" in said.out
        assert "change its url in feeds.toml to that of a feed" in said.out


def test_a_private_address_is_refused_where_none_is_allowed(tmp_path: Path, town: Town, call: Call) -> None:
    said = call("--config", a_config(tmp_path), "feeds", "test", town.newsroom.feeds[0].url)
    assert said.code == Exit.NOT_WELL
    assert "allow_private" in said.out


@pytest.mark.parametrize(
    ("asked", "hint"), [("courir", "did you mean 'courier'?"), ("ftp://a.example/f", "give an http(s) address")]
)
def test_neither_address_nor_name(tmp_path: Path, call: Call, asked: str, hint: str) -> None:
    said = call("--config", a_config(tmp_path), "feeds", "test", asked)
    assert said.code == Exit.USAGE
    assert said.err == f"monitor: '{asked}' is no address and no feed of that name is in feeds.toml; {hint}\n"
