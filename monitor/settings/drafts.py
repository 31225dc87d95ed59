"""Topics as texts that a person edits: read with every mistake at its line, found in topics.toml and put back there.

A file is never written from its tables: what is not edited stays as it was, comments and order too.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from monitor.errors import ConfigError, Problem
from monitor.settings.document import Document, parse_document
from monitor.topics import TopicSet, load_topics
from monitor.topics.concepts import Concepts, read_concepts
from monitor.topics.rules import TopicOptions, read_rules

_HEADER = re.compile(r"\s*\[\[?\s*(?P<path>[^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")


def concept_texts(folder: Path) -> dict[str, str]:
    """The word lists of a configuration, by their names within it."""
    files = sorted((folder / "concepts").glob("*.toml"))
    return {f"concepts/{file.name}": file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n") for file in files}


def load_draft(files: Mapping[str, str]) -> TopicSet:
    """The topics of these texts (file → TOML). Raises ConfigError with every mistake, each with its line."""
    broken: list[Problem] = []
    documents = [parse_document(name, text, broken) for name, text in files.items()]
    if broken:
        raise ConfigError(broken)
    try:
        return load_topics(files)
    except ConfigError as error:
        raise ConfigError(_placed(documents, error.problems)) from None


def mistakes_in(file: str, text: str, concepts: Mapping[str, str]) -> list[Problem]:
    """Every mistake in a text with topics, each with its line; the word lists are taken to be right."""
    broken: list[Problem] = []
    document = parse_document(file, text, broken)
    if broken:
        return broken
    _, problems = read_rules({file: text}, _concepts(tuple(concepts.items())))
    return _placed([document], problems)


@lru_cache(maxsize=2)
def _concepts(files: tuple[tuple[str, str], ...]) -> Concepts:
    """Remembered, for they are thousands of terms, and who types asks again and again."""
    return read_concepts(dict(files))[0]


def _placed(documents: list[Document], problems: tuple[Problem, ...] | list[Problem]) -> list[Problem]:
    return [
        placed
        for document in documents
        for placed in document.with_lines(each for each in problems if each.file == document.file)
    ]


def outline(text: str) -> dict[str, TopicOptions]:
    """The topics of a text without mistakes, as they are written there."""
    return {name: TopicOptions.model_validate(table) for name, table in tomllib.loads(text)["topics"].items()}


def topic_text(text: str, name: str) -> str:
    """The lines of topics.toml that hold the topic, with the comments in it; "" where it is not found."""
    lines = text.splitlines(keepends=True)
    first, end = _place(lines, name)
    return "".join(lines[first:end]).rstrip("\n") + "\n" if end else ""


def with_topic(text: str, draft: str, instead_of: str = "") -> str:
    """topics.toml with the one topic that `draft` holds, in its old place, in that of another, or at the end.

    ValueError, in words, where the file is not understood well enough to change that topic and nothing else.
    """
    new = tomllib.loads(draft)
    if new.keys() != {"topics"} or not isinstance(new["topics"], dict) or len(new["topics"]) != 1:
        raise ValueError("one topic at a time can be saved: give one table [topics.NAME] and nothing else")
    (name,) = new["topics"]
    lines = text.splitlines(keepends=True)
    first, end = _place(lines, instead_of or name)
    before, after = ("".join(lines[:first]), "".join(lines[end:])) if end else (text, "")
    if before and not before.endswith("\n"):
        before += "\n"
    gap = "\n" if before and not end else ""
    changed = f"{before}{gap}{draft.strip()}\n" + (f"\n{after.lstrip(chr(10))}" if after.strip() else "")
    old = tomllib.loads(text)
    left = {known: one for known, one in old.get("topics", {}).items() if known != instead_of}
    wanted = {**old, "topics": {**left, name: new["topics"][name]}}
    try:
        same = tomllib.loads(changed) == wanted
    except tomllib.TOMLDecodeError:
        same = False
    if not same:
        raise ValueError(f"topics.toml writes the topic '{name}' in a way that only a person can change; edit the file")
    return changed


def _place(lines: list[str], name: str) -> tuple[int, int]:
    """The first line of a topic and the one behind its last; (0, 0) where it is not found.

    Comments and blank lines in front of the next table belong to that one.
    """
    first = end = 0
    within = ""  # the quotes of a text over several lines
    for number, line in enumerate(lines):
        for quotes in ('''"""''', """'''"""):
            if within in ("", quotes) and line.count(quotes) % 2:
                within = "" if within else quotes
        header = None if within else _HEADER.match(line)
        if header is None:
            continue
        path = [part.strip().strip("\"'") for part in header["path"].split(".")]
        if path[:2] == ["topics", name]:
            first, end = (first if end else number), len(lines)
        elif end == len(lines):
            end = number
    while end > first and end < len(lines) and lines[end - 1].lstrip()[:1] in ("", "#"):
        end -= 1
    return first, end
