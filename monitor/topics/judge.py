"""Judges an article against every topic at once.

`score = 1 / (1 + exp(-(bias + Σ weight · strength)))` over the clauses of a topic. An article is split once, all terms
of all topics are found in one pass, and only clauses whose terms occur are looked at. The verdict of a topic without
any is known beforehand. Pure; never raises on any text.
"""

import math
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from monitor.errors import ConfigError
from monitor.model import Evidence, Topic, Verdict
from monitor.topics.candidates import Candidates, leaves_of
from monitor.topics.concepts import Concepts, read_concepts
from monitor.topics.document import Document, read_document
from monitor.topics.inflect import LANGUAGES, spellings
from monitor.topics.lexicon import Hit, Lexicon, Term
from monitor.topics.matching import Found, Matcher, Place, bind
from monitor.topics.nodes import ConceptNode, Node, TermNode
from monitor.topics.plain import Plain, occurring, present
from monitor.topics.rules import Clause, Rule, read_rules

EXPLAINED = 10  # topics that do not match but whose evidence is given: those nearest to matching
NEAR = 0.25  # of more topics than these only such are explained as reach this share of their threshold
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


class _Finding(NamedTuple):
    """What a clause found, and what that adds to the raw score or takes from it."""

    clause: Clause
    found: Found
    worth: float


