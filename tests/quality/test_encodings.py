"""One feed in every charset that publishers use, its header, prolog and marks agreeing or not: the title is one."""

from collections.abc import Iterator

import pytest

from monitor.model import FeedPage
from monitor.sources.syndication import Syndication
from tests.builders import a_feed, a_fresh

UK = "Їжак і ґава: новини з усієї країни, ціни на хліб зросли"
PL = "Żółw i jaźń: ceny chleba znów rosną, mówią piekarze z Łodzi"
DE = "Größere Bäckereien klagen über höhere Preise"
EL = "Η τιμή του ψωμιού αυξάνεται ξανά"
TR = "Ekmeğin fiyatı yine arttı, fırıncılar üzgün"
HE = "מחיר הלחם עלה שוב"
AR = "ارتفع سعر الخبز مرة أخرى"
LT = "Duonos kaina vėl išaugo, sako kepėjai iš Šiaulių"
JA = "パンの値段がまた上がった"
ZH = "面包的价格再次上涨"
KO = "빵값이 다시 올랐다"
TH = "ราคาขนมปังสูงขึ้นอีกครั้ง"
WORDS = {
    "uk": UK, "pl": PL, "de": DE, "el": EL, "tr": TR, "he": HE, "ar": AR, "lt": LT, "ja": JA,
    "zh": ZH, "ko": KO, "th": TH,
}  # fmt: skip
RSS = "application/rss+xml"
Case = tuple[str, str, bytes, str]  # name, title, body, content type


def feed(title: str, declared: str = "") -> str:
    prolog = f'<?xml version="1.0" encoding="{declared}"?>\n' if declared else ""
    return (
        f"{prolog}<rss version='2.0'><channel><title>{title}</title><item><title>{title}</title></item></channel></rss>"
    )


def case(
    name: str, title: str, codec: str, declared: str = "", *, said: str = "", header: str = RSS, mark: bytes = b""
) -> Case:
    """`said` is the charset of the header."""
    header = f"{header}; Charset={said}" if said else header
    return name, title, mark + feed(title, declared).encode(codec), header


def plainly_declared() -> Iterator[Case]:
    """The prolog says what it is, the header nothing; and the header says it, the prolog nothing."""
    for codec, language in {
        "windows-1251": "uk", "koi8-u": "uk", "mac-cyrillic": "uk", "windows-1250": "pl", "iso-8859-2": "pl",
        "iso-8859-16": "pl", "windows-1252": "de", "iso-8859-1": "de", "iso-8859-15": "de", "macintosh": "de",
        "iso-8859-7": "el",
        "windows-1253": "el", "windows-1254": "tr", "iso-8859-9": "tr", "windows-1255": "he", "iso-8859-8": "he",
        "windows-1256": "ar", "iso-8859-6": "ar", "windows-1257": "lt", "iso-8859-13": "lt", "iso-8859-4": "lt",
        "shift_jis": "ja", "euc-jp": "ja", "iso-2022-jp": "ja", "gb2312": "zh", "gbk": "zh", "gb18030": "zh",
        "big5": "zh",
        "euc-kr": "ko", "tis-620": "th", "utf-8": "uk", "cp866": "uk-ru",
    }.items():  # fmt: skip
        title = {"uk-ru": "Цены на хлеб снова растут"}.get(language) or WORDS[language]
        if codec == "big5":
            title = "麵包的價格再次上漲"
        yield case(f"{codec} by its prolog", title, codec, codec)
        yield case(f"{codec} by its header", title, codec, said=codec.upper())


