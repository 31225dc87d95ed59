"""What is found, shown: the stretch of a text that holds most of what was looked for. Pure."""

from collections.abc import Sequence

from monitor.model import Term
from monitor.words import words

_LENGTH = 240  # characters
_LEAD = 60  # of them before the first word found


def snippet(text: str, terms: Sequence[Term]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The stretch of the text with most different words of the terms, and where they stand in it.

    Its beginning when none occurs. One line; an ellipsis marks what was cut off.
    """
    found = _occurrences(text, terms)
    start = _best_start(text, found)
    end = min(len(text), start + _LENGTH)
    if end < len(text):
        end = text.rfind(" ", start + _LENGTH // 2, end) if " " in text[start + _LENGTH // 2 : end] else end
    before, after = "… " if start else "", " …" if end < len(text) else ""
    shift = len(before) - start
    marks = tuple((left + shift, right + shift) for left, right, _ in found if left >= start and right <= end)
    return before + text[start:end].replace("\n", " ") + after, marks


def _occurrences(text: str, terms: Sequence[Term]) -> list[tuple[int, int, str]]:
    """(start, end, folded word of the terms) of every word that one of them asks for."""
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
        near = {word for start, _, word in found[index : index + 40] if start < left + _LENGTH - _LEAD}
        if len(near) > most:
            best, most = left, len(near)
    if best <= _LEAD:
        return 0
    space = text.find(" ", best - _LEAD, best)
    newline = text.rfind("\n", best - _LEAD, best)
    return max(space, newline) + 1 if max(space, newline) >= 0 else best
