"""Every form of a few words, from simplemma's dictionaries, for languages that have no Snowball algorithm.

A dictionary is read through once, and only the forms of the words that are looked for are kept. So a word of an
article costs a glance, whatever it is: nothing is taken apart while an article waits. Words that no dictionary knows
are told by their last part (`протидроновий` by `дроновий`), or without up to two letters at their end. What was
collected is kept for the next run, where there is a cache: a dictionary takes a second.
"""

import json
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from monitor import words
from monitor.model import Cache
from monitor.topics.inflect import CYRILLIC, dictionary_of
from monitor.topics.inflect import root as root_of

_SHORTEST_CUT = {"bg": 7, "lv": 7, "sk": 9, "uk": 9}
"""Letters that a word must have to be tried without its last one or two; shorter ones are other words too often."""
_SHORTEST_PART = 4  # letters of either part of a word that is told by its last part
_HEAD, _HEAD_CYRILLIC = 4, 6  # bytes at the beginning of a word that it shares with what it is mistaken for
_ANOTHER = ""  # a word of the dictionary that is no form of ours, though without its end it would be


_cache: Cache | None = None


def keep_forms(cache: Cache | None) -> None:
    """From now on, keep what is collected there; None: nowhere."""
    global _cache
    _cache = cache


class Forms:
    """Looks up the root of a word among the roots that are wanted."""

    def __init__(self, wanted: Sequence[str], language: str) -> None:
        self._shortest_cut = _SHORTEST_CUT.get(language, 0)
        self.wanted, self._roots = _recalled(wanted, language) or _made(wanted, language, bool(self._shortest_cut))
        """The root of each word that is wanted (any case, diacritics kept)."""

    def root_of(self, word: str) -> str:
        """The one of the wanted roots that a word (any case, diacritics kept) is a form of, or ""."""
        lower = _lower(word)
        root = self._roots.get(lower)
        if root is None and 0 < self._shortest_cut <= len(lower):
            root = self._roots.get(lower[:-1])
            if root is None:
                root = self._roots.get(lower[:-2])
        return root or ""


def _made_of(wanted: Sequence[str], language: str) -> bytes:
    return json.dumps([language, *wanted]).encode()


def _recalled(wanted: Sequence[str], language: str) -> tuple[dict[str, str], dict[str, str]] | None:
    stored = _cache.recall(f"forms-{language}", _made_of(wanted, language)) if _cache else None
    if stored is None:
        return None
    roots, forms = json.loads(stored)
    return roots, forms


def _made(wanted: Sequence[str], language: str, cut: bool) -> tuple[Mapping[str, str], Mapping[str, str]]:
    roots = {word: root_of(word, language) for word in wanted}
    forms = _collected(dict.fromkeys(roots.values()), language, cut)
    if _cache:
        content = json.dumps([roots, forms], ensure_ascii=False).encode("utf-8", "surrogatepass")
        _cache.keep(f"forms-{language}", _made_of(wanted, language), content)
    return roots, forms


def _lower(word: str) -> str:
    return unicodedata.normalize("NFC", word.lower())


def _records(language: str) -> Iterable[tuple[bytes, bytes]]:
    """Each form with its lemma, as simplemma's file has them.

    What simplemma offers in public either keeps the whole dictionary in memory (100 MB) or looks up one word at a time,
    at 10 µs each.
    """
    from simplemma.strategies.dictionaries import dictionary_factory, frontcode

    data = dictionary_factory._read_decompressed(dictionary_of(language))
    backwards, _, start = frontcode._read_header(data)
    records = frontcode._iter_records(data, start)
    if backwards:
        return ((form[::-1], lemma[::-1]) for _, form, lemma in records)
    return ((form, lemma) for _, form, lemma in records)


def _collected(roots: Collection[str], language: str, cut: bool) -> dict[str, str]:
    """Form → root; where ends are cut also every word of the dictionary that must not be."""
    endings: dict[str, list[tuple[str, str]]] = defaultdict(list)  # lemma → what may stand before it, and the root then
    for root in roots:
        endings[root].append(("", root))
        for at in range(_SHORTEST_PART, len(root) - _SHORTEST_PART + 1):
            endings[root[at:]].append((root[:at], root))
    head = _HEAD_CYRILLIC if language in CYRILLIC else _HEAD
    heads = {root.encode()[:head] for root in roots} if cut else set()
    seen: dict[bytes, list[tuple[str, str]] | None] = {}  # what `endings` says of a lemma
    found: dict[str, str] = {root: root for root in roots}
    composed: dict[str, str] = {}
    near: set[str] = set()
    for form, lemma in _records(language):
        try:
            ours = seen[lemma]
        except KeyError:
            ours = seen[lemma] = endings.get(words.fold(lemma.decode()))
        if ours is None:
            if form[:head] in heads:
                near.add(form.decode().lower())
            continue
        written = form.decode()
        lower = written.lower()
        near.add(lower)
        for before, root in ours:
            if before:
                composed.setdefault(before + lower, root)
            elif lower == written:
                found[lower] = root
            else:
                found.setdefault(lower, root)
    for form_of_two, root in composed.items():
        if form_of_two not in near:
            found.setdefault(form_of_two, root)
    others = [word for word in near if word not in found and (word[:-1] in found or word[:-2] in found)] if cut else ()
    return found | dict.fromkeys(others, _ANOTHER)
