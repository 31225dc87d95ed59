"""Drafts a topic from example articles: the concepts, phrases and words frequent in them and rare elsewhere.

The answer is the text of a topics.toml to be edited by a person: every clause says in how many of the examples, and of
the other articles, it was found. Chooses nothing for good; reads and writes no file.
"""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from monitor import words
from monitor.errors import MonitorError
from monitor.topics.concepts import read_concepts
from monitor.topics.judge import TopicSet, load_topics

LEAST_EXAMPLES = 3
THRESHOLD = 0.5
_MOST_CONCEPTS = 6
_MOST_PHRASES = 6
_MOST_WORDS = 10
_SHARE = 0.3  # of the examples, that a term must stand in
_LEAST_COUNT = 3  # examples
_LEAST_LETTERS = 4  # of a word
_RATIO = 3.0  # times as frequent as elsewhere
_LEAST_BACKGROUND = 10  # articles of a language, so that its everyday words are known
_BIASES = tuple(-step / 4 for step in range(1, 41))


class Example(Struct, frozen=True):
    """An article, as example or as background."""

    title: str
    text: str
    language: str = ""


class _Candidate(Struct, frozen=True):
    """A term of a kind ("#", phrase, word) with the shares of examples and of others that it stands in."""

    term: str
    here: float
    elsewhere: float

    @property
    def telling(self) -> float:
        return self.here * math.log(self.here / self.elsewhere)

    @property
    def weight(self) -> float:
        """A first guess, to be edited: one half to three."""
        return round(min(3.0, max(0.5, math.log(self.here / self.elsewhere))) * 2) / 2

    def __str__(self) -> str:
        return f"in {self.here:.0%} of the examples, {self.elsewhere:.0%} of the others"


def suggest(
    name: str, title: str, examples: Sequence[Example], background: Sequence[Example], concepts: Mapping[str, str]
) -> str:
    """The draft of a topic as TOML text, which loads together with the concept files (name → text).

    Raises MonitorError where there are too few examples, or nothing tells them from the others.
    """
    if len(examples) < LEAST_EXAMPLES:
        found = f"{len(examples)} example article{'s' if len(examples) != 1 else ''}"
        raise MonitorError(
            f"{found}; a draft needs {LEAST_EXAMPLES} or more: try other words, or give texts with --from"
        )
    finder = _concept_finder(concepts)
    here, elsewhere = [_terms(one, finder) for one in examples], [_terms(one, finder) for one in background]
    tables = _by_language(examples, background, elsewhere)
    longer = max(1.0, _length(examples) / max(1.0, _length(background)))
    chosen = _chosen(here, tables, "#")[:_MOST_CONCEPTS]
    names = {one.term for one in chosen}
    covered = {word for one in here for term, found in one.items() if term in names for word in found}
    single = {one.term: one for one in _chosen(here, tables, "", longer)}
    phrases = [one for one in _chosen(here, tables, '"', longer) if _says_more(one, single, covered)][:_MOST_PHRASES]
    covered |= {word for one in phrases for word in _parts(one.term)}
    rest = [one for term, one in single.items() if term not in covered][:_MOST_WORDS]
    clauses = _clauses(chosen, phrases, rest)
    if not clauses:
        raise MonitorError("nothing tells these examples from the other articles; give more of them, or more alike")
    bias, matched, wrong = _best_bias(name, clauses, examples, background, concepts)
    heading = [
        f"# A draft from {len(examples)} examples against {len(background)} other articles; edit it, then",
        "# `monitor topics try` it. Weights are first guesses.",
        f"# As it stands it finds {matched} of these examples and {wrong} of the others.",
    ]
    return "\n".join([*heading, "", _toml(name, title, bias, clauses)])


def _concept_finder(concepts: Mapping[str, str]) -> TopicSet | None:
    """A topic that has each concept as a clause: the judge then finds inflected forms as it will later."""
    known, problems = read_concepts(concepts)
    if problems or not known.names:
        return None
    clauses = ", ".join(f"{{ name = '#{name}', query = '#{name}', weight = 1 }}" for name in known.names)
    return load_topics(
        {"finder.toml": f"[topics.finder]\ntitle = 'finder'\nbias = 0\nclauses = [{clauses}]\n", **concepts}
    )


def _terms(one: Example, finder: TopicSet | None) -> dict[str, frozenset[str]]:
    """Every term of an article; a concept with the folded words it was found by."""
    folded = [word for word in words.folded_words(f"{one.title}\n{one.text}") if word.isalpha()]
    found: dict[str, frozenset[str]] = {word: frozenset() for word in folded if len(word) >= _LEAST_LETTERS}
    for first, second in pairwise(folded):
        if min(len(first), len(second)) >= _LEAST_LETTERS:
            found[f'"{first} {second}"'] = frozenset()
    if finder is not None:
        by_concept: dict[str, set[str]] = defaultdict(set)
        for evidence in finder.judge(one.title, one.text, language=one.language)[0].evidence:
            by_concept[evidence.clause].update(words.folded_words(evidence.term))
        found |= {concept: frozenset(by) for concept, by in by_concept.items()}
    return found


