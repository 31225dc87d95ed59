"""Answers set aside until it is known whether they are evidence."""

import gc
import gzip
from pathlib import Path

import pytest
from msgspec.structs import replace

from monitor.evidence.spool import Held, Spool, wire_of
from tests.builders import a_fresh
from tests.unit.evidence.keeping import HTML, an_answer


def test_what_came_compressed_is_kept_compressed(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "evidence")
    held = spool.hold(an_answer())
    assert held.encoded
    assert gzip.decompress(spool.body(held)) == HTML
    assert held.visit.body == b""
    assert wire_of(held).status_line == "HTTP/1.1 200 OK"
    assert wire_of(held).body == b""


def test_parts_are_set_aside_with_it(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    held = spool.hold(a_fresh(body=b"one", parts=(a_fresh(body=b"two"), a_fresh(body=b""))))
    assert spool.body(held) == b"one"
    assert [spool.body(part) for part in held.parts] == [b"two", b""]
    assert not held.encoded


def test_room_is_given_back_when_nothing_is_held(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    held = [spool.hold(a_fresh(body=b"x" * 1000)) for _ in range(3)]
    assert [one.start for one in held] == [0, 1000, 2000]
    del held
    gc.collect()
    again = spool.hold(a_fresh(body=b"abc"))
    assert again.start == 0
    assert spool.body(again) == b"abc"
    assert not list(tmp_path.iterdir())  # it has no name


def test_two_threads_do_not_take_each_others_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(tmp_path)
    of_another: list[Held] = []

    class ThenAnother:
        """A lock that another thread waits for."""

        def __enter__(self) -> None: ...

        def __exit__(self, *_: object) -> None:
            monkeypatch.undo()
            of_another.append(spool.hold(a_fresh(body=b"two")))

    monkeypatch.setattr(spool, "_lock", ThenAnother())
    held = spool.hold(a_fresh(body=b"one"))
    assert [spool.body(one) for one in (held, *of_another)] == [b"one", b"two"]


def test_a_folder_that_cannot_be_written_to_is_noted(tmp_path: Path) -> None:
    (tmp_path / "evidence").write_text("no folder")
    held = Spool(tmp_path / "evidence").hold(a_fresh())
    assert "could not be set aside" in held.problem


def test_a_head_is_made_up_where_none_came(tmp_path: Path) -> None:
    held = Spool(tmp_path).hold(replace(a_fresh(), headers={"x-ß": "ü"}))
    assert wire_of(held).headers == (("x-ß".encode(), "ü".encode()),)
