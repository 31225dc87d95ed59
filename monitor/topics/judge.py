"""Judges an article against every topic at once.

An article is split once, all terms of all topics are found in one pass, then each topic of which any term occurs is
scored; the verdict on the others is known beforehand:
`score = 1 / (1 + exp(-(bias + Σ weight · strength)))` over its clauses. Pure; never raises on any text.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.errors import ConfigError
from monitor.model import Evidence, Topic, Verdict
from monitor.topics.concepts import Concepts, read_concepts
from monitor.topics.document import Document, read_document
from monitor.topics.lexicon import Lexicon, Term
from monitor.topics.matching import Found, Matcher, Place
from monitor.topics.query import ConceptNode, Node, TermNode
from monitor.topics.rules import Clause, Rule, leaves_of, read_rules

SHOWN_PLACES = 4  # of one clause in the evidence; the strongest
_LONGEST_TERM = 160  # characters of evidence shown
_SECOND_SENTENCE = 0.25  # a neighbouring sentence joins the passage when it adds this share of the first one's weight
_LONGEST_PASSAGE = 600


def load_topics(files: Mapping[str, str]) -> "TopicSet":
    """The topics of a configuration: file name → TOML text; names with "concepts/" in them hold concepts.

    Raises ConfigError with every problem of every file.
    """
    lists = {file: text for file, text in files.items() if "concepts/" in file.replace("\\", "/")}
    concepts, problems = read_concepts(lists)
    rules, wrong = read_rules({file: text for file, text in files.items() if file not in lists}, concepts)
    if problems or wrong:
        raise ConfigError([*problems, *wrong])
    return TopicSet(rules, concepts)


@dataclass(frozen=True, slots=True)
class _Finding:
    clause: Clause
    found: Found

    @property
    def worth(self) -> float:
        return self.clause.weight * self.found.strength


class TopicSet:
    """All topics, ready to judge; immutable in effect, safe to share between threads and to send to a process."""

    def __init__(self, rules: Sequence[Rule], concepts: Concepts) -> None:
        self.topics: tuple[Topic, ...] = tuple(rule.topic for rule in rules)
        self._rules = tuple(rules)
        self._leaves: dict[Node, int] = {}
        for rule in rules:
            for clause in rule.clauses:
                for leaf in leaves_of(clause.node):
                    self._leaves.setdefault(leaf, len(self._leaves))
        self._lexicon = Lexicon(_terms(self._leaves, concepts))
        self._concerned: dict[int, list[int]] = defaultdict(list)  # leaf → the rules that look for it
        for number, rule in enumerate(rules):
            for leaf in {leaf for clause in rule.clauses for leaf in leaves_of(clause.node)}:
                self._concerned[self._leaves[leaf]].append(number)
        self._always = frozenset(number for number, rule in enumerate(rules) if rule.looks_outside)
        silence = Matcher(read_document("", ""), {}, self._leaves)
        self._unconcerned = tuple(_verdict(rule, silence) for rule in rules)

    def judge(
        self, article_title: str, text: str, *, language: str = "", source: str = "", url: str = ""
    ) -> tuple[Verdict, ...]:
        """One verdict for each topic, in order, whether it matches or not."""
        document = read_document(article_title, text, language=language, source=source, url=url)
        hits = self._lexicon.find(document)
        matcher = Matcher(document, hits, self._leaves)
        verdicts = list(self._unconcerned)
        for number in self._always.union(*(self._concerned[leaf] for leaf in hits)):
            verdicts[number] = _verdict(self._rules[number], matcher)
        return tuple(verdicts)

    def strengths(self, article_title: str, text: str, *, language: str = "") -> dict[str, dict[str, float]]:
        """topic → clause → how strongly it was found (0–1): what the weights are fitted on."""
        document = read_document(article_title, text, language=language)
        matcher = Matcher(document, self._lexicon.find(document), self._leaves)
        return {
            rule.topic.name: {clause.name: matcher.find(clause.node).strength for clause in rule.clauses}
            for rule in self._rules
        }


def _terms(leaves: Mapping[Node, int], concepts: Concepts) -> Iterable[tuple[Term, list[int]]]:
    wanted: dict[Term, list[int]] = defaultdict(list)
    for leaf, number in leaves.items():
        if isinstance(leaf, ConceptNode):
            for term in concepts.terms[leaf.name]:
                wanted[term].append(number)
        elif isinstance(leaf, TermNode):
            wanted[Term(leaf.text)].append(number)
    return wanted.items()


def _verdict(rule: Rule, matcher: Matcher) -> Verdict:
    findings = [_Finding(clause, matcher.find(clause.node)) for clause in rule.clauses]
    raw = rule.bias + sum(finding.worth for finding in findings)
    excluded = any(
        (finding.clause.required and not finding.found.strength) or (finding.clause.veto and finding.found.strength)
        for finding in findings
    )
    score = 0.0 if excluded else _logistic(raw)
    findings.sort(key=lambda finding: -finding.worth)
    evidence = tuple(piece for finding in findings for piece in _evidence(finding, matcher))
    passage = _passage(findings, matcher) if score >= rule.threshold else ""
    return Verdict(rule.topic.name, score, rule.threshold, evidence, passage, rule.hash)


def _logistic(raw: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, raw))))


def _shares(finding: _Finding, matcher: Matcher) -> list[tuple[Place, float]]:
    """What each place of a finding contributed, strongest first; the shares add up to the finding's worth."""
    ordered = sorted(finding.found.places, key=lambda place: (-matcher.strength(place), place.first))
    total = sum(matcher.strength(place) for place in ordered)
    return [(place, finding.worth * matcher.strength(place) / total) for place in ordered]


