"""The language of a text, by its function words or by py3langid among the languages that news is followed in.

A text that speaks clearly (several function words of one language, few of any other) is told at a fiftieth of the
cost, with the model's own answer but for one in ten thousand. All others are left to the model, restricted to the
script the text is written in, and helped by letters that only few languages have and by a hint (what the feed states),
both of which weigh less the longer the text is. Translates and judges nothing.
"""

import json
import re
from collections import Counter, defaultdict
from functools import lru_cache
from typing import Any

from monitor.model import Cache

# Languages by script; the first of a script is the answer where nothing else tells.
SCRIPTS: dict[str, tuple[str, ...]] = {
    "latin": tuple("en de fr es it pl ro nl sv no da cs sk lt lv et tr fi hu pt hr vi".split()),
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
_SENTENCE = 40  # characters; letters alone tell nothing of less
_HEARD = 400  # of these, in which function words are looked for
_SCRIPT = re.compile(
    r"(?P<latin>[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+)|(?P<cyrillic>[\u0400-\u052f]+)|(?P<greek>[\u0370-\u03ff]+)"
    r"|(?P<hebrew>[\u0590-\u05ff]+)|(?P<arabic>[\u0600-\u06ff]+)|(?P<hangul>[\uac00-\ud7af]+)"
    r"|(?P<kana>[\u3040-\u30ff]+)|(?P<han>[\u4e00-\u9fff]+)|(?P<georgian>[\u10a0-\u10ff]+)"
    r"|(?P<armenian>[\u0530-\u058f]+)|(?P<thai>[\u0e00-\u0e7f]+)"
)
# Letters, and the languages that write them; of the big languages all, of others those that may be mistaken for them.
_LETTERS = {
    "її": "uk", "єґ": "uk", "і": "uk be", "ы": "ru be", "э": "ru be", "ё": "ru be", "ў": "be", "ъ": "bg ru",
    "щ": "uk ru bg", "и": "uk ru bg sr", "јљњћђџ": "sr",
    "łżśźń": "pl", "ą": "pl lt", "ę": "pl lt", "ć": "pl hr", "ěřů": "cs", "ľĺŕ": "sk", "ď": "cs sk", "ť": "cs sk",
    "ň": "cs sk", "ô": "sk fr pt vi", "čšž": "cs sk lt lv hr et", "đ": "hr vi", "ý": "cs sk vi",
    "șță": "ro", "ţ": "ro", "â": "ro fr tr pt vi", "î": "ro fr", "ğı": "tr", "ş": "tr ro", "ç": "tr fr pt",
    "õ": "et pt vi", "ėįų": "lt", "ū": "lt lv", "āēīģķļņ": "lv", "ñ¿¡": "es", "ß": "de", "å": "sv no da", "øæ": "no da",
    "ö": "de sv tr et fi hu", "ä": "de sv et fi sk", "ü": "de tr et hu", "őű": "hu", "ã": "pt vi",
    "ì": "it vi", "ò": "it vi", "ù": "it fr vi", "à": "fr it pt vi", "è": "fr it vi", "œ": "fr", "ê": "fr pt vi",
    "ó": "pl es cs sk hu pt vi", "í": "es cs sk hu pt vi", "á": "es cs sk hu pt vi", "ú": "es cs sk hu pt vi",
    "ơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ": "vi",
}  # fmt: skip
# How many different letters of the first kind, and none of the second, tell a language in a sentence.
_OWN_LETTERS = {
    "uk": (1, frozenset("їєґ"), frozenset("ыэёъўјљњћђџ")),
    "ru": (1, frozenset("ыэ"), frozenset("іїєґўјљњћђџ")),
    "pl": (3, frozenset("łżśźęąń"), frozenset("öüäßèàřěůčšîâțșåøæñõőűабвгдежикло")),
}

_OFTEN = 2  # times that і stands in nearly any Ukrainian sentence

# The words that hold a language's sentences together; any text of some length has many of them.
_FUNCTION_WORDS = {
    "en": "the and of to in is was that for with on are has have said will from it be by at this but not were after who"
    " been which their an as or its would",
    "de": "der die das und ist nicht ein eine mit von zu den dem des auf für im sich auch wird werden nach sie bei aus"
    " wurde haben sind einen als über hat um dass wie noch einer einem am zum zur",
    "fr": "le la les des et est une dans pour qui que du sur pas au avec sont par plus ce il aux ont été cette mais un"
    " en ne se sa ses leur elle où comme",
    "es": "el la los las de y en que es una un por con para del se no al más su lo como ha sus está este esta fue pero"
    " sobre entre según han",
    "it": "il di che è la un per una del con non sono della nel i gli alla dei si da le al delle ha anche più lo dal"
    " alle nella ma come stato questo dopo",
    "pl": "i w na z się nie że do to jest o od za jak po przez oraz dla są być który także został ma ze jego która"
    " tym tylko już ale czy jej pod",
    "ro": "și în de la cu pe o un este pentru că au din nu mai ce a fost sunt care după prin să al ale lui sau dar"
    " către va fi",
    "nl": "de het een en van is niet dat in te op voor met zijn er aan door ook naar wordt bij worden heeft werd als om"
    " maar dan nog uit over hun deze",
    "sv": "och att det som en på är av för med till den har inte ett om de var från kan efter vid sig men under också"
    " ska nu mot när han",
    "no": "og det er som på en av for med til å den ikke har at et fra om ble blir etter skal mot hvor jeg han også seg"
    " være når men ved",
    "da": "og det er som på en af for med til at den ikke har et fra om blev bliver efter skal mod hvor jeg han også"
    " være når men ved",
    "cs": "a v na se je že s z do to ve pro které byl jsou ale by podle také jako nebo ze si který při bude už jeho jen"
    " po od která byla o",
    "sk": "a v na sa je že s z do to vo pre ktoré bol sú ale by podľa aj ako alebo zo si ktorý pri bude už jeho len po"
    " od ktorá bola o",
    "lt": "ir kad yra į su iš bei tai bus buvo kaip už apie nuo pat ne taip ar dėl po jo jų kurie metu tik",
    "lv": "un ir ka par no uz ar tas kas nav bija arī pēc tika lai ko bet vai šo to tā kā gan pie",
    "et": "ja on ei et see kui oli ka mis aga või seda kes selle ning oma kus pärast veel välja pole",
    "tr": "ve bir bu için ile da de olarak çok daha gibi olan ne kadar sonra ise en o olduğu göre her",
    "fi": "ja on ei että se oli joka myös hän ovat kun mutta sen ole tai kuin jo mukaan sekä ollut jotka",
    "hu": "a az és hogy nem is egy van meg volt ez de ezt már csak ki el még lesz szerint mint vagy",
    "pt": "o a os as de e que em um uma não do da para com por se na no mais foi são ao dos das pelo pela está como",
    "hr": "i u je na se da za su od ne koji o s će bi kao ili iz što nije koja bio sve ali te",
    "vi": "và của là có không được trong cho với các những một đã người này khi từ đến về tại cũng như sẽ ở theo ra",
    "uk": "і в у на що не з до та за це як від про для але його було є також під після й який яка які цього вже буде"
    " зі її їх або через",
    "ru": "и в на не что с по как это из за от для но его было к также при после она который которые уже будет чтобы со"
    " их или о у до",
    "bg": "и на да в се за от че не с по са това като ще има към след е или при до който които беше още след",
    "be": "і ў на не што з да як гэта ад для але па яго быў таксама каб у за ці пра які якія была",
    "sr": "и у је на да се за су од не који о са ће би као или из што није која био све али те",
}
_SPEAKERS: dict[str, list[str]] = defaultdict(list)
for _language, _spoken in _FUNCTION_WORDS.items():
    for _word in dict.fromkeys(_spoken.split()):
        _SPEAKERS[_word].append(_language)
_LEAST_SPOKEN = 3  # different function words of one language
_CLEARLY = 3  # so many more than of any other
_LEAST_EXPECTED = 1  # likewise, of the language that the source states
_CLEARLY_EXPECTED = 1
_WIDE = 1.35  # bytes a character in UTF-8: more is no Latin script
_AMONG = 8  # one at least in so many words, or the text is mostly in something else
_OWNERS = {letter: frozenset(owners.split()) for letters, owners in _LETTERS.items() for letter in letters}
_BONUS = 4.0  # for each letter that a language writes, in py3langid's logarithms
_HINT = 6.0  # for the language the feed states
_RARE = dict.fromkeys(("be", "sr", "hr", "pt", "fi", "hu", "sk", "da", "no"), -2.0)


def detect(text: str, hint: str = "") -> str:
    """ISO 639-1 code of the language that `text` is written in; "" when it is too short to tell and `hint` is "".

    `hint` is a code the source states; it decides for texts of a few words and is overruled by longer ones.
    """
    clear = _spoken_clearly(text[:_HEARD], hint)
    if clear:
        return clear
    sample = text[:_READ]
    clear = "" if sample.isascii() else _written_clearly(sample)
    if clear and len(sample) >= _SENTENCE:
        return clear
    script = _script(sample)
    letters = sum(map(str.isalpha, sample))
    candidates = SCRIPTS.get(script, ())
    if len(candidates) == 1:
        return candidates[0]
    if not candidates or (letters < SHORT and hint in candidates):
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


def _written_clearly(sample: str) -> str:
    """The language that alone writes these letters; "" when none does, or letters of another stand among them."""
    letters = set(sample.casefold())
    for language, (least, own, foreign) in _OWN_LETTERS.items():
        if len(letters & own) >= least and not letters & foreign:
            return language
    # Of those that have an і, Belarusian has no и; a single і in a Russian text may be a slip, or a numeral.
    together = "і" in letters and "и" in letters and not letters & _OWN_LETTERS["uk"][2]
    return "uk" if together and sample.count("і") >= _OFTEN else ""


def _spoken_clearly(sample: str, hint: str) -> str:
    """The language whose function words the sample is full of; "" when that is not clear.

    Fewer do where it is the one that the source states.
    """
    found = set(sample.casefold().split())
    counts: dict[str, int] = {}
    for word in found & _SPEAKERS.keys():
        for language in _SPEAKERS[word]:
            counts[language] = counts.get(language, 0) + 1
    if not counts:
        return ""
    best = max(counts, key=lambda language: counts[language])
    most = counts.pop(best)
    least, clearly = (_LEAST_EXPECTED, _CLEARLY_EXPECTED) if best == hint else (_LEAST_SPOKEN, _CLEARLY)
    if most < least or most - max(counts.values(), default=0) < clearly or most * _AMONG < len(found):
        return ""
    if not sample.isascii() and any(best not in _OWNERS[letter] for letter in _OWNERS.keys() & set(sample.casefold())):
        return ""
    wide = not sample.isascii() and len(sample.encode("utf-8", "replace")) > _WIDE * len(sample)
    return best if wide == (best in SCRIPTS["cyrillic"]) else ""


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


_cache: Cache | None = None


def keep_model(cache: Cache | None) -> None:
    """From now on, keep the model there in the form in which it is used; None: nowhere. For this process."""
    global _cache
    _cache = cache


@lru_cache(maxsize=1)
def _model() -> Any:
    """The model of py3langid for these languages alone, loaded once in a process: 0.4 s, a fifth of that where it was
    kept, for most of it is unpacking; and some 60 MB.
    """
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    about = json.dumps(LANGUAGES).encode()
    if _cache and (stored := _cache.recall("languages", about)):
        return _unpacked(stored)
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(LANGUAGES))
    if _cache:
        _cache.keep("languages", about, _packed(identifier))
    return identifier


