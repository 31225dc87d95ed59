"""A reader tunes a topic: marks teach it and every verdict shows rule and correction; an edited topic is applied to
the past, and what enters by that is told once, under "Late"."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.app import open_app
from monitor.cli.common import Exit
from monitor.jobs.rejudge import rejudge
from monitor.settings import load_settings
from tests.fakes import NOON, FixedClock
from tests.scenarios.stage import DAILY, Web, _table, _told
from tests.unit.cli.calling import ends_with

TOPICS = """
[topics.minesweepers]
title = "Minesweepers"
bias = -3
clauses = [
    { name = "named", query = 'minesweeper OR minesweepers', weight = 3.5 },
    { name = "in the headline", query = 'title:minesweeper*', weight = 0.8 },
]
"""
LIBRARIES = """
[topics.libraries]
title = "Libraries"
clauses = [{ query = 'library', weight = 9 }]
"""
TOWNS = "Lund Bergen Aarhus Turku Gdynia Brno Graz Trieste Nantes Leuven".split()
WANTED = "The shipyard in {town} signed a contract for {number} ships on Tuesday. The navy pays for hull {number}."
SHOWN = "The museum harbour of {town} shows number {number} to families at the weekend. Children sail for free."
OTHER = "Readers in {town} may stay {number} minutes longer from Monday, the town council decided."


def entries(wanted: int, shown: int, others: int) -> Iterator[tuple[str, str, str]]:
    """(name, headline, text)"""
    for number in range(max(wanted, shown, others)):
        about = {"town": TOWNS[number % len(TOWNS)], "number": number + 11}
        if number < wanted:
            yield f"wanted-{number}", "{town} builds minesweeper {number}".format(**about), WANTED.format(**about)
        if number < shown:
            yield f"shown-{number}", "{town} opens minesweeper {number}".format(**about), SHOWN.format(**about)
        if number < others:
            yield f"other-{number}", f"Kaunas library stays open {number + 70}", OTHER.format(town="Kaunas", number=5)


class Harbour:
    """A configuration that follows one feed on loopback, and the archive beside it."""

    def __init__(self, folder: Path, found: Iterator[tuple[str, str, str]], published: datetime) -> None:
        self.web = Web({"harbour"}, {})
        items = "".join(
            f"<item><title>{title}</title><link>http://harbour.test/{name}</link><guid>{name}</guid>"
            f"<description>{text}</description><pubDate>{published:%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
            for name, title, text in found
        )
        feed = f'<rss version="2.0"><channel><title>Harbour Post</title>{items}</channel></rss>'
        self.web.files["http://harbour.test/feed.xml"] = feed.encode()
        self.config, self.archive = folder / "config", folder / "archive"
        self.config.mkdir()
        feeds = _table("[[feed]]", {"name": "harbour", "url": "http://harbour.test/feed.xml", "language": "en"})
        self.write("feeds.toml", self.web.real(feeds + 'pages = "never"\n'))
        self.write("subscriptions.toml", '[channel.folder]\nkind = "file"\n' + _table("[[subscription]]", DAILY))
        self.write("topics.toml", TOPICS)
        fetching = '[fetch]\nallow_private = ["127.0.0.0/8"]\nhost_gap_seconds = 0.0\n[poll]\ncanaries = []\n'
        self.write("monitor.toml", fetching + '[extract]\nworkers = 0\n[log]\nlevel = "error"\n')

    def write(self, name: str, text: str) -> None:
        (self.config / name).write_text(text, "utf-8")

    def day(self, at: datetime, *, judged_again: bool = False) -> Mapping[str, str]:
        """A round at that moment, by the configuration as it stands; all that was told so far, by file name."""
        settings = load_settings(self.config, {}, archive=self.archive)
        with open_app(settings, now=FixedClock(at), workers=0) as app:
            if judged_again:
                rejudge(app.toolbox, None)
            for _ in range(3):  # a feed's first documents are taken in by portions
                app.poll(force=True)
            app.digest()
            app.deliver()
        return _told(self.archive / "outbox")

    def address(self, name: str) -> str:
        return self.web.real(f"http://harbour.test/{name}")


@pytest.fixture
def harbour(tmp_path: Path) -> Iterator[Callable[..., Harbour]]:
    opened: list[Harbour] = []

    def open_(*counts: int) -> Harbour:
        opened.append(Harbour(tmp_path, entries(*counts), NOON - timedelta(hours=3)))
        return opened[-1]

    yield open_
    for one in opened:
        one.web.close()


def test_marks_teach_a_topic_and_the_verdict_shows_both(
    harbour: Callable[..., Harbour], capsys: pytest.CaptureFixture[str]
) -> None:
    post = harbour(18, 18, 0)
    post.day(NOON)

    def call(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        code = ends_with("--config", str(post.config), "--archive", str(post.archive), *arguments)
        return code, capsys.readouterr().out

    def mark(numbers: range) -> None:
        for number in numbers:
            name, kind = (f"wanted-{number // 2}", "relevant") if number % 2 else (f"shown-{number // 2}", "irrelevant")
            assert call("mark", post.address(name), kind)[0] == Exit.OK

    last = post.address("shown-17")
    assert "✓  minesweepers" in call("why", last)[1]
    code, out = call("topics", "learn")
    assert (code, out[:34]) == (Exit.NOT_WELL, "minesweepers: 0 marked articles, 0")
    mark(range(29))
    code, out = call("topics", "learn")
    assert (code, out[:35]) == (Exit.NOT_WELL, "minesweepers: 29 marked articles, 1")
    assert not (post.archive / "learned.json").exists()

    mark(range(29, 32))
    code, out = call("topics", "learn")
    assert code == Exit.OK
    assert re.search(r"rule alone +precision 0\.500 .*\n +rule and model +precision 1\.000 ", out)
    assert f"kept in {post.archive / 'learned.json'}" in out
    assert "✓  minesweepers" in call("why", last)[1]  # not judged again yet

    tried = call("rejudge", "--dry-run", "--limit", "1")[1].splitlines()
    assert "“minesweeper” (title)" in tried[-3]
    assert re.match(r" +-\d\.\d\d  learned from 32 marks; the rule alone says", tried[-2])
    code, out = call("rejudge", "--json")
    changes = json.loads(out)
    assert (code, changes["entering"], changes["leaving"]) == (Exit.OK, 0, 18)
    judged = " ".join(call("why", last)[1].split())
    assert "✗ minesweepers" in judged
    assert "“minesweeper” (title) +3." in judged
    assert re.search(r"learned from 32 marks; the rule alone says 0\.\d\d -\d\.\d", judged)
    kept = " ".join(call("why", post.address("wanted-17"))[1].split())
    assert "✓ minesweepers" in kept
    assert re.search(r"learned from 32 marks; the rule alone says 0\.\d\d \+\d\.\d", kept)


def test_what_enters_by_an_edited_topic_is_told_once_under_late(harbour: Callable[..., Harbour]) -> None:
    post = harbour(1, 0, 1)
    first = post.day(NOON)
    second = post.day(NOON + timedelta(days=1))
    post.write("topics.toml", TOPICS + LIBRARIES)
    third = post.day(NOON + timedelta(days=2), judged_again=True)
    fourth = post.day(NOON + timedelta(days=3), judged_again=True)
    headline = "Kaunas library stays open 70"
    assert not any(headline in text for text in [*first.values(), *second.values()])
    (told,) = [text for name, text in third.items() if name.endswith(".txt") and headline in text]
    assert headline in told.split("LATE (1)")[1]
    assert "a match only since a topic" in " ".join(told.split())
    assert "Lund builds minesweeper 11" not in told
    assert sum(headline in text for name, text in fourth.items() if name.endswith(".txt")) == 1
