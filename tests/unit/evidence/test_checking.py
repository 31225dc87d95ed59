"""Whatever is changed in chain or files is found, and named with its place."""

import os
import random
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from monitor.evidence import check_chain, check_files, linked, rest_of
from monitor.model import Exhibit, Proof, Wire
from tests.builders import NOW, a_fresh
from tests.unit.evidence.keeping import a_deposit, an_exhibit, filled

HOUR = timedelta(hours=1)
FILE = "2026-11-23.warc.gz"


def test_any_byte_of_a_file(tmp_path: Path) -> None:
    _, chain = filled(tmp_path)
    good = (tmp_path / FILE).read_bytes()
    dice = random.Random(7)
    for place in dice.sample(range(len(good)), 60):
        bad = bytearray(good)
        bad[place] ^= dice.randrange(1, 256)
        (tmp_path / FILE).write_bytes(bad)
        (wrong,) = check_files(tmp_path, chain)
        (concerned,) = (one for one in chain if one.start <= place < one.end)
        assert (wrong.article, wrong.where) == (concerned.article, f"{FILE}, bytes {concerned.start}-{concerned.end}")


OTHER = an_exhibit(
    number=9, article="f" * 16, proof=Proof.TEXT, at=NOW + HOUR, fetched_at=NOW + HOUR, file="a", start=1, end=2,
    response=3, url="u", status=404, problem="x", link="0",
)  # fmt: skip


@pytest.mark.parametrize("name", Exhibit.__struct_fields__)
def test_any_fact_of_the_chain(tmp_path: Path, name: str) -> None:
    _, chain = filled(tmp_path)
    changed = replace(chain[1], **{name: getattr(OTHER, name)})
    assert changed != chain[1]
    assert list(check_chain([chain[0], changed, chain[2]]))


def test_a_removed_and_an_inserted_exhibit(tmp_path: Path) -> None:
    _, chain = filled(tmp_path)
    assert [one.what for one in check_chain([chain[0], chain[2]])] == ["exhibit 2 is missing before it"]
    forged = linked(replace(chain[1], article="f" * 16), chain[0].link)
    assert [one.where for one in check_chain([chain[0], forged, chain[2]])] == ["exhibit 3"]


def test_a_removed_file_and_a_forged_name(tmp_path: Path) -> None:
    _, chain = filled(tmp_path)
    os.remove(tmp_path / FILE)
    assert [one.what for one in check_files(tmp_path, chain)] == ["cannot be read: No such file or directory"] * 3
    (wrong,) = check_files(tmp_path, [replace(chain[0], file="../monitor.db")])
    assert "names no file" in wrong.what


def test_records_that_say_something_else_than_was_noted(tmp_path: Path) -> None:
    _, chain = filled(tmp_path, 1)
    (wrong,) = check_files(tmp_path, [replace(chain[0], text_hash="0" * 64)])
    assert wrong.what == "the text in the file is not the one that was noted"
    (wrong,) = check_files(tmp_path, [replace(chain[0], body_hash="0" * 64)])
    assert wrong.what == "the answer in the file is not the one that was noted"


def test_a_changed_note_on_a_deleted_page(tmp_path: Path) -> None:
    vault, chain = filled(tmp_path, 1)
    refused = a_fresh(status=410, body=b"", wire=Wire("HTTP/1.1 410 Gone", ((b"Content-Encoding", b"br"),)))
    note = a_deposit(vault, 1, refused, title="Page deleted", text="HTTP 410 Gone", proof=Proof.GONE)
    chain += vault.append([note], NOW, chain[-1], chain[-1].end)
    assert not list(check_files(tmp_path, chain))
    assert not list(check_chain(chain))
    (wrong,) = check_files(tmp_path, [chain[0], replace(chain[1], text_hash=chain[0].text_hash)])
    assert wrong.what == "the text in the file is not the one that was noted"


def test_what_belongs_to_nothing_is_remarked(tmp_path: Path) -> None:
    _, chain = filled(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    assert list(rest_of(tmp_path, chain)) == ["notes.txt (4 bytes) belongs to no exhibit"]
    assert not list(rest_of(tmp_path / "nowhere", chain))
