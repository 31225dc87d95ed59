"""Which files of a folder are the configuration: its texts, and no others (a secret's file may stand beside them)."""

from pathlib import Path

_TEXTS = ("monitor.toml", "feeds.toml", "topics.toml", "subscriptions.toml")


def config_texts(folder: Path) -> dict[str, Path]:
    """The configuration's files, in order, by their paths within the folder, with forward slashes."""
    there = [folder / name for name in _TEXTS]
    there += sorted((folder / "concepts").glob("*.toml"))
    there += sorted((folder / "templates").rglob("*"))
    return {path.relative_to(folder).as_posix(): path for path in there if path.is_file()}