def _packed(identifier: Any) -> bytes:
    """The tables one behind the other, each beginning at a whole word, and before them what they are."""
    tables = [identifier.nb_ptc, identifier.nb_pc, identifier.tk_nextmove, identifier.tk_row]
    parts = [memoryview(table).tobytes(order="A") for table in tables]
    head = [identifier.nb_ptc.flags.f_contiguous, *map(len, parts), identifier.nb_classes]
    about = json.dumps([*head, identifier.tk_output]).encode()
    parts = [len(about).to_bytes(8, "little"), about, *parts]
    return b"".join(part + bytes(-len(part) % 8) for part in parts)


def _unpacked(stored: bytes) -> Any:
    from py3langid.langid import LanguageIdentifier, np  # the model's tables are numpy's

    rest = memoryview(stored)

    def taken(size: int) -> memoryview:
        nonlocal rest
        part, rest = rest[:size], rest[size + -size % 8 :]
        return part

    columns_first, *sizes, classes, output = json.loads(bytes(taken(int.from_bytes(taken(8), "little"))))
    shares, prior, steps, rows = map(taken, sizes)
    return LanguageIdentifier(
        np.frombuffer(shares, np.float16).reshape((-1, len(classes)), order="F" if columns_first else "C"),
        np.frombuffer(prior, np.float32),
        classes,
        steps.cast("I"),
        output,
        tk_row=rows.cast("H"),
    )