def _evidence(finding: _Finding, matcher: Matcher) -> list[Evidence]:
    if not finding.found.strength:
        return []
    shares = _shares(finding, matcher)
    if not shares:  # a clause that holds because something is absent, or because of the source
        return [Evidence(finding.clause.name, "", "body", 0, round(finding.worth, 4))]
    shown = shares[:SHOWN_PLACES]
    scale = finding.worth / sum(share for _, share in shown) if finding.worth else 0.0
    document = matcher.document
    return [
        Evidence(
            finding.clause.name,
            _shown(place, document),
            document.field_of(place.first),
            document.token(place.first).start,
            round(share * scale, 4),
        )
        for place, share in shown
    ]


def _shown(place: Place, document: Document) -> str:
    text = " … ".join(document.shown(first, last) for first, last in place.parts)
    return text if len(text) <= _LONGEST_TERM else text[: _LONGEST_TERM - 1] + "…"


def _passage(findings: Sequence[_Finding], matcher: Matcher) -> str:
    """The sentence of the text that carries most of what speaks for the topic, with a neighbour that adds to it."""
    document = matcher.document
    worth = [0.0] * len(document.sentences)
    for finding in findings:
        if finding.worth <= 0:
            continue
        for place, share in _shares(finding, matcher):
            sentence = document.token(place.first).sentence - 2
            if sentence >= 0:
                worth[sentence] += share
    if not worth or max(worth) <= 0:
        return _sentences(document, 0, min(1, len(worth) - 1)) if worth else document.title
    best = worth.index(max(worth))
    neighbours = [at for at in (best - 1, best + 1) if 0 <= at < len(worth)]
    second = max(neighbours, key=lambda at: worth[at], default=best)
    if second != best and worth[second] >= _SECOND_SENTENCE * worth[best]:
        passage = _sentences(document, min(best, second), max(best, second))
        if len(passage) <= _LONGEST_PASSAGE:
            return passage
    return _sentences(document, best, best)


def _sentences(document: Document, first: int, last: int) -> str:
    text = " ".join(document.text[document.sentences[first][0] : document.sentences[last][1]].split())
    return text if len(text) <= _LONGEST_PASSAGE else text[: _LONGEST_PASSAGE - 1].rsplit(" ", 1)[0] + "…"
