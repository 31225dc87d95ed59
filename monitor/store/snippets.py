"""What a person types into the search, understood: words, "phrases", -without, either OR other, begin*. Pure.

Nothing of it ever reaches the database's own query language raw: every term is made of words, and words hold neither
quotes nor operators.
"""

import re
from collections.abc import Sequence

from msgspec import Struct

from monitor.words import spellings, words

_PART = re.compile(r'(?P<minus>-?)"(?P<phrase>[^"]*)"?(?P<star>\*?)|(?P<bare>[^\s"]+)')
_SNIPPET = 240  # characters
_LEAD = 60  # of them before the first word found


class Term(Struct, frozen=True):
    """One word, or several in a row; `prefix`: the last of them may go on."""

    words: tuple[str, ...]  # folded
    prefix: bool = False


class Query(Struct, frozen=True):
    """Of each group one term at least must occur, of `without` none."""

    groups: tuple[tuple[Term, ...], ...]
    without: tuple[Term, ...]


def parse(text: str) -> Query:
    """Never fails: what holds no word is passed over."""
    groups: list[list[Term]] = []
    without: list[Term] = []
    either = False
    for part in _PART.finditer(text):
        bare = part["bare"]
        if bare == "OR":
            either = bool(groups)
            continue
        minus = bare.startswith("-") if bare else bool(part["minus"])
        terms = _terms(
            bare.lstrip("-") if bare else part["phrase"], prefix=bare.endswith("*") if bare else bool(part["star"])
        )
        if not terms:
            continue
        if minus:
            without += terms
        elif either:
            groups[-1] += terms
        else:
            groups.append(terms)
        either = False
    return Query(tuple(tuple(group) for group in groups), tuple(without))


def _terms(text: str, *, prefix: bool) -> list[Term]:
    """The words of a text as one term, and its other spelling as another."""
    each = [tuple(word.folded for word in words(spelling) if word.folded) for spelling in spellings(text)]
    return [Term(folded, prefix) for folded in each if folded]


def snippet(text: str, query: Query) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The stretch of the text with most different words of the query, and where they stand in it.

    Its beginning when none occurs. One line; an ellipsis marks what was cut off.
    """
    found = _occurrences(text, query)
    start = _best_start(text, found)
    end = min(len(text), start + _SNIPPET)
    if end < len(text):
        end = text.rfind(" ", start + _SNIPPET // 2, end) if " " in text[start + _SNIPPET // 2 : end] else end
    before, after = "… " if start else "", " …" if end < len(text) else ""
    shift = len(before) - start
    marks = tuple((left + shift, right + shift) for left, right, _ in found if left >= start and right <= end)
    return before + text[start:end].replace("\n", " ") + after, marks


def _occurrences(text: str, query: Query) -> list[tuple[int, int, str]]:
    """(start, end, folded word of the query) of every word that the query asks for."""
    terms = [term for group in query.groups for term in group]
    whole = {word for term in terms for word in term.words}
    begun = tuple(term.words[-1] for term in terms if term.prefix)
    found = []
    for word in words(text):
        if word.folded in whole:
            found.append((word.start, word.end, word.folded))
        elif begun and word.folded.startswith(begun):
            found.append((word.start, word.end, next(one for one in begun if word.folded.startswith(one))))
    return found


def _best_start(text: str, found: Sequence[tuple[int, int, str]]) -> int:
    best, most = 0, 0
    for index, (left, _, _) in enumerate(found):
        near = {word for start, _, word in found[index : index + 40] if start < left + _SNIPPET - _LEAD}
        if len(near) > most:
            best, most = left, len(near)
    if best <= _LEAD:
        return 0
    space = text.find(" ", best - _LEAD, best)
    newline = text.rfind("\n", best - _LEAD, best)
    return max(space, newline) + 1 if max(space, newline) >= 0 else best
