"""`monitor backfill`: what it says, and what it says to orders that cannot be."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.cli.backfill import _progress
from monitor.cli.common import Exit
from monitor.jobs.backfill import Tally
from tests.faults.pastworld import Past, configuration, posts
from tests.newsserver import NewsServer
from tests.unit.cli.calling import Call, Town

NOW = datetime.now(UTC)


def test_a_whole_order_is_reported_and_goes_on(tmp_path: Path, call: Call) -> None:
    with NewsServer() as server:
        made = posts("blog", 20, NOW - timedelta(hours=1), timedelta(hours=6))
        config = configuration(
            tmp_path / "config", {"blog": Past(server, faults=0).blog(made)}, "[extract]\nworkers = 0\n"
        )
        options = ("--config", config, "--archive", tmp_path / "archive", "backfill")
        since = f"{NOW - timedelta(days=3):%Y-%m-%d}"
        within = sum(f"{post.at:%Y-%m-%d}" >= since for post in made)
        expected = call(*options, "--feed", "blog", "--since", since, "--dry-run")
        assert f"{within:,} of them new" in expected.out or "of them new" in expected.out
        assert not list((tmp_path / "archive").glob("outbox/*"))
        part = call(*options, "--feed", "blog", "--since", since, "--budget", "3")
        assert part.code == Exit.NOT_WELL
        assert "the budget is spent; the same command goes on from here" in part.out
        whole = call(*options, "--feed", "blog", "--since", since)
        assert whole.code == Exit.OK
        assert f"{within} found · {within} new" in whole.out
        told = json.loads(call(*options, "--feed", "blog", "--since", since, "--json").out)
        assert told["complete"]
        assert told["climbs"][0]["found"] == within


def test_a_queue_wants_an_archive_on_a_server_and_no_files(copied: Town, call: Call, tmp_path: Path) -> None:
    order = (*copied.options, "backfill", "--all", "--since", "2026-01-01", "--queue")
    assert "archive.url names a file" in call(*order).err
    assert "--queue takes no FILES" in call(*order, tmp_path / "list.txt").err


def test_a_list_and_what_of_it_cannot_be_used(tmp_path: Path, call: Call) -> None:
    with NewsServer() as server:
        past = Past(server, faults=0)
        made = posts("blog", 3, NOW - timedelta(hours=1), timedelta(hours=1))
        config = configuration(tmp_path / "config", {"blog": past.blog(made)}, "[extract]\nworkers = 0\n")
        addresses = tmp_path / "addresses.txt"
        addresses.write_text("\n".join([*past.truth, "no address", server.url("/2026/not-there")]), "utf-8")
        options = ("--config", config, "--archive", tmp_path / "archive", "backfill", "--feed", "blog")
        said = call(*options, "--since", f"{NOW - timedelta(days=2):%Y-%m-%d}", "--via", "list", addresses)
    assert "no address: no http(s) address" in said.out
    assert "4 found in 0 documents · 3 new · 0 known before · 1 matched · 1 failed" in said.out
    assert "HTTP 404 Not Found: " in said.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--all",), "Missing option '--since'"),
        (("--since", "2024-01-01"), "one of --feed NAME, --all and --topic T"),
        (("--since", "2024-01-01", "--all", "--feed", "kyivpost"), "one of --feed NAME, --all and --topic T"),
        (("--since", "2024-13-01", "--all"), "is no day; write it as year-month-day"),
        (("--since", "2124-01-01", "--all"), "lies in the future"),
        (("--since", "2024-01-01", "--until", "2124-01-01", "--all"), "--until 2124-01-01 lies in the future"),
        (("--since", "2024-02-01", "--until", "2024-01-01", "--all"), "is after --until"),
        (("--since", "2024-01-01", "--feed", "nobody"), "there is no feed 'nobody'"),
        (("--since", "2024-01-01", "--topic", "air-defense"), "did you mean 'air-defence'"),
        (("--since", "2024-01-01", "--all", "--via", "list"), "--via list needs FILES"),
        (("--since", "2024-01-01", "--all", "--via", "pages", "x.txt"), "--via pages reads no files"),
        (("--since", "2024-01-01", "--all", "--via", "list", "not-there.txt"), "not-there.txt cannot be read"),
    ],
)
def test_orders_that_cannot_be(town: Town, call: Call, arguments: tuple[str, ...], words: str) -> None:
    said = call(*town.options, "backfill", *arguments)
    assert said.code == Exit.USAGE
    assert words in said.err


def test_progress_says_rate_and_time_left() -> None:
    tally = Tally(0.25, 10, 100, 90, 110, ("courier: pages",))
    assert _progress(tally, timedelta(seconds=10)) == (
        "courier: pages · 90 new of 100 (9.0/s) · 110 requests · 30 s left"
    )
    assert _progress(Tally(0, 0, 0, 0, 0, ("a", "b")), timedelta(0)).startswith("2 feeds · 0 new of 0")
