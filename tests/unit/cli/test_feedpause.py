"""`monitor feeds pause` and `resume`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine

from monitor.cli.common import Exit
from monitor.errors import StoreError
from monitor.store.engine import writing
from tests.unit.cli.calling import Call, Town


def test_a_feed_is_paused_listed_and_resumed(copied: Town, call: Call) -> None:
    said = call(*copied.options, "feeds", "pause", "northwire")
    assert (said.code, said.out.strip()) == (Exit.OK, "northwire is paused")
    assert "already is paused" in call(*copied.options, "feeds", "pause", "northwire").out
    listed = call(*copied.options, "feeds").out
    assert "paused since" in listed
    assert listed.rstrip().endswith("1 paused")
    assert "paused" in call(*copied.options, "feeds", "show", "northwire").out
    told = json.loads(call(*copied.options, "feeds", "show", "northwire", "--json").out)
    assert told["paused"]
    assert call(*copied.options, "feeds", "resume", "northwire").out.strip() == "northwire is visited"
    assert "1 paused" not in call(*copied.options, "feeds").out


def test_a_feed_that_is_not_there_is_a_mistake(copied: Town, call: Call) -> None:
    said = call(*copied.options, "feeds", "pause", "northwir")
    assert said.code == Exit.USAGE
    assert "northwire" in said.err


def test_nothing_is_said_to_be_done_that_the_archive_did_not_keep(
    copied: Town, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def full(engine: Engine, turn: bool | str = True) -> Iterator[Connection]:
        with writing(engine, turn) as connection:
            yield connection
            raise StoreError("the disk is full")  # as the commit would

    url = copied.address("canada-interceptor-drones")
    monkeypatch.setattr("monitor.store.archive.writing", full)
    for command in (("feeds", "pause", "northwire"), ("mark", url, "relevant")):
        said = call(*copied.options, *command)
        assert (said.code, said.out) == (Exit.ARCHIVE, "")
