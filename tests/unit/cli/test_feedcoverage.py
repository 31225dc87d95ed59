"""`monitor feeds coverage`."""

import json
from datetime import UTC, datetime, timedelta

from monitor.cli.common import Exit
from monitor.model import Comparison
from monitor.settings import load_settings
from monitor.store import open_store
from tests.unit.cli.calling import Call, Town

NOW = datetime.now(UTC)


def test_shares_are_shown_the_worst_first(copied: Town, call: Call) -> None:
    assert "no feed was compared yet" in call(*copied.options, "feeds", "coverage").out
    assert "more than six hours" in call(*copied.options, "feeds", "coverage", "--now").out
    names = [feed.name for feed in load_settings(copied.config, {}, archive=copied.archive).feeds][:3]
    store = open_store(f"sqlite:///{copied.archive / 'monitor.db'}")
    with store.begin() as shelves:
        shelves.backfills.compare(Comparison(names[0], NOW - timedelta(days=2), "s", 10, 9))
        shelves.backfills.compare(Comparison(names[1], NOW - timedelta(days=2), "s", 10, 5))
        shelves.backfills.compare(Comparison(names[2], NOW, problem="no sitemap"))
        shelves.backfills.compare(Comparison("not-configured", NOW, "s", 10, 0))
    store.close()
    said = call(*copied.options, "feeds", "coverage")
    assert said.code == Exit.OK
    lines = said.out.splitlines()
    assert [line.split()[:3] for line in lines[1:3]] == [[names[1], "50%", "10"], [names[0], "10%", "10"]]
    assert "2 feeds: 30% of 20 articles listed were never shown" in said.out
    assert f"1 feed without a sitemap to compare with: {names[2]}" in said.out
    told = json.loads(call(*copied.options, "feeds", "coverage", "--json").out)
    assert {one["comparison"]["feed"]: one["missed"] for one in told} == {names[0]: 0.1, names[1]: 0.5, names[2]: None}
