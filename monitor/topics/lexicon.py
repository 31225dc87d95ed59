"""All terms of all topics in one dictionary, so that one pass over an article finds every one of them.

A term is one or more words. A word may carry a star before or after (`drohne*`, `*drohne`, `*drohne*`); without a star
it matches in every form of its language. A term is looked for in articles of every language: an English name stands in
German news, and a wrongly recognised language must not hide a story.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import ahocorasick

from monitor import words
from monitor.topics.document import Document
from monitor.topics.inflect import LANGUAGES, root

_CACHED_WORDS = 100_000
_HEAD = 3  # a word is compared with the terms of a language that has any term beginning with the same letters


@dataclass(frozen=True, slots=True)
class Term:
    """Words to look for, as written in a concept or a query, and the language whose inflections count ("" = none)."""

    text: str
    language: str = ""


@dataclass(slots=True)
class _Node:
    after: "dict[int, _Node]" = field(default_factory=dict)
    leaves: set[int] = field(default_factory=set)


def term_words(text: str) -> list[tuple[str, bool, bool]]:
    """Each word of a term as (word, star before, star after); empty when the term has no word."""
    found = []
    for word in words.words(text):
        before = word.start > 0 and text[word.start - 1] == "*"
        after = text[word.end : word.end + 1] == "*"
        found.append((text[word.start : word.end], before, after))
    return found


class Lexicon:
    """Finds terms; each term belongs to one or more leaves (a concept or a term written in a query)."""

    def __init__(self, terms: Iterable[tuple[Term, Iterable[int]]]) -> None:
        self._atoms: dict[tuple[str, str], int] = {}
        self._exact: dict[str, set[int]] = defaultdict(set)
        self._roots: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._heads: dict[str, set[str]] = defaultdict(set)
        self._starred: dict[str, list[tuple[bool, bool, int]]] = defaultdict(list)
        self._trie = _Node()
        self._known: dict[str, tuple[int, ...]] = {}
        for term, leaves in terms:
            self._add(term, leaves)
        self._automaton = ahocorasick.Automaton()
        for part in self._starred:
            self._automaton.add_word(part, part)
        if self._starred:
            self._automaton.make_automaton()

    def _add(self, term: Term, leaves: Iterable[int]) -> None:
        node = self._trie
        for word, before, after in term_words(term.text):
            node = node.after.setdefault(self._atom(word, before, after, term.language), _Node())
        if node is not self._trie:
            node.leaves.update(leaves)

    def _atom(self, word: str, before: bool, after: bool, language: str) -> int:
        folded = words.fold(word)
        inflected = language if language in LANGUAGES and not (before or after) else ""
        key = (("*" if before else "") + folded + ("*" if after else ""), inflected)
        if key in self._atoms:
            return self._atoms[key]
        atom = self._atoms[key] = len(self._atoms)
        if before or after:
            self._starred[folded].append((before, after, atom))
            return atom
        self._exact[folded].add(atom)
        if inflected and not folded.isdigit():
            self._roots[inflected, root(word, inflected)].add(atom)
            self._heads[folded[:_HEAD]].add(inflected)
        return atom

    def _atoms_of(self, raw: str, folded: str) -> tuple[int, ...]:
        known = self._known.get(raw)
        if known is not None:
            return known
        found = set(self._exact.get(folded, ()))
        for language in self._heads.get(folded[:_HEAD], ()):
            found |= self._roots.get((language, root(raw, language)), set())
        if self._starred:
            for end, part in self._automaton.iter(folded):
                at_start, at_end = end - len(part) + 1 == 0, end + 1 == len(folded)
                found |= {
                    atom for before, after, atom in self._starred[part] if (before or at_start) and (after or at_end)
                }
        if len(self._known) >= _CACHED_WORDS:
            self._known.clear()
        self._known[raw] = result = tuple(found)
        return result

    def find(self, document: Document) -> dict[int, list[tuple[int, int]]]:
        """Leaf → (first, last) word numbers of its places, in order; of those that overlap the longest is kept."""
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        open_terms: list[tuple[int, _Node]] = []
        previous = -2
        for token in document.tokens:
            atoms = self._atoms_of(token.raw, token.folded)
            if token.number != previous + 1:
                open_terms = []
            previous = token.number
            going = []
            if atoms:
                for first, node in (*open_terms, (token.number, self._trie)):
                    for atom in atoms:
                        following = node.after.get(atom)
                        if following is None:
                            continue
                        going.append((first, following))
                        for leaf in following.leaves:
                            found[leaf].append((first, token.number))
            open_terms = going
        return {leaf: _longest(places) for leaf, places in found.items()}


def _longest(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for first, last in sorted(places, key=lambda place: (place[0], -place[1])):
        if not kept or first > kept[-1][1]:
            kept.append((first, last))
    return kept
