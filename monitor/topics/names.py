"""Names in the other script: Умєров finds Umerov, Umjerow and Oumerov; Rheinmetall finds Рейнметал and Райнметалла.

Every spelling is read aloud, roughly: letters and groups of letters that stand for one sound in some language become
one, what is read in several ways is tried in each. Consonants must agree (Latin h, g, kh and ch are all read as г or
х, z and s as one, sh, zh, sch, sz, ch and j as one), and of the vowels each with its counterpart. A Cyrillic name is
taken as it is spelled; a Latin one may be written in Cyrillic as it is heard (Skynex, Скайнекс). Between Latin and
Cyrillic only, and only words that begin with a capital letter. The idea of comparing names by rough sounds is that of
the Daitch–Mokotoff soundex (1985); its six digits without vowels would take too many names for one another.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice, product

from monitor import words

_MOST_READINGS = 48
_FEWEST_CONSONANTS = 3  # of a word that is a term on its own; of a word of several two are enough
_ENOUGH_CONSONANTS = 4  # from here on vowels may be those that are heard
_SHORTEST_NAME = 4  # letters
_SHORTEST_STEM = 4  # letters that an ending leaves
_BEGINNING = 3  # sounds by which spellings are looked up

_CYRILLIC = re.compile(r"[\u0400-\u04ff'’ʼ]+")
_LATIN = re.compile(r"[a-z\u00c0-\u024f\u1e00-\u1eff'’ʼ]+")


def _table(text: str) -> dict[str, tuple[str, ...]]:
    """ "k k c, v v w" as k → (k, c), v → (v, w)."""
    return {key: tuple(values) for key, *values in map(str.split, text.split(","))}


# What a letter sounds like: a e i o u, and one sign for consonants that are mixed up between languages.
_OF_CYRILLIC = dict(zip("абвгґдеєзиіїйклмнопрстуўфхыэюяёјљњ", "abvhhdeesiiiiklmnoprstuvfhieuaoiln", strict=True))
_OF_CYRILLIC |= dict.fromkeys("жчшщћђџ", "S") | {"ц": "ts"}

_MARKED = str.maketrans(
    dict(zip("šśșşčćžżțţäöøæüåßłığ", "sh sh sh sh ch ch zh zh ts ts ae oe oe ae ui ao ss l i g".split(), strict=True))
)
_OF_LATIN = _table(
    "ch h S k, kh h kh, gh h, th t, rh r, ph f, wh v, sz S s, rz rs rts, tz ts, z s ts, x ks, qu kv k, q k, ck k,"
    "w v, g h, y i, j i S, oe oe u"
) | dict.fromkeys("schtsch chtch shch szcz tsch tch tsj sch sh sj zh zj cz dzh dsch dj".split(), ("S",))
_SOFT_C, _HARD_C = ("s", "ts"), ("k",)
_GROUP = re.compile("|".join(sorted(_OF_LATIN, key=len, reverse=True)) + "|.")
_UNMARKED = _table("s s S, z s ts S, c s ts k S")
"""What a letter may be whose accent was taken."""

_ROUGH: dict[int, str | None] = defaultdict(lambda: None)
_ROUGH.update({ord(letter): sound for letter, sound in zip("bvwlmnrбвлмнр", "bvvlmnrbvlmnr", strict=True)})
"""Consonants that are one letter in every spelling; no other is kept."""

_HEARD = {"a": "aeo", "e": "ei", "i": "ia", "o": "oau", "u": "ua"}
"""How a vowel of a Latin name may be written in Cyrillic."""

_SPELLED = {
    True: _table("a а ай я, e е ей є э эй, i и і ї й ы ай ей, o о оу ё, u у ю, h г х ґ, s с з, S ш ч ж щ дж")
    | dict(zip("bvdklmnprtf", "бвдклмнпртф", strict=True)),
    False: _table("a a ia ja ya, e e ie je ye, i i y j, o o io jo yo, u u ou oe iu ju yu, h h g kh ch, k k c ck, v v w")
    | _table("s s z c ss, S s sh sch sz sj c ch cz z zh zj j tch tsch tsj dj dzh, f f ph, r r rh")
    | dict(zip("bdlmnpt", "bdlmnpt", strict=True)),
}
"""How a sound may begin in writing, without accents; by whether the script is Cyrillic."""

_ENDINGS = {
    True: tuple(
        "ом ем єм ам ям ой ей ою ею єю ів їв ов ев єв ах ях ами ями им ым ім їм ого ому их ых іх ими ыми ові еві"
        " єві".split()
    ),
    False: tuple("s as is us es em om am iem im ym ow ów owi ovi ami ach ech ego emu ého ému ým ých u".split()),
}
"""Ends of declined names, by whether they are Cyrillic; ends of vowels alone need no list."""

Reading = tuple[str, tuple[str, ...]]
"""Consonants, with a dot where vowels stand between them, and the vowels of each dot."""


class Names:
    """Names of terms, to be found by how they sound."""

    def __init__(self) -> None:
        # Whether it is Cyrillic, and its consonants → vowels, atom.
        self._named: dict[tuple[bool, str], list[tuple[tuple[str, ...], int]]] = defaultdict(list)
        self.begun: set[str] = set()  # with what they may begin in the other script, folded
        self._lengths: set[int] = set()  # of these

    def add(self, word: str, atom: int, *, alone: bool) -> None:
        """Take in a word of a term (which may be that word `alone`) if it is a name and has enough of a sound."""
        cyrillic = _is_cyrillic(word.rstrip("*"))
        for (key, vowels), heard in _wanted(word, alone=alone):
            self._named[cyrillic, key].append((heard or vowels, atom))
        begun = beginnings(word, alone=alone)
        self.begun |= begun
        self._lengths.update(map(len, begun))

    def atoms_of(self, raw: str, folded: str) -> set[int]:
        """The words of terms in the other script that sound like a word of an article, which is also given folded."""
        if not raw[:1].isupper() or not self._may_be(folded) or not _is_name(raw):
            return set()
        return self._sounding(raw.lower(), unmarked=False)

    def alike(self, folded: str) -> bool:
        """Whether a word that has lost its case and accents may sound like one of the names."""
        return self._may_be(folded) and bool(self._sounding(folded, unmarked=True))

    def _may_be(self, folded: str) -> bool:
        return any(folded[:length] in self.begun for length in self._lengths)

    def _sounding(self, lower: str, *, unmarked: bool) -> set[int]:
        cyrillic = _is_cyrillic(lower)
        return {
            atom
            for stem in _stems(lower, cyrillic)
            for key, vowels in _readings(stem, unmarked)
            for heard, atom in self._named.get((not cyrillic, key), ())
            if all(not set(one).isdisjoint(other) for one, other in zip(vowels, heard, strict=True))
        }


def beginnings(word: str, *, alone: bool) -> set[str]:
    """With what a word of a term may begin in the other script, folded; none where it is no name."""
    spelled = _SPELLED[not _is_cyrillic(word.rstrip("*"))]
    begun = {
        (key[:_BEGINNING], vowels[:_BEGINNING], heard[:_BEGINNING])
        for (key, vowels), heard in _wanted(word, alone=alone)
    }
    found: set[str] = set()
    for key, vowels, heard in begun:
        runs = zip(vowels, heard or vowels, strict=False)
        ways = [_vowels(*next(runs), spelled) if sound == "." else spelled[sound] for sound in key]
        found.update(map("".join, product(*ways)))
    folded = {words.fold(one) for one in found}
    return {one for one in folded if not any(one[:end] in folded for end in range(1, len(one)))}


def alike(word: str, look: Callable[[str], Sequence[str]], *, alone: bool) -> list[str]:
    """The words of an index, which has neither case nor accents, that sound like a word of a term.

    `look` gives those that begin so. Most of them are told by a few letters; the others are read.
    """
    names = Names()
    names.add(word, 0, alone=alone)
    rough = _rough(word)
    found = {one for beginning in names.begun for one in look(beginning)}
    return sorted(one for one in found if _rough(one).startswith(rough) and names.alike(one))


def _rough(word: str) -> str:
    return re.sub(r"(.)\1+", r"\1", word.lower().translate(_ROUGH))


def _vowels(read: str, heard: str, spelled: Mapping[str, Sequence[str]]) -> list[str]:
    """How vowels may be written: as one letter, or as several of which the second is as it is read."""
    ways = [
        way
        for letter in dict.fromkeys(heard if len(read) == 1 else heard + "ae" * ("i" in read))
        for way in spelled[letter]
    ]
    return ways if len(read) == 1 else [*ways, *map("".join, product(ways, spelled[read[1]]))]


def _wanted(starred: str, *, alone: bool) -> Iterator[tuple[Reading, tuple[str, ...]]]:
    """The readings of a word of a term, and its vowels as they are heard where that may be; none if it is no name."""
    word = starred.rstrip("*")
    if not _is_name(word):
        return
    for key, vowels in _readings(word):
        consonants = len(key.replace(".", ""))
        heard: tuple[str, ...] = ()
        if not _is_cyrillic(word) and consonants >= _ENOUGH_CONSONANTS:
            heard = tuple("".join(map(_HEARD.__getitem__, each)) for each in vowels)
        if consonants >= _FEWEST_CONSONANTS - (not alone):
            yield (key, vowels), heard


def _is_name(word: str) -> bool:
    return (
        len(word) >= _SHORTEST_NAME and word[0].isupper() and bool(_LATIN.fullmatch(word.lower()) or _is_cyrillic(word))
    )


def _is_cyrillic(word: str) -> bool:
    return bool(_CYRILLIC.fullmatch(word.lower()))


def _stems(lower: str, cyrillic: bool) -> Iterator[str]:
    yield lower
    for ending in _ENDINGS[cyrillic]:
        if lower.endswith(ending) and len(lower) - len(ending) >= _SHORTEST_STEM:
            yield lower[: -len(ending)]


@lru_cache(maxsize=4_096)
def _readings(word: str, unmarked: bool = False) -> tuple[Reading, ...]:
    """The ways in which a word may be read, without the vowels at its end."""
    lower = word.lower()
    if _is_cyrillic(lower):
        ways = ["".join(_OF_CYRILLIC.get(letter, "") for letter in lower.replace("дж", "ж"))]
    else:
        groups = _groups(words.fold(lower.translate(_MARKED)), unmarked)
        ways = ["".join(way) for way in islice(product(*groups), _MOST_READINGS)]
    return tuple(dict.fromkeys(map(_reading, ways)))


def _groups(folded: str, unmarked: bool) -> Iterator[tuple[str, ...]]:
    """What each letter or group of letters may sound like."""
    for match in _GROUP.finditer(folded):
        group, at = match.group(), match.end()
        if unmarked and group in _UNMARKED:
            yield _UNMARKED[group]
        elif group == "c":
            yield _SOFT_C if folded[at : at + 1] in tuple("eiy") else _HARD_C
        elif group == "h" and match.start():
            yield ("h", "")
        else:
            yield _OF_LATIN.get(group, (group,) if group.isalpha() else ("",))


def _reading(sounds: str) -> Reading:
    once = re.sub(r"([^aeiou])\1+", r"\1", sounds).replace("dt", "t").rstrip("aeiou")
    return re.sub("[aeiou]+", ".", once), tuple(re.findall("[aeiou]+", once))
