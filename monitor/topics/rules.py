"""Topics as configured: named, weighted clauses read from topics.toml and checked against the concepts."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from monitor.errors import Problem
from monitor.model import Topic
from monitor.options import Options, read_options
from monitor.topics.candidates import leaves_of
from monitor.topics.concepts import Concepts, line_of, read_toml
from monitor.topics.query import ConceptNode, Mistake, Node, parse

_EMPTY_QUERY = re.compile(r"""query\s*=\s*(?:''|"")(?!['"])""")


class ClauseOptions(Options):
    """One clause as written in topics.toml."""

    name: str = ""
    query: str
    weight: int | float = 0.0
    required: bool = False
    veto: bool = False


class TopicOptions(Options):
    """One topic as written in topics.toml."""

    title: str
    description: str = ""
    threshold: float = Field(default=0.5, gt=0, lt=1)
    bias: int | float = -4.0
    clauses: tuple[ClauseOptions, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """A query, and what finding it adds to (or takes from) the raw score."""

    name: str
    node: Node
    weight: float
    required: bool
    veto: bool


@dataclass(frozen=True, slots=True)
class Rule:
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
            problems.append(Problem(file, key, f"unknown table '{key}'", "a topic is a table [topics.NAME]"))
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
    options, problems = read_options(TopicOptions, table, file=file, where=where)
    if options is None:
        return None, problems
    if not any(clause.weight > 0 for clause in options.clauses):
        line = line_of(text, f"[topics.{name}]")
        place = f"{line} ({where})" if line else where
        problems.append(Problem(file, place, "the topic is empty", "give it a clause with a weight above 0"))
    clauses = []
    for number, clause in enumerate(options.clauses, 1):
        place = f"{where} · clause {number}" + (f" '{clause.name}'" if clause.name else "")
        node, mistakes = parse(clause.query, concepts.names)
        problems += [_problem(file, text, place, clause.query, mistake) for mistake in mistakes]
        if clause.required and clause.veto:
            problems.append(Problem(file, place, "a clause is required or a veto, not both"))
        if not (clause.weight or clause.required or clause.veto):
            problems.append(Problem(file, place, "the clause has no effect", "give it weight, required or veto"))
        if node is not None:
            label = clause.name or clause.query
            clauses.append(Clause(label, node, float(clause.weight), clause.required, clause.veto))
    if problems:
        return None, problems
    topic = Topic(name, options.title, options.description)
    rule_hash = _hash(options.model_dump(), clauses, concepts)
    return Rule(topic, options.threshold, float(options.bias), tuple(clauses), rule_hash), []


def _problem(file: str, text: str, place: str, query: str, mistake: Mistake) -> Problem:
    empty = _EMPTY_QUERY.search(text) if not query else None
    line = line_of(text, empty.group(), len(empty.group()) - 2) if empty else _line_in(text, query, mistake.offset)
    if not line:
        before = query[: mistake.offset]
        row, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        line = f"line {row}, column {column} of the query"
    return Problem(file, f"{line} ({place})", mistake.message, mistake.hint)


def _line_in(text: str, query: str, offset: int) -> str:
    """Where a query goes wrong; in its quotes first, for a short one may stand in many a word."""
    quoted = (line_of(text, f"{quote}{query}{quote}", offset + 1) for quote in "'\"")
    return next(filter(None, quoted), "") or line_of(text, query, offset)


def _hash(options: Mapping[str, Any], clauses: Sequence[Clause], concepts: Concepts) -> str:
    used = {leaf.name for clause in clauses for leaf in leaves_of(clause.node) if isinstance(leaf, ConceptNode)}
    lists = [(name, sorted((term.text, term.language) for term in concepts.terms[name])) for name in sorted(used)]
    judged = {key: value for key, value in options.items() if key not in ("title", "description")}
    return hashlib.sha256(repr((judged, lists)).encode()).hexdigest()[:12]
