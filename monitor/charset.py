"""Bytes to text: which of the charsets that a server, a document and the bytes themselves suggest is the right one.

Knows neither XML nor HTML: the reader of a document finds what the document declares (`<?xml encoding`, `<meta
charset`) and hands it in. Order of trust: byte order mark, what UTF-16 looks like, valid UTF-8, the HTTP header (RFC
7303 section 3), the document; a server's blanket iso-8859-1 yields to any other word of the document.
"""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Names as the WHATWG Encoding Standard reads them: what is called iso-8859-1 or gb2312 is in truth its superset.
_ALIASES = {
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "x-mac-cyrillic": "mac-cyrillic",
    "mac": "mac-roman",
    "csmacintosh": "mac-roman",
    "ms-cyrl": "cp1251",
    "win-1251": "cp1251",
    "windows1251": "cp1251",
    "koi8": "koi8-u",
    "koi8-r": "koi8-u",  # the Ukrainian letters stand where KOI8-R has frames that no text uses
}
# Python's codecs that are no charset of a document, and those that only a mark or the look of the bytes can tell.
_NO_CHARSET = frozenset(
    "idna punycode unicode-escape raw-unicode-escape undefined mbcs oem charmap utf-7 utf-16 utf-32 utf-16-le utf-16-be"
    " utf-32-le utf-32-be rot-13 base64 bz2 hex quopri uu zlib".split()
)
EBCDIC = b"\x4c\x6f\xa7\x94\x93"  # `<?xml` as IBM's large machines write it
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_CENTRAL = re.compile("[A-Za-z][³¹¿¶]|[A-Za-z]œ[a-z]|\u0153æ|ê[a-z]*[³¹¿]")  # Polish read as windows-1252


def from_content_type(content_type: str) -> str:
    """The charset parameter of a Content-Type header or of a `<meta http-equiv>`; "" when there is none."""
    match = _CHARSET.search(content_type)
    return match.group(1) if match else ""


def decode(body: bytes, *, header: str = "", declared: str = "") -> tuple[str, str]:
    """(text without byte order mark, remark); never raises.

    `header` is the charset of the HTTP header, `declared` that of the document, either may be "" or nonsense. The
    remark is "" when all agreed, else it says in words what was wrong.
    """
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace"), ""
    wide = _wide(body)
    if wide:
        return body.decode(wide, "replace"), f"{wide} without a byte order mark"
    named = [codec for codec in map(_codec, _in_order(header, declared)) if codec]
    remark = f"unknown charset {declared or header!r}"[:60] if (header or declared) and not named else ""
    if not body.isascii() or b"\x1b" not in body or not named:
        try:
            return body.decode("utf-8"), remark
        except UnicodeDecodeError:
            pass
    for codec in named:
        try:
            return body.decode(codec), remark
        except UnicodeDecodeError:
            remark = f"is not the {codec} it claims to be"
    return _guessed(body, named, remark)


def _in_order(header: str, declared: str) -> tuple[str, str]:
    header, declared = header.strip().lower(), declared.strip().lower()
    return (declared, header) if _ALIASES.get(header, header) == "cp1252" else (header, declared)


def _codec(label: str) -> str:
    """Python's codec for a charset label; "" for what is no charset (Python's own codecs such as `idna` included)."""
    name = _ALIASES.get(label, label)
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):  # ValueError: a zero character
        return ""
    return "" if found in _NO_CHARSET else found


def _wide(body: bytes) -> str:
    """UTF-16 or UTF-32 without a mark, by where the zero bytes of the first markup are; "" when it is neither."""
    head = body[:64]
    if len(head) < 8 or b"\x00" not in head:
        return ""
    if head[0] and head[1:4] == b"\x00\x00\x00" and head[5:8] == b"\x00\x00\x00":
        return "utf-32-le"
    if head[:3] == b"\x00\x00\x00" and head[4:7] == b"\x00\x00\x00":
        return "utf-32-be"
    even, odd = head[0::2], head[1::2]
    if even.count(0) == 0 and odd.count(0) * 4 >= len(odd) * 3:
        return "utf-16-le"
    if odd.count(0) == 0 and even.count(0) * 4 >= len(even) * 3:
        return "utf-16-be"
    return ""


def _guessed(body: bytes, named: list[str], remark: str) -> tuple[str, str]:
    """No charset fits without a rest: a mostly right UTF-8 with a few broken bytes, or another charset altogether."""
    text = body.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    good = sum(1 for character in text if character > "\x7f") - lost
    if good > 4 * lost or (named[:1] == ["utf-8"] and good > lost):
        return text, "some bytes are broken"
    if named and named[0] != "utf-8":
        text = body.decode(named[0], "replace")
        if text.count("\ufffd") * 50 < len(text):
            return text, "some bytes are broken"
    codec = _likely(body)
    return body.decode(codec, "replace"), remark or f"no charset stated, read as {codec}"


def _likely(body: bytes) -> str:
    """The eight-bit charset that the bytes look like: Cyrillic ones come in runs, Latin accents stand alone."""
    runs = _HIGH_RUN.findall(body[:200_000])
    if sum(map(len, runs)) >= 2.5 * len(runs):
        # The halves for small and capital letters are swapped between the two, and text is mostly small letters.
        cyrillic = body[:200_000].decode("cp1251", "replace")
        small = sum(1 for letter in cyrillic if "а" <= letter <= "я")
        capital = sum(1 for letter in cyrillic if "А" <= letter <= "Я")
        return "cp1251" if small >= capital else "koi8-u"
    return "cp1250" if len(_CENTRAL.findall(body[:200_000].decode("cp1252", "replace"))) >= 3 else "cp1252"
