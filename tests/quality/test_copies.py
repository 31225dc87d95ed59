"""Copies of wire texts are found, and nothing else is taken for one; measured on generated edits of the own prose.

Each sample article is edited in the ways in which newsrooms edit wire copy, published by another outlet, and placed
among all the originals, of which only those are looked at that share a band, an address or a headline: just as the
archive answers. Floors are what was measured, less a little; they may rise and never fall.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from random import Random

import pytest

from monitor.model import Copy, Fingerprint, Known, Opens, Placement
from monitor.stories import fingerprint, place
from tests.builders import NOW, an_article

ARTICLES = Path("monitor/newsroom/articles")
RECALL_FLOOR = 0.98  # over all edits; measured 0.997
RECALL_OF_EACH = 0.90
_NAME = re.compile(r"(?<=[a-zа-яіїєґ,] )[A-ZА-ЯІЇЄҐ][\w’'-]{2,}")
FRONT = "Northwire correspondents contributed to this report from two capitals. "
BACK = (
    " This text was distributed by an agency and edited by our desk. Subscribe to our evening letter, follow us where"
    " you read the news, and write to the editors when you find a mistake. All rights reserved."
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One article of the newsroom's prose."""

    path: str
    title: str
    text: str
    retells: str  # the path of the article it is made of; "" = none
    how: str


def _samples() -> tuple[Sample, ...]:
    return tuple(_read(path) for path in sorted(ARTICLES.glob("*/*.txt")) if not path.name.endswith(".v2.txt"))


def _read(path: Path) -> Sample:
    head, _, text = path.read_text("utf-8").partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    name = f"{path.parent.name}/{path.stem}"
    retells, _, how = fields.get("Retells", "").partition(" ")
    return Sample(name, fields["Title"], text.strip(), retells, how)


SAMPLES = _samples()
ORIGINALS = tuple(sample for sample in SAMPLES if not sample.retells)

Edit = Callable[[str, Random], str]


def _changed(share: float) -> Edit:
    def edit(text: str, random: Random) -> str:
        run = text.split(" ")
        other = random.choice(SAMPLES).text.split()
        for place_ in random.sample(range(len(run)), round(share * len(run))):
            run[place_] = random.choice(other)
        return " ".join(run)

    return edit


