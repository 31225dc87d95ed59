"""The number this rests on: of a hundred single bytes changed anywhere in files, texts or chain, all are found."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.jobs.poll import poll
from monitor.jobs.verifying import verify
from tests.unit.jobs.conftest import MATCHING, Bench, rss

COLUMNS = (
    "number article proof at file start end response url status fetched_at body_hash text_hash bytes_hash link".split()
)


@pytest.fixture
def proven(bench: Bench) -> Bench:
    """Twelve matches over three days, sound."""
    for day in range(3):
        items = [
            (f"{day}-{at}", f"Air defence, report {day}-{at}", f"{MATCHING} Nr {at * 7 + day}.") for at in range(4)
        ]
        bench.web.pages["https://courier.example/feed"] = rss(*items)
        poll(bench.tools, force=True)
        bench.clock.forward(days=1)
    done = verify(bench.store, bench.tools.evidence)
    assert (done.exhibits, done.files, done.texts, done.wrong, done.remarks) == (12, 3, 12, [], [])
    return bench


def _flipped(value: object, dice: random.Random) -> object:
    """The value with one character or digit of it changed."""
    shown = str(value)
    at = dice.randrange(len(shown))
    other = dice.choice([one for one in ("0123456789" if shown[at].isdigit() else "xyz") if one != shown[at]])
    changed = shown[:at] + other + shown[at + 1 :]
    return int(changed) if isinstance(value, int) and changed.lstrip("-").isdigit() else changed


def test_each_of_a_hundred_changes_is_found(proven: Bench) -> None:
    dice = random.Random(20260302)
    vault, store = proven.tools.evidence, proven.store
    files = sorted(vault.folder.glob("*.warc.gz"))
    found = 0
    for _ in range(50):
        path = dice.choice(files)
        good = path.read_bytes()
        bad = bytearray(good)
        bad[dice.randrange(len(bad))] ^= dice.randrange(1, 256)
        path.write_bytes(bad)
        wrong = verify(store, vault).wrong
        found += len(wrong) == 1 and wrong[0].where.startswith(path.name)
        path.write_bytes(good)
    for table, columns, times in (("articles", ("title", "text"), 25), ("exhibits", COLUMNS, 25)):
        for _ in range(times):
            found += _found_in(proven, table, dice.choice(columns), dice)
    assert found == 100
    assert not verify(store, vault).wrong


def _found_in(bench: Bench, table: str, column: str, dice: random.Random) -> bool:
    with bench.store.begin() as shelves:
        run = shelves.exhibits._connection.execute
        key, value = dice.choice(run(text(f'SELECT rowid, "{column}" FROM {table}')).all())
        change = text(f'UPDATE {table} SET "{column}" = :value WHERE rowid = :key')
        changed = value + 100 * dice.randrange(1, 9) if column == "number" else _flipped(value, dice)
        run(change, {"key": key, "value": changed})
    wrong = verify(bench.store, bench.tools.evidence).wrong
    with bench.store.begin() as shelves:
        at = changed if column == "number" else key
        shelves.exhibits._connection.execute(change, {"key": at, "value": value})
    return bool(wrong)


def test_an_anchor_shows_a_chain_made_anew(proven: Bench) -> None:
    head = verify(proven.store, proven.tools.evidence).head
    assert verify(proven.store, proven.tools.evidence, head).anchored
    with proven.store.begin() as shelves:
        shelves.exhibits._connection.execute(text("DELETE FROM exhibits WHERE number = 12"))
    done = verify(proven.store, proven.tools.evidence, head)
    assert done.anchored is False
    assert "was changed or removed" in done.wrong[-1].what


def test_texts_that_retention_took_are_counted(proven: Bench) -> None:
    with proven.store.begin() as shelves:
        shelves.exhibits._connection.execute(text("UPDATE articles SET text = '', forgotten = 1 WHERE number = 1"))
    done = verify(proven.store, proven.tools.evidence)
    assert (done.given_up, done.wrong) == (1, [])


def test_an_empty_archive_is_sound(bench: Bench, publish: Callable[..., None], tmp_path: Path) -> None:
    done = verify(bench.store, bench.tools.evidence)
    assert (done.exhibits, done.wrong, done.head) == (0, [], "0" * 64)
