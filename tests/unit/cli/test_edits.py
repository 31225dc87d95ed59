"""How an article was edited, as people and scripts see it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from monitor.cli.common import Exit
from monitor.store import open_store
from tests.unit.cli.calling import Call, Town

SLUG = "canada-interceptor-drones"


@pytest.fixture
def edited(copied: Town) -> Town:
    """An article in two versions."""
    store = open_store(f"sqlite:///{copied.archive / 'monitor.db'}")
    with store.begin() as shelves:
        (found,) = shelves.articles.history(copied.address(SLUG))
        assert found.stored is not None
        old = found.stored.article
        new = replace(old, title=f"Updated: {old.title}", text=old.text.replace(" the ", " some ", 1) + "\nA new line.")
        at = datetime(2026, 3, 2, 10, 15, tzinfo=UTC)
        shelves.articles.revise(new, "h", found.stored.verdicts, at)
        shelves.versions.explain(old.id, at, "headline; 4 words added, 1 removed")
        shelves.versions.enlist(at - timedelta(days=9000), at, 100)
        standing = shelves.versions.standing(old.id)
        assert standing is not None
        shelves.versions.note([replace(standing, checked_at=at, gone_at=at, due_at=None)])
    store.close()
    return copied


def test_words_that_went_and_came_are_marked(edited: Town, call: Call) -> None:
    said = call(*edited.options, "diff", edited.address(SLUG))
    assert said.code == Exit.OK
    assert ": 2 versions; its page was deleted, found out 2026-03-02 10:15 UTC" in said.out
    assert "2026-03-02 10:15 UTC: headline; 4 words added, 1 removed" in said.out
    assert "{+Updated:+} " in said.out
    assert "[-the-] {+some+} " in said.out
    assert said.out.rstrip().endswith("{+A new line.+}")
    assert "unchanged …" in said.out


def test_show_lists_the_versions_and_that_the_page_is_gone(edited: Town, call: Call) -> None:
    lines = call(*edited.options, "show", edited.address(SLUG)).out.splitlines()
    first, second = (line for line in lines if line.startswith("  version"))
    assert "1 of 2, since " in first
    assert "2 of 2, since 2026-03-02 10:15 UTC: “Updated: " in second + lines[lines.index(second) + 1]
    assert any(line.startswith("  page        deleted, noted 2026-03-02 10:15 UTC") for line in lines)
    (facts,) = json.loads(call(*edited.options, "show", edited.address(SLUG), "--json").out)
    assert [one["reason"] for one in facts["versions"]] == ["", "headline; 4 words added, 1 removed"]
    assert facts["page"]["gone_at"].startswith("2026-03-02T10:15")


def test_on_a_narrow_terminal_without_colours_every_line_is_indented_and_marked(
    edited: Town, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"FORCE_COLOR": "1", "TERM": "dumb", "COLUMNS": "80"}.items():
        monkeypatch.setenv(name, value)
    lines = call(*edited.options, "diff", edited.address(SLUG)).out.splitlines()
    at = next(number for number, line in enumerate(lines) if "10:15 UTC: headline" in line)
    assert len(lines) > at + 5
    assert all(not line or line.startswith("  ") for line in lines[at + 1 :])
    assert max(map(len, lines)) <= 80
    assert any("[-the-]" in line for line in lines)


def test_a_headline_that_is_wholly_new_does_not_stick_to_the_old_one(edited: Town, call: Call) -> None:
    store = open_store(f"sqlite:///{edited.archive / 'monitor.db'}")
    with store.begin() as shelves:
        (found,) = shelves.articles.history(edited.address(SLUG))
        assert found.stored is not None
        other = replace(found.stored.article, title="Ottawa orders fewer")
        shelves.articles.revise(other, "i", found.stored.verdicts, datetime(2026, 3, 3, tzinfo=UTC))
    store.close()
    assert "-] {+Ottawa orders fewer+}" in call(*edited.options, "diff", edited.address(SLUG)).out


def test_as_json(edited: Town, call: Call) -> None:
    (facts,) = json.loads(call(*edited.options, "diff", edited.address(SLUG), "--json").out)
    first, second = facts["versions"]
    assert (first["reason"], first["changed"]) == ("", {})
    assert ["new", "Updated: "] in second["changed"]["title"]
    assert second["text"].endswith("A new line.")
    assert facts["page"]["deleted_at"] == "2026-03-02T10:15:00+00:00"


def test_one_that_was_never_edited(town: Town, call: Call) -> None:
    said = call(*town.options, "diff", town.address(SLUG))
    assert (said.code, "1 version, its page was not looked at again yet" in said.out) == (Exit.OK, True)


def test_one_that_is_not_known_is_code_1(town: Town, call: Call) -> None:
    said = call(*town.options, "diff", "https://nowhere.example/")
    assert (said.code, "no article of this archive" in said.err) == (Exit.NOT_WELL, True)
