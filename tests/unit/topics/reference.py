"""A plain reading of the query language, to compare the engine with: word by word, no index, no strengths.

It shares with the engine the parser and what a word and a sentence are (`monitor.words`), nothing else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from monitor import words
from monitor.topics.nodes import And, Close, ConceptNode, Counted, Node, Not, Or, TermNode, Weighted, Within

Span = tuple[int, int, str]  # first and last word, and the term


@dataclass(frozen=True)
class Word:
    folded: str
    field: str
    sentence: int


@dataclass(frozen=True)
class Text:
    """An article, its words numbered; between title and text are words that are nothing, and stand in no sentence."""

    words: Sequence[Word]
    stated: Mapping[str, str]
    concepts: Mapping[str, Sequence[str]]


def a_text(title: str, text: str, stated: Mapping[str, str], concepts: Mapping[str, Sequence[str]]) -> Text:
    found = [Word(word.folded, "title", -1) for word in words.words(title)]
    found += [Word("", "", -5)] * 200
    spans = words.sentences(text)
    lead = min(600, max((end for start, end in spans if start < 300), default=0))
    for word in words.words(text):
        sentence = next(number for number, (start, end) in enumerate(spans) if start <= word.start < end)
        found.append(Word(word.folded, "lead" if word.start < lead else "body", sentence))
    return Text(found, stated, concepts)


def holds(node: Node, text: Text, within: str = "") -> bool:
    """Whether a query finds anything."""
    match node:
        case Not(part):
            return not holds(part, text, within)
        case And(parts):
            return all(holds(part, text, within) for part in parts)
        case Or(parts):
            return any(holds(part, text, within) for part in parts)
        case Within(name, TermNode(value)) if name in text.stated:
            return f" {value} " in f" {text.stated[name]} "
        case Within(name, part):
            return holds(part, text, name)
        case Weighted(part, _):
            return holds(part, text, within)
        case _:
            return bool(spans_of(node, text, within))


def spans_of(node: Node, text: Text, within: str) -> list[Span]:
    """The places of terms, and of what is counted or close."""
    match node:
        case TermNode(term):
            return longest(term_spans([term], text, within))
        case ConceptNode(name):
            return longest(term_spans(text.concepts[name], text, within))
        case Or(parts):
            once: dict[tuple[int, int], Span] = {}
            for span in [span for part in parts for span in spans_of(part, text, within)]:
                once.setdefault(span[:2], span)
            return sorted(once.values())
        case Within(name, part):
            return spans_of(part, text, name)
        case Counted(part, least):
            spans = spans_of(part, text, within)
            if not (node.words or node.sentences):
                return spans if len(spans) >= least else []
            groups = [[two for two in spans if two[0] >= one[0] and close(one, two, node, text)] for one in spans]
            return [span for group in groups if len({term for *_, term in group}) >= least for span in group]
        case Close(left, right):
            other = spans_of(right.part if isinstance(right, Not) else right, text, within)
            return [
                one
                for one in spans_of(left, text, within)
                if any(close(one, two, node, text) and (one[1] < two[0] or two[1] < one[0]) for two in other)
                is not isinstance(right, Not)
            ]
        case _:
            raise AssertionError(node)


def close(one: Span, two: Span, node: Close | Counted, text: Text) -> bool:
    """Whether two places are within reach of each other."""
    before, after = sorted((one, two))
    if isinstance(node, Counted):  # measured from the first word of the one to the first word of the other
        before = (before[0], before[0], "")
    if node.words:
        return after[0] - before[1] <= node.words
    return text.words[after[0]].sentence - text.words[before[1]].sentence < node.sentences


def term_spans(terms: Sequence[str], text: Text, within: str) -> list[Span]:
    found = []
    for term in terms:
        parts = term.split()
        for start in range(len(text.words) - len(parts) + 1):
            run = text.words[start : start + len(parts)]
            if all(fits(word.folded, part) for word, part in zip(run, parts, strict=True)):
                found.append((start, start + len(parts) - 1, term))
    return [span for span in found if not within or text.words[span[0]].field == within]


def longest(spans: Sequence[Span]) -> list[Span]:
    """Of places that overlap the first, of those that begin at one word the longest."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span[0], -span[1], span[2])):
        if not kept or span[0] > kept[-1][1]:
            kept.append(span)
    return kept


@cache
def fits(word: str, part: str) -> bool:
    """Stars by trying every place."""
    if not part or not word:
        return part in ("", "*") and (not word or part == "*")
    if part[0] == "*":
        return any(fits(word[at:], part[1:]) for at in range(len(word) + 1))
    return word[0] == part[0] and fits(word[1:], part[1:])
