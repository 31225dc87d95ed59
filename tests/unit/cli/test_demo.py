"""The demo is run once for all these tests: what it tells must be what it delivered and what the archive holds."""

import email
import json
import re
from contextlib import redirect_stdout
from email import policy
from io import StringIO
from pathlib import Path
from time import monotonic
from typing import NamedTuple

import pytest

from monitor.cli.common import Exit
from tests.unit.cli.calling import ROOT, Call, ends_with

SEEDS = ROOT.parent / "shared" / "seeds"
EXPECTED = {
    "000": {"co-production", "air-defence"},
    "001": {"drone-coalition"},
    "002": {"co-production", "air-defence"},
    "003": {"air-defence"},
    "004": {"co-production"},
}
NEAR_MISSES = (
    "Church bake sale raises 14,000 dollars",
    "Kyiv and Paris sign film co-production treaty",
    "Israel tests laser layer",
    "Druga bateria Patriot dla Polski",
    "Air defence downs 43 of 60 drones in overnight attack",
)
WIRE = "Drone Coalition fund passes 1.4 billion euros as Portugal and Slovenia join"
BEFORE = "Swedish and Ukrainian firms sign memorandum on joint output of short-range interceptors"
AFTER = "Swedish-Ukrainian interceptor venture to build 180 missiles in first year"


class Demo(NamedTuple):
    """What one demo said, where it wrote, how long it took."""

    out: str
    folder: Path
    seconds: float

    def digest(self, ending: str) -> str:
        (path,) = (path for path in (self.folder / "digest").iterdir() if path.name.endswith(ending))
        return path.read_text("utf-8")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo") / "here"
    out, started = StringIO(), monotonic()
    with redirect_stdout(out):
        assert ends_with("demo", "--into", str(folder)) == Exit.OK
    return Demo(out.getvalue(), folder, monotonic() - started)


def test_it_is_over_well_under_a_minute(demo: Demo) -> None:
    assert demo.seconds < 45
    assert re.search(r"All of this took \d+ s and used no network", demo.out)


def test_it_tells_how_much_was_read_and_found(demo: Demo) -> None:
    assert "8 invented outlets writing English, German, Polish, Romanian and Ukrainian, with 53 articles" in demo.out
    read = re.search(r"8 feeds and (\d+) pages over HTTP: 53 articles archived", demo.out)
    left_alone = re.search(r"Left alone (\d+) pages of which headline and summary speak for no topic", demo.out)
    assert read is not None
    assert left_alone is not None
    assert int(read[1]) + int(left_alone[1]) == 53
    assert "2 pages could not be used" in demo.out
    found = re.search(r"(\d+) of 20 that matter were found, (\d+) of 33 others let through", demo.out)
    assert found
    assert int(found[1]) >= 19
    assert int(found[2]) <= 1


def test_five_files_are_delivered_and_named(demo: Demo) -> None:
    names = sorted(path.name.partition(".")[2] for path in (demo.folder / "digest").iterdir())
    assert names == ["eml", "html", "json", "slack.json", "txt"]
    assert all(str(path) in demo.out for path in (demo.folder / "digest").iterdir())
    mail = email.message_from_string(demo.digest(".eml"), policy=policy.default)
    assert {part.get_content_type() for part in mail.walk()} >= {"text/plain", "text/html"}
    assert all({"text", "blocks"} <= set(payload) for payload in json.loads(demo.digest(".slack.json")))
    assert demo.digest(".html").startswith("<!DOCTYPE html>")


def test_the_digest_holds_as_many_stories_as_told(demo: Demo) -> None:
    told = re.search(r"The digest (\d+) stories from (\d+) reports", demo.out)
    assert told
    assert f"{told[1]} stories" in demo.digest(".txt")
    assert int(told[1]) < int(told[2])
    sections = [int(count) for count in re.findall(r"^\S.* \((\d+)\)$", demo.out, flags=re.MULTILINE)]
    assert sum(sections) == int(told[1])


@pytest.mark.parametrize("title", NEAR_MISSES)
def test_near_misses_are_not_told(demo: Demo, title: str) -> None:
    for ending in (".txt", ".html", ".slack.json", ".eml"):
        assert title not in demo.digest(ending)


