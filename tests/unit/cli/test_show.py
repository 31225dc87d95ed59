"""One article with all that is known of it."""

import json

from monitor.cli.common import Exit
from tests.unit.cli.calling import Call, Town


def _match(town: Town, call: Call) -> dict[str, str]:
    (hit, *_) = json.loads(call(*town.options, "search", "drones", "--topic", "drone-coalition", "--json").out)
    return dict(hit)


def test_a_match_is_shown_with_everything(town: Town, call: Call) -> None:
    hit = _match(town, call)
    said = call(*town.options, "show", hit["id"])
    assert said.code == Exit.OK
    lines = said.out.splitlines()
    assert lines[:2] == [hit["title"], hit["url"]]
    labels = {line[2:14].strip() for line in lines if line.startswith("  ")}
    assert labels >= {"id", "outlet", "published", "found", "text", "feed", "judged   ✓", "story", "version"}
    assert "evidence" in labels


def test_it_is_found_by_its_address_and_as_json(town: Town, call: Call) -> None:
    hit = _match(town, call)
    facts = json.loads(call(*town.options, "show", hit["url"], "--json").out)
    one = next(each for each in facts if each["article"]["id"] == hit["id"])
    assert one["article"]["title"] == hit["title"]
    assert one["exhibits"][0]["article"] == hit["id"]
    assert any(verdict["matched"] and verdict["evidence"] for verdict in one["verdicts"])


def test_what_is_not_there_is_code_1(town: Town, call: Call) -> None:
    said = call(*town.options, "show", "https://nowhere.example/")
    assert said.code == Exit.NOT_WELL
    assert "there is no article https://nowhere.example/ in the archive" in said.err
    assert call(*town.options, "show", "0" * 16, "--json").out == "[]\n"
