"""The configuration folder as a whole: what it becomes; the shipped one, its comments and the pages are true."""

import re
import tomllib
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import BaseModel

from monitor.channels.apprise import AppriseOptions
from monitor.channels.email import EmailOptions
from monitor.channels.file import FileChannel, FileOptions
from monitor.channels.slack import SlackOptions
from monitor.channels.syndication import FeedFileOptions
from monitor.channels.webhook import WebhookOptions
from monitor.errors import ConfigError
from monitor.logs import MASK, masked
from monitor.settings import load_settings, load_topic_files
from monitor.settings.models import AlertOptions, FeedOptions, MainOptions, SubscriptionOptions
from tests.configfolder import SUBSCRIPTIONS, TOPICS, a_config

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = ROOT / "config"
SECRETS = {
    "SMTP_PASSWORD": "swordfish-1",
    "SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T0/B0/swordfish-2",
    "SLACK_BOT_TOKEN": "xoxb-swordfish-3",
}


WORKED_OUT = {
    "by `security",
    "the name",
    "learned",
    "as for all",
    "none",
    "the subscription's",
}  # defaults that depend on something else


def uncommented(text: str) -> str:
    """Every line that is a commented-out setting or table ("#key = …", "#[table]") brought to life; prose stays."""
    return re.sub(r"^#(?=[\[a-z])", "", text, flags=re.MULTILINE)


def test_a_small_configuration(tmp_path: Path) -> None:
    settings = load_settings(a_config(tmp_path / "config"), {})
    courier, herald = settings.feeds
    assert (courier.name, courier.outlet, courier.language, courier.tags) == (
        "courier",
        "Northern Courier",
        "en",
        ("press",),
    )
    assert (herald.outlet, herald.kind, herald.interval) == ("herald", "feed", None)
    (daily,) = settings.subscriptions
    assert (daily.title, daily.topics, daily.template) == ("daily", ("air-defence", "drone-coalition"), "digest")
    assert [topic.title for topic in settings.topics.topics] == ["Air defence", "Drone Coalition"]
    assert settings.channels == {"folder": FileChannel("folder", tmp_path / "archive" / "outbox")}
    assert settings.archive.folder == tmp_path / "archive"
    assert settings.archive.url == f"sqlite:///{tmp_path / 'archive' / 'monitor.db'}"
    assert (settings.folder, settings.templates) == (tmp_path / "config", tmp_path / "config" / "templates")
    assert (settings.log.form, settings.log.level) == ("json", "info")
    assert not (tmp_path / "archive").exists()  # reading settings makes nothing


def test_the_archive_can_be_elsewhere(tmp_path: Path) -> None:
    folder = a_config(tmp_path / "config", {"monitor.toml": '[archive]\nfolder = "/srv/news"\n'})
    assert load_settings(folder, {}).archive.folder == Path("/srv/news")
    settings = load_settings(folder, {}, archive=tmp_path / "other")
    assert settings.archive.folder == tmp_path / "other"
    assert settings.channels == {"folder": FileChannel("folder", tmp_path / "other" / "outbox")}


def test_a_database_elsewhere_keeps_the_folder(tmp_path: Path) -> None:
    folder = a_config(tmp_path / "config", {"monitor.toml": '[archive]\nurl = "sqlite://"\n'})
    assert load_settings(folder, {}).archive.url == "sqlite://"


@pytest.mark.parametrize("url", ["garbage", "mysql://u:p@h/d", "postgresql://u:p@x@h/d", "postgresql://h"])
def test_an_address_that_is_no_archive_is_a_mistake_with_its_line(tmp_path: Path, url: str) -> None:
    folder = a_config(tmp_path / "config", {"monitor.toml": f'[archive]\nurl = "{url}"\n'})
    with pytest.raises(ConfigError) as refused:
        load_settings(folder, {})
    (problem,) = refused.value.problems
    assert (problem.file, problem.where) == ("monitor.toml", "line 2, archive · url")


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    text = "\ufeff" + SUBSCRIPTIONS.replace("\n", "\r\n")
    folder = a_config(tmp_path)
    (folder / "subscriptions.toml").write_bytes(text.encode())
    assert load_settings(folder, {}).subscriptions[0].name == "daily"


def test_the_interval_is_the_feeds_own_or_learned(tmp_path: Path) -> None:
    feeds = '[[feed]]\nname = "a"\nurl = "https://a.example/"\ninterval_minutes = 5\n'
    feeds += '[[feed]]\nname = "b"\nurl = "https://b.example/"\n'
    main = "[poll]\ninterval_minutes = 45\ntick_seconds = 20\n"
    settings = load_settings(a_config(tmp_path, {"feeds.toml": feeds, "monitor.toml": main}), {})
    assert [feed.interval for feed in settings.feeds] == [timedelta(minutes=5), None]
    assert settings.poll.interval_minutes == 45
    assert settings.poll.every == timedelta(seconds=20)


