"""The language of a text, by py3langid among the languages that news is followed in.

Restricted to the script the text is written in, and helped by letters that only few languages have and by a hint (what
the feed states), both of which weigh less the longer the text is. Translates and judges nothing.
"""

import re
from collections import Counter
from functools import lru_cache
from typing import Any

# Languages by script; the first of a script is the answer where nothing else tells.
SCRIPTS: dict[str, tuple[str, ...]] = {
    "latin": tuple("en de fr es it pl ro nl sv no da cs sk lt lv et tr fi hu pt hr".split()),
    "cyrillic": tuple("uk ru bg be sr".split()),
    "greek": ("el",),
    "hebrew": ("he",),
    "arabic": ("ar", "fa"),
    "hangul": ("ko",),
    "kana": ("ja",),
    "han": ("zh",),
    "georgian": ("ka",),
    "armenian": ("hy",),
    "thai": ("th",),
}
LANGUAGES = tuple(language for languages in SCRIPTS.values() for language in languages)

SHORT = 12  # letters; below it only a hint or the script can tell
_READ = 1_200  # characters of a text that are looked at
_SCRIPT = re.compile(
    r"(?P<latin>[A-Za-z\u00c0-\u024f]+)|(?P<cyrillic>[\u0400-\u052f]+)|(?P<greek>[\u0370-\u03ff]+)"
    r"|(?P<hebrew>[\u0590-\u05ff]+)|(?P<arabic>[\u0600-\u06ff]+)|(?P<hangul>[\uac00-\ud7af]+)"
    r"|(?P<kana>[\u3040-\u30ff]+)|(?P<han>[\u4e00-\u9fff]+)|(?P<georgian>[\u10a0-\u10ff]+)"
    r"|(?P<armenian>[\u0530-\u058f]+)|(?P<thai>[\u0e00-\u0e7f]+)"
)
# Letters, and the languages that write them; of the big languages all, of others those that may be mistaken for them.
_LETTERS = {
    "її": "uk", "єґ": "uk", "і": "uk be", "ы": "ru be", "э": "ru be", "ё": "ru be", "ў": "be", "ъ": "bg ru",
    "щ": "uk ru bg", "и": "uk ru bg sr", "јљњћђџ": "sr",
    "łżśźń": "pl", "ą": "pl lt", "ę": "pl lt", "ć": "pl hr", "ěřů": "cs", "ľĺŕ": "sk", "ď": "cs sk", "ť": "cs sk",
    "ň": "cs sk", "ô": "sk fr pt", "čšž": "cs sk lt lv hr et", "đ": "hr", "ý": "cs sk",
    "șță": "ro", "ţ": "ro", "â": "ro fr tr pt", "î": "ro fr", "ğı": "tr", "ş": "tr ro", "ç": "tr fr pt",
    "õ": "et pt", "ėįų": "lt", "ū": "lt lv", "āēīģķļņ": "lv", "ñ¿¡": "es", "ß": "de", "å": "sv no da", "øæ": "no da",
    "ö": "de sv tr et fi hu", "ä": "de sv et fi sk", "ü": "de tr et hu", "őű": "hu", "ã": "pt",
    "ì": "it", "ò": "it", "ù": "it fr", "à": "fr it pt", "è": "fr it", "œ": "fr", "ê": "fr pt",
    "ó": "pl es cs sk hu pt", "í": "es cs sk hu pt", "á": "es cs sk hu pt", "ú": "es cs sk hu pt",
}  # fmt: skip
_OWNERS = {letter: frozenset(owners.split()) for letters, owners in _LETTERS.items() for letter in letters}
_BONUS = 4.0  # for each letter that a language writes, in py3langid's logarithms
_HINT = 6.0  # for the language the feed states
_RARE = dict.fromkeys(("be", "sr", "hr", "pt", "fi", "hu", "sk", "da", "no"), -2.0)


def detect(text: str, hint: str = "") -> str:
    """ISO 639-1 code of the language that `text` is written in; "" when it is too short to tell and `hint` is "".

    `hint` is a code the source states; it decides for texts of a few words and is overruled by longer ones.
    """
    sample = text[:_READ]
    script = _script(sample)
    letters = sum(map(str.isalpha, sample))
    candidates = SCRIPTS.get(script, ())
    if len(candidates) == 1:
        return candidates[0]
    if letters < SHORT and (hint in candidates or not candidates):
        return hint
    if not candidates:
        return hint
    scores: dict[str, float] = {language: score for language, score in _model().rank(sample) if language in candidates}
    for language, weight in _RARE.items():
        if language in scores:
            scores[language] += weight
    for letter in set(sample.casefold()):
        for language in _OWNERS.get(letter, ()):
            if language in scores:
                scores[language] += _BONUS
    if hint in scores:
        scores[hint] += _HINT
    if letters < 4:
        return ""
    return max(scores, key=lambda language: scores[language])


def _script(text: str) -> str:
    """The script that most letters are of; Japanese by its kana even where Chinese characters prevail."""
    counts: Counter[str] = Counter()
    for match in _SCRIPT.finditer(text):
        counts[str(match.lastgroup)] += len(match.group())
    if not counts:
        return ""
    if counts["kana"] * 10 > counts["han"] > 0:
        counts["kana"] += counts["han"]
    return counts.most_common(1)[0][0]


@lru_cache(maxsize=1)
def _model() -> Any:
    """The model of py3langid, loaded once in a process: 0.2 s and some 100 MB."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(LANGUAGES))
    return identifier