def contradictions() -> Iterator[Case]:
    yield case(
        "prolog utf-8, in truth windows-1251 as the header says",
        UK,
        "cp1251",
        "utf-8",
        said="windows-1251",
    )
    yield case("prolog utf-8, in truth windows-1251, header silent", UK, "cp1251", "utf-8")
    yield case("prolog windows-1251, in truth utf-8", UK, "utf-8", "windows-1251")
    yield case(
        "header iso-8859-1 by default, prolog windows-1251",
        UK,
        "cp1251",
        "windows-1251",
        said="ISO-8859-1",
    )
    yield case(
        "header utf-8, prolog and bytes windows-1251",
        UK,
        "cp1251",
        "windows-1251",
        said="utf-8",
    )
    yield case(
        "header windows-1251, bytes and prolog utf-8",
        UK,
        "utf-8",
        "utf-8",
        said="windows-1251",
    )
    yield case("header us-ascii, bytes utf-8", DE, "utf-8", header="text/xml; charset=us-ascii")
    yield case("text/xml without a charset is utf-8", UK, "utf-8", header="text/xml")
    yield case("nothing said, windows-1251", UK, "cp1251")
    yield case("nothing said, koi8-u", UK, "koi8-u")
    yield case("nothing said, windows-1252", DE, "cp1252")
    yield case("an unknown name in the prolog", UK, "utf-8", "unicode-of-sorts")
    yield case("a nonsense charset in the header", UK, "utf-8", said="none")
    yield case("prolog utf-16, in truth utf-8", UK, "utf-8", "utf-16")
    yield case("quoted charset with capitals", UK, "cp1251", said='"WINDOWS-1251"')
    yield case("win-1251 and other nicknames", UK, "cp1251", "win-1251")
    yield case("koi8-r that has Ukrainian letters", UK, "koi8-u", "koi8-r")
    yield case("iso-8859-1 that is windows-1252", "“Größer” – sagt er", "cp1252", "iso-8859-1")


def wide() -> Iterator[Case]:
    for codec, mark in {
        "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff", "utf-32-le": b"\xff\xfe\x00\x00",
        "utf-32-be": b"\x00\x00\xfe\xff",
    }.items():  # fmt: skip
        yield case(f"{codec} with a mark", UK, codec, codec[:6], mark=mark)
        yield case(f"{codec} without a mark", UK, codec, codec[:6])
        yield case(f"{codec} with a mark under a header that lies", UK, codec, said="utf-8", mark=mark)
        yield case(f"{codec} without mark and prolog", UK, codec)
    yield case("utf-8 with a mark", UK, "utf-8", mark=b"\xef\xbb\xbf")
    yield case("utf-8 with a mark and a header that lies", UK, "utf-8", mark=b"\xef\xbb\xbf", said="cp1251")
    yield case("utf-8 with two marks", UK, "utf-8", mark=b"\xef\xbb\xbf" * 2)
    yield case("blank lines before the prolog", UK, "utf-8", "utf-8", mark=b"\r\n  \n")


def damaged() -> Iterator[Case]:
    yield "zero bytes between", UK, feed(UK, "utf-8").replace("><", ">\x00<").encode(), RSS
    yield "zero bytes within the title", UK, feed(UK[:9] + "\x00" + UK[9:], "utf-8").encode(), RSS
    yield "utf-8 encoded twice", DE, feed(DE.encode().decode("latin-1"), "utf-8").encode(), RSS
    yield "character references", UK, feed("".join(f"&#{ord(letter)};" for letter in UK)).encode("ascii"), RSS
    yield "windows quotes as references", "“Так”", feed("&#147;Так&#148;", "utf-8").encode(), RSS
    yield "html entities", DE, feed(DE.replace("ö", "&ouml;").replace("ä", "&auml;"), "utf-8").encode(), RSS
    yield "entities within cdata", DE, feed(f"<![CDATA[{DE.replace('ö', '&ouml;')}]]>", "utf-8").encode(), RSS
    broken = feed(UK, "utf-8").encode() + b"<!-- \xd0 -->"
    yield "one broken byte at the end", UK, broken, RSS


CASES = [*plainly_declared(), *contradictions(), *wide(), *damaged()]


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 100
    assert len({name for name, *_ in CASES}) == len(CASES)


@pytest.mark.parametrize("quick", [True, False], ids=["short way", "feedparser"])
@pytest.mark.parametrize(("name", "title", "body", "header"), CASES, ids=[one[0] for one in CASES])
def test_the_title_is_the_same_in_all(name: str, title: str, body: bytes, header: str, quick: bool) -> None:
    page = Syndication(quick=quick).read(a_feed(), a_fresh(body=body, headers={"content-type": header}))
    assert isinstance(page, FeedPage), page
    assert (page.title, page.entries[0].title) == (title, title), name
