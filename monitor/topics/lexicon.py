"""All terms of all topics in one dictionary, so that one pass over an article finds every one of them.

A term is one or more words. A word may carry a star before or after (`drohne*`, `*drohne`, `*drohne*`); without a star
it matches in every form of its language. The terms of a language count in articles of that language and its near
kin (which are easily mistaken for each other), those of English and of no language everywhere, as written.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import ahocorasick

from monitor import words
from monitor.topics.document import Document
from monitor.topics.inflect import LANGUAGES, bare_words, kin, root

_CACHED_WORDS = 100_000
_SHORTEST_INFLECTED = 3
EVERYWHERE = frozenset({"", "en"})


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
    for word in bare_words(text):
        before = word.start > 0 and text[word.start - 1] == "*"
        after = text[word.end : word.end + 1] == "*"
        found.append((text[word.start : word.end], before, after))
    return found


class Lexicon:
    """Finds terms; each term belongs to one or more leaves (a concept or a term written in a query)."""

    def __init__(self, terms: Iterable[tuple[Term, Iterable[int]]]) -> None:
        self._atoms: dict[tuple[str, str], int] = {}
        self._exact: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self._roots: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._starred: dict[str, list[tuple[bool, bool, str, int]]] = defaultdict(list)
        self._trie = _Node()
        self._known: dict[tuple[frozenset[str], str], tuple[int, ...]] = {}
        for term, leaves in terms:
            self._add(term, leaves)
        self._inflected = frozenset(language for language, _ in self._roots)
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
        key = (("*" if before else "") + folded + ("*" if after else ""), language)
        if key in self._atoms:
            return self._atoms[key]
        atom = self._atoms[key] = len(self._atoms)
        if before or after:
            self._starred[folded].append((before, after, language, atom))
            return atom
        self._exact[folded].append((language, atom))
        if language in LANGUAGES and folded.isalpha():
            self._roots[language, root(word, language)].append(atom)
        return atom

    def _atoms_of(self, raw: str, folded: str, spoken: frozenset[str]) -> tuple[int, ...]:
        known = self._known.get((spoken, raw))
        if known is not None:
            return known
        found = {atom for language, atom in self._exact.get(folded, ()) if language in EVERYWHERE or language in spoken}
        if len(folded) >= _SHORTEST_INFLECTED:
            for language in spoken & self._inflected:
                found.update(self._roots.get((language, root(raw, language)), ()))
        if self._starred:
            for end, part in self._automaton.iter(folded):
                at_start, at_end = end - len(part) + 1 == 0, end + 1 == len(folded)
                for before, after, language, atom in self._starred[part]:
                    if (before or at_start) and (after or at_end) and (language in EVERYWHERE or language in spoken):
                        found.add(atom)
        if len(self._known) >= _CACHED_WORDS:
            self._known.clear()
        self._known[spoken, raw] = result = tuple(found)
        return result

    def find(self, document: Document) -> dict[int, list[tuple[int, int]]]:
        """Leaf → (first, last) word numbers of its places, in order; of those that overlap the longest is kept."""
        spoken = kin(document.language)
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        open_terms: list[tuple[int, _Node]] = []
        previous = -2
        for token in document.tokens:
            atoms = self._atoms_of(token.raw, token.folded, spoken)
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
