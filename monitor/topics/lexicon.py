"""All terms of all topics in one dictionary, so that one pass over an article finds every one of them.

A term is one or more words. A word may carry stars (`drohne*`, `*drohne`, `*drohne*`, `mine*koalition`); without one it
matches in every form of its language. The terms of a language count in articles of that language and its near
kin (which are easily mistaken for each other), those of English and of no language everywhere, as written.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import ahocorasick
from msgspec import Struct, field

from monitor import words
from monitor.topics.document import Document
from monitor.topics.forms import Forms
from monitor.topics.inflect import (
    CYRILLIC,
    DICTIONARIES,
    KEEPS_BEGINNING,
    LANGUAGES,
    bare_spans,
    has_forms,
    is_in_capitals,
    is_pointed,
    kin,
    odd_forms,
    root,
)
from monitor.topics.names import Names

_CACHED_WORDS = 100_000
_SHORTEST_INFLECTED = 3
_FIRST_CYRILLIC = "\u0400"
LONGEST_TERM = 12
"""Words of a phrase."""
_LONE_STAR = re.compile(r"(?<!\w)\*(?!\w)")
_STAR_BEHIND_HYPHEN = re.compile(r"\w[-‐‑]\*(?!\w)|(?<!\w)\*[-‐‑]\w")
_FOREIGN_SIGN = re.compile(r"(?<=\w)[?|](?=\w)|(?<=\w)\.\*")  # of other query languages; no word is written so
EVERYWHERE = frozenset({"", "en"})


class Term(Struct, frozen=True):
    """Words to look for, as written in a concept or a query, and the language whose inflections count ("" = none)."""

    text: str
    language: str = ""


Hit = tuple[int, int, int]
"""Where a term was found: the numbers of its first and last word, and which of the terms it is."""


class _Node(Struct):
    """The terms that begin with the same words."""

    after: "dict[int, _Node]" = field(default_factory=dict)
    term: int = -1
    english: bool = False
    leaves: set[int] = field(default_factory=set)


class _Known(NamedTuple):
    """What is known of a word: which words of terms it is, the terms it is on its own, and those it begins."""

    atoms: tuple[int, ...]
    alone: tuple[tuple[int, int], ...]  # leaf, term
    begins: tuple[_Node, ...]
    followers: frozenset[int]  # the atoms with which those it begins go on


# What is known of most words in one number, which costs less memory to look at: nothing, more than a number can say,
# or the one leaf and the one term that the word is.
_DULL, _RICH, _FIRST_CODE = range(3)
_BITS = 32
_TERM = (1 << _BITS) - 1


def term_words(text: str) -> list[str]:
    """Each word of a term with its stars, as written; empty when the term has no word."""
    found: list[str] = []
    behind = -1
    for start, end in bare_spans(text):
        before = "*" if start > 0 and text[start - 1] == "*" else ""
        if before and start - 1 == behind:  # a star within a word
            found[-1] += text[start:end]
        else:
            found.append(before + text[start:end])
        behind = end
        if text[end : end + 1] == "*":
            found[-1] += "*"
    return found


def wrong_term(text: str) -> tuple[str, str] | None:
    """What keeps a text from being a term, and a hint; None when it is one."""
    if not term_words(text):
        return f"'{text}' has no word to look for", "write a word with a letter or a digit"
    if len(term_words(text)) > LONGEST_TERM:
        return f"'{text}' has more than {LONGEST_TERM} words", "write several shorter phrases with AND"
    if _STAR_BEHIND_HYPHEN.search(text):
        return f"'{text}': a star stands at a word", "leave '-*' or '*-' out: hyphens part words, 'AI' finds AI-made"
    if _LONE_STAR.search(text):
        return f"'{text}': a star stands at a word", "write 'drone*' or '*drone'"
    if sign := _FOREIGN_SIGN.search(text):
        return f"'{text}': '{sign[0]}' has no meaning here", "write 'drone*' or 'mine*koalition', or two terms"
    return None


class _Roots:
    """The words of terms of one language, by their root."""

    def __init__(self, language: str, inflected: Iterable[tuple[str, int]]) -> None:
        self._language = language
        self._atoms: dict[str, list[int]] = {}
        words_ = [*inflected]
        self._forms = Forms([word for word, _ in words_], language) if language in DICTIONARIES else None
        for word, atom in words_:
            its = self._forms.wanted[word] if self._forms else root(word, language)
            self._atoms.setdefault(its, []).append(atom)
        self._beginnings = {one[:2] for one in self._atoms}

    def may_begin(self, beginning: str) -> bool:
        """Whether a word that begins with these two letters may have one of the roots: stems are dear to find."""
        return self._language not in KEEPS_BEGINNING or beginning in self._beginnings

    def atoms_of(self, raw: str) -> Sequence[int]:
        """The words of terms that have the root of a word."""
        return self._atoms.get(self._forms.root_of(raw) if self._forms else root(raw, self._language), ())


class Lexicon:
    """Finds terms; each term belongs to one or more leaves (a concept or a term written in a query)."""

    def __init__(self, terms: Iterable[tuple[Term, Iterable[int]]]) -> None:
        self._atoms: dict[tuple[str, str], int] = {}
        self._exact: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self._capitals: dict[str, list[tuple[str, int]]] = defaultdict(list)  # words found only as they are written
        self._inflected: dict[str, list[tuple[str, int]]] = defaultdict(list)  # language → words that have forms
        self._roots: dict[str, _Roots] = {}
        self._tried: dict[frozenset[str], dict[str, tuple[_Roots, ...]]] = defaultdict(dict)  # by a word's beginning
        self._starred: dict[str, list[tuple[tuple[str, ...], str, int]]] = defaultdict(list)
        self._names = Names()
        self._trie = _Node()
        self._languages: dict[int, set[str]] = {}  # leaf → those in which it has terms
        self._codes: dict[frozenset[str], dict[str, int]] = defaultdict(dict)
        self._known: dict[frozenset[str], dict[str, _Known]] = defaultdict(dict)  # of words that are in a term
        for number, (term, leaves) in enumerate(sorted(terms, key=lambda each: (each[0].text, each[0].language))):
            self._add(number, term, leaves)
        self._automaton = ahocorasick.Automaton()
        for part in self._starred:
            self._automaton.add_word(part, part)
        if self._starred:
            self._automaton.make_automaton()

    def _add(self, number: int, term: Term, leaves: Iterable[int]) -> None:
        for leaf in leaves if term.language else ():  # a set for each of 100,000 leaves would cost a third of the speed
            self._languages.setdefault(leaf, set()).add(term.language)
        node = self._trie
        its_words, pointed = term_words(term.text), is_pointed(term.text)
        for word in its_words:
            atom = self._atom(word, term.language, pointed or is_in_capitals(word))
            if not term.language:
                self._names.add(word, atom, alone=len(its_words) == 1)
            node = node.after.setdefault(atom, _Node())
        if node is not self._trie:
            node.english = term.language == "en"
            node.term = number if node.term < 0 else node.term
            node.leaves.update(leaves)

    def _atom(self, word: str, language: str, capitals: bool) -> int:
        folded = words.fold(word)
        key = (word if capitals else folded, language)
        if key in self._atoms:
            return self._atoms[key]
        atom = self._atoms[key] = len(self._atoms)
        if capitals:
            self._capitals[word].append((language, atom))
            return atom
        pieces = tuple(folded.split("*"))
        if len(pieces) > 1:
            self._starred[max(pieces, key=len)].append((pieces, language, atom))
            return atom
        self._exact[folded].append((language, atom))
        if language in LANGUAGES and has_forms(folded):
            self._inflected[language].append((word, atom))
            for form in odd_forms(folded, language):
                self._exact[form].append((language, atom))
        return atom

    def _roots_of(self, language: str) -> "_Roots":
        """Made when the first article of the language comes: a dictionary takes its time to load."""
        if language not in self._roots:
            self._roots[language] = _Roots(language, self._inflected[language])
        return self._roots[language]

    def _learn(self, raw: str, spoken: frozenset[str]) -> int:
        """Look a word up for the first time."""
        atoms = self._atoms_of(words.whole(raw), words.fold(raw), spoken)
        code = _DULL
        if atoms:
            nodes = [self._trie.after[atom] for atom in atoms if atom in self._trie.after]
            terms: dict[int, int] = {}  # of one leaf the first term is enough; in no language a word is dozens of them
            for node in nodes:
                for leaf in self._counting(node, spoken):
                    terms[leaf] = min(node.term, terms.get(leaf, node.term))
            alone = tuple(terms.items())
            begins = tuple(node for node in nodes if node.after)
            followers = frozenset(atom for node in begins for atom in node.after)
            self._known[spoken][raw] = _Known(tuple(atoms), alone, begins, followers)
            code = _RICH
            if not begins and len(alone) < 2:
                code = (alone[0][0] << _BITS | alone[0][1]) + _FIRST_CODE if alone else _DULL
        self._codes[spoken][raw] = code
        return code

    def _atoms_of(self, raw: str, folded: str, spoken: frozenset[str]) -> list[int]:
        written = (*self._exact.get(folded, ()), *self._capitals.get(raw, ()))
        found = {atom for language, atom in written if language in EVERYWHERE or language in spoken}
        if len(folded) >= _SHORTEST_INFLECTED and has_forms(folded):
            tried = self._tried[spoken].get(folded[:2])
            for roots in self._worth_trying(folded[:2], spoken) if tried is None else tried:
                if atoms := roots.atoms_of(raw):
                    found.update(atoms)
        if self._starred:
            for part in {part for _, part in self._automaton.iter(folded)}:
                for pieces, language, atom in self._starred[part]:
                    if (language in EVERYWHERE or language in spoken) and _fits(folded, pieces):
                        found.add(atom)
        found.update(self._names.atoms_of(raw, folded))
        return sorted(found)

    def _worth_trying(self, beginning: str, spoken: frozenset[str]) -> "tuple[_Roots, ...]":
        """The languages in which a word that begins with these two letters may have the root of a term."""
        cyrillic = beginning[0] >= _FIRST_CYRILLIC
        languages = [one for one in sorted(spoken & self._inflected.keys()) if (one in CYRILLIC) is cyrillic]
        tried = tuple(roots for roots in map(self._roots_of, languages) if roots.may_begin(beginning))
        self._tried[spoken][beginning] = tried
        return tried

    def _counting(self, node: _Node, spoken: frozenset[str]) -> Iterable[int]:
        """The leaves whose term it is in these languages; English stands in where a leaf has no terms of their own."""
        if not node.english or "en" in spoken:
            return node.leaves
        return [leaf for leaf in node.leaves if self._languages[leaf].isdisjoint(spoken)]

    def find(self, document: Document) -> dict[int, list[Hit]]:
        """Leaf → its places, in order; of those that overlap the longest is kept."""
        if sum(map(len, self._codes.values())) >= _CACHED_WORDS:
            self._codes.clear()
            self._known.clear()
            self._tried.clear()
        spoken = kin(document.language)
        found: dict[int, list[Hit]] = {}
        self._scan(document.title_words, 0, spoken, found)
        self._scan(document.text_words, document.first_of_text, spoken, found)
        for leaf, hits in found.items():
            if len(hits) > 1 and _overlapping(hits):
                found[leaf] = _longest(hits)
        return found

    def _scan(self, raws: Sequence[str], number: int, spoken: frozenset[str], found: dict[int, list[Hit]]) -> None:
        codes = [*map(self._codes[spoken].get, raws)]
        if None in codes:
            for at, raw in [(at, raw) for at, raw in enumerate(raws) if codes[at] is None]:
                codes[at] = self._learn(raw, spoken)
        known = self._known[spoken]
        for here, code in [(here, code) for here, code in enumerate(codes, number) if code]:
            if code != _RICH:  # one term of one leaf
                code -= _FIRST_CODE
                leaf = code >> _BITS
                if leaf in found:
                    found[leaf].append((here, here, code & _TERM))
                else:
                    found[leaf] = [(here, here, code & _TERM)]
                continue
            at = here - number
            _, alone, begins, followers = known[raws[at]]
            for leaf, term in alone:
                found.setdefault(leaf, []).append((here, here, term))
            if followers and at + 1 < len(raws):
                following = known.get(raws[at + 1])
                if following and not followers.isdisjoint(following.atoms):
                    for last, node in _going_on(begins, known, raws, at):
                        for leaf in self._counting(node, spoken):
                            found.setdefault(leaf, []).append((here, number + last, node.term))


def _going_on(
    nodes: Sequence[_Node], known: Mapping[str, _Known], raws: Sequence[str], at: int
) -> Iterator[tuple[int, _Node]]:
    """The terms of several words that begin with the word number `at`, with the number of their last word."""
    while nodes and at + 1 < len(raws):
        at += 1
        following = known.get(raws[at])
        atoms = following.atoms if following else ()
        nodes = [node.after[atom] for node in nodes for atom in atoms if atom in node.after]
        for node in nodes:
            yield at, node


def _fits(word: str, pieces: tuple[str, ...]) -> bool:
    """Whether a word begins with the first piece, ends with the last and has the others in between, in order."""
    at, end = len(pieces[0]), len(word) - len(pieces[-1])
    if at > end or not word.startswith(pieces[0]) or not word.endswith(pieces[-1]):
        return False
    for piece in pieces[1:-1]:
        at = word.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True


def _overlapping(hits: Sequence[Hit]) -> bool:
    behind = -1
    for first, last, _ in hits:
        if first <= behind:
            return True
        behind = last
    return False


def _longest(hits: list[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    for hit in sorted(hits):
        if not kept or hit[0] > kept[-1][1]:
            kept.append(hit)
        elif hit[0] == kept[-1][0] and hit[1] > kept[-1][1]:
            kept[-1] = hit
    return kept
