"""Text in any script: folded for comparing, split into words, sentences and shingles, freed from HTML.

Pure and small; knows no language beyond letters. Lemmas and stems belong to `topics/`.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser
from itertools import takewhile

from msgspec import Struct

APOSTROPHES = "'’ʼ`´‘"
_ACCENTS = "\u0300-\u036f"
_WITHIN = f"{_ACCENTS}\u00ad\u2060"  # and where a word may, and may not, be broken: it is one word all the same
_WORD = re.compile(rf"[^\W_]++(?:(?:[{_WITHIN}]++[{APOSTROPHES}]?|[{APOSTROPHES}])[^\W_]++)*[{_ACCENTS}]*+")
_LOOSE = re.compile(f"[{_WITHIN}]")
_DESIGNATION = re.compile(r"(?<![\w*-])([^\W\d_]{1,5})([-‐‑]?)(\d{1,4})(?![\w*-])")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−﹣-", "-") | dict.fromkeys(APOSTROPHES[1:], "'"))
_DASH = re.compile(f"[{''.join(map(chr, _DASHES))}]".replace("-", r"\-"))
_SENTENCE_END = re.compile(  # begins with one set of characters, so that most of a text is skipped at a glance
    r"[.!?…。！？\n](?:(?<=\n)\n*|(?<=[。！？])|(?<=[.!?…])(?<![.!?…]{2})[.!?…]*+[\"'»”’)\]]*+"
    r"(?=\s+[\"'«„“‚(\[]*[^\W\d_a-zа-яёіїєґ]))"
)
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof gen col lt sgt st no vs etc e.g i.e u.s u.k jr sr inc ltd co corp approx p.m a.m jan feb mar apr"
    " jun jul aug sept sep oct nov dec z.b d.h bzw ca nr str mio mrd ul im r ok tys mln mld g ст р рр г гг им т тис млн"
    " млрд руб грн вул напр".split()
)
_BLOCKS = frozenset("p div br li ul ol tr td th h1 h2 h3 h4 h5 h6 blockquote section article figure figcaption".split())
_SILENT = frozenset("script style noscript template svg".split())


class Word(Struct, frozen=True):
    """One word: folded, and where it stands in the text it came from (characters)."""

    folded: str
    start: int
    end: int


_LONGEST_REMEMBERED = 200  # characters: words and headlines come again, whole texts would only fill the memory


class _Letters(dict[int, str]):
    """Each character as `fold` leaves it, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        kept = character
        if _LOOSE.match(character):
            kept = ""
        elif character not in "йїў":
            kept = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
            kept = kept.replace("ł", "l").replace("ø", "o").replace("đ", "d").replace("ё", "е")
        if len(self) < _MOST_LETTERS:
            self[code] = kept
        return kept


_MOST_LETTERS = 20_000
_SETTLED = re.compile(r"[\x00-\x7fа-яіїєґўђјљњћџ«»„“”]*")  # nothing in it that `_Letters` would change
_LETTERS = _Letters()


def fold(text: str) -> str:
    """Case, diacritics, kinds of dashes and of apostrophes removed, so that equal words compare equal.

    й and ї keep their marks: without them they would be other letters. Length may differ from `text`.
    """
    return _remembered_fold(text) if len(text) <= _LONGEST_REMEMBERED else _fold(text)


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower().replace("`", "'")
    composed = unicodedata.normalize("NFC", text)
    composed = (composed.translate(_DASHES) if _DASH.search(composed) else composed).casefold()
    return composed if _SETTLED.fullmatch(composed) else composed.translate(_LETTERS)


_remembered_fold = lru_cache(maxsize=65_536)(_fold)


def whole(word: str) -> str:
    """A word as dictionaries write it: its letters composed, one kind of apostrophe, no marks of stress or of places to
    break it.
    """
    if word.isascii():
        return word.replace("`", "'")
    return (_LOOSE.sub("", unicodedata.normalize("NFC", word)) if _LOOSE.search(word) else word).translate(_DASHES)


def spellings(text: str) -> tuple[str, ...]:
    """The text, and as it is with its designations written the other way: F-16 is F16, С300 is С-300."""
    other = _DESIGNATION.sub(lambda found: f"{found[1]}{'' if found[2] else '-'}{found[3]}", text)
    return (text,) if other == text else (text, other)


