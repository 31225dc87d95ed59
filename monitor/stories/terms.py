"""Which terms an article is compared by: one script, cut to their beginnings, weighted by where they stand. Pure.

No language is asked for, since headlines deceive every detector: words are transliterated to Latin letters, freed from
common endings and cut to six letters, which joins inflected forms about as well as a stemmer does. What stands for the
same thing in several languages becomes one term: the countries and common words of `gazetteer`, and names, whose
consonants survive a change of script ("Rheinmetall", "Рейнметалл").
"""

from collections.abc import Mapping
from datetime import datetime
from enum import IntEnum
from functools import cache, lru_cache
from hashlib import blake2b
from re import compile as pattern

from monitor.model import Sketch
from monitor.stories.everyday import ELSEWHERE, EVERYDAY
from monitor.stories.gazetteer import ARMS, CAPITALS, CONCEPTS, EVERYWHERE, PLACES, ROUND_UPS, SEATS, STOP
from monitor.words import fold, plain_words

_STEM = 6  # letters
_MOST_WORDS = 600  # what comes later says little of what is new
_TITLE = 3.0  # how often a word of the headline counts
_LEAD = 60  # words
_LEAD_WEIGHT = 1.5
_HALF = 200  # words: there a word counts half of what it counts at the beginning
_NAME = 0.3  # of a name's weight, for its consonants
_FEWEST_CONSONANTS = 3
_COMMON = 0.05  # of all articles hold a common word
_EVERYWHERE = 0.3

_TO_LATIN = str.maketrans(
    {
        **dict(zip("абвгґдеєзиіїйклмнопрстуўфхыэѓќ", "abvggdeeziiiiklmnoprstuufhiegk", strict=True)),
        "ж": "zh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "sh",
        "ю": "iu",
        "я": "ia",
        "ъ": "",
        "ь": "",
        "ђ": "d",
        "ј": "j",
        "љ": "l",
        "њ": "n",
        "ћ": "c",
        "џ": "d",
        "ѕ": "z",
        "ß": "ss",
    }
)
_ENDINGS = tuple(
    "iami iimi ogo omu emu imi ami iah ah iam am iem om em oi ei iov ov ev iv oiu eiu iu ii aia oe ee ie ih".split()
)
_LATIN_ENDINGS = tuple("ami ach ego emu ing ed es en s".split())
_VOWELS = "aeiouy"
_SOUNDS = (
    *(("sch", "s"), ("sh", "s"), ("sz", "s"), ("ch", "h"), ("kh", "h"), ("zh", "z"), ("ts", "s"), ("tz", "s")),
    *(("ph", "f"), ("th", "t"), ("ck", "k"), ("x", "ks"), ("qu", "kv"), ("q", "k"), ("w", "v"), ("j", "i")),
    *(("c", "k"), ("z", "s"), ("y", "i"), ("h", ""), ("g", "k"), ("d", "t")),
)
_FIGURE = pattern(r"\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+(?![\d])|\d+(?:[.,]\d+)?")
_GROUPED = pattern(r"\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+")
_DESIGNATION = pattern(r"\b([^\W\d_]{1,10})[-‑–]?(\d{1,4})\b")


_STOP = frozenset(fold(word) for word in STOP)
_OVERVIEWS = tuple(fold(phrase) for phrase in ROUND_UPS)


class Kind(IntEnum):
    """What a term is; the two lowest bits of its key."""

    WORD = 0
    FIGURE = 1
    PLACE = 2
    NAME = 3


_KINDS = tuple(Kind)


def kind(key: int) -> Kind:
    """What the term of this key is."""
    return _KINDS[key & 3]


def state_of(key: int) -> int:
    """The key of the state for which a city stands in headlines; the key itself where it stands for none."""
    return _states().get(key, key)


def ruled_from(key: int) -> int:
    """The key of the state that is ruled from a city; the key itself of anything else."""
    return _seats().get(key, key)


def sketch(title: str, text: str, moment: datetime | None) -> Sketch:
    """The terms of an article; `moment` is when it was published, None where nobody knows."""
    weights: dict[int, float] = {}
    shown: dict[int, str] = {}
    _collect(title, weights, shown, headline=True)
    headline = frozenset(weights)
    _collect(text, weights, shown, headline=False)
    return Sketch(weights, headline, shown, moment, round_up=is_round_up(title))


def keys_of(word: str) -> tuple[int, ...]:
    """What a word stands for, in whatever language or script: the keys of its terms; none of a stop word."""
    return tuple(key for key in _terms_of(word) if key is not None)


def is_round_up(title: str) -> bool:
    """Whether the headline is that of an overview of many events, which belongs to the story of none."""
    folded = f" {' '.join(fold(title).split())} "
    return any(phrase in folded for phrase in _OVERVIEWS)