def test_the_story_names_near_misses(demo: Demo) -> None:
    assert len(re.findall(r"· “.*”: 0\.\d\d of 0\.\d\d for ", demo.out)) == 3


def test_a_wire_story_is_told_once_with_its_outlets(demo: Demo) -> None:
    text = " ".join(demo.digest(".txt").split())
    assert text.count(f"* {WIRE}") == 1
    assert "European drone fund for Ukraine tops" not in text
    assert "Two new members and a third tender" not in text
    told = demo.out[demo.out.index(WIRE) :].splitlines()[1]
    for outlet in ("Northwire", "Riga Harbour Post", "Alliance Ledger", "The Plains Courier"):
        assert outlet in told


def test_the_edited_article_is_told_in_its_new_words(demo: Demo) -> None:
    assert f"“{BEFORE}” is now “{AFTER}”" in demo.out
    text = " ".join(demo.digest(".txt").split())
    assert text.count(AFTER) == 1
    assert BEFORE not in text


def test_nothing_would_be_told_a_second_time(demo: Demo) -> None:
    assert "A digest one minute later would hold nothing new." in demo.out


def test_what_it_proposes_to_ask_can_be_asked(demo: Demo, call: Call) -> None:
    proposed = re.findall(r"^  monitor (--archive .*)$", demo.out, flags=re.MULTILINE)
    assert [words.split()[2] for words in proposed] == ["search", "why", "web"]
    for words in proposed[:2]:  # the third stays open
        said = call("--config", ROOT / "config", *words.split())
        assert said.code == Exit.OK, words


def test_an_earlier_demo_is_replaced_and_nothing_else_is(tmp_path: Path, call: Call) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    said = call("demo", "--into", mine)
    assert said.code == Exit.USAGE
    assert "is no earlier demo; choose another folder with --into" in said.err
    assert (mine / "thesis.txt").read_text() == "years of work"


@pytest.mark.parametrize("what", ["nowhere", "empty", "a file"])
def test_a_folder_without_texts_is_a_misuse(tmp_path: Path, call: Call, what: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a file").write_text("text")
    said = call("demo", "--articles", tmp_path / what, "--into", tmp_path / "into")
    assert said.code == Exit.USAGE
    assert "give a folder with one .txt file an article" in said.err
    assert not (tmp_path / "into").exists()


def test_own_texts_are_told_one_by_one(tmp_path: Path, call: Call) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "b soup.txt").write_text("A soup for cold days\n\nTake leeks, potatoes and a little cream, and wait.")
    (texts / "a.txt").write_text(
        "Drone Coalition buys 30,000 drones for Ukraine\n\nLatvia and Britain lead the Drone Coalition."
    )
    said = call("--config", ROOT / "config", "demo", "--articles", texts, "--into", tmp_path / "again")
    heads = [line for line in said.out.splitlines() if re.match(r"\S+: ", line)]
    assert said.code == Exit.OK
    assert said.out.startswith("2 articles read over HTTP, 1 of them match a topic:")
    assert heads[0].startswith("a: drone-coalition ")
    assert heads[1].startswith("b-soup: no topic (nearest: ")
    # a second time into the same folder, which is a demo's
    assert call("--config", ROOT / "config", "demo", "--articles", texts, "--into", tmp_path / "again").code == Exit.OK


def test_all_own_texts_are_read_however_many(tmp_path: Path, call: Call) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    for number in range(45):  # a feed has fewer pages in a round
        (texts / f"{number:02}.txt").write_text(f"Soup of day {number}\n\nTake {number} leeks, and wait for an hour.")
    said = call("--config", ROOT / "config", "demo", "--articles", texts, "--into", tmp_path / "into")
    assert said.out.startswith("45 articles read over HTTP, 0 of them match a topic:")
    assert "could not be read" not in said.out


@pytest.mark.skipif(not SEEDS.is_dir(), reason=f"the seed texts are not here: {SEEDS}")
def test_the_seed_texts_find_their_topics(tmp_path: Path, call: Call) -> None:
    said = call("--config", ROOT / "config", "demo", "--articles", SEEDS, "--into", tmp_path / "seeds")
    heads = re.findall(r"^(\d{3})_\w+: (.*)$", said.out, flags=re.MULTILINE)
    topics = {number: set(re.findall(r"([a-z-]+) [\d.]+", words)) for number, words in heads}
    assert topics == EXPECTED
