"""The months by the names they have in some forty languages, in full, in other cases and abbreviated.

Of `listopad` the Czech and Polish month is meant, not the Croatian one.
"""

import re
import unicodedata
from functools import lru_cache

# The first letters tell the month in every language listed; a longer beginning goes before a shorter one.
_BEGINNINGS = (
    # en de nl fr it es pt pl cs sk ro sv no da fi hu tr lt lv et az ms mt, uk ru be bg sr kk, el
    "jan jän gen ene sty led ian tam oca sau янв яну січ студ јан ιαν jaan yan қаң сту xan",
    "feb fév fev fév lut úno uno hel şub sub vas veeb фев лют лютага φεβ феб shk fra ақп frar",
    "mar mär maa märz mrz mrt bře bre kov kas mär мар бер сак μαρ márc mac науры",
    "apr avr abr kwi dub huh nis bal tra апр кві крас απρ ápr pri сәу кра",
    "mai may mag maj mei květ kvet tou gegu мая май мај трав тра μαι μαϊ kvě μάι mej мамыр",
    (
        "jun juin giu czer cze čer čvn cer iun kes bir haz birž birz jūn juun июн юни чер чэр јун ιουν jún qer"
        " iyun ġun маусым iyn xuñ"
    ),
    (
        "jul juil lug lip čvc cvc červenec cervenec iul hei tem liep jūl juul июл юли лип ліп јул ιουλ júl kor"
        " iyul lul шілд iyl xul"
    ),
    "aug aoû aou ago sie srp elo ağu agu rugp авг сер жні αυγ αύγ avg gush avq ogo aww тамыз",
    "sep set wrz zář zar syy eyl rugs сен сеп вер σεπ szept shta sent қыр sht",
    "oct okt ott out paź paz říj rij lok eki spal окт жов кас οκτ tet қазан",
    "nov lis noi marras kasım kasim lapkr ноя лис ноем νοε нов ное лістапад nën noy қараш",
    "dec déc dez dic gru pro jou ara gruod det дек гру сне дец δεκ des dhj dek dis diċ желт",
)
_PREFIXES = sorted(
    ((prefix, number) for number, names in enumerate(_BEGINNINGS, 1) for prefix in names.split()),
    key=lambda pair: -len(pair[0]),
)
# Names whose beginnings would be taken for another month.
_WHOLE = {
    "marraskuu": 11, "marraskuuta": 11, "kasim": 11, "kasım": 11, "listopad": 11, "listopada": 11, "listopadu": 11,
    "června": 6, "červen": 6, "červenec": 7, "července": 7, "juillet": 7, "juil": 7, "luty": 2, "lutego": 2,
    "листопада": 11, "листопад": 11, "липня": 7, "липень": 7, "лип": 7, "лис": 11, "лист": 11,
    "sierpnia": 8, "sierpień": 8, "srpna": 8, "srpen": 8, "серпня": 8, "серпень": 8,
    "червня": 6, "червень": 6, "лютага": 2, "kovo": 3, "kovas": 3, "vasario": 2, "vasaris": 2,
    "sausio": 1, "birželio": 6, "liepos": 7, "rugpjūčio": 8, "rugsėjo": 9, "spalio": 10, "lapkričio": 11,
    "balandžio": 4, "gegužės": 5, "gruodžio": 12, "kas": 11, "jui": 6, "kastrychnika": 10, "кастрычніка": 10,
    "siječanj": 1, "siječnja": 1, "sij": 1, "veljača": 2, "veljače": 2, "velj": 2, "ožujak": 3, "ožujka": 3, "ožu": 3,
    "travanj": 4, "travnja": 4, "svibanj": 5, "svibnja": 5, "svi": 5, "lipanj": 6, "lipnja": 6, "srpanj": 7,
    "srpnja": 7, "kolovoz": 8, "kolovoza": 8, "kol": 8, "rujan": 9, "rujna": 9, "ruj": 9, "studeni": 11,
    "studenoga": 11, "studenog": 11, "prosinac": 12, "prosinca": 12, "júna": 6, "júl": 7, "júla": 7, "máj": 5,
    "mája": 5, "čvc": 7, "únor": 2, "február": 2, "március": 3, "április": 4, "május": 5, "június": 6, "július": 7,
    "augusztus": 8, "szeptember": 9, "október": 10, "stycznia": 1, "styczeń": 1, "sty": 1, "maja": 5, "травня": 5,
    "травень": 5, "трав": 5, "березня": 3, "березень": 3, "вересня": 9, "вересень": 9, "бер": 3, "вер": 9,
    "tammikuuta": 1, "helmikuuta": 2, "maaliskuuta": 3, "huhtikuuta": 4, "toukokuuta": 5, "kesäkuuta": 6,
    "heinäkuuta": 7, "elokuuta": 8, "syyskuuta": 9, "lokakuuta": 10, "joulukuuta": 12, "sausis": 1, "balandis": 4,
    "gegužė": 5, "birželis": 6, "liepa": 7, "rugpjūtis": 8, "rugsėjis": 9, "spalis": 10, "lapkritis": 11,
    "gruodis": 12, "saus": 1, "vas": 2, "bal": 4, "geg": 5, "lie": 7, "rgp": 8, "rgs": 9, "spa": 10, "lap": 11,
    "grd": 12,
    "красавіка": 4, "сакавіка": 3, "студзеня": 1, "траўня": 5, "снежня": 12, "prosince": 12, "prosinec": 12,
}  # fmt: skip

