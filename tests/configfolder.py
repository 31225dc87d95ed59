"""A small configuration that is right, to be made wrong in one place by a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.app import App
from monitor.newsroom import Newsroom
from monitor.settings import load_settings

MAIN = """\
[log]
form = "json"
"""
FEEDS = """\
[[feed]]
name = "courier"
title = "Northern Courier"
url = "http://127.0.0.1/courier.xml"
language = "en"
country = "int"
tags = ["press"]

[[feed]]
name = "herald"
url = "https://herald.example/rss?section=1"
"""
TOPICS = """\
[topics.air-defence]
title = "Air defence"
clauses = [{ name = "systems", query = "patriot", weight = 5 }]

[topics.drone-coalition]
title = "Drone Coalition"
clauses = [{ query = "#drones", weight = 5 }]
"""
CONCEPTS = """\
drones = "drone, uav"
"""
SUBSCRIPTIONS = """\
[channel.folder]
kind = "file"

[[subscription]]
name = "daily"
channel = "folder"
schedule = "0 8 * * *"
zone = "Europe/Kyiv"
"""
FILES = {
    "monitor.toml": MAIN,
    "feeds.toml": FEEDS,
    "topics.toml": TOPICS,
    "concepts/en.toml": CONCEPTS,
    "subscriptions.toml": SUBSCRIPTIONS,
}


def a_config(folder: Path, changed: dict[str, str] | None = None) -> Path:
    """The files in `folder`, with the texts of some `changed` by file name; the folder again."""
    for name, text in (FILES | (changed or {})).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def followed(newsroom: Newsroom) -> str:
    """feeds.toml for the outlets of a newsroom."""
    return "".join(
        f'[[feed]]\nname = "{feed.name}"\ntitle = "{feed.title}"\nurl = "{feed.url}"\nkind = "{feed.kind}"\n'
        for feed in newsroom.feeds
    )


def told_by_mail(port: int, schedule: str = "0 8 * * *") -> str:
    """subscriptions.toml for one digest of everything, sent by the mail server at that port of this machine."""
    return (
        f'[channel.mail]\nkind = "email"\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
        'from = "monitor@desk.example"\nto = ["analyst@desk.example"]\n'
        '[[subscription]]\nname = "daily"\ntitle = "Daily"\ntopics = ["*"]\nchannel = "mail"\n'
        f'schedule = "{schedule}"\nzone = "Europe/Kyiv"\n'
    )


@contextmanager
def kept(app: App, name: str) -> Iterator[Path]:
    """A file of the configuration, which is put back at the end of the block, and read again."""
    path = app.settings.folder / name
    text = path.read_text("utf-8")
    yield path
    path.write_text(text, "utf-8")
    app.reload(load_settings(app.settings.folder, {}, archive=app.settings.archive.folder))
