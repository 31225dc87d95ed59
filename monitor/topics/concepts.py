"""Concepts: named word lists, one file a language, merged over all files.

    drone = '''drone, unmanned aerial vehicle, *copter, #loitering-munition'''

Terms are parted by commas or line ends. `#other` takes in another concept. The name of the file says in which language
its words are inflected (`de.toml`); in a file that is not named after a language words match as written.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from monitor.errors import Problem, nearest
from monitor.topics.inflect import LANGUAGES
from monitor.topics.lexicon import Term, wrong_term

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2}")
_SEPARATOR = re.compile(r"[,\n]")


@dataclass(frozen=True, slots=True)
class Concepts:
    """Every concept with its own terms and those of the concepts it takes in."""

    terms: Mapping[str, frozenset[Term]]
    without_forms: frozenset[str] = frozenset()  # languages of files whose words can only match as written

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self.terms))


@dataclass(frozen=True, slots=True)
class _Mention:
    """`#other` inside a concept, and where it is written."""

    name: str
    file: str
    line: int


def line_of(text: str, part: str, offset: int = 0) -> str:
    """ "line 3, column 7" of the character `offset` of `part` in a TOML text; "" when it is not written literally."""
    start = text.find(part) if part else -1
    if start < 0:
        return ""
    place = start + offset
    line = text.count("\n", 0, place) + 1
    column = place - text.rfind("\n", 0, place)
    return f"line {line}, column {column}"


def read_toml(file: str, text: str) -> tuple[dict[str, object], list[Problem]]:
    """The tables of a TOML text, or the one problem that keeps it from being read."""
    try:
        return tomllib.loads(text), []
    except tomllib.TOMLDecodeError as error:
        return {}, [Problem(file, "", f"is not valid TOML: {error}", "strings stand in quotes, lists in [ ]")]


def read_concepts(files: Mapping[str, str]) -> tuple[Concepts, list[Problem]]:
    """All concepts of all files (name → TOML text), and every problem found in them."""
    problems: list[Problem] = []
    own: dict[str, set[Term]] = {}
    first: dict[str, str] = {}  # the file in which a concept stands first
    mentions: dict[str, list[_Mention]] = {}
    without_forms: set[str] = set()
    for file, text in files.items():
        tables, wrong = read_toml(file, text)
        problems += wrong
        stem = file.rsplit("/", 1)[-1].removesuffix(".toml")
        language = stem if stem in LANGUAGES else ""
        if not language and _LANGUAGE.fullmatch(stem):
            without_forms.add(stem)
        for name, value in tables.items():
            if not _NAME.fullmatch(name):
                problems.append(Problem(file, name, "a concept's name has small letters, digits and hyphens only"))
            if not isinstance(value, str):
                problems.append(Problem(file, name, f"found {type(value).__name__}, expected a string of terms"))
                continue
            own.setdefault(name, set())
            first.setdefault(name, file)
            for term, line in _terms(text, name, value):
                if term.startswith("#"):
                    mentions.setdefault(name, []).append(_Mention(term[1:], file, line))
                elif mistake := wrong_term(term):
                    problems.append(Problem(file, f"line {line}", f"{name}: {mistake[0]}", mistake[1]))
                else:
                    own[name].add(Term(term, language))
    for name, terms in own.items():
        if not terms and name not in mentions:
            problems.append(Problem(first[name], name, "the concept is empty", "write terms or remove it"))
    problems += _check_mentions(own, mentions)
    if problems:
        return Concepts({name: frozenset(terms) for name, terms in own.items()}), problems
    return Concepts({name: _closure(name, own, mentions) for name in own}, frozenset(without_forms)), []


def _terms(text: str, name: str, value: str) -> Iterator[tuple[str, int]]:
    found = re.search(rf"^{re.escape(name)}\s*=", text, re.MULTILINE)
    line = text.count("\n", 0, found.end()) + 1 if found else 1
    start = text.find(value, found.end()) if found and value else -1
    if start >= 0:
        line = text.count("\n", 0, start) + 1
    position = 0
    for piece in _SEPARATOR.split(value):
        term = piece.strip()
        if term:
            yield term, line + value.count("\n", 0, position)
        position += len(piece) + 1


def _check_mentions(own: Mapping[str, set[Term]], mentions: Mapping[str, list[_Mention]]) -> Iterator[Problem]:
    for name, others in mentions.items():
        for other in others:
            if other.name not in own:
                hint = nearest(other.name, sorted(own))
                message = f"{name}: unknown concept '#{other.name}'"
                yield Problem(other.file, f"line {other.line}", message, hint)
        way = _way_back(name, mentions)
        if way and name == min(way):
            shown = " → ".join(f"#{step}" for step in (*way, name))
            message = f"the concept '{name}' contains itself: {shown}"
            yield Problem(others[0].file, f"line {others[0].line}", message, "remove one of the mentions")


def _way_back(name: str, mentions: Mapping[str, list[_Mention]]) -> list[str]:
    """The shortest chain of mentions that leads from a concept to itself, or an empty list."""
    ways = [[name]]
    seen: set[str] = set()
    for way in ways:
        for mention in mentions.get(way[-1], ()):
            if mention.name == name:
                return way
            if mention.name not in seen:
                seen.add(mention.name)
                ways.append([*way, mention.name])
    return []


def _closure(name: str, own: Mapping[str, set[Term]], mentions: Mapping[str, list[_Mention]]) -> frozenset[Term]:
    reached, waiting = {name}, [name]
    while waiting:
        for mention in mentions.get(waiting.pop(), ()):
            if mention.name not in reached:
                reached.add(mention.name)
                waiting.append(mention.name)
    return frozenset().union(*(own[one] for one in reached))
