"""Concepts: named word lists, one file a language, merged over all files.

    drone = '''drone, unmanned aerial vehicle, *copter, #loitering-munition'''

Terms are parted by commas or line ends. `#other` takes in another concept. The name of the file says in which language
its words are inflected (`de.toml`); in a file that is not named after a language words match as written.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping

from msgspec import Struct

from monitor.codes import is_language, language_meant
from monitor.errors import Problem, nearest
from monitor.tomltext import not_toml, place_of
from monitor.topics.inflect import LANGUAGES
from monitor.topics.lexicon import Term, wrong_term

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TWO_LETTERS = re.compile(r"[A-Za-z]{2}")
_SEPARATOR = re.compile(r"[,\n]")


class Concepts(Struct, frozen=True):
    """Every concept with its own terms and those of the concepts it takes in."""

    terms: Mapping[str, frozenset[Term]]
    without_forms: frozenset[str] = frozenset()  # languages of files whose words can only match as written

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self.terms))


class _Mention(Struct, frozen=True):
    """`#other` inside a concept: the file, and at which character of the concept's text it is written."""

    name: str
    file: str
    position: int


def read_toml(file: str, text: str) -> tuple[dict[str, object], list[Problem]]:
    """The tables of a TOML text, or the one problem that keeps it from being read."""
    try:
        return tomllib.loads(text), []
    except (ValueError, RecursionError) as error:  # so does what it says of endless numbers
        return {}, [not_toml(file, text, error)]


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
        problems += _check_name(file, stem)
        language = stem if stem in LANGUAGES else ""
        if not language and is_language(stem):
            without_forms.add(stem)
        for name, value in tables.items():
            if not _NAME.fullmatch(name):
                words = f"{name}: a concept's name has small letters, digits and hyphens only"
                problems.append(Problem(file, _placed(text, name), words, "rename it, here and in every query"))
            if not isinstance(value, str):
                words = f"{name}: found {type(value).__name__}, expected a string of terms"
                problems.append(Problem(file, _placed(text, name), words, f'write {name} = "one, two"'))
                continue
            own.setdefault(name, set())
            first.setdefault(name, file)
            for term, position in _terms(value):
                if term.startswith("#"):
                    mentions.setdefault(name, []).append(_Mention(term[1:], file, position))
                elif mistake := wrong_term(term):
                    problems.append(Problem(file, place_of(text, name, position), f"{name}: {mistake[0]}", mistake[1]))
                else:
                    own[name].add(Term(term, language))
    for name, terms in own.items():
        if not terms and name not in mentions:
            words = f"{name}: the concept is empty"
            file = first[name]
            problems.append(Problem(file, _placed(files[file], name), words, "write terms or remove it"))
    problems += _check_mentions(own, mentions, files)
    if problems:
        return Concepts({name: frozenset(terms) for name, terms in own.items()}), problems
    return Concepts({name: _closure(name, own, mentions) for name in own}, frozenset(without_forms)), []


def _check_name(file: str, stem: str) -> Iterator[Problem]:
    """A file that is named after a language by something else than its code would be read as one of no language."""
    meant = language_meant(stem)
    if meant and meant[0] != stem:
        words = f"is named after {meant[1]}, and not by its code: no word would match in another form"
        yield Problem(file, "", words, f"name it {meant[0]}.toml, or like no language at all")
    elif not meant and _TWO_LETTERS.fullmatch(stem):
        yield Problem(file, "", f"'{stem}' is no language's code (ISO 639-1)", "name it by its language, or longer")


def _terms(value: str) -> Iterator[tuple[str, int]]:
    """Each term and at which character it begins."""
    position = 0
    for piece in _SEPARATOR.split(value):
        term = piece.strip()
        if term:
            yield term, position + piece.index(term)
        position += len(piece) + 1


def _placed(text: str, name: str) -> str:
    """Line and column of a concept's name."""
    return place_of(text, name, key=True) or name


def _check_mentions(
    own: Mapping[str, set[Term]], mentions: Mapping[str, list[_Mention]], files: Mapping[str, str]
) -> Iterator[Problem]:
    for name, others in mentions.items():
        for other in others:
            if other.name not in own:
                hint = nearest(other.name, sorted(own))
                message = f"{name}: unknown concept '#{other.name}'"
                yield Problem(other.file, place_of(files[other.file], name, other.position), message, hint)
        way = _way_back(name, mentions)
        if way and name == min(way):
            shown = " → ".join(f"#{step}" for step in (*way, name))
            message = f"the concept '{name}' contains itself: {shown}"
            first = others[0]
            place = place_of(files[first.file], name, first.position)
            yield Problem(first.file, place, message, "remove one of the mentions")


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
