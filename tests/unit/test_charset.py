"""Which charset a body is in, when server, document and bytes disagree."""

import pytest

from monitor.charset import decode, from_content_type

TEXT = "Ціна ґанку: їжа й ракети, а ще новини з усієї країни"


@pytest.mark.parametrize(
    ("header", "charset"),
    [
        ("text/xml; charset=utf-8", "utf-8"),
        ('text/html; Charset="windows-1251"; x=y', "windows-1251"),
        ("text/html", ""),
        ("", ""),
        ("text/html; charset=", ""),
    ],
)
def test_the_charset_of_a_content_type(header: str, charset: str) -> None:
    assert from_content_type(header) == charset


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1251", "koi8-u"])
@pytest.mark.parametrize("header", ["", "utf-8", "x-unknown"])
def test_a_text_is_right_whatever_the_server_says(codec: str, header: str) -> None:
    assert decode(TEXT.encode(codec), header=header)[0] == TEXT


@pytest.mark.parametrize(
    ("text", "codec", "header", "declared"),
    [
        ("Gdańsk i Łódź", "iso-8859-2", "", "iso-8859-2"),
        ("Gdańsk i Łódź", "cp1250", "iso-8859-1", "windows-1250"),
        ("“quoted” – text", "cp1252", "iso-8859-1", ""),
        ("日本の記事", "cp932", "shift_jis", ""),
        ("日本の記事", "iso2022_jp", "iso-2022-jp", ""),
        ("中文新闻", "gb18030", "", "gb2312"),
        ("Straße", "cp1252", "", ""),
        ("plain words", "ascii", "", "utf-16"),
    ],
)
def test_what_is_declared_is_believed_where_it_fits(text: str, codec: str, header: str, declared: str) -> None:
    if codec == "iso2022_jp":
        pytest.importorskip("encodings.iso2022_jp")
    assert decode(text.encode(codec), header=header, declared=declared)[0] == text


def test_a_few_broken_bytes_do_not_make_another_charset() -> None:
    body = TEXT.encode()[:-1] + b"\xff" + TEXT.encode()
    text, remark = decode(body, header="utf-8")
    assert TEXT in text
    assert remark == "some bytes are broken"


@pytest.mark.parametrize("label", ["idna", "zlib", "unicode_escape", "base64", "x" * 500, "\x00"])
def test_codecs_that_are_no_charsets_are_not_used(label: str) -> None:
    assert decode(TEXT.encode(), header=label, declared=label)[0] == TEXT


@pytest.mark.parametrize(
    ("label", "text"),
    [("ibm850", "Ç"), ("437", "Ç"), ("csKOI8R", "Ж"), ("mac", "Ä"), ("MS-CYRL", "Ж"), ("csibm866", "Ж")],
)
def test_old_machines_charsets_by_any_of_their_names(label: str, text: str) -> None:
    codec = {"mac": "mac-roman", "MS-CYRL": "cp1251", "csKOI8R": "koi8-r"}.get(label, label)
    assert decode(text.encode(codec), declared=label) == (text, "")


@pytest.mark.parametrize(
    "label", ["idna", "punycode", "rot13", "base64", "unicode_escape", "utf-7", "a\x00b", "undefined"]
)
def test_pythons_other_codecs_are_no_charsets(label: str) -> None:
    assert decode(b"caf\xe9", declared=label)[0] == "café"


def test_claimed_utf8_with_a_broken_letter_stays_utf8() -> None:
    assert decode("\u2019 \u201d".encode() + b"\xff", declared="utf-8")[0] == "\u2019 \u201d\ufffd"
