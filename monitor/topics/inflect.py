"""The forms under which an inflected word is compared: as written, its stem, its lemma.

Snowball gives stems (snowballstemmer, in C where PyStemmer is installed); for languages without a Snowball algorithm
simplemma's dictionaries give lemmas. A language that neither knows is compared as written. Dictionaries are loaded on
first use and kept small.
"""

import re
from collections import defaultdict
from functools import cache
from itertools import islice, product
from typing import Any

from monitor import words

_ALGORITHMS = {
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "lt": "lithuanian",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "tr": "turkish",
}
DICTIONARIES = frozenset({"bg", "lv", "sk", "sl", "hr", "mk", "uk"})
"""Languages without a Snowball algorithm; see `forms` for how an article's words are looked up in these."""

LANGUAGES = frozenset(_ALGORITHMS) | DICTIONARIES
"""The languages (ISO 639-1) whose words match in every inflected form."""

_SIMPLEMMA_NAMES = {"hr": "hbs"}

_KIN = (
    frozenset({"uk", "ru", "bg"}),
    frozenset({"sv", "no", "da"}),
    frozenset({"cs", "sk"}),
)

KEEPS_BEGINNING = frozenset("cs da en es fr it lt no pl ro ru sv".split())
"""Languages whose stems begin with the first two letters of the word, folded: others have prefixes and odd forms."""
CYRILLIC = frozenset({"bg", "mk", "ru", "uk"})

_ACCENTED = {
    "cs": "áčďéěíňóřšťúůýž",
    "de": "äöü",
    "es": "áéíñóúü",
    "et": "äõöüšž",
    "fi": "äö",
    "fr": "àâçéèêëîïôùûü",
    "hr": "čćđšž",
    "hu": "áéíóöőúüű",
    "it": "àèéìòù",
    "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž",
    "nl": "éëï",
    "pl": "ąćęłńóśźż",
    "pt": "áâãàçéêíóôõú",
    "ro": "ăâîșțşţ",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "sl": "čšž",
    "sv": "åäö",
    "tr": "çğıöşü",
}
"""The letters that folding takes for others, of languages whose endings have some."""
_IRREGULAR = {
    "en": """be was were been|become became|begin began begun|bid bade bidden|break broke broken|bring brought
        build built|buy bought|catch caught|choose chose chosen|deal dealt|do did done|draw drew drawn
        drive drove driven|fall fell fallen|fight fought|fly flew flown|forbid forbade forbidden
        forgo forwent forgone|freeze froze frozen|get got gotten|give gave given|go went gone|grow grew grown
        hold held|keep kept|know knew known|lead led|lend lent|lose lost|make made|mean meant|meet met
        overcome overcame|oversee oversaw overseen|overtake overtook overtaken|pay paid|rise rose risen|say said
        seek sought|sell sold|send sent|shake shook shaken|shoot shot|show shown|sink sank sunk
        speak spoke spoken|spend spent|stand stood|steal stole stolen|strike struck stricken|swear swore sworn
        take took taken|teach taught|tell told|think thought|undergo underwent undergone
        undertake undertook undertaken|win won|withdraw withdrew withdrawn|withhold withheld|withstand withstood
        write wrote written|analysis analyses|child children|crisis crises|man men|wife wives|woman women"""
}
"""A word and its forms that no rule of endings tells; left out are forms that mostly are other words (left)."""
_PLURALS = {"es": (("res", "r"), ("ces", "z")), "fr": (("ers", "er"),)}
"""Endings of plurals and singulars: Snowball takes that of the singular for a verb's (hogar, juez, foyer)."""
_ABBREVIATION = re.compile("[A-Z]{2,4}")
_POINTED = re.compile(r"(?:[A-Z]\.){2,4}|(?:[A-Z]\.){1,3}[A-Z]")
_TURKISH_SMALL = str.maketrans("Iİ", "ıi")
_VERB_PREFIXES = "ab an auf aus bei bereit ein fest nach um vor weiter zuruck zusammen zu".split()
_SMALL_WORDS = frozenset(
    "aid aids all am an and any are arm arms art as at be but by can do for get go had has he her him his how if in is"
    " it its let low map may me my new no nor not now of off old on one or our out own pay per say see she so the them"
    " they to too two up us was way we who why yes you".split()
)
_SHORTEST_VERB = 3  # letters without its ending
_ENDING = 3  # letters in which an ending is told
_MOST_ACCENTED = 48
_ENDINGS_APART = frozenset({"pl", "tr"})  # an apostrophe parts the endings of names: Ukrayna'ya, Trump'em
_SHORTEST_NAME = 2  # letters before it: O'Brien is one name
_ELIDED = frozenset(
    "l d s n m t c j qu un jusqu lorsqu puisqu quelqu dell all nell sull dall coll quell quest sant bell".split()
)


def bare_spans(text: str, language: str = "") -> list[tuple[int, int]]:
    """(start, end) of the words of a text without what an apostrophe ties to them.

    `l'Ukraine` → Ukraine, `Ukraine's` → Ukraine; in Turkish and Polish `Ukrayna'ya` → Ukrayna.
    """
    spans = words.word_spans(text)
    if not any(apostrophe in text for apostrophe in words.APOSTROPHES):
        return spans
    return [_bare(text[start:end], start, end, language) for start, end in spans]


