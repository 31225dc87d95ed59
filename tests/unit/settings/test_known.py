"""Topic files that were found right before are not read again at a start; any change is seen all the same."""

from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.settings import Settings, known, load_settings
from monitor.topics import LaterTopics
from tests.configfolder import a_config


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "archive").mkdir()
    return a_config(tmp_path / "config")


def read(config: Path, *, recall: bool = True) -> Settings:
    return load_settings(config, {}, archive=config.parent / "archive", recall=recall)


def test_the_second_start_knows_the_topics_and_judges_alike(config: Path) -> None:
    first, second = read(config), read(config)
    assert not isinstance(first.topics, LaterTopics)
    assert isinstance(second.topics, LaterTopics)
    assert second.topics.topics == first.topics.topics
    assert second.topics.judge("Title", "Some text.") == first.topics.judge("Title", "Some text.")


def test_a_mistake_made_since_is_told_at_once(config: Path) -> None:
    read(config)
    file = config / "topics.toml"
    file.write_text(file.read_text("utf-8") + "\n[topics.broken]\ntitle = 3\n", "utf-8")
    with pytest.raises(ConfigError, match="broken"):
        read(config)


def test_who_does_not_ask_reads_everything_and_notes_nothing(config: Path) -> None:
    assert not isinstance(read(config, recall=False).topics, LaterTopics)
    assert not (config.parent / "archive" / known.FILE).exists()


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"digest": 3}', b"\xff", b'{"digest": "%s", "topics": [1]}'])
def test_a_damaged_note_is_of_no_account(config: Path, content: bytes) -> None:
    right = read(config).topics
    texts = {"topics.toml": "x"}
    (config.parent / "archive" / known.FILE).write_bytes(content.replace(b"%s", known.digest_of(texts).encode()))
    assert known.recall(config.parent / "archive", known.digest_of(texts)) == ()
    assert read(config).topics.topics == right.topics


def test_every_file_counts_with_its_name() -> None:
    assert known.digest_of({"a": "b"}) != known.digest_of({"b": "a"})
    assert known.digest_of({"a": "b"}) == known.digest_of({"a": "b"})


def test_where_nothing_can_be_noted_nothing_is_lost(tmp_path: Path) -> None:
    known.remember(tmp_path / "missing", "x", ())
    assert not (tmp_path / "missing").exists()