# Names in scripts whose letters make no words to a regular expression, or that change their beginnings; by month.
_ELSEWHERE = (
    # ar (of Egypt and of the Levant), fa, he, hi, hy, ka, th and its abbreviations
    "يناير|كانون الثاني|جانفي|ژانویه|ינואר|जनवरी|հունվարի|հունվար|იანვარი|იანვარს|มกราคม|ม.ค.",
    "فبراير|شباط|فيفري|فوریه|פברואר|फ़रवरी|फरवरी|փետրվարի|փետրվար|თებერვალი|თებერვალს|กุมภาพันธ์|ก.พ.",
    "مارس|آذار|مارچ|מרץ|मार्च|մարտի|մարտ|მარტი|მარტს|มีนาคม|มี.ค.",
    "أبريل|إبريل|ابريل|نيسان|أفريل|آوریل|אפריל|अप्रैल|ապրիլի|ապրիլ|აპრილი|აპრილს|เมษายน|เม.ย.",
    "مايو|أيار|ايار|ماي|مه|מאי|मई|մայիսի|մայիս|მაისი|მაისს|พฤษภาคม|พ.ค.",
    "يونيو|يونيه|حزيران|جوان|ژوئن|יוני|जून|հունիսի|հունիս|ივნისი|ივნისს|มิถุนายน|มิ.ย.",
    "يوليو|يوليه|تموز|جويلية|يوليوز|ژوئیه|ژوئيه|יולי|जुलाई|հուլիսի|հուլիս|ივლისი|ივლისს|กรกฎาคม|ก.ค.",
    "أغسطس|اغسطس|آب|أوت|اوت|غشت|אוגוסט|अगस्त|օգոստոսի|օգոստոս|აგვისტო|აგვისტოს|สิงหาคม|ส.ค.",
    "سبتمبر|أيلول|ايلول|شتنبر|سپتامبر|ספטמבר|सितंबर|सितम्बर|սեպտեմբերի|սեպտեմբեր|სექტემბერი|სექტემბერს|กันยายน|ก.ย.",
    "أكتوبر|اكتوبر|تشرين الأول|اکتبر|אוקטובר|अक्टूबर|अक्तूबर|հոկտեմբերի|հոկտեմբեր|ოქტომბერი|ოქტომბერს|ตุลาคม|ต.ค.",
    "نوفمبر|تشرين الثاني|نونبر|نوامبر|נובמבר|नवंबर|नवम्बर|նոյեմբերի|նոյեմբեր|ნოემბერი|ნოემბერს|พฤศจิกายน|พ.ย.",
    "ديسمبر|كانون الأول|دجنبر|دسامبر|דצמבר|दिसंबर|दिसम्बर|դեկտեմբերի|դեկտեմբեր|დეკემბერი|დეკემბერს|ธันวาคม|ธ.ค.",
)
ENGLISH = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_FAR = {name: english for names, english in zip(_ELSEWHERE, ENGLISH, strict=True) for name in names.split("|")}
_ANY = "|".join(sorted(map(re.escape, _FAR), key=len, reverse=True))
# With the Hebrew "in" before it, or the name of the other Arab tradition behind it.
_FAR_NAME = re.compile(rf"(?<![^\W\d_])ב?({_ANY})(?:\s*/\s*(?:{_ANY}))?(?![^\W\d_])")
_FAR_LETTER = re.compile("[\u0530-\u0e7f\u10a0-\u10ff]")
_ACCENTS = re.compile("[\u0300-\u0301\u0308\u0342]")  # which capitals go without


def in_latin(text: str) -> str:
    """A date whose month, comma or digits stand in Arabic, Hebrew, Indian and such letters, these made English."""
    if text.isascii() or not _FAR_LETTER.search(text):
        return text
    text = _FAR_NAME.sub(lambda name: f" {_FAR[name[1]]} ", text)
    digits = (str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)
    return " ".join("".join(digits).replace("،", ",").split())


@lru_cache(maxsize=4_096)
def month_of(name: str) -> int:
    """1–12 for a month's name or abbreviation, 0 for another word."""
    folded = name.casefold()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", folded))
    return _number(folded) or _number(unicodedata.normalize("NFC", bare))


def _number(folded: str) -> int:
    if folded in _WHOLE:
        return _WHOLE[folded]
    return next((number for prefix, number in _PREFIXES if folded.startswith(prefix)), 0)