class TopicSet:
    """All topics, ready to judge; immutable in effect, safe to share between threads and to send to a process."""

    def __init__(self, rules: Sequence[Rule], concepts: Concepts) -> None:
        self.topics: tuple[Topic, ...] = tuple(rule.topic for rule in rules)
        self._said = tuple((rule.topic.name, rule.threshold, rule.bias, rule.hash) for rule in rules)
        self._thresholds = array("d", [rule.threshold for rule in rules])
        self._biases = array("d", [rule.bias for rule in rules])
        self._without_forms = concepts.without_forms
        clauses = [(number, clause) for number, rule in enumerate(rules) for clause in rule.clauses]
        leaves: dict[Node, int] = {}
        for _, clause in clauses:
            for leaf in leaves_of(clause.node):
                leaves.setdefault(leaf, len(leaves))
        self._leaves, self._concepts = leaves, concepts
        self._candidates = Candidates([clause.node for _, clause in clauses], leaves)
        known: dict[Node, Node] = {}
        self._clauses = tuple((number, clause, bind(clause.node, leaves, known)) for number, clause in clauses)
        required: list[list[int]] = [[] for _ in rules]
        for at, (number, clause) in enumerate(clauses):
            if clause.required:
                required[number].append(at)
        self._required = tuple(map(tuple, required))
        silence = Matcher(read_document("", ""), {})
        self._in_silence: dict[int, dict[int, float]] = {}  # topic → clauses that hold where nothing is found
        for at, (number, _, query) in enumerate(self._clauses):
            strength = silence.weigh(query)
            if strength:
                self._in_silence.setdefault(number, {})[at] = strength
        self._weights = array("d", [clause.weight for _, clause in clauses])
        self._vetoes = frozenset(at for at, (_, clause) in enumerate(clauses) if clause.veto)
        self._lacking = {at: self._lacks(at) for ats in required for at in ats}
        self._silent = tuple(self._in_an_empty_article(number, silence) for number in range(len(rules)))
        # A topic that matches where nothing is found still needs a passage of the article.
        self._matching = frozenset(number for number, verdict in enumerate(self._silent) if verdict.matched)
        self._queries = tuple(query for _, _, query in self._clauses)
        self._plain = Plain(self._queries, len(leaves))
        self._of_topic = array("I", [number for number, _, _ in self._clauses])
        vetoed = {number for at, (number, _) in enumerate(clauses) if at in self._vetoes}
        needing = {number for number, ats in enumerate(self._required) if ats}
        self._special = frozenset(vetoed | needing | self._in_silence.keys() | self._matching)

    @cached_property
    def _lexicon(self) -> Lexicon:
        """Made for the first article: a round in which no feed has anything new needs none."""
        return Lexicon(_terms(self._leaves, self._concepts))

    def judge(
        self, article_title: str, text: str, *, language: str = "", source: str = "", url: str = "", country: str = ""
    ) -> tuple[Verdict, ...]:
        """One verdict for each topic, in order, whether it matches or not."""
        title = "" if _only_begins(article_title, text) else article_title
        document = read_document(title, text, language=language, source=source, url=url, country=country)
        hits = self._lexicon.find(document)
        candidates = self._candidates.of(present(document, hits, len(self._leaves)))
        if not candidates and not self._matching:
            return self._silent
        heard = self._verdicts(candidates, document, hits)
        # Only now: as long as a list of ten thousand lives, each run of the garbage collector walks over it.
        verdicts = list(self._silent)
        for number, verdict in heard.items():
            verdicts[number] = verdict
        return tuple(verdicts)

    def _verdicts(
        self, candidates: list[int], document: Document, hits: Mapping[int, Sequence[Hit]]
    ) -> dict[int, Verdict]:
        """On the topics of which some clauses can hold, by their numbers."""
        matcher = Matcher(document, hits)
        of_topic, special, thresholds = self._of_topic, self._special, self._thresholds
        ordinary = [at for at in candidates if of_topic[at] not in special] if special else candidates
        occurs = occurring(document, hits, len(self._leaves)) if ordinary else {}
        held, scores = self._scored(ordinary, occurs, matcher)
        verdicts: dict[int, Verdict] = {}
        if special:
            concerned: dict[int, list[int]] = {number: [] for number in self._matching}
            for at in candidates:
                if of_topic[at] in special:
                    concerned.setdefault(of_topic[at], []).append(at)
            for number, ats in concerned.items():
                found = self._strengths(number, ats, matcher)
                if isinstance(found, Verdict):
                    verdicts[number] = found
                elif found or number in self._matching:
                    scores[number] = self._score(number, found)
                    held += [(number, at, strength) for at, strength in found]
        least = NEAR if len(self._said) > EXPLAINED else 0.0
        near = [
            (thresholds[number] - score, number)
            for number, score in scores.items()
            if score >= least * thresholds[number]
        ]
        near.sort()
        explained: dict[int, list[tuple[int, float]]] = {
            number: [] for place, (short, number) in enumerate(near) if short <= 0 or place < EXPLAINED
        }
        for number, at, strength in held:
            if number in explained:
                explained[number].append((at, strength))
        for number, score in scores.items():
            if number in explained:
                verdicts[number] = self._verdict(number, score, explained[number], matcher)
            else:
                name, threshold, _, mark = self._said[number]
                verdicts[number] = Verdict(name, score, threshold, (), "", mark)
        return verdicts

    def _scored(
        self, clauses: Sequence[int], occurs: Mapping[int, float], matcher: Matcher
    ) -> tuple[list[tuple[int, int, float]], dict[int, float]]:
        """Those of the clauses that hold, as (topic, clause, strength), and the scores of their topics."""
        of_topic, biases, weights, exp = self._of_topic, self._biases, self._weights, math.exp
        held: list[tuple[int, int, float]] = []
        raws: dict[int, float] = {}
        for at, plainly in zip(clauses, self._plain.strengths(clauses, occurs), strict=True):
            strength = matcher.weigh(self._queries[at]) if plainly is None else plainly
            if strength:
                number = of_topic[at]
                held.append((number, at, strength))
                raws[number] = raws.get(number, biases[number]) + weights[at] * strength
        scores = {
            number: 1.0 / (1.0 + exp(-raw)) if -60.0 < raw < 60.0 else _logistic(raw) for number, raw in raws.items()
        }
        return held, scores

    def _in_an_empty_article(self, number: int, silence: Matcher) -> Verdict:
        strengths = self._strengths(number, [], silence)
        if isinstance(strengths, Verdict):
            return strengths
        return self._verdict(number, self._score(number, strengths), strengths, silence)

    def _strengths(self, number: int, ats: list[int], matcher: Matcher) -> Verdict | list[tuple[int, float]]:
        """How strongly each clause of a topic was found, in their order; the verdict when a required one was not."""
        required, silence = self._required[number], self._in_silence.get(number)
        strengths = dict(silence) if silence else {}
        for at in required:
            if at in ats:
                strengths[at] = matcher.weigh(self._clauses[at][2])
            if not strengths.get(at):
                return self._lacking[at]
        for at in ats:
            if at not in required:
                strengths[at] = matcher.weigh(self._clauses[at][2])
        return sorted(strengths.items()) if any(strengths.values()) or silence else []

    def _lacks(self, at: int) -> Verdict:
        """The verdict where a required clause found nothing, whatever the others find."""
        number, clause, _ = self._clauses[at]
        name, threshold, _, mark = self._said[number]
        return Verdict(name, 0.0, threshold, (Evidence(clause.name, "", "body", 0, 0.0),), "", mark)

    def without_forms(self, languages: Iterable[str]) -> tuple[str, ...]:
        """Which of these languages, and of those of the concepts, have no word forms: words match as written there."""
        return tuple(sorted(self._without_forms.union(language for language in languages if language) - LANGUAGES))

    def strengths(
        self, article_title: str, text: str, *, language: str = "", source: str = "", url: str = "", country: str = ""
    ) -> dict[str, dict[str, float]]:
        """topic → clause → how strongly it was found (0–1): what the weights are fitted on."""
        document = read_document(article_title, text, language=language, source=source, url=url, country=country)
        matcher = Matcher(document, self._lexicon.find(document))
        strengths: dict[str, dict[str, float]] = {topic.name: {} for topic in self.topics}
        for number, clause, query in self._clauses:
            strengths[self.topics[number].name][clause.name] = matcher.weigh(query)
        return strengths

    def reached(
        self, article_title: str, text: str, *, language: str = "", source: str = "", url: str = "", country: str = ""
    ) -> dict[str, tuple[float, bool]]:
        """topic → the share of a match, in log-odds, that speaks for it, and whether all that it requires was found.

        Only topics for which something speaks; what speaks against them does not count.
        """
        document = read_document(article_title, text, language=language, source=source, url=url, country=country)
        hits = self._lexicon.find(document)
        matcher = Matcher(document, hits)
        strengths: dict[int, dict[int, float]] = {number: dict(at) for number, at in self._in_silence.items()}
        # What the text will say, the headline may have said as well.
        for at in self._candidates.of({*hits, *[leaf + len(self._leaves) for leaf in hits]}):
            number, _, query = self._clauses[at]
            strengths.setdefault(number, {})[at] = matcher.weigh(query)
        reached: dict[str, tuple[float, bool]] = {}
        for number in strengths.keys() | self._matching:
            name, threshold, bias, _ = self._said[number]
            found = strengths.get(number, {})
            speaks = sum(max(0.0, self._weights[at]) * strength for at, strength in found.items())
            needed = _log_odds(threshold) - bias
            if needed <= 0 or speaks > 0:
                complete = all(found.get(at) for at in self._required[number])
                reached[name] = (min(1.0, speaks / needed) if needed > 0 else 1.0, complete)
        return reached

    def _score(self, number: int, strengths: Iterable[tuple[int, float]]) -> float:
        raw = self._biases[number]
        for at, strength in strengths:
            if strength and at in self._vetoes:
                return 0.0
            raw += self._weights[at] * strength
        return _logistic(raw)

    def _verdict(self, number: int, score: float, strengths: Iterable[tuple[int, float]], matcher: Matcher) -> Verdict:
        """With evidence and passage, found again."""
        name, threshold, _, mark = self._said[number]
        findings = []
        for at, strength in strengths:
            if strength:
                _, clause, query = self._clauses[at]
                findings.append(_Finding(clause, matcher.find(query), clause.weight * strength))
        if len(findings) > 1:
            findings.sort(key=lambda finding: -finding.worth)
        evidence: list[Evidence] = []
        for finding in findings:
            evidence += _evidence(finding, matcher)
        passage = _passage(findings, matcher) if score >= threshold else ""
        return Verdict(name, score, threshold, tuple(evidence), passage, mark)