def test_topics_alone(tmp_path: Path) -> None:
    folder = a_config(tmp_path, {"feeds.toml": "broken"})
    assert [topic.name for topic in load_topic_files(folder).topics] == ["air-defence", "drone-coalition"]
    (folder / "topics.toml").write_text(TOPICS.replace("#drones", "#drone"))
    with pytest.raises(ConfigError, match=r"topics\.toml: line 7"):
        load_topic_files(folder)


def test_a_topic_in_a_table_of_another_name_is_told_with_its_line(tmp_path: Path) -> None:
    folder = a_config(tmp_path, {"topics.toml": f"{TOPICS}\n[topic.y]\ntitle = 'Y'\n"})
    line = TOPICS.count("\n") + 2
    with pytest.raises(ConfigError, match=rf"topics\.toml: line {line}, column 1 \(topic\): unknown table"):
        load_topic_files(folder)


# ── the shipped configuration ─────────────────────────────────────────────────────────────────────────────────────


def test_the_shipped_configuration_works_as_it_is() -> None:
    settings = load_settings(SHIPPED, {})
    assert len(settings.feeds) >= 60
    assert len({feed.language for feed in settings.feeds if feed.language}) >= 8
    assert [topic.name for topic in settings.topics.topics] == ["drone-coalition", "co-production", "air-defence"]
    (daily,) = settings.subscriptions
    assert (daily.schedule, daily.zone, settings.channels[daily.channel].kind) == ("0 8 * * *", "Europe/Kyiv", "file")
    assert settings.archive.folder == ROOT / "archive"


def test_every_setting_stands_in_monitor_toml_at_its_default() -> None:
    text = (SHIPPED / "monitor.toml").read_text()
    assert {table: content for table, content in tomllib.loads(text).items() if content} == {}
    stated = tomllib.loads(uncommented(text))
    assert stated == dumped(MainOptions())


def test_every_setting_has_its_line_of_explanation() -> None:
    lines = (SHIPPED / "monitor.toml").read_text().splitlines()
    bare = [line for before, line in pairwise(lines) if re.match("#[a-z]", line) and before[:2] != "# "]
    assert bare == []


def test_the_commented_subscriptions_are_right(tmp_path: Path) -> None:
    for path in [*SHIPPED.glob("*.toml"), *SHIPPED.glob("concepts/*.toml")]:
        copy = tmp_path / path.relative_to(SHIPPED)
        copy.parent.mkdir(exist_ok=True)
        text = path.read_text()
        copy.write_text(uncommented(text) if path.name == "subscriptions.toml" else text)
    settings = load_settings(tmp_path, SECRETS)
    assert {name: channel.kind for name, channel in settings.channels.items()} == {
        "folder": "file",
        "mail": "email",
        "slack": "slack",
        "slack-bot": "slack",
    }
    assert [subscription.name for subscription in settings.subscriptions] == [
        "daily",
        "daily-by-mail",
        "workdays-to-slack",
        "alerts",
    ]
    shown = repr(settings.channels)
    assert not any(secret in shown for secret in SECRETS.values())
    assert [masked(secret) for secret in SECRETS.values()] == [MASK] * 3


# ── the documents ─────────────────────────────────────────────────────────────────────────────────────────────────


def dumped(model: BaseModel) -> object:
    """A model's values as TOML has them: lists for tuples."""
    return {
        table: {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}
        for table, values in model.model_dump().items()
    }


def rows(section: str) -> dict[str, str]:
    """Setting → default of the first table in a section of a page; "`a`, `b`" in one row are two settings."""
    found: dict[str, str] = {}
    for names, default in re.findall(r"^\| (`.+?) \| (.*?) \| ", section, re.MULTILINE):
        found |= dict.fromkeys(re.findall(r"`(\w+)`", names), default.strip("`"))
    return found


