"""Topics as configured: named, weighted clauses read from topics.toml and checked against the concepts."""

import hashlib
from collections.abc import Mapping, Sequence
from math import log
from typing import Annotated, Any

from msgspec import Struct
from msgspec.structs import replace
from pydantic import Field

from monitor.errors import Problem
from monitor.model import Topic
from monitor.options import Options, read_options
from monitor.tomltext import place_of
from monitor.topics.candidates import leaves_of
from monitor.topics.concepts import Concepts, read_toml
from monitor.topics.nodes import ConceptNode, Node
from monitor.topics.query import parse

_FARTHEST = 1_000  # of a weight or bias from 0: beyond that no other clause says anything, and no sum is a number
_Number = Annotated[int | float, Field(ge=-_FARTHEST, le=_FARTHEST)]


class ClauseOptions(Options):
    """One clause as written in topics.toml."""

    name: str = ""
    query: str
    weight: _Number = 0.0
    required: bool = False
    veto: bool = False


class TopicOptions(Options):
    """One topic as written in topics.toml."""

    title: str
    description: str = ""
    threshold: float = Field(default=0.5, gt=0, lt=1)
    bias: _Number = -4.0
    clauses: tuple[ClauseOptions, ...]


class Clause(Struct, frozen=True):
    """A query, and what finding it adds to (or takes from) the raw score."""

    name: str
    node: Node
    weight: float
    required: bool
    veto: bool


class Rule(Struct, frozen=True):
    """How one topic is judged."""

    topic: Topic
    threshold: float
    bias: float
    clauses: tuple[Clause, ...]
    hash: str


def read_rules(files: Mapping[str, str], concepts: Concepts) -> tuple[tuple[Rule, ...], list[Problem]]:
    """The rules of all topics in all files, in order, and every problem found in them."""
    problems: list[Problem] = []
    rules: dict[str, Rule] = {}
    for file, text in files.items():
        tables, wrong = read_toml(file, text)
        problems += wrong
        for key in tables.keys() - {"topics"}:
            problems.append(
                Problem(file, _placed(text, key, key), f"unknown table '{key}'", "a topic is a table [topics.NAME]")
            )
        topics = tables.get("topics", {})
        if not isinstance(topics, dict):
            problems.append(Problem(file, "topics", "expected tables [topics.NAME]"))
            continue
        for name, table in topics.items():
            rule, wrong = _read_rule(file, text, name, table, concepts)
            problems += wrong
            if rule is not None and name in rules:
                problems.append(Problem(file, f"topics.{name}", "a topic of this name exists in another file"))
            elif rule is not None:
                rules[name] = rule
    if not rules and not problems:
        problems.append(Problem(next(iter(files), "topics.toml"), "", "there is no topic", "add a table [topics.NAME]"))
    return tuple(rules.values()), problems


def _read_rule(file: str, text: str, name: str, table: object, concepts: Concepts) -> tuple[Rule | None, list[Problem]]:
    where = f"topics.{name}"
    if not isinstance(table, dict):
        return None, [Problem(file, where, "expected a table", f"write [topics.{name}]")]
    options, wrong = read_options(TopicOptions, table, file=file, where=where)
    problems = [replace(each, where=_placed(text, each.where, each.where)) for each in wrong]
    if options is None:
        return None, problems
    if not any(clause.weight > 0 for clause in options.clauses):
        hint = "give it a clause with a weight above 0"
        problems.append(Problem(file, _placed(text, where, where), "the topic is empty", hint))
    clauses = []
    for number, clause in enumerate(options.clauses, 1):
        path = f"{where}.clauses[{number}]"
        place = f"{where} · clause {number}" + (f" '{clause.name}'" if clause.name else "")
        node, mistakes = parse(clause.query, concepts.names)
        for mistake in mistakes:
            at = _placed(text, f"{path}.query", place, mistake.offset)
            problems.append(Problem(file, at, mistake.message, mistake.hint))
        if clause.required and clause.veto:
            at = _placed(text, path, place)
            problems.append(Problem(file, at, "a clause is required or a veto, not both", "remove one of the two"))
        if not (clause.weight or clause.required or clause.veto):
            at = _placed(text, path, place)
            problems.append(Problem(file, at, "the clause has no effect", "give it weight, required or veto"))
        if node is not None:
            label = clause.name or clause.query
            clauses.append(Clause(label, node, float(clause.weight), clause.required, clause.veto))
    if not problems and (beyond := _out_of_reach(options)):
        problems.append(Problem(file, _placed(text, where, where), *beyond))
    if problems:
        return None, problems
    topic = Topic(name, options.title, options.description)
    rule_hash = _hash(options.model_dump(), clauses, concepts)
    return Rule(topic, options.threshold, float(options.bias), tuple(clauses), rule_hash), []


def _out_of_reach(options: TopicOptions) -> tuple[str, str] | None:
    """What keeps every article from matching, and what to do about it: a find counts its weight at the most."""
    most = sum(clause.weight for clause in options.clauses if clause.weight > 0)
    wanted = log(options.threshold / (1 - options.threshold)) - options.bias
    if most >= wanted:
        return None
    sums = (
        f"its weights above 0 make {most:g} together, and from bias {options.bias:g} to threshold {options.threshold:g}"
    )
    return f"nothing can ever match: {sums} it takes {wanted:.2g}", "raise weights or bias, or lower the threshold"


def _placed(text: str, path: str, shown: str, offset: int = 0) -> str:
    """Line and column of a path, with what stands there in words for people."""
    place = place_of(text, path, offset)
    return f"{place} ({shown})" if place else shown


def _hash(options: Mapping[str, Any], clauses: Sequence[Clause], concepts: Concepts) -> str:
    used = {leaf.name for clause in clauses for leaf in leaves_of(clause.node) if isinstance(leaf, ConceptNode)}
    lists = [(name, sorted((term.text, term.language) for term in concepts.terms[name])) for name in sorted(used)]
    judged = {key: value for key, value in options.items() if key not in ("title", "description")}
    return hashlib.sha256(repr((judged, lists)).encode()).hexdigest()[:12]