def _terms(leaves: Mapping[Node, int], concepts: Concepts) -> Iterable[tuple[Term, list[int]]]:
    wanted: dict[Term, list[int]] = defaultdict(list)
    for leaf, number in leaves.items():
        terms: Iterable[Term] = ()
        if isinstance(leaf, ConceptNode):
            terms = concepts.terms[leaf.name]
        elif isinstance(leaf, TermNode):
            terms = (Term(leaf.text),)
        for term in terms:
            for spelling in spellings(term.text):
                wanted[Term(spelling, term.language)].append(number)
    return wanted.items()


def _log_odds(score: float) -> float:
    return math.log(score / (1.0 - score))


def _logistic(raw: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, raw))))


def _shares(finding: _Finding, matcher: Matcher) -> list[tuple[Place, float]]:
    """What each place of a finding contributed, strongest first; the shares add up to the finding's worth."""
    places = finding.found.places
    if len(places) == 1:
        return [(places[0], finding.worth)]
    strengths = sorted([(-matcher.strength(place), place.first, place) for place in places])
    total = sum([strength for strength, _, _ in strengths])
    return [(place, finding.worth * strength / total) for strength, _, place in strengths]


def _evidence(finding: _Finding, matcher: Matcher) -> list[Evidence]:
    document = matcher.document
    places = finding.found.places
    if len(places) == 1:
        return _pieces(finding.clause.name, places[0], finding.worth, document)
    shares = _shares(finding, matcher)
    if not shares:  # a clause that holds because something is absent, or because of the source
        return [Evidence(finding.clause.name, "", "body", 0, round(finding.worth, 4))]
    shown = shares[:SHOWN_PLACES]
    scale = finding.worth / sum([share for _, share in shown]) if finding.worth and len(shares) > SHOWN_PLACES else 1.0
    return [piece for place, share in shown for piece in _pieces(finding.clause.name, place, share * scale, document)]


