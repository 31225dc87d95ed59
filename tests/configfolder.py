"""A small configuration that is right, to be made wrong in one place by a test."""

from pathlib import Path

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
