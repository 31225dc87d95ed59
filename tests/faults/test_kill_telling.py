"""kill -9 anywhere in poll → place → compose → deliver, while mail server and Slack refuse, hang and break off.

What must hold in the end: every story told in exactly one digest of each subscription, every digest with every reader,
and nothing twice but with the same Message-ID, byte for byte the same.
"""

import json
import random
import shutil
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.jobs.deliver import switch_on
from monitor.newsroom import Newsroom
from monitor.store import Delivery, Store, open_store
from tests.configfolder import followed
from tests.mailserver import MailServer, mail_server
from tests.slackserver import SlackServer, slack_server

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
READERS = ("a@desk.example", "b@desk.example", "c@desk.example")
MAIL_TROUBLE = ("451 try later", "421 too busy", "554 not this one", "drop", "hang", "lost", "")
SLACK_TROUBLE = ("drop", "hang", "lost", "")
SLACK_ANSWERS = ((429, "rate_limited", {"Retry-After": "60"}), (500, "oops"), (400, "invalid_blocks"), None)
TELLING = (
    "digest: before commit",
    "digest: committed",
    "deliver: before sending",
    "deliver: sent",
    "deliver: committed",
)
POINTS = 60  # about so many are passed in a first round
KILLS = 8  # a world
IMPATIENT, PATIENT = "timeout_seconds = 1\n", "timeout_seconds = 60\n"  # with servers that hang; when all is well again


@dataclass
class World:
    """A newsroom, mailboxes, a Slack, and a configuration that joins them."""

    config: Path
    mailbox: MailServer
    slack: SlackServer

    def wait_for_servers(self, patience: str) -> None:
        """How long the rounds from now on wait for an answer: however busy this machine is, a good server has time."""
        file = self.config / "subscriptions.toml"
        told = file.read_text("utf-8").replace(IMPATIENT, patience).replace(PATIENT, patience)
        file.write_text(told, encoding="utf-8")

    def round(self, archive: Path, now: datetime, *kill_at: str) -> subprocess.CompletedProcess[str]:
        arguments = [sys.executable, "-m", "tests.faults.one_round", str(self.config), str(archive), now.isoformat()]
        return subprocess.run(
            [*arguments, *kill_at], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False
        )


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world") / "config"
    shutil.copytree(ROOT / "config", folder)
    with mail_server() as mailbox, slack_server() as slack, Newsroom.open(opened_at=NOW) as newsroom:
        (folder / "feeds.toml").write_text(followed(newsroom), encoding="utf-8")
        (folder / "monitor.toml").write_text(
            '[fetch]\nallow_private = ["127.0.0.0/8"]\nhost_gap_seconds = 0.0\n', encoding="utf-8"
        )
        told = "".join(
            f'[[subscription]]\nname = "to-{name}"\ntopics = ["*"]\nchannel = "{name}"\nschedule = "0 8 * * *"\n'
            'zone = "Europe/Kyiv"\n'
            for name in ("mail", "slack")
        )
        (folder / "subscriptions.toml").write_text(
            f'[channel.mail]\nkind = "email"\nhost = "127.0.0.1"\nport = {mailbox.port}\nsecurity = "none"\n'
            f'from = "monitor@desk.example"\nto = {json.dumps(READERS)}\n{IMPATIENT}'
            f'[channel.slack]\nkind = "slack"\nwebhook_url = "{slack.webhook_url}"\n{IMPATIENT}'
            f'allow_private = ["127.0.0.0/8"]\n{told}',
            encoding="utf-8",
        )
        yield World(folder, mailbox, slack)


def _make_trouble(world: World, chance: random.Random) -> None:
    world.mailbox.breaks[:] = chance.choices(MAIL_TROUBLE, k=4)
    world.mailbox.refuse = {reader: "450 busy" for reader in READERS if chance.random() < 0.2}
    world.slack.breaks[:] = chance.choices(SLACK_TROUBLE, k=4)
    world.slack.answers[:] = chance.choices(SLACK_ANSWERS, k=4)


def _end_trouble(world: World) -> None:
    world.mailbox.refuse = {}
    for plan in (world.mailbox.breaks, world.slack.breaks, world.slack.answers):
        plan.clear()


