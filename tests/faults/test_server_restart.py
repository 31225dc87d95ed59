"""PostgreSQL is restarted at each point of a round: the daemon connects anew, and nothing is lost or told twice."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from monitor.app import App, open_app
from monitor.errors import StoreError
from monitor.newsroom import Newsroom
from monitor.settings import load_settings
from monitor.store import ArchiveLock
from tests.configfolder import followed, told_by_mail
from tests.mailserver import MailServer, mail_server
from tests.postgres import Server, running
from tests.unit.store.searched import holding

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
POINTS = (
    "poll: claimed",
    "poll: planned",
    "poll: page fetched",
    "ingest: before commit",
    "ingest: committed",
    "digest: before commit",
    "digest: committed",
    "deliver: before sending",
)


@dataclass
class Restarts:
    """At each of the points, in this order, the server is restarted once."""

    server: Server
    left: list[str] = field(default_factory=list)

    def passing(self, point: str) -> None:
        if self.left and self.left[0] == point:
            del self.left[0]
            self.server.stop()
            self.server.start()


@dataclass(frozen=True)
class Outcome:
    """What archive and mailbox hold in the end."""

    articles: frozenset[str]
    items: int
    told: frozenset[int]  # how often stories were told; how many there are depends a little on who came first
    mails: int


def _configure(folder: Path, newsroom: Newsroom, mailbox: MailServer, url: str) -> Path:
    folder.mkdir()
    for name in ("topics.toml", "concepts", "templates"):
        (folder / name).symlink_to(ROOT / "config" / name)
    (folder / "feeds.toml").write_text(followed(newsroom), "utf-8")
    (folder / "monitor.toml").write_text(
        f'[archive]\nurl = "{url}"\n[poll]\ncanaries = []\n'
        '[fetch]\nallow_private = ["127.0.0.0/8"]\nhost_gap_seconds = 0.0\n',
        "utf-8",
    )
    (folder / "subscriptions.toml").write_text(told_by_mail(mailbox.port), "utf-8")
    return folder


def _play(config: Path, archive: Path, restarts: Restarts, mailbox: MailServer) -> tuple[Outcome, int]:
    """Rounds until every restart was made, and one more; what there is, and how many jobs failed."""
    mailbox.mails.clear()
    failed = 0
    settings = load_settings(config, {}, archive=archive)
    archive.mkdir()
    locked = ArchiveLock(archive, settings.archive.url)
    with locked as lock, open_app(settings, now=lambda: NOW, workers=0) as app:
        app.toolbox = replace(app.toolbox, passing=restarts.passing)
        jobs: tuple[tuple[str, Callable[[], object]], ...] = (
            ("poll ingest", lambda: app.poll(force=True)),
            ("digest", app.digest),
            ("deliver", app.deliver),
        )
        for _ in range(3 * len(POINTS)):
            last = not restarts.left
            lock.keep()
            for stage, job in jobs:
                try:
                    job()
                except StoreError:  # which the daemon logs before it goes on
                    failed += 1
                    break
                if any(point.split(":")[0] in stage for point in restarts.left):
                    break
            if last:
                break
        assert restarts.left == []
        return _outcome(app, mailbox), failed


def _outcome(app: App, mailbox: MailServer) -> Outcome:
    with app.store.read() as shelves:
        stories = shelves.stories.recent(NOW - timedelta(days=30), NOW + timedelta(days=30))
        told = frozenset(len(shelves.outbox.told(story.id)) for story in stories)
        hits = holding(shelves)
        assert shelves.outbox.waiting(NOW + timedelta(days=30), 10) == []
    articles = frozenset(hit.article.entry.link for hit in hits)
    return Outcome(articles, len(hits), told, len(mailbox.mails))


def test_a_server_that_is_restarted_at_every_point_costs_steps_and_no_news(tmp_path: Path) -> None:
    with running() as server, mail_server() as mailbox, Newsroom.open(opened_at=NOW) as newsroom:
        outcomes = []
        for name, points in (("clean", ()), ("restarted", POINTS)):
            url = server.database(name)
            config = _configure(tmp_path / f"{name}-config", newsroom, mailbox, url)
            outcomes.append(_play(config, tmp_path / name, Restarts(server, list(points)), mailbox))
    (clean, none), (restarted, some) = outcomes
    assert none == 0
    assert some == sum("before commit" in point for point in POINTS)  # elsewhere no step was under way
    assert restarted == clean
    assert (clean.mails, clean.told) == (1, frozenset({1}))
    assert clean.items >= 50
