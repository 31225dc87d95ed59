"""What is followed, and what the topics make of a text."""

import json
from pathlib import Path

import pytest

from monitor.cli.common import Exit
from tests.configfolder import a_config
from tests.newsserver import Answer, NewsServer
from tests.unit.cli.calling import SHIPPED, Call, Town


def test_the_topics_are_listed(call: Call) -> None:
    said = call("--config", SHIPPED, "topics")
    names = [line.split()[0] for line in said.out.splitlines() if line[0] != " "]
    assert names == ["drone-coalition", "co-production", "air-defence"]
    assert [topic["name"] for topic in json.loads(call("--config", SHIPPED, "topics", "--json").out)] == names


def test_a_file_is_judged_with_its_evidence(tmp_path: Path, call: Call) -> None:
    config, text = a_config(tmp_path / "config"), tmp_path / "text.txt"
    text.write_text(
        "# Patriot arrives\n\nA patriot battery <b> has come. It is the third one of this winter.\n", "utf-8"
    )
    said = call("--config", config, "topics", "test", text)
    assert said.code == Exit.OK
    lines = said.out.splitlines()
    assert lines[0] == "“Patriot arrives”"
    assert lines[1] == "14 words from feed content, language en"
    assert any(line.startswith("✓ air-defence ") for line in lines)
    assert any(line.startswith("✗ drone-coalition ") for line in lines)
    assert any("systems: “Patriot” (title), “patriot” (lead)" in line for line in lines)
    told = json.loads(call("--config", config, "topics", "test", text, "--json").out)
    assert told["title"] == "Patriot arrives"
    assert {verdict["topic"] for verdict in told["verdicts"]} == {"air-defence", "drone-coalition"}


def test_no_match_is_code_1(tmp_path: Path, call: Call) -> None:
    (tmp_path / "text.txt").write_text("Leeks\n\nNothing but soup.", "utf-8")
    assert (
        call("--config", a_config(tmp_path / "config"), "topics", "test", tmp_path / "text.txt").code == Exit.NOT_WELL
    )


def test_a_page_is_fetched_and_judged(town: Town, call: Call) -> None:
    said = call(*town.options, "topics", "test", town.address("canada-interceptor-drones"))
    assert said.code == Exit.OK
    assert "words from page, language en" in said.out
    assert "✓ drone-coalition" in said.out


def test_an_article_of_several_pages_is_judged_whole(town: Town, call: Call) -> None:
    with NewsServer() as server:
        for number in range(1, 4):
            lines = [
                f"On page {number} the ministry counted {number}{at} hedges and named every town." for at in range(5)
            ]
            lines += ["Then a Patriot battery was sent to Kyiv to guard its air defence."] if number == 3 else []
            onward = f'<p><a rel="next" href="/long?page={number + 1}">{number + 1}</a></p>' if number < 3 else ""
            text = "".join(f"<p>{line}</p>" for line in lines)
            page = f"<html><body><article><h1>Hedges</h1>{text}{onward}</article></body></html>"
            server.put("/long" if number == 1 else f"/long?page={number}", Answer(body=page.encode()))
        said = call(*town.options, "topics", "test", server.url("/long"))
    assert "“Patriot … battery” (body)" in said.out


def test_a_page_that_is_not_there(town: Town, call: Call) -> None:
    said = call(*town.options, "topics", "test", town.address("film-fund") + "-nix")
    assert said.code == Exit.NOT_WELL
    assert "could not be read: refused by the server: HTTP 404" in said.err


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "cannot be read: No such file"), (b"\xff\xfe\x00", "is not UTF-8 text (byte 0)"), (b" \n", "is empty")],
)
def test_a_file_of_no_use_is_a_misuse(tmp_path: Path, call: Call, content: bytes | None, words: str) -> None:
    text = tmp_path / "text.txt"
    if content is not None:
        text.write_bytes(content)
    said = call("--config", a_config(tmp_path / "config"), "topics", "test", text)
    assert said.code == Exit.USAGE
    assert words in said.err