def _killed_again_and_again(world: World, archive: Path, chance: random.Random) -> tuple[int, datetime]:
    """Rounds that are killed at any point passed, in every kind of trouble: (how many were killed, the time then).

    Every other one is killed while it tells, or most would not get that far. A round passes about as many points as the
    one before; up to twice as many are aimed at, as one that was killed early leaves more to the next.
    """
    world.wait_for_servers(IMPATIENT)
    now, kills, tries, passed = NOW, 0, 0, POINTS // 2
    while kills < KILLS and tries < 3 * KILLS:
        _make_trouble(world, chance)
        where = (chance.choice(TELLING), "1") if tries % 2 else ("any", str(chance.randint(1, 2 * passed)))
        tries += 1
        done = world.round(archive, now, *where)
        passed = max(2, len(done.stdout.splitlines()))
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
        kills += done.returncode != 0
        now += timedelta(minutes=chance.choice((1, 7, 30)))
    return kills, now


def _recovered(world: World, archive: Path, now: datetime) -> None:
    """All is well again; what was given up or switched off is tried anew, until nothing waits."""
    _end_trouble(world)
    world.wait_for_servers(PATIENT)
    for _ in range(4):
        now += timedelta(hours=2)
        done = world.round(archive, now)
        assert done.returncode == 0, done.stderr
        store = open_store(f"sqlite:///{archive / 'monitor.db'}")
        try:
            with store.begin() as shelves:
                for off in shelves.switches.all():
                    switch_on(shelves, off.channel, now)
                shelves.outbox.retry(now)
                counts = shelves.outbox.counts()
        finally:
            store.close()
        if not any(number for state, number in counts.items() if state != Delivery.DELIVERED.value):
            return
    raise AssertionError(f"something still waits: {counts}")


def _check_told(store: Store) -> int:
    """Every story told in exactly one digest of each subscription; how many there are."""
    with store.read() as shelves:
        stories = shelves.stories.recent(NOW - timedelta(days=30), NOW + timedelta(days=30))
        for story in stories:
            told = Counter(one.subscription for one in shelves.outbox.told(story.id))
            assert told == {"to-mail": 1, "to-slack": 1}, story.reports[0].article.title
    return len(stories)


def _check_readers(world: World) -> int:
    """Every digest with every reader, repeats only as the same mail; how many repeats there were."""
    readers: dict[str, Counter[str]] = defaultdict(Counter)
    content: dict[str, set[bytes]] = defaultdict(set)
    for mail in world.mailbox.mails:
        parsed = mail.parsed()
        if "operator" not in str(parsed["List-Id"]):
            key = str(parsed["Message-ID"])
            readers[key].update(mail.recipients)
            content[key].add(mail.content)
    assert readers
    for key, reached in readers.items():
        assert set(reached) == set(READERS), f"{key} did not reach everybody"
        assert len(content[key]) == 1, "a repeat is the same mail, byte for byte"
    digests = Counter(
        json.dumps(one, sort_keys=True) for one in world.slack.posted if not one["text"].startswith("News-monitor:")
    )
    assert digests
    return sum(reached.total() - len(READERS) for reached in readers.values()) + digests.total() - len(digests)


def _play(world: World, archive: Path, seed: int) -> tuple[int, int]:
    world.mailbox.mails.clear()
    world.slack.posted.clear()
    chance = random.Random(seed)
    kills, now = _killed_again_and_again(world, archive, chance)
    _recovered(world, archive, now)
    store = open_store(f"sqlite:///{archive / 'monitor.db'}")
    try:
        assert _check_told(store) >= 8
    finally:
        store.close()
    return kills, _check_readers(world)


@pytest.mark.timeout(900)  # half a minute where nothing else runs
def test_killed_eight_times_in_trouble(world: World, tmp_path: Path) -> None:
    kills, _ = _play(world, tmp_path, seed=5)
    assert kills >= KILLS // 2


@pytest.mark.soak
@pytest.mark.timeout(14_400)  # 20 minutes where nothing else runs
def test_killed_two_hundred_times_in_trouble(world: World, tmp_path: Path) -> None:
    kills = repeats = seed = 0
    while kills < 200:
        seed += 1
        done, again = _play(world, tmp_path / str(seed), seed)
        kills, repeats = kills + done, repeats + again
        sys.stdout.write(f"seed {seed}: {kills} kills, {repeats} repeats with the same Message-ID or payload so far\n")
    assert kills >= 200
