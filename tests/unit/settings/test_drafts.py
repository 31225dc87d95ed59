"""Topics as a person edits them: every mistake with its place, and no other topic touched."""

import tomllib
from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.settings.drafts import concept_texts, load_draft, mistakes_in, topic_text, with_topic

SHIPPED = Path(__file__).resolve().parents[3] / "config"
CONCEPTS = {"concepts/en.toml": "drone = 'drone, unmanned aerial vehicle'\n"}
FILE = """\
# The topics.

[topics.drones]
title = "Drones"
# weights by hand
clauses = [{ name = "drones", query = '#drone', weight = 6 }]

# About hospitals.
[topics.hospitals]
title = "Hospitals"
description = '''
[topics.drones]
is no table here'''

[[topics.hospitals.clauses]]
query = "hospital"
weight = 5

[topics.film]
title = "Film"
clauses = [{ query = "film", weight = 5 }]
"""
NEW = '[topics.drones]\ntitle = "Drones, all"\nclauses = [{ query = "drone*", weight = 5 }]  # shorter\n'


A = "[topics.a]\ntitle = 'A'\n"
WRONG = {
    "a number": ("[topics.a]\ntitle = 1\nclauses = []", "line 2", "found 1", ""),
    "an unknown concept": (f"{A}clauses = [{{ query = '#drne', weight = 1 }}]", "line 3, column 23", "unknown concept '#drne'", "did you mean 'drone'?"),  # noqa: E501
    "an unfinished query": (f"{A}clauses = [{{ query = 'a OR', weight = 1 }}]", "line 3, column 27", "found the end, expected", ""),  # noqa: E501
    "a short query": (f"{A}clauses = [{{ query = 'i(', weight = 1 }}]", "line 3, column 24", "found", ""),
    "an unknown key": ("[topics.a]\ntitel = 'A'\nclauses = []", "line 2", "unknown key 'titel'", "did you mean 'title'?"),  # noqa: E501
    "no TOML": ("[topics.a\n", "line 1, column 10", "is not valid TOML", ""),
    "nothing": ("", "", "there is no topic", ""),
}  # fmt: skip


@pytest.mark.parametrize(("text", "place", "message", "hint"), WRONG.values(), ids=list(WRONG))
def test_a_mistake_is_told_where_it_is(text: str, place: str, message: str, hint: str) -> None:
    problems = mistakes_in("topics.toml", text, CONCEPTS)
    found = [one for one in problems if message in one.message]
    assert found, problems
    assert found[0].where.startswith(place)
    assert hint in found[0].hint


def test_what_is_right_has_no_mistakes() -> None:
    assert mistakes_in("topics.toml", (SHIPPED / "topics.toml").read_text("utf-8"), concept_texts(SHIPPED)) == []


def test_a_draft_is_loaded_or_refused_with_its_lines() -> None:
    assert [topic.name for topic in load_draft({"topics.toml": FILE, **CONCEPTS}).topics] == [
        "drones",
        "hospitals",
        "film",
    ]
    with pytest.raises(ConfigError, match=r"topics.toml: line 6, column 40 .*unknown concept '#drone'"):
        load_draft({"topics.toml": FILE})
    with pytest.raises(ConfigError, match=r"line 1, column 4: is not valid TOML"):
        load_draft({"topics.toml": "[ab\n"})


def test_a_topic_is_found_with_its_own_comments() -> None:
    assert topic_text(FILE, "drones").splitlines()[0] == "[topics.drones]"
    assert topic_text(FILE, "drones").splitlines()[-1].startswith("clauses")
    assert tomllib.loads(topic_text(FILE, "hospitals"))["topics"].keys() == {"hospitals"}
    assert "weight = 5" in topic_text(FILE, "hospitals")
    assert topic_text(FILE, "nothing") == ""


def test_a_topic_takes_its_old_place_and_nothing_else_changes() -> None:
    changed = with_topic(FILE, NEW)
    assert "# shorter" in changed
    assert changed.replace(NEW, topic_text(FILE, "drones")) == FILE
    assert with_topic(changed, topic_text(FILE, "drones")) == FILE


def test_a_new_topic_is_put_at_the_end() -> None:
    new = NEW.replace("topics.drones", "topics.new")
    assert with_topic(FILE, new) == f"{FILE}\n{new}"
    assert with_topic("", new) == new


def test_a_topic_takes_the_place_of_another() -> None:
    new = topic_text(FILE, "drones").replace("[topics.drones]", "[topics.aircraft]")
    changed = with_topic(FILE, new, "drones")
    assert changed.replace("[topics.aircraft]", "[topics.drones]") == FILE
    assert "drones" not in tomllib.loads(changed)["topics"]


def test_every_shipped_topic_can_be_taken_out_and_put_back() -> None:
    text = (SHIPPED / "topics.toml").read_text("utf-8")
    for name in tomllib.loads(text)["topics"]:
        assert with_topic(text, topic_text(text, name)) == text


@pytest.mark.parametrize("draft", ["", "a = 1", NEW + NEW.replace("drones]", "more]"), "topics = 3"])
def test_one_topic_at_a_time(draft: str) -> None:
    with pytest.raises(ValueError, match="one topic at a time"):
        with_topic(FILE, draft)


def test_what_only_a_person_can_change_is_refused() -> None:
    scattered = 'topics.drones.title = "D"\n[other]\na = 1\n'
    with pytest.raises(ValueError, match="only a person can change"):
        with_topic(scattered, NEW)
