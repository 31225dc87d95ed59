"""Fingerprints: the same everywhere, fit for a database, and estimates near the truth."""

import subprocess
import sys
from random import Random

import pytest

from monitor.stories.fingerprint import fingerprint, likeness

WORDS = [f"{first}{last}" for first in ("kor", "bel", "tan", "mur", "ves") for last in "aeiouy"] * 2
URL = "https://courier.example/a"


def _text(seed: int, length: int) -> str:
    random = Random(seed)
    return " ".join(random.choice(WORDS) + str(random.randrange(10)) * (random.random() < 0.3) for _ in range(length))


def test_it_is_the_same_in_another_process_with_another_hash_seed() -> None:
    code = (
        "from monitor.stories.fingerprint import fingerprint;"
        "mark = fingerprint('A headline of exactly six words', 'один два three ' * 20, 'https://a.example/1');"
        "print(mark.bands, mark.signature.hex(), mark.title_key)"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_bands_fit_a_signed_64_bit_column_and_differ_from_each_other() -> None:
    bands = fingerprint("", _text(1, 400), URL).bands
    assert len(set(bands)) == len(bands) == 46
    assert all(0 <= band < 2**63 for band in bands)


def test_case_accents_dashes_and_white_space_do_not_count() -> None:
    text = _text(2, 60)
    one = fingerprint("Łódź’s new air-defence battery arrives", text, URL)
    other = fingerprint("LODZ'S NEW AIR–DEFENCE  BATTERY ARRIVES", text.upper().replace(" ", "\n"), URL)
    assert one == other


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75, 1.0])
def test_the_shared_part_of_a_cut_text_is_estimated(share: float) -> None:
    text = _text(3, 600)
    part = " ".join(text.split()[: round(600 * share)])
    alike = likeness(fingerprint("", text, URL), fingerprint("", part, URL))
    assert alike.shared == pytest.approx(1.0, abs=0.2)
    assert alike.begins == 1.0


def test_unrelated_texts_have_next_to_nothing_in_common() -> None:
    for seed in range(10, 40):
        alike = likeness(fingerprint("", _text(seed, 300), URL), fingerprint("", _text(seed + 100, 300), URL))
        assert alike.shared < 0.1
        assert alike.begins < 0.1


@pytest.mark.parametrize("text", ["", "One.", "Nineteen words " * 9 + "end", "?!… — «»"])
def test_short_texts_have_no_signature_and_are_like_nothing(text: str) -> None:
    mark = fingerprint("", text, "")
    assert (mark.signature, mark.bands, mark.url_key) == (b"", (), "")
    assert likeness(mark, mark).shared == 0.0


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Air alert in Kyiv", ""),
        ("a b c d e f", ""),
        ("Two more launchers promised before winter", "two more launchers promised before winter"),
        ("Повітряна тривога в Києві та області оголошена", "повітряна тривога в києві та області оголошена"),
    ],
)
def test_only_a_telling_headline_has_a_key(title: str, key: str) -> None:
    assert fingerprint(title, "", "").title_key == key


def test_few_figures_say_nothing_many_do() -> None:
    text = _text(5, 60)
    three = fingerprint("", text + " 111 222 333", URL)
    assert likeness(three, fingerprint("", text + " 444", URL)).figures == 1.0
    assert likeness(three, fingerprint("", text + " 444 555 666", URL)).figures == 0.0
    assert likeness(three, fingerprint("", text + " 333 222 666 777", URL)).figures == pytest.approx(2 / 3)
