"""Which files are the configuration: its texts, and nothing that stands beside them."""

from pathlib import Path

from monitor.settings.texts import config_texts
from tests.configfolder import a_config


def test_the_texts_and_no_others(tmp_path: Path) -> None:
    folder = a_config(tmp_path / "config")
    (folder / "smtp-password.txt").write_text("not to be copied")
    (folder / "templates").mkdir()
    (folder / "templates" / "brief.txt.j2").write_text("{{ title }}")
    texts = config_texts(folder)
    assert list(texts) == [
        "monitor.toml",
        "feeds.toml",
        "topics.toml",
        "subscriptions.toml",
        "concepts/en.toml",
        "templates/brief.txt.j2",
    ]
    assert all(path == folder / name for name, path in texts.items())