def words(text: str) -> list[Word]:
    """The words of a text in order; numbers are words, hyphenated words are several."""
    return [Word(fold(match.group()), match.start(), match.end()) for match in _WORD.finditer(text)]


def word_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of what `words` gives, unfolded, at a sixth of its cost."""
    return [match.span() for match in _WORD.finditer(text)]


def plain_words(text: str) -> list[str]:
    """What `words` gives, unfolded and without the places."""
    return _WORD.findall(text)


def folded_words(text: str) -> list[str]:
    """What `words` gives without the places, at a third of its cost; for indexing."""
    if text.isascii():
        return _WORD.findall(text.lower().replace("`", "'"))
    found = _WORD.findall(text)
    known = _remembered_fold if max(map(len, found), default=0) <= _LONGEST_REMEMBERED else fold
    return [*map(known, found)]


def first_word(text: str) -> str:
    """The first of `folded_words`; "" where there is none."""
    found = _WORD.search(text)
    return fold(found.group()) if found else ""


def sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence, in characters, without the white space around it; a line end ends one."""
    return [*_sentences(text)]


def end_of_lead(text: str, begins: int) -> int:
    """Where the last of the sentences ends that begin before character `begins`; 0 where none does."""
    return max((end for _, end in takewhile(lambda span: span[0] < begins, _sentences(text))), default=0)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if match.group()[0] == "." and _is_abbreviation(text, match.start()):
            continue
        yield from _trimmed(text, start, match.end())
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _is_abbreviation(text: str, dot: int) -> bool:
    before = text[max(0, dot - 12) : dot].split()
    if not before:
        return False
    last = before[-1].lstrip("(«„“\"'").casefold()
    return last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha())


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        yield start, end


def shingles(folded: Iterable[str], size: int) -> Iterator[str]:
    """Every run of `size` words joined by spaces; the whole text when it is shorter than that."""
    run = list(folded)
    if len(run) < size:
        if run:
            yield " ".join(run)
        return
    for start in range(len(run) - size + 1):
        yield " ".join(run[start : start + size])


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """A section of a name that SGML does not know is no bug of ours, which the parser makes of it."""
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            return self.parse_bogus_comment(i)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


# Tags that a pattern can take away: whole, attributes in quotes, and none of an element whose inside is no text.
_TAG = re.compile(
    r"</?(?!(?:script|style|noscript|template|svg|textarea|title|xmp|iframe|noembed|noframes|plaintext)\b)"
    r"([a-z][a-z0-9]*)(?:\s+[a-z][a-z0-9-]*=(?:\"[^\"<>]*\"|'[^'<>]*'))*\s*/?>",
    re.IGNORECASE | re.ASCII,
)


def in_a_line(text: str) -> str:
    """`text` in one line, without control characters and marks that turn the direction of writing."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def plain(html: str) -> str:
    """HTML as plain text: one line a paragraph, entities decoded, scripts dropped, white space squeezed."""
    if "<" not in html:
        return _squeeze(unescape(html) if "&" in html else html)
    parts = _TAG.split(html)  # text, name, text, name, …
    for at, part in enumerate(parts):
        if at % 2:
            parts[at] = "\n" if part.lower() in _BLOCKS else ""
        elif "<" in part:
            return _plain_by_parser(html)
        elif "&" in part:
            parts[at] = unescape(part)
    return _squeeze("".join(parts))


_MOST_OPEN = 1_000  # tags, comments and sections without an end; the parser takes the square of their number
_MARK = re.compile(r"<!--.*?(?:-->|\Z)|</?([a-z][a-z0-9]*+)?[^<>]*+>", re.IGNORECASE | re.ASCII | re.DOTALL)


def _plain_by_parser(html: str) -> str:
    if _is_endless(html):
        return _squeeze(unescape(_MARK.sub(lambda tag: "\n" if (tag[1] or "").lower() in _BLOCKS else "", html)))
    parser = _Text()
    parser.feed(html)
    parser.close()
    return _squeeze("".join(parser.parts))


def _is_endless(html: str) -> bool:
    open_ends = ((">", "<"), ("-->", "<!--"))
    return html.count("<![") > _MOST_OPEN or any(
        html.count(begins, html.rfind(ends) + 1) > _MOST_OPEN for ends, begins in open_ends
    )


def _squeeze(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)