def _pieces(clause: str, place: Place, worth: float, document: Document) -> list[Evidence]:
    """One; of what stands half in the headline and half in the text one for each, and of the worth a half."""
    text = document.first_of_text
    if not place.first < text <= place.last:
        return [_piece(clause, place.parts, worth, document)]
    halves = [[part for part in place.parts if (part[0] < text) is title] for title in (True, False)]
    return [_piece(clause, half, worth / 2, document) for half in halves]


def _piece(clause: str, parts: Sequence[tuple[int, int]], worth: float, document: Document) -> Evidence:
    first = parts[0][0]
    return Evidence(clause, _shown(parts, document), document.field_of(first), document.span(first)[0], round(worth, 4))


def _shown(parts: Sequence[tuple[int, int]], document: Document) -> str:
    text = " … ".join([document.shown(first, last) for first, last in parts])
    return text if len(text) <= _LONGEST_TERM else text[: _LONGEST_TERM - 1] + "…"


def _passage(findings: Sequence[_Finding], matcher: Matcher) -> str:
    """The sentence of the text that carries most of what speaks for the topic, with a neighbour that adds to it."""
    document = matcher.document
    worth = [0.0] * len(document.sentences)
    for finding in findings:
        if finding.worth <= 0:
            continue
        for place, share in _shares(finding, matcher):
            sentence = max(0, document.sentence_of(place.first)) if place.last >= document.first_of_text else -1
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


def _only_begins(title: str, text: str) -> bool:
    """Whether the title is no headline but the text's first words, cut off: its words would count twice."""
    start = title.rstrip(".… ")
    return title != start and title.endswith(("…", "...")) and text.startswith(start)
