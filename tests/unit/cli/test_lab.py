"""The lab is a conversation: a line in, its answer out at once, and no line can end it."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from monitor.cli.common import Exit
from monitor.cli.lab import BadLineError, answer, extract_page, grouping, parse
from tests.configfolder import TOPICS, a_config
from tests.unit.cli.calling import SHIPPED, Call

FEED = """\
<?xml version="1.0" encoding="windows-1251"?><rss version="2.0"><channel><title>Вісник</title>
<link>https://visnyk.example/</link><language>uk</language><ttl>30</ttl><item><title>Дрони &amp; люди</title>
<link>/news/1</link><guid isPermaLink="false">n1</guid><pubDate>Mon, 02 Mar 2026 08:00:00 +0200</pubDate>
<description>Короткий зміст</description></item></channel></rss>""".encode("windows-1251")
PAGE = (
    "<html lang='en'><head><title>Northern harbour opens again after winter | Courier</title>"
    "<link rel='canonical' href='/news/harbour'></head>"
    "<body><article><h1>Northern harbour opens again after winter</h1>"
    + "".join(
        f"<p>The harbour of the northern town opened again on day {n} after a long and cold winter.</p>"
        for n in range(9)
    )
    + "</article></body></html>"
)
UKRAINIAN = "Коаліція дронів передасть Україні ще десять тисяч безпілотників, повідомили в міністерстві оборони."


def lines(*asked: object) -> bytes:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in asked).encode()


def answers(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_a_feed_is_read_from_bytes(tmp_path: Path, call: Call) -> None:
    (tmp_path / "feed.xml").write_bytes(FEED)
    asked = {"id": "a", "file": str(tmp_path / "feed.xml"), "url": "https://visnyk.example/rss"}
    said = call("lab", "parse", stdin=lines(asked))
    (told,) = answers(said.out)
    assert (said.code, told["id"]) == (Exit.OK, "a")
    assert told["feed"] == {
        "title": "Вісник",
        "link": "https://visnyk.example/",
        "description": "",
        "language": "uk",
        "ttl": 1800.0,
        "remark": "",
    }
    (entry,) = told["entries"]
    assert set(entry) >= {
        "id", "link", "title", "summary", "content", "published", "updated", "authors", "language", "tags",
    }  # fmt: skip
    assert (entry["id"], entry["link"]) == ("n1", "https://visnyk.example/news/1")
    assert (entry["title"], entry["published"]) == ("Дрони & люди", "2026-03-02T06:00:00+00:00")


def test_what_is_no_feed_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    with pytest.raises(BadLineError, match="HTML page instead of a feed"):
        parse({"file": str(tmp_path / "page.html")})


def test_an_article_is_made_from_a_page(tmp_path: Path, call: Call) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    asked = {"id": 7, "file": str(tmp_path / "page.html"), "url": "https://courier.example/n?id=1&utm_source=x"}
    (told,) = answers(call("lab", "extract", stdin=lines(asked)).out)
    facts = {"id", "title", "authors", "date", "language", "text", "how", "url", "problem"}
    assert set(told) == facts | {"image", "section", "dateline", "live"}
    assert (told["id"], told["title"], told["language"], told["how"]) == (
        7,
        "Northern harbour opens again after winter",
        "en",
        "page",
    )
    assert told["text"].count("northern town") == 9
    assert (told["date"], told["problem"], told["url"]) == (None, "", "https://courier.example/news/harbour")


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({}, '"file" is missing'),
        ({"file": "nowhere.html"}, "nowhere.html cannot be read: No such file"),
        ({"file": "."}, r"\. cannot be read: Is a directory"),
        ({"file": "a\0b"}, "is no path"),
        ({"file": 5}, '"file" must be a text, found int'),
        ({"file": "x", "url": ["u"]}, '"url" must be a text, found list'),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error(asked: Mapping[str, Any], problem: str) -> None:
    for stage in (parse, extract_page):
        with pytest.raises(BadLineError, match=problem):
            stage(asked)


def test_a_text_is_judged_by_the_shipped_topics(call: Call) -> None:
    asked = {"id": 1, "title": "Коаліція дронів", "text": UKRAINIAN}
    said = call("--config", SHIPPED, "lab", "judge", stdin=lines(asked, {"id": 2, "title": "Recipe", "text": "Soup."}))
    told, other = answers(said.out)
    assert told["topics"] == ["drone-coalition"]
    assert set(told["scores"]) == set(told["evidence"]) == {"drone-coalition", "co-production", "air-defence"}
    assert 0.5 < told["scores"]["drone-coalition"] <= 1
    assert set(told["evidence"]["drone-coalition"][0]) == {"clause", "term", "field", "position", "weight"}
    assert (other["id"], other["topics"]) == (2, [])


def test_the_language_is_detected_where_the_line_has_none(tmp_path: Path, call: Call) -> None:
    """The word list of one language alone holds the word, so the verdict shows which language was taken."""
    concepts = {
        "concepts/en.toml": 'drones = "nothinglikeit"\n',
        "concepts/uk.toml": 'drones = "безпілотники*, безпілотник*"\n',
    }
    config = a_config(tmp_path, concepts)
    asked = [{"id": 1, "text": UKRAINIAN}, {"id": 2, "text": UKRAINIAN, "language": "en"}]
    detected, stated = answers(call("lab", "judge", "--config", config, stdin=lines(*asked)).out)
    assert detected["scores"]["drone-coalition"] > 0.3 > stated["scores"]["drone-coalition"]


@pytest.mark.parametrize("missing", ["--config", "topics.toml"])
def test_wrong_topics_end_the_lab_before_it_begins(tmp_path: Path, call: Call, missing: str) -> None:
    config = a_config(tmp_path, {"topics.toml": TOPICS.replace("patriot", "patriot AND")})
    said = call("lab", "judge", "--config", tmp_path / "nowhere" if missing == "--config" else config, stdin=b"{}\n")
    assert (said.code, said.out) == (Exit.USAGE, "")
    assert "The configuration has" in said.err


WIRE = " ".join(f"Sentence number {n} of the agency's long report on the new harbour of the town." for n in range(12))


def test_copies_join_the_story_of_the_first(call: Call) -> None:
    asked = [
        {"id": 1, "title": "New harbour opens", "text": WIRE, "date": "2026-03-02", "url": "https://a.example/1"},
        {"id": 2, "title": "Harbour: now open", "text": WIRE, "date": "2026-03-02T09:00:00+02:00"},
        {
            "id": 3,
            "title": "Cats",
            "text": "Quite another matter of pets and their owners in the south.",
            "date": "2026",
        },
        {"id": 3, "title": "New harbour opens", "text": WIRE, "date": "2026-03", "url": "https://a.example/1"},
    ]
    said = call("lab", "group", stdin=lines(*asked))
    first, copy, other, again = answers(said.out)
    assert (first["placement"], copy["placement"], other["placement"]) == ("opens", "copy", "opens")
    assert first["story"] == copy["story"] == again["story"] != other["story"]
    keys = {"id", "story", "placement", "reason", "moved"}
    assert all(set(told) == keys and told["reason"] and told["moved"] == [] for told in answers(said.out))


def test_what_a_later_line_brings_together_is_told(call: Call) -> None:
    names = "Arkwell Gdynia Boreal Sula Oslo Rouen Tvedt Lind Marr Okoye".split()
    filler = [
        {"id": f"f{number}", "title": f"{name} opens a school", "text": f"In {name} a school of {number} rooms opened."}
        for number, name in enumerate("Ambra Brisk Corvo Delan Estor Fauna Grell Hovik Istra Jodel".split() * 3, 20)
    ]
    halves = [
        {"id": "one", "title": "Orders", "text": f"{' '.join(names[:5])} signed for launchers on the quay."},
        {"id": "two", "title": "Workers", "text": f"{' '.join(names[5:])} hired welders in the harbour."},
        {"id": "both", "title": "Contract", "text": f"{' '.join(names)} signed for launchers and hired welders."},
    ]
    said = answers(call("lab", "group", stdin=lines(*filler, *halves)).out)
    one, two, both = said[-3:]
    assert one["story"] != two["story"]
    assert both["story"] == one["story"]
    assert both["moved"] == [{"id": "two", "story": one["story"]}]


@pytest.mark.parametrize("date", ["yesterday", "0001-01-01", "9999-12-31T23:59:59-12:00", "2026-13-01"])
def test_a_date_of_no_use_is_an_error(date: str) -> None:
    with grouping() as group, pytest.raises(BadLineError, match='"date" must be an ISO 8601 date'):
        group({"title": "A", "text": "b", "date": date})


BROKEN = [
    (b"{nonsense\n", "line 1 is not JSON"),
    (b"[1, 2]\n", "want a JSON object, found list"),
    (b'{"id": NaN}\n', "NaN is no JSON number"),
    (b'{"id": "\xff\xfe"}\n', "line 1 is not UTF-8: byte 9 is 0xff"),
    (b"[" * 100_000 + b"\n", "line 1 cannot be read"),
    (b'{"id": ' + b"9" * 5_000 + b"}\n", "line 1 cannot be read"),
    (b"\x00\x01\x02\n", "line 1 is not JSON"),
]


@pytest.mark.parametrize(("line", "problem"), BROKEN, ids=[problem for _, problem in BROKEN])
def test_a_broken_line_is_answered_and_the_next_one_read(call: Call, line: bytes, problem: str) -> None:
    whole = lines({"id": 2, "title": "t", "text": "x"})
    said = call("lab", "group", stdin=line + b"\n  \n" + whole)
    broken, fine = answers(said.out)
    assert (said.code, broken["id"], fine["id"]) == (Exit.OK, None, 2)
    assert problem in broken["error"]
    assert fine["placement"] == "opens"


def test_the_id_comes_back_as_it_was(call: Call) -> None:
    ids: list[object] = [0, "ї", None, {"deep": [1.5]}, "\ud800", True]
    asked = "".join(json.dumps({"id": one, "title": 5}) + "\n" for one in ids).encode()
    told = answers(call("lab", "group", stdin=asked).out)
    assert [one["id"] for one in told] == ids
    assert {one["error"] for one in told} == {'"title" must be a text, found int'}


def test_a_byte_order_mark_and_a_missing_line_end_do_no_harm(call: Call) -> None:
    said = call("lab", "group", stdin=b"\xef\xbb\xbf" + lines({"id": 1, "text": "x"}).rstrip())
    assert answers(said.out)[0]["id"] == 1


def test_an_error_names_the_line() -> None:
    assert answer(lambda _line: {}, b"{}", 3) == {"id": None}
    assert "line 3" in answer(lambda _line: {}, b"{", 3)["error"]


def test_each_answer_comes_before_the_next_line_is_asked() -> None:
    """In a process of its own, with a pipe at either end, as another program holds the conversation."""
    command = [sys.executable, "-m", "monitor", "lab", "group"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as lab:
        assert lab.stdin
        assert lab.stdout
        for number in range(3):
            lab.stdin.write(lines({"id": number, "title": f"Title {number}", "text": WIRE[: 100 * number]}))
            lab.stdin.flush()
            assert json.loads(lab.stdout.readline())["id"] == number
        lab.stdin.close()
        assert lab.wait(20) == Exit.OK
        assert lab.stderr
        assert lab.stderr.read() == b""