@pytest.mark.parametrize("table", list(MainOptions.model_fields))
def test_settings_md_has_every_setting_with_its_default(table: str) -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    section = page.partition(f"\n### [{table}]\n")[2].partition("\n##")[0]
    (values,) = (values for name, values in MainOptions().model_dump().items() if name == table)
    documented = {name: tomllib.loads(f"value = {default}")["value"] for name, default in rows(section).items()}
    assert documented == {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


@pytest.mark.parametrize(
    ("page", "heading", "model"),
    [
        ("settings.md", "## feeds.toml", FeedOptions),
        ("channels.md", "## [[subscription]]", SubscriptionOptions),
        ("channels.md", '## kind = "email"', EmailOptions),
        ("channels.md", '## kind = "slack"', SlackOptions),
        ("channels.md", '## kind = "file"', FileOptions),
        ("channels.md", '## kind = "apprise"', AppriseOptions),
        ("channels.md", '## kind = "feed"', FeedFileOptions),
        ("channels.md", '## kind = "webhook"', WebhookOptions),
        ("channels.md", "## Alerts", AlertOptions),
    ],
)
def test_every_option_is_documented(page: str, heading: str, model: type[BaseModel]) -> None:
    section = (ROOT / "docs" / page).read_text().partition(f"\n{heading}\n")[2].partition("\n## ")[0]
    documented = rows(section)
    assert list(documented) == [field.alias or name for name, field in model.model_fields.items()]
    for name, field in model.model_fields.items():
        stated = documented[field.alias or name]
        default = field.get_default(call_default_factory=True)
        assert (stated == "required") == field.is_required()
        if not field.is_required() and stated not in WORKED_OUT:
            if isinstance(default, BaseModel):
                default = default.model_dump(exclude_defaults=True)
            assert tomllib.loads(f"value = {stated}")["value"] == (
                list(default) if isinstance(default, tuple) else default
            )


KEEPING = {
    "[tidy]\nkeep_days = 90\nmatches_days = 30\n": (
        "monitor.toml: line 3, tidy.matches_days: found 30: is less than keep_days (90); write 90 or more, or 0 to keep"
        " matches for ever"
    ),
    '[backup]\nschedule = "30 25 * * *"\n': (
        "monitor.toml: line 2, backup.schedule: '30 25 * * *': bad hour; an example: '0 8 * * *' is every day at 08:00"
    ),
    '[backup]\nschedule = "30 3 * * *"\nzone = "Europe/Kyivv"\n': (
        "monitor.toml: line 3, backup.zone: unknown time zone 'Europe/Kyivv' — did you mean 'Europe/Kyiv'?"
    ),
    '[archive]\nurl = "postgresql://localhost/news"\n[backup]\nschedule = "30 3 * * *"\n': (
        "monitor.toml: line 4, backup.schedule: is for an archive in a file; on a server let cron run pg_dump, see"
        " docs/postgresql.md"
    ),
}


@pytest.mark.parametrize("text", KEEPING)
def test_what_is_wrong_with_retention_and_backups(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(a_config(tmp_path, {"monitor.toml": text}), {})
    assert [str(problem) for problem in caught.value.problems] == [KEEPING[text]]


@pytest.mark.parametrize("left", ["", None])
def test_who_is_about_to_fill_the_list_of_feeds_may_find_it_empty(tmp_path: Path, left: str | None) -> None:
    folder = a_config(tmp_path / "config")
    (folder / "feeds.toml").unlink()
    if left is not None:
        (folder / "feeds.toml").write_text(left)
    assert load_settings(folder, {}, feedless=True).feeds == ()
    with pytest.raises(ConfigError, match=r"feeds\.toml"):
        load_settings(folder, {})


@pytest.mark.parametrize("last", ["[topics.air-def", "clauses =", "[{ name", '"systems",', "query = ", '"patri'])
def test_a_file_saved_by_halves_is_a_mistake_and_no_bug(tmp_path: Path, last: str) -> None:
    a_config(tmp_path, {"topics.toml": TOPICS[: TOPICS.index(last) + len(last)]})
    with pytest.raises(ConfigError, match=r"topics\.toml: (line \d+, column \d+|at its end): is not valid TOML: "):
        load_settings(tmp_path, {})


@pytest.mark.parametrize("text", ["x = " + "[" * 9_000, "x = " + "1" * 5_000], ids=["deep", "endless"])
@pytest.mark.parametrize("file", ["topics.toml", "concepts/en.toml"])
def test_what_no_reader_of_toml_can_take_is_a_mistake(tmp_path: Path, file: str, text: str) -> None:
    a_config(tmp_path, {file: text})
    with pytest.raises(ConfigError, match="is not valid TOML"):
        load_settings(tmp_path, {})


@pytest.mark.parametrize("text", ["x", "x = [", "[x", 'x = "'])
def test_a_word_list_that_is_no_toml_and_wrongly_named_is_told_as_both(tmp_path: Path, text: str) -> None:
    a_config(tmp_path, {"concepts/ukr.toml": text})
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path, {})
    told = [problem.message for problem in caught.value.problems]
    assert [said.split(":")[0] for said in told] == [
        "is not valid TOML",
        "is named after Ukrainian, and not by its code",
    ]


def test_an_operator_that_is_no_channel_is_placed(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(a_config(tmp_path, {"monitor.toml": '[deliver]\noperator = ["mail"]\n'}), {})
    (problem,) = caught.value.problems
    assert str(problem) == "monitor.toml: line 2, deliver.operator: there is no channel 'mail' — known: folder"
