"""Writing evidence: readable by others, whole after a crash, honest about what could not be written."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from msgspec.structs import replace
from warcio.archiveiterator import ArchiveIterator

from monitor.evidence import FIRST_LINK, Vault, check_chain, check_files, linked, rest_of
from monitor.evidence.warc import records
from monitor.model import Proof
from tests.builders import NOW, a_fresh
from tests.unit.evidence.keeping import HTML, a_deposit, an_answer, filled

FILE = "2026-11-23.warc.gz"


def test_a_day_is_read_back_by_warcio(tmp_path: Path) -> None:
    _, (first, *_) = filled(tmp_path)
    with (tmp_path / FILE).open("rb") as stream:
        records = []
        for record in ArchiveIterator(stream, check_digests="raise"):
            records.append((record.rec_type, record.http_headers, record.content_stream().read(), record.rec_headers))
    assert [kind for kind, *_ in records] == ["warcinfo"] + ["response", "response", "conversion"] * 3
    _, redirect, nothing, _ = records[1]
    assert (redirect.get_statuscode(), redirect.get_header("Location"), nothing) == ("301", "/news/1", b"")
    _, head, body, headers = records[2]
    assert body == HTML  # decoded by its Content-Encoding, which therefore still holds
    assert head.get_header("X-Archive-Orig-Transfer-Encoding") == "chunked"
    assert headers.get_header("WARC-Target-URI") == "http://127.0.0.1/news/1"
    assert headers.get_header("WARC-Date") == "2026-11-23T06:00:00.000000Z"
    assert records[3][3].get_header("WARC-Refers-To") == headers.get_header("WARC-Record-ID")
    assert sha256(records[3][2]).hexdigest() == first.text_hash


def test_a_day_is_read_back_by_fastwarc(tmp_path: Path) -> None:
    filled(tmp_path)
    kinds, bodies = [], []
    with (tmp_path / FILE).open("rb") as stream:
        for record in FastIterator(stream, parse_http=False):
            kinds.append(record.headers["WARC-Type"])
            assert kinds[-1] == "response" or record.verify_block_digest()
            if kinds[-1] == "response":
                record.parse_http()
                assert record.verify_payload_digest()
                bodies.append(record.http_headers.status_code)
    assert kinds == ["warcinfo"] + ["response", "response", "conversion"] * 3
    assert bodies == [301, 200] * 3


def test_headers_stay_byte_for_byte(tmp_path: Path) -> None:
    vault, (first,) = filled(tmp_path, 1)
    blocks = [one.body for one in records(vault.read(FILE, 0, first.end)) if one.kind == "response"]
    assert b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\n" in blocks[1]
    assert b"X-Name: ?\xf3d?\xff\r\n" in blocks[1]


def test_an_answer_that_came_over_no_wire_is_kept_as_it_is_known(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    pushed = a_fresh(headers={"content-type": "text/xml", "content-encoding": "br"})
    (kept,) = vault.append([a_deposit(vault, answer=pushed, proof=Proof.FEED)], NOW, None, 0)
    heads = [one.http_headers for one in ArchiveIterator(BytesIO(vault.read(FILE, 0, kept.end))) if one.http_headers]
    assert [head.get_header("X-Archive-Orig-Content-Encoding") for head in heads] == ["br"]
    assert kept.body_hash == sha256(pushed.body).hexdigest()
    assert not list(check_files(tmp_path, [kept]))


def test_articles_of_one_answer_share_its_record(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    held = vault.hold(an_answer())
    deposits = [replace(a_deposit(vault, number), answer=held) for number in (1, 2)]
    one, other = vault.append(deposits, NOW, None, 0)
    assert one.response == other.response
    assert one.response < one.end == other.start
    assert one.body_hash == other.body_hash
    assert not list(check_files(tmp_path, [one, other]))


def test_a_text_alone(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    deposit = replace(a_deposit(vault, url="", proof=Proof.TEXT), answer=None)
    (kept,) = vault.append([deposit], NOW, None, 0)
    assert (kept.proof, kept.response, kept.body_hash, kept.fetched_at) == (Proof.TEXT, -1, "", None)
    assert not list(check_files(tmp_path, [kept]))


def test_the_chain_goes_on(tmp_path: Path) -> None:
    _, chain = filled(tmp_path)
    assert [one.number for one in chain] == [1, 2, 3]
    assert linked(chain[0], FIRST_LINK) == chain[0]
    assert not list(check_chain(chain))
    assert not list(check_files(tmp_path, chain))
    assert not list(rest_of(tmp_path, chain))


@pytest.mark.parametrize("left", [1, 40, 500])
def test_a_torn_tail_is_no_tampering_and_is_taken_off(tmp_path: Path, left: int) -> None:
    vault, chain = filled(tmp_path)
    (_,) = vault.append([a_deposit(vault, 9)], NOW, chain[-1], chain[-1].end)  # whose rows were never committed
    os.truncate(tmp_path / FILE, chain[-1].end + left)
    assert not list(check_files(tmp_path, chain))
    assert [str(left) in remark for remark in rest_of(tmp_path, chain)] == [True]
    chain += vault.append([a_deposit(vault, 4)], NOW, chain[-1], chain[-1].end)
    assert not list(check_files(tmp_path, chain))
    assert not list(check_chain(chain))
    assert not [one for one in rest_of(tmp_path, chain) if one.startswith(f"{FILE}:")]


def test_whole_records_behind_the_last_exhibit_are_kept_apart(tmp_path: Path) -> None:
    vault, chain = filled(tmp_path)
    older = chain[:2]  # as a copy of the archive from before knows it
    (fourth,) = vault.append([a_deposit(vault, 4)], NOW, older[-1], older[-1].end)
    (beside,) = tmp_path.glob("2026-11-23.rest-*")
    assert sha256(beside.read_bytes()).hexdigest() == chain[2].bytes_hash
    assert not list(check_files(tmp_path, [*older, fourth]))


def test_a_file_that_lost_its_end_is_not_written_on(tmp_path: Path) -> None:
    vault, chain = filled(tmp_path)
    os.truncate(tmp_path / FILE, chain[-1].end - 1)
    (kept,) = vault.append([a_deposit(vault, 4)], NOW, chain[-1], chain[-1].end)
    assert kept.proof is Proof.MISSING
    assert "monitor evidence verify" in kept.problem
    assert not list(check_chain([*chain, kept]))
    assert [one.article for one in check_files(tmp_path, [*chain, kept])] == [chain[-1].article]


@contextmanager
def no_room_beyond(size: int) -> Iterator[None]:
    """Files of this process may not grow beyond `size` bytes: what a full disk does (Python ignores SIGXFSZ)."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_what_was_there_and_says_so(tmp_path: Path) -> None:
    vault, chain = filled(tmp_path)
    deposit = a_deposit(vault, 4)
    with no_room_beyond(chain[-1].end + 100):
        (kept,) = vault.append([deposit], NOW, chain[-1], chain[-1].end)
    assert kept.proof is Proof.MISSING
    assert "could not be written" in kept.problem
    assert (tmp_path / FILE).stat().st_size == chain[-1].end
    chain.append(kept)
    chain += vault.append([a_deposit(vault, 5)], NOW, kept, chain[-2].end)
    assert not [*check_chain(chain), *check_files(tmp_path, chain)]


def test_an_answer_that_could_not_be_set_aside_leaves_the_text_as_evidence(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    with no_room_beyond(10):
        deposit = a_deposit(vault)
    (kept,) = vault.append([deposit], NOW, None, 0)
    assert (kept.proof, kept.response) == (Proof.TEXT, -1)
    assert "could not be set aside" in kept.problem
    assert not list(check_files(tmp_path, [kept]))
