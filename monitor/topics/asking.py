"""A query asked of the archive: what its index can answer of it, and whether an article really holds it.

The index knows words, phrases, beginnings, headline and text, AND, OR and NOT. Of all else (closeness, counts, lead,
what is stated of an article) it gives candidates, and `Question.holds` decides with the judge's own matcher.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from os.path import commonprefix
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from monitor import words
from monitor.model import AllOf, AnyOf, Ask
from monitor.model import Term as Asked
from monitor.topics.candidates import leaves_of
from monitor.topics.concepts import Concepts
from monitor.topics.document import read_document
from monitor.topics.inflect import CYRILLIC, LANGUAGES, accented, has_forms, is_in_capitals, odd_forms, root
from monitor.topics.lexicon import Lexicon, Term, term_words
from monitor.topics.matching import Matcher, bind
from monitor.topics.names import alike
from monitor.topics.nodes import STATED, And, Close, ConceptNode, Counted, Node, Not, Or, TermNode, Weighted, Within

Vocabulary = Callable[[str], Sequence[str]]
"""The words of the index that begin so, or (with a star) look so."""
_ENDING = 2  # letters that an inflected form may change at its end, beyond what its root leaves off
_SHORTEST = 3  # of what all forms of a word begin with
_FIRST_CYRILLIC = "\u0400"


_MOST_NAMED = 60  # words that are named instead of their beginning
_COMPLETE = 1_000  # words of a list that is surely whole


class _Remembered:
    """Asks for each beginning once: languages differ in it by a letter or two, and a common one is dear to look up."""

    def __init__(self, look: Vocabulary) -> None:
        self._look = look
        self._known: dict[str, Sequence[str]] = {}

    def __call__(self, wanted: str) -> Sequence[str]:
        for known, found in self._known.items():
            if wanted.startswith(known) and "*" not in wanted and len(found) < _COMPLETE:
                return [word for word in found if word.startswith(wanted)]
        found = self._known[wanted] = self._look(wanted)
        return found


class Question(Struct, frozen=True, dict=True):
    """A parsed query; words count in every form of `languages`."""

    node: Node
    concepts: Concepts
    languages: frozenset[str]

    def ask(self, vocabulary: Vocabulary) -> tuple[Ask | None, bool]:
        """What to look for, and whether that is exact; None where any article may hold the query."""
        return self._asked(self.node, "", _Remembered(vocabulary))

    def holds(
        self, title: str, text: str, *, language: str = "", source: str = "", url: str = "", country: str = ""
    ) -> bool:
        """Whether an article holds the query."""
        lexicon, bound = self._matching
        document = read_document(title, text, language=language, source=source, url=url, country=country)
        return Matcher(document, lexicon.find(document)).weigh(bound) > 0

    @cached_property
    def _matching(self) -> tuple[Lexicon, Node]:
        leaves: dict[Node, int] = {}
        for leaf in leaves_of(self.node):
            leaves.setdefault(leaf, len(leaves))
        wanted: dict[Term, list[int]] = defaultdict(list)
        for each, number in leaves.items():
            for term in self._terms(each):
                wanted[term].append(number)
        return Lexicon(wanted.items()), bind(self.node, leaves, {})

    def _terms(self, leaf: Node) -> set[Term]:
        if isinstance(leaf, ConceptNode):
            known: Iterable[Term] = self.concepts.terms[leaf.name]
        else:
            assert isinstance(leaf, TermNode)
            forms = self.languages if len(term_words(leaf.text)) == 1 else frozenset()  # a phrase as it stands
            known = (Term(leaf.text), *(Term(leaf.text, language) for language in forms))
        return {Term(spelling, term.language) for term in known for spelling in words.spellings(term.text)}

    def _asked(self, node: Node, place: Literal["", "title", "text"], look: Vocabulary) -> tuple[Ask | None, bool]:
        match node:
            case TermNode() | ConceptNode():
                terms = sorted(
                    self._terms(node), key=lambda term: (len(_beginning(term.text, term.language)), repr(term))
                )
                parts = [_ask(term, place, look) for term in terms]
                each = [one for part in parts for one in (part.parts if isinstance(part, AnyOf) else (part,))]
                exact = isinstance(node, TermNode) and all(isinstance(part, Asked) for part in each)
                if exact and any(is_in_capitals(word) for term in terms for word in term_words(term.text)):
                    exact = False  # the index knows no capitals
                return AnyOf(tuple(dict.fromkeys(each))), exact
            case Within(field, _) if field in STATED:
                return None, False
            case Within(field, part):
                asked, exact = self._asked(part, "title" if field == "title" else "text", look)
                return asked, exact and field == "title"
            case Weighted(part):
                return self._asked(part, place, look)
            case Counted(part):
                return self._asked(part, place, look)[0], False
            case And(parts):
                return self._all(parts, place, look)
            case Or(parts):
                every = [self._asked(part, place, look) for part in parts]
                found = [asked for asked, _ in every if asked is not None]
                whole = len(found) == len(every)
                return (AnyOf(tuple(found)) if whole else None), whole and all(exact for _, exact in every)
            case Close(left, right, reach):
                if isinstance(right, Not):
                    return self._all((left,), place, look)[0], False
                asked, _ = self._all((left, right), place, look)
                both = isinstance(asked, AllOf) and len(asked.parts) == 2
                return replace(asked, within=reach) if isinstance(asked, AllOf) and both else asked, False
            case _:
                return None, False

    def _all(
        self, parts: Sequence[Node], place: Literal["", "title", "text"], look: Vocabulary
    ) -> tuple[Ask | None, bool]:
        found: list[Ask] = []
        without: list[Ask] = []
        exact = True
        for part in parts:
            asked, sure = self._asked(part.part if isinstance(part, Not) else part, place, look)
            exact = exact and sure
            if asked is not None and not isinstance(part, Not):
                found.append(asked)
            elif asked is not None and sure:
                without.append(asked)
        return (AllOf(tuple(found), tuple(without)), exact) if found else (None, False)


def _ask(term: Term, place: Literal["", "title", "text"], look: Vocabulary) -> Ask:
    """A term with its forms, or with the words that its stars stand for."""
    parts = term_words(term.text)
    each = [_forms(word, term.language, look) for word in parts]
    others = [[] if term.language else alike(word, look, alone=len(parts) == 1) for word in parts]
    alternatives = [
        AnyOf((*(Asked((word,), prefix, place) for word in plain), *(Asked((word,), False, place) for word in more)))
        for (plain, prefix), more in zip(each, others, strict=True)
    ]
    if len(parts) == 1 and not (_is_cut(parts[0]) and any(prefix for _, prefix in each)):
        return alternatives[0]
    if not any(others) and all(len(plain) == 1 for plain, _ in each) and not any(prefix for _, prefix in each[:-1]):
        return Asked(tuple(plain[0] for plain, _ in each), each[-1][1], place)
    # The index knows no phrase of alternatives: all of the words, wherever they stand; `holds` looks closer, as it does
    # at what begins as a word with an apostrophe.
    return AllOf(tuple(alternatives))


def _is_cut(word: str) -> bool:
    """Whether the index has it in pieces, and so no list of its forms."""
    return "'" in words.fold(word)


def _forms(word: str, language: str, look: Vocabulary) -> tuple[list[str], bool]:
    """The words of the index that a word of a term stands for, and whether they may go on."""
    folded = words.fold(word)
    if "*" in folded:
        begun = folded[:-1]
        if "*" in begun or not begun:
            return list(look(folded)) or [folded.replace("*", "")], False
        named = list(look(begun))  # which FTS5 looks up in less time than it takes to put their articles together
        return (named, False) if 0 < len(named) <= _MOST_NAMED else ([begun], True)
    beginning = _beginning(word, language)
    written = [folded, *odd_forms(folded, language)]
    if not beginning:
        return written, False
    if _is_cut(word):
        return [beginning], True
    wanted = _roots(word, language)
    found = (one for one in look(beginning) if one not in written)
    return [*written, *(one for one in found if not wanted.isdisjoint(_roots_of_folded(one, language)))], False


def _roots(word: str, language: str) -> set[str]:
    return {root(word, language), *_roots_of_folded(words.fold(word), language)}


def _roots_of_folded(word: str, language: str) -> Iterator[str]:
    """The index has no accents, and stems are told by them."""
    return (root(one, language) for one in accented(word, language))


def _beginning(word: str, language: str) -> str:
    """What all forms of a word begin with; "" where it has none in that language."""
    folded = words.fold(word)
    if language not in LANGUAGES or not has_forms(folded) or len(folded) < _SHORTEST:
        return ""
    if (folded[0] >= _FIRST_CYRILLIC) is not (language in CYRILLIC):
        return ""
    shared = commonprefix([folded, *_roots(word, language)])  # noqa: RUF071 - of words, not of paths
    return shared[: max(_SHORTEST, len(shared) - _ENDING)]


def stated(node: Node) -> Mapping[str, str]:
    """What every article that holds the query has: field → value, for `lang:` among parts that must all hold."""
    parts = node.parts if isinstance(node, And) else (node,)
    return {
        part.field: words.fold(part.part.text)
        for part in parts
        if isinstance(part, Within) and part.field == "lang" and isinstance(part.part, TermNode)
    }