def _collect(text: str, weights: dict[int, float], shown: dict[int, str], *, headline: bool) -> None:
    text = text[: 12 * _MOST_WORDS]

    def add(key: int, weight: float, word: str) -> None:
        weights[key] = weights.get(key, 0.0) + weight
        shown.setdefault(key, word)

    for number, raw in enumerate(plain_words(text)[:_MOST_WORDS]):
        word = raw.removesuffix("'s").removesuffix("’s")
        key, name = _terms_of(word)
        if key is None:
            continue
        weight = _weight(number, headline)
        add(key, weight, word)
        if name is not None:
            add(name, _NAME * weight, word)
    designations = list(_DESIGNATION.finditer(text))
    named = {match.start(2) for match in designations}
    for match in _FIGURE.finditer(text):
        figure = value_of(match.group())
        if len(figure) > 1 and match.start() not in named:
            add(_key(figure, Kind.FIGURE), _weight(match.start() // 6, headline), match.group())
    for match in designations:
        letters = fold(match[1]).translate(_TO_LATIN).replace("kh", "h").replace("ch", "h")  # Х-101, Kh-101, Ch-101
        add(_key(f"{letters}-{match[2]}", Kind.NAME), _weight(match.start() // 6, headline), match.group())


@lru_cache(maxsize=65_536)
def _terms_of(word: str) -> tuple[int | None, int | None]:
    """The key of what a word stands for, and that of its consonants where it may be a name; None for no term."""
    if word[0].isdigit():
        return None, None
    folded = fold(word).partition("'")[0] or fold(word)
    if folded in _STOP or len(folded) < 2:
        return None, None
    stem = stem_of(folded)
    if stem in _places():
        return _key(_places()[stem], Kind.PLACE), None
    if stem in _concepts():
        return _key(_concepts()[stem], Kind.WORD), None
    name = consonants(folded) if word[0].isupper() else ""
    stem = _in_english().get(stem, stem)
    return _key(stem, Kind.WORD), _key(name, Kind.NAME) if len(name) >= _FEWEST_CONSONANTS else None


def _weight(number: int, headline: bool) -> float:
    if headline:
        return _TITLE
    return (_LEAD_WEIGHT if number < _LEAD else 1.0) / (1 + number / _HALF)


def value_of(text: str) -> str:
    """A figure as all countries would write it: 1,000 = 1 000 = 1.000, but 1,5 = 1.5."""
    grouped = _GROUPED.fullmatch(text)
    return "".join(each for each in text if each.isdigit()) if grouped else text.replace(",", ".")


@lru_cache(maxsize=65_536)
def stem_of(folded: str) -> str:
    """The beginning of a folded word in Latin letters, without a common ending."""
    word = folded.translate(_TO_LATIN)
    for ending in _LATIN_ENDINGS if folded.isascii() else _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    while len(word) > 4 and word[-1] in _VOWELS:
        word = word[:-1]
    return word[:_STEM]


@lru_cache(maxsize=65_536)
def consonants(folded: str) -> str:
    """What of a name is left in every script: its consonants, those that sound alike as one, the first letter kept."""
    word = folded.translate(_TO_LATIN)
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    kept = [letter for letter in word if letter not in _VOWELS]
    once = [letter for place, letter in enumerate(kept) if place == 0 or kept[place - 1] != letter]
    while len(once) > _FEWEST_CONSONANTS and once[-1] in "mv" and not folded.isascii():
        once.pop()  # a case ending: Рейнметаллом
    return "".join(once) if word[:1] not in _VOWELS else word[:1] + "".join(once)


@lru_cache(maxsize=65_536)
def _key(term: str, sort: Kind) -> int:
    """31 bits, so that every database takes it; the kind in the lowest two."""
    digest = blake2b(term.encode(), digest_size=4, person=str(int(sort)).encode()).digest()
    return (int.from_bytes(digest, "big") & 0x1FFF_FFFF) << 2 | int(sort)


@cache
def background() -> dict[int, float]:
    """The share of all articles that hold a term, where that is known beforehand: of common words and places."""
    shares = {_key(term, Kind.WORD): _share(term) for term in _concepts().values()}
    return shares | {_key(term, Kind.PLACE): _share(term) for term in _places().values()}


def _share(term: str) -> float:
    return _EVERYWHERE if term[1:] in EVERYWHERE else _COMMON


@cache
def weapons() -> frozenset[int]:
    """The keys of weapons by name."""
    return frozenset(_key(name, Kind.WORD) for name in _by_stem(ARMS).values())


@cache
def _states() -> dict[int, int]:
    return _by_city(CAPITALS)


@cache
def _seats() -> dict[int, int]:
    return _by_city(SEATS)


def _by_city(states: Mapping[str, str]) -> dict[int, int]:
    return {_key(f"={city}", Kind.PLACE): _key(f"={state}", Kind.PLACE) for city, state in states.items()}


@cache
def _places() -> dict[str, str]:
    return _by_stem(PLACES)


@cache
def _concepts() -> dict[str, str]:
    return _by_stem(CONCEPTS.strip() + ARMS)


@cache
def _in_english() -> dict[str, str]:
    """The stems of everyday words of other languages, and the English ones that stand for the same."""
    return {stem: stem_of(name[1:]) for stem, name in _by_stem(EVERYDAY.strip() + ELSEWHERE).items()}


def _by_stem(table: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in table.strip().replace("\n ", " ").splitlines():
        name, *forms = line.split()
        for form in (name, *forms):
            found.setdefault(stem_of(fold(form)), f"={name}")
    return found
