"""`monitor doctor`: findings for people and for scripts."""

import json
from socket import socket

from msgspec.structs import replace

from monitor.app import open_app
from monitor.cli.common import Exit
from monitor.settings import load_settings
from monitor.store import ArchiveLock
from monitor.topics.learn import Model, write_models
from monitor.web.desk import serving
from tests.unit.cli.calling import Call, Town


def test_a_running_town_is_well(town: Town, call: Call) -> None:
    said = call(*town.options, "doctor", "--all")
    assert said.code == Exit.OK, said.out
    assert "✓ archive: sound" in said.out
    assert "✓ feed northwire: " in said.out
    assert said.out.rstrip().endswith("0 in trouble")
    found = json.loads(call(*town.options, "doctor", "--json").out)
    assert found["well"] is True
    assert {one["subject"] for one in found["findings"]} >= {
        "configuration",
        "archive",
        "disk",
        "names",
        "clock",
        "template digest",
        "desk",
    }


def test_trouble_ends_with_a_code_and_says_what_to_do(copied: Town, call: Call) -> None:
    feeds = copied.config / "feeds.toml"
    before = feeds.read_text()
    try:
        feeds.write_text(before + '[[feed]]\nname = "gone"\nurl = "http://127.0.0.1:9/feed"\n')
        said = call(*copied.options, "doctor")
        assert said.code == Exit.NOT_WELL
        assert "✗ feed gone: no connection" in said.out
        assert "    → " in said.out
        assert call(*copied.options, "doctor", "--offline").code == Exit.OK
    finally:
        feeds.write_text(before)


def test_a_damaged_key_is_told_and_keeps_nothing_from_its_work(copied: Town, call: Call) -> None:
    town = copied.with_settings('[digest]\ndesk_url = "https://desk.example"\n')
    (town.archive / "desk.key").write_bytes(b"half")
    said = call(*town.options, "doctor", "--offline")
    assert said.code == Exit.NOT_WELL
    assert "desk.key is damaged; delete it" in said.out
    assert call(*town.options, "digest", "preview").code == Exit.OK


def test_the_desk_is_looked_for_where_it_is_asked_for(copied: Town, call: Call) -> None:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    town = copied.with_settings(f'[web]\nenabled = true\nlisten = "127.0.0.1:{port}"\n')
    will_be = f"✓ desk: will be at 127.0.0.1:{port} when the daemon runs"
    assert will_be in call(*town.options, "doctor", "--offline", "--all").out
    with ArchiveLock(town.archive):
        said = call(*town.options, "doctor", "--offline")
        assert said.code == Exit.NOT_WELL
        assert f"✗ desk: does not answer at 127.0.0.1:{port}, though the daemon runs" in said.out
        assert "another program may have the port" in said.out
    with open_app(load_settings(town.config, {}, archive=town.archive), workers=0) as app, serving(app):
        assert f"✓ desk: answers at 127.0.0.1:{port}" in call(*town.options, "doctor", "--offline", "--all").out


def test_what_was_learned_and_cannot_be_used_is_a_warning(copied: Town, call: Call) -> None:
    (copied.archive / "learned.json").write_text('{"air-defence": {"rule"')
    said = call(*copied.options, "doctor", "--offline")
    assert said.code == Exit.OK
    assert "! learning: " in said.out
    assert "so the rules judge alone\n    → `monitor topics learn` learns it again from the marks" in said.out
    rules = load_settings(copied.config, {}).topics
    models = {verdict.topic: Model(verdict.rule, 34, -0.1, {}, {}) for verdict in rules.judge("", "")}
    first, *others = models
    models[first] = replace(models[first], rule="of-before")
    (copied.archive / "learned.json").write_text(write_models(models))
    said = call(*copied.options, "doctor", "--offline", "--all")
    assert f"! learning: {first} was learned for another rule than it has now" in said.out
    assert f"✓ learning: corrects {', '.join(sorted(others))}" in said.out
