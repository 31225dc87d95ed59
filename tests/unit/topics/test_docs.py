"""docs/topics.md: each of its examples does what the page says."""

import random
import re
from pathlib import Path
from typing import ClassVar

import pytest

from monitor.errors import ConfigError
from monitor.topics import TopicSet, load_topics
from monitor.topics.nodes import FIELDS
from monitor.topics.query import parse

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "topics.md").read_text(encoding="utf-8")


NEVER = re.compile(r"can never (hold|be reached)|does not stand in the other")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def shipped_concepts() -> dict[str, str]:
    folder = ROOT / "config" / "concepts"
    return {f"concepts/{file.name}": file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.toml"))}


def examples() -> list[tuple[str, str, str]]:
    section = PAGE.split("## Examples")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `(.+?)` \| (.+?) \| (.+?) \|$", section, re.MULTILINE)
    assert len(rows) >= 10
    return rows


def judged(query: str, text: str) -> bool:
    topic = f"[topics.x]\ntitle = 'X'\nbias = -1\nclauses = [{{ query = '{query}', weight = 60 }}]"
    files = {
        "topics.toml": topic,
        **shipped_concepts(),
        "concepts/extra.toml": 'air-defence-of-norway = "luftvern, nasams"',
    }
    said, _, rest = text.removeprefix("[").partition("] ") if text.startswith("[") else ("", "", text)
    title, _, body = rest[2:].partition(" / ") if rest.startswith("# ") else ("", "", rest)
    language, comma, country = said.partition(", ")
    stated = {"language": language, "country": country} if comma else {"source": said}
    return load_topics(files).judge(title, body, **stated)[0].matched


@pytest.mark.parametrize(("query", "finds", "other"), examples())
def test_each_example_finds_the_first_text_and_not_the_second(query: str, finds: str, other: str) -> None:
    assert judged(query, finds)
    assert not judged(query, other)


@pytest.fixture(scope="module")
def hospitals() -> TopicSet:
    return load_topics({"topics.toml": blocks("toml")[0], **shipped_concepts()})


def test_the_example_topic_works(hospitals: TopicSet) -> None:
    given, shelled = "Norway donates two field hospitals to Ukraine.", "A hospital in Ukraine was hit by a missile."
    assert hospitals.judge("Field hospitals for Kyiv", given)[0].matched
    assert not hospitals.judge("", shelled)[0].matched


def test_the_first_weights_do_what_is_said_of_them() -> None:
    clauses = "{ query = 'flu', weight = 6 }, { query = 'hens', weight = 3 }, { query = 'culled', weight = 3 }"
    topics = load_topics({"topics.toml": f"[topics.x]\ntitle = 'X'\nthreshold = 0.45\nclauses = [{clauses}]"})
    for title, text, matched in (
        ("Flu in Devon", "", True),
        ("", "Flu has come to Devon.", True),
        ("Hens of Devon", "", False),
        ("Hens culled", "", True),
    ):
        assert topics.judge(title, text)[0].matched is matched


@pytest.mark.parametrize(
    ("language", "term", "text", "found"),
    [
        ("en", "give", "Oslo gave money.", True),
        ("de", "geben", "Oslo gab Geld.", False),
        ("de", "vogelgrippe", "Ein Vogelgrippefall", False),
        ("de", "vogelgrippe*", "Ein Vogelgrippefall", True),
        ("pl", "obniżyć", "Bank obniża stopy", False),
    ],
)
def test_forms_are_found_as_far_as_is_said(language: str, term: str, text: str, found: bool) -> None:
    topic = "[topics.x]\ntitle = 'X'\nclauses = [{ query = '#it', weight = 60 }]"
    topics = load_topics({"topics.toml": topic, f"concepts/{language}.toml": f'it = "{term}"'})
    assert topics.judge("", text, language=language)[0].matched is found


def test_the_example_concept_works() -> None:
    topic = "[topics.x]\ntitle = 'X'\nclauses = [{ query = '#drone', weight = 60 }]"
    topics = load_topics({"topics.toml": topic, "concepts/de.toml": blocks("toml")[1]})
    assert topics.judge("", "Viele Drohnen", language="de")[0].matched
    assert topics.judge("", "Zwei Abfangdrohne", language="de")[0].matched
    assert topics.judge("", "Neue Lauermunition", language="de")[0].matched


def test_the_mistakes_read_as_shown() -> None:
    topic = blocks("toml")[0].replace('*" OR "mobile', '*" adn "mobile').replace("title:hospital", "titel:hospital")
    concept = blocks("toml")[1].replace("#loitering-munition", "#loitring-munition")
    with pytest.raises(ConfigError) as caught:
        load_topics({"topics.toml": topic, **shipped_concepts(), "concepts/de.toml": concept})
    told = [str(problem) for problem in caught.value.problems]
    shown = PAGE.split("## Mistakes")[1].split("```")[1].strip().splitlines()
    assert len(shown) == 3
    for line in shown:
        assert line in told


def test_every_field_is_explained() -> None:
    for field in FIELDS:
        assert f"`{field}:" in PAGE
        assert f'"{field}"' in PAGE


def _grammar() -> dict[str, list[str]]:
    """rule → its tokens, as the page writes them."""
    block = re.search(r"```\n(query +=.*?)```", PAGE, re.DOTALL)
    assert block
    rules = (line.split("=", 1) for line in block[1].strip().splitlines())
    return {name.strip(): re.findall(r"'[^']*'|\"[^\"]*\"|[{}()|\[\]]|\w+", right) for name, right in rules}


class _Writer:
    """Writes random queries by the page's grammar."""

    LEAVES: ClassVar = {
        "word": "riga",
        "words": "air defence",
        "number": "3",
        "concept": "drone",
        "language": "uk",
        "country": "at",
    }
    ENDS: ClassVar = {"{": "}", "(": ")", "[": "]"}

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.rules = _grammar()

    def write(self, name: str, depth: int = 0) -> str:
        if name in self.LEAVES:
            return self.LEAVES[name]
        if depth > 24 and name != "place":  # nothing that nests on
            return "riga"
        return self._choice(self.rules[name], depth + 1)

    def _choice(self, tokens: list[str], depth: int) -> str:
        ways: list[list[str]] = [[]]
        inside: list[str] = []
        for token in tokens:
            if token == "|" and not inside:
                ways.append([])
                continue
            if token in self.ENDS:
                inside.append(self.ENDS[token])
            elif inside and token == inside[-1]:
                inside.pop()
            ways[-1].append(token)
        return self._row(self.dice.choice(ways), depth)

    def _row(self, tokens: list[str], depth: int) -> str:
        written, at = "", 0
        while at < len(tokens):
            token = tokens[at]
            if token in self.ENDS:
                end = self._end(tokens, at)
                times = 1 if token == "(" else self.dice.choice((0, 0, 0, 1))
                written += "".join(self._choice(tokens[at + 1 : end], depth) for _ in range(times))
                at = end
            elif token[0] in "'\"":
                literal = token[1:-1].replace("/n", "/5")
                written += f" {literal} " if literal[0].isalpha() or literal[0] == "~" else literal
            else:
                written += self.write(token, depth)
            at += 1
        return written

    def _end(self, tokens: list[str], start: int) -> int:
        open_ = 0
        for at in range(start, len(tokens)):
            open_ += (tokens[at] in self.ENDS) - (tokens[at] in self.ENDS.values())
            if not open_:
                return at
        raise AssertionError(tokens)


def test_every_query_of_the_pages_grammar_is_read() -> None:
    written = (_Writer(seed).write("query") for seed in range(800))
    queries = {re.sub(rf"({'|'.join(FIELDS)}) :", r"\1:", query) for query in written}
    assert len(queries) > 100
    read = 0
    for query in queries:
        node, mistakes = parse(query, ("drone",))
        read += node is not None
        assert all(one.message.startswith("the query is nested") or NEVER.search(one.message) for one in mistakes), (
            query
        )
    assert read > 100