def _by_language(
    examples: Sequence[Example], background: Sequence[Example], terms: Sequence[Mapping[str, frozenset[str]]]
) -> list[tuple[Counter[str], int]]:
    """How often each term stands in others of each language of the examples; where these are few, in all others."""
    tables = []
    for language in {one.language for one in examples}:
        same = [each for one, each in zip(background, terms, strict=True) if one.language == language]
        if len(same) >= _LEAST_BACKGROUND:
            tables.append((Counter(term for each in same for term in each), len(same)))
    return tables or [(Counter(term for each in terms for term in each), len(terms))]


def _length(articles: Sequence[Example]) -> float:
    """Of the text of an article, on average, in characters."""
    return sum(len(one.text) for one in articles) / max(1, len(articles))


def _chosen(
    here: Sequence[Mapping[str, frozenset[str]]],
    tables: Sequence[tuple[Counter[str], int]],
    kind: str,
    longer: float = 1.0,
) -> list[_Candidate]:
    """The terms of a kind (by their first character) that tell the examples from others, the most telling first.

    In examples so many times `longer` than others any word stands more often.
    """
    counts = Counter(term for one in here for term in one if (term[0] if term[0] in '#"' else "") == kind)
    found = []
    for term, count in counts.items():
        if count < max(_LEAST_COUNT, _SHARE * len(here)):
            continue
        elsewhere = 1 - (1 - max((table[term] + 0.5) / (size + 1) for table, size in tables)) ** longer
        # One example less than there are: of a few one holds an everyday word by chance.
        if (count - 1) / len(here) >= _RATIO * elsewhere:
            found.append(_Candidate(term, count / len(here), elsewhere))
    return sorted(found, key=lambda one: (-one.telling, one.term))


def _parts(phrase: str) -> list[str]:
    return phrase.strip('"').split()


def _says_more(phrase: _Candidate, single: Mapping[str, _Candidate], covered: Collection[str]) -> bool:
    """Whether a phrase tells more than either of its words alone, and than the concepts that were chosen."""
    parts = _parts(phrase.term)
    if set(parts) <= set(covered):
        return False
    return all(part not in single or phrase.telling > single[part].telling for part in parts)


def _clauses(
    concepts: Sequence[_Candidate], phrases: Sequence[_Candidate], single: Sequence[_Candidate]
) -> list[tuple[str, str, float, str]]:
    """(name, query, weight, remark) of each clause."""
    clauses = [(one.term.lstrip("#").replace("-", " "), one.term, one.weight, str(one)) for one in concepts]
    if len(concepts) > 1:
        first, second = concepts[0].term, concepts[1].term
        clauses.append(("both in a sentence", f"{first} ~s {second}", 1.0, "the two that tell most"))
    for name, found, most in (("phrases", phrases, 2.0), ("words", single, 1.5)):
        if found:
            query = " OR ".join(one.term for one in found)
            clauses.append((name, query, min(most, found[0].weight), f"the first {found[0]}"))
    return clauses


def _toml(name: str, title: str, bias: float, clauses: Iterable[tuple[str, str, float, str]]) -> str:
    lines = [
        f"[topics.{json.dumps(name, ensure_ascii=False)}]",
        f"title = {json.dumps(title, ensure_ascii=False)}",
        f"threshold = {THRESHOLD}",
        f"bias = {bias}",
        "clauses = [",
    ]
    for label, query, weight, remark in clauses:
        quoted = json.dumps(label, ensure_ascii=False)
        lines += [f"    # {remark}", f"    {{ name = {quoted}, query = '{query}', weight = {weight} }},"]
    return "\n".join([*lines, "]", ""])


def _best_bias(
    name: str,
    clauses: Sequence[tuple[str, str, float, str]],
    examples: Sequence[Example],
    background: Sequence[Example],
    concepts: Mapping[str, str],
) -> tuple[float, int, int]:
    """The bias that parts examples and others best, and how many of either match with it."""
    topics = load_topics({"draft.toml": _toml(name, name, 0.0, clauses), **concepts})

    def raw(one: Example) -> float:
        (verdict,) = topics.judge(one.title, one.text, language=one.language)
        return sum(evidence.weight for evidence in verdict.evidence)

    wanted, others = [raw(one) for one in examples], [raw(one) for one in background]

    def matching(bias: float) -> tuple[int, int]:
        return sum(one + bias >= 0 for one in wanted), sum(one + bias >= 0 for one in others)

    def worth(bias: float) -> tuple[float, float]:
        right, wrong = matching(bias)
        return right / len(wanted) - wrong / max(1, len(others)), bias

    best = max(_BIASES, key=worth)
    return best, *matching(best)
