"""Parts joined: folders made, beats noted, settings taken over, a stop that reaches the jobs."""

import gc
from pathlib import Path

import pytest

from monitor.app import RARELY, App, open_app
from monitor.errors import StoreError
from monitor.jobs.backup import Unmade
from monitor.settings import Settings, load_settings
from monitor.settings.learned import learned_file
from monitor.store.backup import Backup
from monitor.topics.learn import Model, write_models
from tests.fakes import NOON, FixedClock
from tests.newsserver import Answer, NewsServer

TOPICS = '[topics.drones]\ntitle = "Drones"\nbias = -2\nclauses = [{ name = "d", query = "drone", weight = 6 }]\n'
SUBSCRIPTION = (
    '[channel.folder]\nkind = "file"\n[[subscription]]\nname = "daily"\ntopics = ["*"]\nchannel = "folder"\n'
    'schedule = "0 8 * * *"\nzone = "Europe/Kyiv"\nsend_empty = true\n'
)
FEED = '[[feed]]\nname = "{name}"\nurl = "http://127.0.0.1:9/{name}"\n'


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "monitor.toml").write_text(
        '[fetch]\nallow_private = ["127.0.0.0/8"]\nhost_gap_seconds = 0.0\n[poll]\ncanaries = []\n'
    )
    (folder / "topics.toml").write_text(TOPICS)
    (folder / "subscriptions.toml").write_text(SUBSCRIPTION)
    (folder / "feeds.toml").write_text(FEED.format(name="one"))
    return folder


def _settings(config: Path) -> Settings:
    return load_settings(config, {})


def _beats(app: App) -> dict[str, bool]:
    with app.store.read() as shelves:
        return {name: beat.succeeded_at is not None for name, beat in shelves.pulse.beats().items()}


def test_the_archive_folder_is_made_and_every_job_leaves_a_beat(config: Path) -> None:
    clock = FixedClock()
    with open_app(_settings(config), now=clock, workers=0) as app:
        assert app.poll().failed
        (composed,) = app.digest()
        assert len(app.deliver().receipts) == 1
        app.tidy()
        assert _beats(app) == {"poll": True, "digest": True, "deliver": True, "tidy": True}
    assert composed.digest.key.startswith("daily@")
    assert list((config.parent / "archive" / "outbox").glob("*.eml"))


def test_a_backup_that_failed_is_tried_again_after_an_hour_or_with_new_settings(config: Path) -> None:
    with (config / "monitor.toml").open("a") as file:
        file.write('[backup]\nfolder = "../copies"\nschedule = "30 3 * * *"\nzone = "Europe/Kyiv"\n')
    copies = config.parent / "copies"
    copies.write_text("in the way")
    clock = FixedClock()
    with open_app(_settings(config), now=clock, workers=0) as app:
        assert isinstance(app.back_up(), Unmade)
        copies.unlink()
        assert app.back_up() is None
        clock.forward(hours=1)
        assert isinstance(app.back_up(), Backup)
        (made,) = copies.glob("monitor-*")
        assert (made / "config" / "feeds.toml").read_text() == FEED.format(name="one")
        clock.forward(days=1)
        copies.rename(copies.with_name("old"))
        copies.write_text("in the way")
        assert isinstance(app.back_up(), Unmade)
        copies.unlink()
        app.reload(_settings(config))
        assert isinstance(app.back_up(), Backup)


def test_a_folder_that_cannot_be_made_is_a_clear_error(config: Path) -> None:
    (config.parent / "archive").write_text("a file stands in the way")
    with pytest.raises(StoreError, match="archive"), open_app(_settings(config), workers=0):
        pass


def test_new_settings_count_from_the_next_job_on(config: Path) -> None:
    with open_app(_settings(config), now=FixedClock(), workers=0) as app:
        before = app.toolbox
        (config / "feeds.toml").write_text(FEED.format(name="one") + FEED.format(name="two"))
        app.reload(_settings(config))
        assert set(before.feeds) == {"one"}
        assert set(app.toolbox.feeds) == {"one", "two"}
        assert app.poll().due == 2


def test_a_job_that_fails_leaves_its_reason_and_keeps_the_last_success(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FixedClock()
    with open_app(_settings(config), now=clock, workers=0) as app:
        app.deliver()
        clock.forward(hours=1)

        def full(*_: object) -> None:
            raise StoreError("the disk is full")

        monkeypatch.setattr("monitor.app.deliver", full)
        with pytest.raises(StoreError):
            app.deliver()
        with app.store.read() as shelves:
            beat = shelves.pulse.beats()["deliver"]
    assert beat.problem == "the disk is full"
    assert beat.succeeded_at == NOON


def test_the_garbage_collector_comes_rarely_in_a_round_and_as_usual_after_it(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, seen = gc.get_threshold(), []

    def broken(*_: object, **__: object) -> object:
        seen.append((gc.get_threshold(), gc.get_freeze_count() > 0))
        raise StoreError("no room")

    monkeypatch.setattr("monitor.app.poll", broken)
    with open_app(_settings(config), now=FixedClock(), workers=0) as app, pytest.raises(StoreError, match="no room"):
        app.poll()
    assert seen == [(RARELY, True)]
    assert (gc.get_threshold(), gc.get_freeze_count()) == (usual, 0)


def test_after_a_stop_the_jobs_end_at_once(config: Path) -> None:
    with open_app(_settings(config), now=FixedClock(), workers=0) as app:
        app.stop()
        assert app.toolbox.stopping()


def test_what_was_learned_is_taken_up_and_a_broken_file_stops_nothing(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = _settings(config)
    rule = settings.topics.judge("", "")[0].rule
    file = learned_file(settings)
    file.parent.mkdir()
    file.write_text(write_models({"drones": Model(rule=rule, marks=34, bias=-2.0, clauses={}, words={})}), "utf-8")
    with open_app(settings, workers=0) as app:
        (verdict,) = app.toolbox.topics.judge("", "A drone flew.")
        assert verdict.evidence[-1].clause.startswith("learned from 34 marks")
        assert "not used" not in capsys.readouterr().out
        file.write_text("{", "utf-8")
        app.reload(settings)
        assert app.toolbox.topics is settings.topics
    told = capsys.readouterr().out
    assert told.count("what was learned is not used") == 1
    assert "`monitor topics learn`" in told


def test_somebody_is_told_of_each_round_that_saw_anything(config: Path, caplog: pytest.LogCaptureFixture) -> None:
    with NewsServer() as server:
        server.put("/feed", Answer(body=b"<rss version='2.0'><channel><title>One</title></channel></rss>"))
        server.put("/alive", Answer(body=b"OK"))
        (config / "feeds.toml").write_text(f'[[feed]]\nname = "one"\nurl = "{server.url("/feed")}"\n')
        with (config / "monitor.toml").open("a") as more:
            more.write('[watch]\nping = "env:ALIVE"\n')
        settings = load_settings(config, {"ALIVE": server.url("/alive")})
        with open_app(settings, workers=0) as app:
            app.poll()
            assert [seen.path for seen in server.seen] == ["/feed", "/alive"]
            server.put("/alive", Answer(status=500))
            app.poll(force=True)  # whoever is not there now must not stop the round
        assert [seen.path for seen in server.seen].count("/alive") == 2
    assert server.url("/alive") not in repr(settings.watch)


def test_texts_are_given_up_whatever_becomes_of_the_comparison_with_sitemaps(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trip(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("monitor.jobs.compare.compare", trip)
    with open_app(_settings(config), now=FixedClock(), workers=0) as app:
        with pytest.raises(ZeroDivisionError):
            app.tidy()
        assert _beats(app) == {"tidy": True}