def _halved(text: str, _random: Random) -> str:
    run = text.split(" ")
    return " ".join(run[: (len(run) + 1) // 2])


def _framed(text: str, _random: Random) -> str:
    return FRONT + text + BACK


def _new_lead(text: str, random: Random) -> str:
    paragraphs = text.split("\n\n")
    paragraphs[0] = random.choice(SAMPLES).text.split("\n\n")[0]
    return "\n\n".join(paragraphs)


def _cut_tail(text: str, random: Random) -> str:
    run = text.split(" ")
    return " ".join(run[: round(random.uniform(0.5, 0.9) * len(run))])


def _other_boilerplate(text: str, random: Random) -> str:
    """What a site puts around every article: the beginning and the end of another outlet's."""
    front = " ".join(random.choice(SAMPLES).text.split()[: random.randint(5, 20)])
    back = " ".join(random.choice(SAMPLES).text.split()[-random.randint(10, 40) :])
    return f"{front}. {text} {back}"


def _names_spelt_otherwise(text: str, random: Random) -> str:
    """Every name (a capital within a sentence) as another language writes it, the same way throughout."""
    names = {name for name in _NAME.findall(text) if not name.isupper()}
    spelt = {name: _respelt(name, random) for name in sorted(names)}
    return _NAME.sub(lambda match: spelt.get(match.group(), match.group()), text)


def _respelt(name: str, random: Random) -> str:
    endings = ("a", "o", "as", "is", "ski", "ów", "em")
    swapped = name.translate(str.maketrans("ykvhzi", "icwgsy"))
    return swapped + random.choice(endings)


def _both(*edits: Edit) -> Edit:
    def edit(text: str, random: Random) -> str:
        for each in edits:
            text = each(text, random)
        return text

    return edit


EDITS: dict[str, Edit] = {
    "verbatim": lambda text, _random: text,
    "2 % of words changed": _changed(0.02),
    "6 % of words changed": _changed(0.06),
    "12 % of words changed": _changed(0.12),
    "cut to the first half": _halved,
    "cut to half, 6 % changed": _both(_halved, _changed(0.06)),
    "wire boilerplate around": _framed,
    "boilerplate, 6 % changed": _both(_changed(0.06), _framed),
    "another first paragraph": _new_lead,
}
# What a desk does to one wire text, all in a day: 500 edits are drawn from these.
DESK: dict[str, Edit] = {
    "changed lead": _new_lead,
    "cut tail": _cut_tail,
    "other boilerplate": _other_boilerplate,
    "translated names": _names_spelt_otherwise,
    "cut tail, translated names": _both(_cut_tail, _names_spelt_otherwise),
    "cut tail, other boilerplate": _both(_cut_tail, _other_boilerplate),
}
DRAWN = 500


def _known(sample: Sample) -> Known:
    url = f"https://{sample.path.replace('/', '.example/')}"
    return Known(sample.path, sample.path, fingerprint(sample.title, sample.text, url), sample.title, "Wire", NOW)


KNOWN = {sample.path: _known(sample) for sample in ORIGINALS}


def _looked_up(mark: Fingerprint) -> Iterator[Known]:
    """What the archive finds by its indexes."""
    for known in KNOWN.values():
        of = known.fingerprint
        same_title = bool(mark.title_key) and mark.title_key == of.title_key
        if same_title or mark.url_key == of.url_key or set(mark.bands) & set(of.bands):
            yield known


def _placed(title: str, text: str, url: str) -> Placement:
    mark = fingerprint(title, text, url)
    return place(an_article(title=title, text=text, url=url), mark, tuple(_looked_up(mark)))


def test_there_is_enough_prose_to_measure_on() -> None:
    assert len(ORIGINALS) >= 25


def test_edited_copies_are_found_and_joined_to_the_right_story() -> None:
    found: Counter[str] = Counter()
    wrong: list[str] = []
    for sample, (name, edit) in product(ORIGINALS, EDITS.items()):
        random = Random(f"{sample.path} {name}")
        text = edit(sample.text, random)
        placed = _placed("Our own headline over a text by others", text, f"https://reprint.example/{sample.path}")
        if isinstance(placed, Copy):
            found[name] += placed.story == sample.path
            if placed.story != sample.path:
                wrong.append(f"{sample.path}, {name}: {placed.reason}")
    recall = {name: found[name] / len(ORIGINALS) for name in EDITS}
    assert wrong == []  # precision 1.00
    assert sum(recall.values()) / len(EDITS) >= RECALL_FLOOR, recall
    assert min(recall.values()) >= RECALL_OF_EACH, recall


def test_of_500_edits_of_a_desk_nearly_all_are_found_and_nearly_none_wrongly() -> None:
    """Wanted: recall 0.97 at precision 0.99; measured 0.972 and 1.000 (every name spelt otherwise: 0.90)."""
    random = Random(500)
    edits: Counter[str] = Counter()
    right: Counter[str] = Counter()
    wrong = 0
    for number in range(DRAWN):
        sample, name = random.choice(ORIGINALS), random.choice(sorted(DESK))
        text = DESK[name](sample.text, random)
        edits[name] += 1
        placed = _placed(f"Our own headline, number {number}", text, f"https://reprint.example/{number}")
        if isinstance(placed, Copy):
            right[name] += placed.story == sample.path
            wrong += placed.story != sample.path
    found = right.total()
    assert found / DRAWN >= 0.97, {name: round(right[name] / edits[name], 3) for name in edits}
    assert found / (found + wrong) >= 0.99


def test_names_are_in_fact_spelt_otherwise() -> None:
    changed = [_names_spelt_otherwise(sample.text, Random(1)) != sample.text for sample in ORIGINALS]
    assert sum(changed) >= 0.9 * len(changed)


@pytest.mark.parametrize("sample", ORIGINALS, ids=lambda sample: sample.path)
def test_different_articles_stay_apart(sample: Sample) -> None:
    mark = KNOWN[sample.path].fingerprint
    others = tuple(known for path, known in KNOWN.items() if path != sample.path)
    assert isinstance(place(an_article(title=sample.title, url=f"https://{mark.url_key}"), mark, others), Opens)


def test_what_the_newsrooms_outlets_copied_from_the_wire_is_found() -> None:
    copied = [sample for sample in SAMPLES if sample.how in ("verbatim", "cut", "edited")]
    assert {sample.how for sample in copied} == {"verbatim", "cut", "edited"}
    for sample in copied:
        placed = _placed(sample.title, sample.text, f"https://{sample.path.replace('/', '.example/')}")
        assert isinstance(placed, Copy), sample.path
        assert placed.story == sample.retells


def test_the_next_day_of_a_series_is_no_copy() -> None:
    """The words are the same every day; the figures are the news."""
    texts = [
        f"The general staff counted {day} attack drones overnight, of which {day - 7} were shot down and {day * 3 % 11}"
        f" were lost from sight. Air raid alarms lasted {day + 13} minutes in {day % 9 + 4} regions. Debris fell in"
        f" {day % 5 + 21} places, and {day * 7} households were without power in the morning, the staff wrote in its"
        " daily summary, which is published at eight and covers the night from six in the evening."
        for day in (61, 74, 88, 97)
    ]
    marks = [
        fingerprint(f"Night summary {day}", text, f"https://staff.example/{day}") for day, text in enumerate(texts)
    ]
    for day in range(1, len(marks)):
        known = [Known(f"{each}", f"{each}", marks[each], "Night summary", "Staff", NOW) for each in range(day)]
        assert isinstance(place(an_article(), marks[day], known), Opens)
