"""Broken configurations, each with the exact words a person gets to read."""

from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.settings import load_settings
from tests.configfolder import CONCEPTS, FEEDS, SUBSCRIPTIONS, TOPICS, a_config

MAIL = """
[channel.mail]
kind = "email"
host = "smtp.example.org"
from = "news@example.org"
to = ["analyst@example.org"]
"""
SLACK = """
[channel.chat]
kind = "slack"
"""


def mistakes(folder: Path, environ: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_settings(folder, environ or {})
    assert str(caught.value).count("\n") == len(caught.value.problems)
    return [str(problem) for problem in caught.value.problems]


CROSSED = "poll.interval_max_minutes: found 30: is less than interval_min_minutes (60); write 60 or more"
NO_FEED = "feeds.toml: names no feed — `monitor feeds add SITE` adds one, or write a [[feed]] with name and url"
ONE_MISTAKE = {
    "syntax": (
        "monitor.toml",
        "[log]\nform = plain\n",
        "monitor.toml: line 2, column 8: is not valid TOML: Invalid value — texts stand in quotes, lists in [ ]",
    ),
    "text that never ends": (
        "feeds.toml",
        '[[feed]]\nname = """never ends\n',
        "feeds.toml: at its end: is not valid TOML: Unterminated string — texts stand in quotes, lists in [ ]",
    ),
    "unknown table": (
        "monitor.toml",
        "[fetsh]\n",
        "monitor.toml: line 1, fetsh: unknown key 'fetsh' — did you mean 'fetch'?",
    ),
    "unknown key": (
        "monitor.toml",
        "\n[poll]\ntick_second = 5\n",
        "monitor.toml: line 3, poll.tick_second: unknown key 'tick_second' — did you mean 'tick_seconds'?",
    ),
    "unknown key like no other": (
        "monitor.toml",
        "[log]\nzzz = 1\n",
        "monitor.toml: line 2, log.zzz: unknown key 'zzz' — allowed: form, level",
    ),
    "text for a number": (
        "monitor.toml",
        '[poll]\ninterval_minutes = "30"\n',
        "monitor.toml: line 2, poll.interval_minutes: found '30': input should be a valid integer",
    ),
    "number out of range": (
        "monitor.toml",
        "[poll]\ntick_seconds = 1\n",
        "monitor.toml: line 2, poll.tick_seconds: found 1: input should be greater than or equal to 5",
    ),
    "not one of the words": (
        "monitor.toml",
        '[log]\nlevel = "warn"\n',
        (
            "monitor.toml: line 2, log.level: found 'warn', allowed: 'debug', 'info', 'warning' or 'error'"
            " — did you mean 'warning'?"
        ),
    ),
    "a value for a table": (
        "monitor.toml",
        "digest = 7\n",
        "monitor.toml: line 1, digest: found 7: input should be a table",
    ),
    "bad domain": (
        "monitor.toml",
        '[digest]\nmail_domain = "me@example.org"\n',
        (
            "monitor.toml: line 2, digest.mail_domain: found 'me@example.org': is no domain name;"
            " write one such as 'news.example.org'"
        ),
    ),
    "feed without url": (
        "feeds.toml",
        '[[feed]]\nname = "one"\n',
        "feeds.toml: line 1, feed[1] 'one' · url: is missing — add it",
    ),
    "feed without name": (
        "feeds.toml",
        f'{FEEDS}\n[[feed]]\nurl = "https://x.example/"\n',
        "feeds.toml: line 13, feed[3] · name: is missing — add it",
    ),
    "feed name twice": (
        "feeds.toml",
        f'{FEEDS}\n[[feed]]\nname = "courier"\nurl = "https://x.example/"\n',
        (
            "feeds.toml: line 14, feed[3] 'courier' · name: 'courier' stands already in feed[1]"
            " — remove or change one of the two"
        ),
    ),
    "feed url twice": (
        "feeds.toml",
        f'{FEEDS}\n[[feed]]\nname = "new"\nurl = "http://HERALD.example/rss/?section=1"\n',
        (
            "feeds.toml: line 15, feed[3] 'new' · url: 'http://HERALD.example/rss/?section=1' stands already in feed[2]"
            " — remove or change one of the two"
        ),
    ),
    "bad url": (
        "feeds.toml",
        '[[feed]]\nname = "one"\nurl = "ftp://x.example/feed"\n',
        (
            "feeds.toml: line 3, feed[1] 'one' · url: found 'ftp://x.example/feed': is no web address;"
            " it starts with https:// or http://"
        ),
    ),
    "url without host": (
        "feeds.toml",
        '[[feed]]\nname = "one"\nurl = "https:///feed"\n',
        (
            "feeds.toml: line 3, feed[1] 'one' · url: found 'https:///feed': is no web address;"
            " it starts with https:// or http://"
        ),
    ),
    "bad name": (
        "feeds.toml",
        '[[feed]]\nname = "Der Bote"\nurl = "https://x.example/"\n',
        (
            "feeds.toml: line 2, feed[1] 'Der Bote' · name: found 'Der Bote': a name has small letters a-z, digits and"
            " hyphens only"
        ),
    ),
    "unknown source kind": (
        "feeds.toml",
        '[[feed]]\nname = "one"\nurl = "https://x.example/"\nkind = "jsonfed"\n',
        "feeds.toml: line 4, feed[1] 'one' · kind: unknown kind 'jsonfed' — did you mean 'jsonfeed'?",
    ),
    "country for a language": (
        "feeds.toml",
        '[[feed]]\nname = "one"\nurl = "https://x.example/"\nlanguage = "english"\n',
        (
            "feeds.toml: line 4, feed[1] 'one' · language: found 'english': no language's code;"
            " did you mean 'en' (English)?"
        ),
    ),
    "tags as text": (
        "feeds.toml",
        '[[feed]]\nname = "one"\nurl = "https://x.example/"\ntags = "press"\n',
        "feeds.toml: line 4, feed[1] 'one' · tags: found 'press': input should be a list — write it in square brackets",
    ),
    "single brackets": (
        "feeds.toml",
        '[feed]\nname = "one"\nurl = "https://x.example/"\n',
        "feeds.toml: line 1, feed: must be tables of the form [[feed]] — write [[feed]]",
    ),
    "feeds for feed": (
        "feeds.toml",
        f'{FEEDS}\n[[feeds]]\nname = "one"\nurl = "https://x.example/"\n',
        "feeds.toml: line 13, feeds: unknown key 'feeds' — did you mean 'feed'?",
    ),
    "an empty file": ("feeds.toml", "", NO_FEED),
    "limits crossed": (
        "monitor.toml",
        "[poll]\ninterval_min_minutes = 60\ninterval_max_minutes = 30\n",
        f"monitor.toml: line 3, {CROSSED}",
    ),
    "no feed": ("feeds.toml", "# none yet\n", NO_FEED),
    "topic twice": (
        "topics.toml",
        f'{TOPICS}\n[topics.air-defence]\ntitle = "Again"\n',
        (
            "topics.toml: line 9, column 20: is not valid TOML: Cannot declare topics.air-defence twice"
            " — it stands in the file already; remove or rename one of the two"
        ),
    ),
    "topic without title": (
        "topics.toml",
        f'{TOPICS}\n[topics.new]\nclauses = [{{ query = "x", weight = 1 }}]\n',
        "topics.toml: line 9, topics.new · title: is missing — add it",
    ),
    "concept that is no text": (
        "concepts/en.toml",
        f"{CONCEPTS}\nnumbers = 5\n",
        (
            "concepts/en.toml: line 3, column 1: numbers: found int, expected a string of terms"
            ' — write numbers = "one, two"'
        ),
    ),
    "subscription to no topic": (
        "subscriptions.toml",
        f'{SUBSCRIPTIONS}topics = ["air-defense"]\n',
        (
            "subscriptions.toml: line 9, subscription[1] 'daily' · topics: there is no topic 'air-defense'"
            " — did you mean 'air-defence'?"
        ),
    ),
    "subscription to no channel": (
        "subscriptions.toml",
        SUBSCRIPTIONS.replace('"folder"', '"folders"'),
        (
            "subscriptions.toml: line 6, subscription[1] 'daily' · channel: there is no channel 'folders'"
            " — did you mean 'folder'?"
        ),
    ),
    "subscription twice": (
        "subscriptions.toml",
        SUBSCRIPTIONS + SUBSCRIPTIONS.partition("\n\n")[2],
        (
            "subscriptions.toml: line 10, subscription[2] 'daily' · name: 'daily' stands already in subscription[1]"
            " — give each its own name"
        ),
    ),
    "zone by its city": (
        "subscriptions.toml",
        SUBSCRIPTIONS.replace("Europe/Kyiv", "Kyiv"),
        (
            "subscriptions.toml: line 8, subscription[1] 'daily' · zone: unknown time zone 'Kyiv'"
            " — did you mean 'Europe/Kyiv'?"
        ),
    ),
    "zone misspelt": (
        "subscriptions.toml",
        SUBSCRIPTIONS.replace("Europe/Kyiv", "Europe/Kyyiv"),
        (
            "subscriptions.toml: line 8, subscription[1] 'daily' · zone: unknown time zone 'Europe/Kyyiv'"
            " — did you mean 'Europe/Kyiv'?"
        ),
    ),
    "schedule of four fields": (
        "subscriptions.toml",
        SUBSCRIPTIONS.replace("0 8 * * *", "8 * * *"),
        (
            "subscriptions.toml: line 7, subscription[1] 'daily' · schedule: '8 * * *' has 4 fields instead of 5"
            " (minute hour day month weekday); an example: '0 8 * * *' is every day at 08:00"
        ),
    ),
    "schedule that never comes": (
        "subscriptions.toml",
        SUBSCRIPTIONS.replace("0 8 * * *", "0 8 31 2 *"),
        (
            "subscriptions.toml: line 7, subscription[1] 'daily' · schedule: '0 8 31 2 *': bad day-of-month;"
            " an example: '0 8 * * *' is every day at 08:00"
        ),
    ),
    "template from elsewhere": (
        "subscriptions.toml",
        f'{SUBSCRIPTIONS}template = "../../etc/passwd"\n',
        (
            "subscriptions.toml: line 9, subscription[1] 'daily' · template: found '../../etc/passwd':"
            " a template's name has no folder in it"
        ),
    ),
    "template that is not there": (
        "subscriptions.toml",
        f'{SUBSCRIPTIONS}template = "weekly"\n',
        (
            "subscriptions.toml: line 9, subscription[1] 'daily' · template: weekly.txt.j2: there is no such template;"
            " add it to the templates folder, or use 'digest'"
        ),
    ),
    "no subscription": (
        "subscriptions.toml",
        '[channel.folder]\nkind = "file"\n',
        "subscriptions.toml: names no subscription — add a [[subscription]]",
    ),
    "channel without a name": (
        "subscriptions.toml",
        SUBSCRIPTIONS.replace("[channel.folder]", "[channel]"),
        "subscriptions.toml: line 1, channel: has no name of its own — write [channel.NAME], as [channel.mail]",
    ),
    "unknown channel kind": (
        "subscriptions.toml",
        f'{SUBSCRIPTIONS}\n[channel.mail]\nkind = "mail"\n',
        "subscriptions.toml: line 11, channel.mail · kind: unknown kind 'mail' — did you mean 'email'?",
    ),
    "channel without kind": (
        "subscriptions.toml",
        f"{SUBSCRIPTIONS}\n[channel.mail]\n",
        (
            "subscriptions.toml: line 10, channel.mail · kind: is missing — allowed: "
            "email, slack, file, apprise, feed, webhook"
        ),
    ),
    "channel that is no table": (
        "subscriptions.toml",
        f'channel.mail = "me"\n{SUBSCRIPTIONS}',
        "subscriptions.toml: line 1, channel.mail: must be a table — write [channel.mail]",
    ),
    "channel's own option": (
        "subscriptions.toml",
        SUBSCRIPTIONS + MAIL.replace("host", "hots"),
        "subscriptions.toml: line 10, channel.mail · host: is missing — add it",
    ),
    "secret not set": (
        "subscriptions.toml",
        f'{SUBSCRIPTIONS}{SLACK}webhook_url = "env:SLACK_HOOK"\n',
        (
            "subscriptions.toml: line 12, channel.chat · webhook_url: the environment variable SLACK_HOOK is not set"
            " — set it, for example: export SLACK_HOOK=…"
        ),
    ),
    "secret not there": (
        "subscriptions.toml",
        f'{SUBSCRIPTIONS}{MAIL}user = "me"\npassword = "file:/nowhere/password"\n',
        (
            "subscriptions.toml: line 16, channel.mail · password: the file /nowhere/password cannot be read:"
            " No such file or directory — create it or correct its path or rights"
        ),
    ),
    "secret in a feed's header": (
        "feeds.toml",
        f'{FEEDS}headers = {{ Authorization = "env:COURIER" }}\n',
        (
            "feeds.toml: line 12, feed[2] 'herald' · headers · Authorization: the environment variable COURIER is"
            " not set — set it, for example: export COURIER=…"
        ),
    ),
}


@pytest.mark.parametrize("name", ONE_MISTAKE)
def test_one_mistake(name: str, tmp_path: Path) -> None:
    file, text, expected = ONE_MISTAKE[name]
    assert expected in mistakes(a_config(tmp_path, {file: text}))


def test_one_mistake_is_reported_once(tmp_path: Path) -> None:
    counts = {}
    for number, (name, (file, text, _)) in enumerate(ONE_MISTAKE.items()):
        counts[name] = len(mistakes(a_config(tmp_path / str(number), {file: text})))
    assert {name: count for name, count in counts.items() if count > 1} == {"channel's own option": 2}


def test_all_mistakes_of_all_files_are_reported_together(tmp_path: Path) -> None:
    broken = a_config(
        tmp_path,
        {
            "monitor.toml": '[log]\nform = "yaml"\n[tidy]\nkeep_days = 0\n',
            "feeds.toml": '[[feed]]\nname = "one"\n[[feed]]\nname = "one"\nurl = "x"\n',
            "topics.toml": "[topics.x]\nclauses = []\n",
            "subscriptions.toml": SUBSCRIPTIONS.replace("0 8", "0 25").replace("Europe/Kyiv", "Mars/Base"),
        },
    )
    places = [line.partition(":")[0] + line.partition(": ")[2].partition(":")[0] for line in mistakes(broken)]
    assert places == [
        "monitor.tomlline 2, log.form",
        "monitor.tomlline 4, tidy.keep_days",
        "feeds.tomlline 1, feed[1] 'one' · url",
        "feeds.tomlline 5, feed[2] 'one' · url",
        "topics.tomlline 1, topics.x · title",
        "subscriptions.tomlline 7, subscription[1] 'daily' · schedule",
        "subscriptions.tomlline 8, subscription[1] 'daily' · zone",
    ]


@pytest.mark.parametrize("name", ["monitor.toml", "feeds.toml", "topics.toml", "subscriptions.toml"])
def test_a_missing_file(name: str, tmp_path: Path) -> None:
    (a_config(tmp_path) / name).unlink()
    assert mistakes(tmp_path) == [f"{name}: there is no such file in {tmp_path} — copy the shipped one"]


def test_a_missing_folder(tmp_path: Path) -> None:
    hint = "give the folder that holds monitor.toml, or make one with the shipped files"
    assert mistakes(tmp_path / "nowhere") == [f"{tmp_path / 'nowhere'}: there is no such folder — {hint}"]


def test_another_encoding(tmp_path: Path) -> None:
    (a_config(tmp_path) / "feeds.toml").write_bytes('# один\n# два\nname = "Вісник"\n'.encode("windows-1251"))
    assert mistakes(tmp_path) == ["feeds.toml: line 1: is not UTF-8 text — save it as UTF-8"]


def test_a_folder_for_a_file(tmp_path: Path) -> None:
    (a_config(tmp_path) / "feeds.toml").unlink()
    (tmp_path / "feeds.toml").mkdir()
    assert mistakes(tmp_path) == ["feeds.toml: cannot be read: Is a directory — correct its rights"]


def test_a_template_that_does_not_parse(tmp_path: Path) -> None:
    folder = a_config(tmp_path, {"templates/digest.txt.j2": "fine\n{% if %}\n"})
    (problem,) = map(str, load_settings(folder, {}).broken_templates)  # it keeps nobody from their digest
    assert problem.startswith(f"subscriptions.toml: line 4, subscription[1] 'daily' · template: {folder}/templates/")
    assert "digest.txt.j2, line 2: " in problem
    (folder / "feeds.toml").unlink()
    assert problem in mistakes(folder)


def test_a_wrong_secret_is_never_shown(tmp_path: Path) -> None:
    bad = a_config(tmp_path, {"subscriptions.toml": f'{SUBSCRIPTIONS}{SLACK}webhook_url = "env:HOOK"\n'})
    (problem,) = mistakes(bad, {"HOOK": "hooks.slack.com/services/T0/B0/hunter2"})
    assert problem == "subscriptions.toml: line 12, channel.chat · webhook_url: found ***: must start with https://"