def bare_words(text: str, language: str = "") -> list[str]:
    """What stands at the `bare_spans` of a text, at a third of their cost."""
    found = words.plain_words(text)
    if not any(apostrophe in text for apostrophe in words.APOSTROPHES):
        return found
    bare = []
    for word in found:
        if not word.isalnum() or "ʼ" in word:  # that one counts as a letter
            start, end = _bare(word, 0, len(word), language)
            word = word[start:end]
        bare.append(word)
    return bare


def _bare(word: str, start: int, end: int, language: str) -> tuple[int, int]:
    before, apostrophe, rest = words.fold(word).partition("'")
    if not apostrophe:
        return start, end
    if rest == "s" and word[-2] in words.APOSTROPHES:
        return start, end - 2
    if before in _ELIDED and rest:
        return start + len(before) + 1, end
    if language in _ENDINGS_APART and len(before) >= _SHORTEST_NAME:
        return start, start + min(at for sign in words.APOSTROPHES if (at := word.find(sign)) >= 0)
    return start, end


@cache
def kin(language: str) -> frozenset[str]:
    """The languages whose words count in a text of `language`: itself and those it is mistaken for; all for ""."""
    if not language:
        return LANGUAGES
    return frozenset({language}).union(*(group for group in _KIN if language in group))


def dictionary_of(language: str) -> str:
    """What simplemma calls the dictionary of a language."""
    return _SIMPLEMMA_NAMES.get(language, language)


@cache
def _stemmer(language: str) -> Any:
    import snowballstemmer

    stemmer = snowballstemmer.stemmer(_ALGORITHMS[language])
    if hasattr(stemmer, "maxCacheSize"):
        stemmer.maxCacheSize = 0  # PyStemmer's own memory costs more than the stem; words are remembered by the lexicon
    return stemmer


@cache
def _lemmatizer() -> Any:
    from simplemma import Lemmatizer
    from simplemma.strategies import DefaultStrategy

    return Lemmatizer(lemmatization_strategy=DefaultStrategy(low_memory=True))


def has_forms(folded: str) -> bool:
    """Whether a word is of letters alone, but for apostrophes within: прем'єр has forms, "f16" has none."""
    return folded.isalpha() or ("'" in folded and folded.replace("'", "").isalpha())


def is_in_capitals(word: str) -> bool:
    """Whether a word of a term is an abbreviation that is another word in small letters: US, WHO, IT."""
    return word.isupper() and word.lower() in _SMALL_WORDS


def is_pointed(text: str) -> bool:
    """Whether a term is an abbreviation with points: its letters are words in small, so capitals alone count."""
    return bool(_POINTED.fullmatch(text))


def spellings(text: str) -> tuple[str, ...]:
    """The ways in which a term is written: designations joined and apart, an abbreviation with and without points."""
    ways = words.spellings(text)
    if _ABBREVIATION.fullmatch(text):
        return (*ways, ".".join(text))
    return (*ways, text.replace(".", "")) if is_pointed(text) else ways


def root(word: str, language: str) -> str:
    """The folded stem or lemma of one word (any case, diacritics kept) in a language; the folded word if unknown."""
    lower = words.whole(word.translate(_TURKISH_SMALL) if language == "tr" else word).lower()
    if language in _ALGORITHMS:
        stem = str(_stemmer(language).stemWord(lower))
        return stem if stem.isascii() else words.fold(stem)
    if language in DICTIONARIES:
        return words.fold(str(_lemmatizer().lemmatize(lower, lang=dictionary_of(language))))
    return words.fold(lower)


@cache
def _odd_forms(language: str) -> dict[str, tuple[str, ...]]:
    rows = (row.split() for row in re.split(r"[|\n]", _IRREGULAR.get(language, "")))
    return {row[0]: tuple(row[1:]) for row in rows if row}


def odd_forms(folded: str, language: str) -> tuple[str, ...]:
    """The forms of a word that do not have its root: gave and given of give, „senkt“ and „gesenkt“ of „senken“."""
    if language == "de" and folded.endswith(("en", "ern", "eln")):
        return _of_german_verb(folded.removesuffix("en") if folded.endswith("en") else folded[:-1])
    for many, one in _PLURALS.get(language, ()):
        if folded.endswith(many):
            return (folded.removesuffix(many) + one,)
        if folded.endswith(one):
            return (folded.removesuffix(one) + many,)
    return _odd_forms(language).get(folded, ())


def _of_german_verb(stem: str) -> tuple[str, ...]:
    """Its stem leaves the t of a weak verb; what this gives of a noun („Waffen“) is mostly no word at all."""
    if len(stem) < _SHORTEST_VERB:
        return ()
    stem += "e" if stem[-1] in "dt" else ""
    prefix = next(
        (one for one in _VERB_PREFIXES if stem.startswith(one) and len(stem) >= len(one) + _SHORTEST_VERB), ""
    )
    return f"{stem}t", f"{stem}te", f"{stem}ten", f"{prefix}ge{stem.removeprefix(prefix)}t"


def accented(word: str, language: str) -> list[str]:
    """What a folded word may have been before its accents were taken, as far as its ending tells; itself first.

    The stem of dronów is dron, that of dronow is dronow.
    """
    other = _letters(language)
    tail = [(letter, *other[letter]) if letter in other else (letter,) for letter in word[-_ENDING:]]
    return [word[:-_ENDING] + "".join(letters) for letters in islice(product(*tail), _MOST_ACCENTED)]


@cache
def _letters(language: str) -> dict[str, str]:
    """By each letter those that are folded to it."""
    found: dict[str, str] = defaultdict(str)
    for letter in _ACCENTED.get(language, ""):
        found[words.fold(letter)] += letter
    return dict(found)
