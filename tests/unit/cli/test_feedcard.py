"""All that is known of one feed."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from monitor.cli.common import Exit
from monitor.model import Lease, NoticeKind, Standing
from monitor.store import Fate, Outcome, open_store
from tests.builders import an_article
from tests.configfolder import a_config
from tests.unit.cli.calling import Call, Town

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_a_feed_that_is_well(town: Town, call: Call) -> None:
    said = call(*town.options, "feeds", "show", "northwire")
    lines = [line.split(maxsplit=1) for line in said.out.splitlines()]
    assert said.code == Exit.OK
    assert said.out.splitlines()[0] == "Northwire (northwire)"
    assert [line[0] for line in lines[1:]] == ["address", "read", "next", "every", "wish", "news", "items"]
    assert dict(lines[1:])["every"] == "30 min (nothing learned yet)"
    told = json.loads(call(*town.options, "feeds", "show", "northwire", "--json").out)
    assert (told["feed"]["name"], told["figures"]["items"], told["notices"]) == ("northwire", 9, [])


def test_a_feed_with_a_history(copied: Town, call: Call) -> None:
    now = datetime.now(UTC)
    store = open_store(f"sqlite:///{copied.archive / 'monitor.db'}")
    with store.begin() as shelves:
        state = shelves.feeds.states()["northwire"]
        shelves.feeds.save(
            replace(
                state,
                address="https://new.example/feed",
                failures=4,
                problem="HTTP 410",
                failing_since=now - 3 * DAY,
                gone_at=now - 2 * DAY,
                held_until=now + HOUR,
                interval=timedelta(minutes=45),
                wish=HOUR,
                gaps=2,
                gap_at=now - DAY,
                lied_at=now - DAY,
                news=50,
                lull=9 * HOUR,
                lull_since=now - 20 * DAY,
                news_at=now - 5 * HOUR,
            )
        )
        ends, pushed = now + 2 * DAY, now - HOUR
        lease = Lease("northwire", "https://hub.example/", "https://northwire.example/feed", "token-1", "secret-1")
        shelves.leases.put(replace(lease, standing=Standing.ACTIVE, ends_at=ends, pushed_at=pushed, problem="slow"))
        shelves.notices.settle("northwire", {NoticeKind.GONE: "gone (HTTP 410)"}, now - 2 * DAY)
    store.close()
    said = " ".join(call(*copied.options, "feeds", "show", "northwire").out.split())
    for words in (
        "moved to https://new.example/feed",
        "trouble 4 failures in a row, since 3 d ago: HTTP 410",
        "gone 2 d ago",
        "its server asked to be left alone until",
        "every 45 min (learned)",
        "no more than one visit in 1 h",
        "news 5 h ago; longest silence lately 9 h",
        "gaps 2 times nothing in the document was known, last 1 d ago: items may be lost",
        "lies said “not modified” though it was, 1 d ago",
        "hub https://hub.example/: active, in 2 d its lease ends; last push 1 h ago slow",
        "noticed gone, 2 d ago: gone (HTTP 410)",
    ):
        assert words in said
    printed = call(*copied.options, "feeds", "show", "northwire", "--json").out
    told = json.loads(printed)["hub"]
    assert (told["standing"], told["hub"]) == ("active", "https://hub.example/")
    assert "token-1" not in printed
    assert "secret-1" not in printed


def test_a_feed_that_was_never_visited_and_one_that_is_not_there(tmp_path: Path, call: Call) -> None:
    options = ("--config", a_config(tmp_path / "config"), "--archive", tmp_path / "none", "feeds", "show")
    assert call(*options, "herald").out.splitlines()[-1] == "read       not visited yet"
    said = call(*options, "heralt")
    assert said.code == Exit.USAGE
    assert said.err == "monitor: there is no feed 'heralt' in feeds.toml; did you mean 'herald'?\n"


def test_how_long_items_take_from_publication_to_finding(copied: Town, call: Call) -> None:
    now, entry = datetime.now(UTC), an_article().entry
    store = open_store(f"sqlite:///{copied.archive / 'monitor.db'}")
    with store.begin() as shelves:
        for number, hours in enumerate((1, 2, 3, 4, 5)):  # found after the feed's first reading
            late = replace(entry, feed="northwire", published=now - hours * HOUR)
            known_as, fate = f"id:late-{number}", Fate.NOT_MATCHED
            shelves.articles.remember(Outcome("northwire", known_as, late, known_as, None, fate, "", now))
    store.close()
    said = call(*copied.options, "feeds", "show", "northwire").out.splitlines()
    lines = dict(line.split(maxsplit=1) for line in said[1:])
    assert lines["delay"] == "3 h from publication to finding, in the middle"
    assert lines["items"].startswith("14 in two weeks")


def test_no_login_and_no_secret_is_shown(tmp_path: Path, call: Call) -> None:
    feeds = '[[feed]]\nname = "keyed"\nurl = "http://user:pw@host.example/x"\nlogin = "me:s3cret"\n'
    config = a_config(tmp_path / "config", {"feeds.toml": feeds})
    said = call("--config", config, "feeds", "show", "keyed")
    assert "address    http://host.example/x" in said.out
    for command in (("feeds", "show", "keyed", "--json"), ("feeds", "--json")):
        shown = call("--config", config, *command).out
        assert '"url": "http://host.example/x"' in shown
        assert not [word for word in ("user", "pw@", "s3cret") if word in shown]
