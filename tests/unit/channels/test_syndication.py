"""Matches as a feed: read back by a feed reader, growing at the top, never written over what is not ours."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest

from monitor.channels.syndication import FeedFileChannel
from monitor.digests.document import document
from monitor.digests.present import present
from monitor.errors import ConfigError, DeliveryError
from monitor.model import Digest, Message
from tests.builders import NOW, a_digest, a_message, a_report, a_story, an_article


def a_channel(archive: Path, **options: Any) -> FeedFileChannel:
    return FeedFileChannel.from_options(
        options, name="matches", file="subscriptions.toml", where="channel.matches", folder=archive
    )


def message_of(digest: Digest) -> Message:
    return a_message(key=digest.key, data=document(digest, present(digest)))


def told(number: int, hours: int, title: str = "A story", key: str = "daily@2026-11-23T08:00") -> Message:
    article = an_article(url=f"https://courier.example/{number}", title=f"{title} {number}")
    story = a_story(reports=(a_report(article=article),))
    return message_of(a_digest(key=key, stories=(story,), composed_at=NOW + timedelta(hours=hours)))


def read(archive: Path) -> Any:
    return feedparser.parse((archive / "feeds" / "matches.atom").read_bytes())


def test_a_feed_reader_understands_the_atom_file(tmp_path: Path) -> None:
    channel = a_channel(tmp_path, title="Matches", home="https://desk.example/", address="https://desk.example/m.atom")
    receipt = channel.send(message_of(a_digest()), NOW)
    assert receipt.detail.startswith("1 story written to ")
    feed = read(tmp_path)
    assert not feed.bozo
    assert (feed.version, feed.feed.title, feed.feed.link) == ("atom10", "Matches", "https://desk.example/")
    (entry,) = feed.entries
    assert entry.title == "Two more launchers promised before winter"
    assert entry.link == "https://courier.example/news/launchers"
    assert entry.id.startswith("tag:news-monitor.local,2026:story/")
    assert [tag.term for tag in entry.tags] == ["Air defence"]
    assert "Reported by Northern Courier" in entry.summary
    assert entry.published_parsed[:4] == (2026, 11, 23, 3)


def test_the_json_file_is_a_json_feed(tmp_path: Path) -> None:
    a_channel(tmp_path).send(message_of(a_digest()), NOW)
    feed = json.loads((tmp_path / "feeds" / "matches.json").read_text())
    assert (feed["version"], feed["title"]) == ("https://jsonfeed.org/version/1.1", "Daily digest")
    assert feed["items"][0]["url"] == "https://courier.example/news/launchers"


def test_new_stories_come_on_top_and_the_oldest_leave(tmp_path: Path) -> None:
    channel = a_channel(tmp_path, most=2)
    for number in range(3):
        channel.send(told(number, number), NOW)
    assert [entry.title for entry in read(tmp_path).entries] == ["A story 2", "A story 1"]


def test_a_story_told_again_takes_the_place_of_its_older_entry(tmp_path: Path) -> None:
    channel = a_channel(tmp_path)
    channel.send(told(1, 0), NOW)
    channel.send(told(1, 5, title="More on a story"), NOW)
    assert [entry.title for entry in read(tmp_path).entries] == ["More on a story 1"]


def test_the_same_again_changes_nothing(tmp_path: Path) -> None:
    channel = a_channel(tmp_path)
    channel.send(told(1, 0), NOW)
    before = (tmp_path / "feeds" / "matches.atom").read_bytes()
    channel.send(told(1, 0), NOW)
    assert (tmp_path / "feeds" / "matches.atom").read_bytes() == before


def test_markup_and_control_characters_of_a_headline_stay_text(tmp_path: Path) -> None:
    article = an_article(title="<script>x</script> & \x07 bell")
    story = a_story(reports=(a_report(article=article),))
    a_channel(tmp_path).send(message_of(a_digest(stories=(story,))), NOW)
    feed = read(tmp_path)
    assert not feed.bozo
    assert "\x07" not in (tmp_path / "feeds" / "matches.atom").read_text()
    assert "&lt;script&gt;" in (tmp_path / "feeds" / "matches.atom").read_text()


def test_a_file_of_somebody_else_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "feeds").mkdir()
    other = tmp_path / "feeds" / "matches.json"
    other.write_text('{"items": [1]}')
    channel = a_channel(tmp_path)
    with pytest.raises(DeliveryError, match=r"matches\.json is no feed that this program wrote; move it away"):
        channel.send(message_of(a_digest()), NOW)
    assert "no feed that this program wrote" in channel.check()
    assert other.read_text() == '{"items": [1]}'


def test_a_message_without_a_document_is_refused_for_good(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="of a version that kept no stories") as caught:
        a_channel(tmp_path).send(a_message(data=""), NOW)
    assert caught.value.permanent


def test_an_address_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="home"):
        a_channel(tmp_path, home="desk.example")
