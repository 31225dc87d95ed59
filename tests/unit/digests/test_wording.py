"""Other people's words, made fit to be shown."""

import pytest

from monitor.digests.wording import clean, extract, listed, plural, stems, web_address


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  two   words\t", "two words"),
        ("Bcc: all\r\nSubject: more", "Bcc: all Subject: more"),
        ("line\u2028end\x0b\x0c\x85x", "line end x"),
        ("\x1b[31mred\x1b[0m\x07", "[31mred [0m"),
        ("air\u00addefence", "airdefence"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("\ud83d half \ue000", "half"),
        ("می‌خواهم 👩‍🚒", "می‌خواهم 👩‍🚒"),
        ("", ""),
    ],
)
def test_text_is_one_clean_line(text: str, shown: str) -> None:
    assert clean(text, 100) == shown


@pytest.mark.parametrize("length", [1, 5, 20, 21, 40, 300])
def test_long_text_is_cut_at_a_word(length: int) -> None:
    shown = clean("seven words of text, and no more", length)
    assert len(shown) <= length
    assert length > 31 or shown.endswith("…")
    assert clean("x" * 50, 20) == "x" * 19 + "…"
    assert clean("seven words of text, and no more", 22) == "seven words of text…"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " \x01javascript:alert(1)", "data:text/html,<script>1</script>",
        "vbscript:msgbox", "file:///etc/passwd", "//", "http://", "mailto:a@b.example", "http://[::1", "ftp://a.example/",
        "https://a.example/" + "x" * 3_000, "",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_no_address(url: str) -> None:
    assert web_address(url) == ""


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/b?c=1&d=%20", "https://a.example/b?c=1&d="),
        ('https://a.example/"><script>', "https://a.example/%22%3E%3Cscript%3E"),
        ("https://a.example/a|b>c d'e", "https://a.example/a%7Cb%3Ec%20d%27e"),
        ("https://новини.example/стаття", "https://xn--b1amarcd.example/%D1%81%D1%82%D0%B0%D1%82%D1%82%D1%8F"),
        ("https://a.example/\ud800x", "https://a.example/x"),
    ],
)
def test_addresses_are_safe_in_html_slack_and_text(url: str, shown: str) -> None:
    assert web_address(url).rstrip("+") == shown


HEADLINE = "Norway orders two more NASAMS batteries for Ukraine"
ECHO = "Norway has ordered two more NASAMS air defence batteries for Ukraine."
PRICE, PARTS = (
    "The contract costs 3.1 billion kroner, the ministry said.",
    "Each battery has three launchers and a radar.",
)


@pytest.mark.parametrize(
    ("passage", "text", "extracted"),
    [
        (f"{PRICE} {PARTS}", f"{ECHO} {PRICE} {PARTS}", f"{PRICE} {PARTS}"),
        (ECHO, f"{ECHO} {PRICE}\n{PARTS}", f"{PRICE} {PARTS}"),  # an echo gives way
        (f"{ECHO} {PRICE}", f"{ECHO} {PRICE}\nRead more.\n{PARTS}", f"{PRICE} {PARTS}"),
        (PRICE, f"{ECHO} {PRICE}\n{PARTS} {ECHO}", f"{PRICE} {PARTS}"),  # one sentence takes the next
        (PARTS, f"{ECHO} {PRICE} {PARTS}", PARTS),  # and there is none
        (ECHO, ECHO, ECHO),  # still says "has", and there is no other
        (HEADLINE, HEADLINE, ""),
        (HEADLINE + ".", "", ""),
        ("", f"{ECHO}\n{PRICE}", PRICE),
        ("", "", ""),
        (PRICE, "An edited text without it.", f"{PRICE} An edited text without it."),
        ("Half of a sentence with…", f"{PRICE} {PARTS}", f"Half of a sentence with… {PRICE}"),
        ("One, e.g. this. Two! Three? Four.", "", "One, e.g. this. Two!"),
    ],
)
def test_the_extract_tells_more_than_the_headline(passage: str, text: str, extracted: str) -> None:
    assert extract(passage, text, HEADLINE) == extracted


def test_forms_of_a_word_have_one_stem() -> None:
    assert stems("Коаліція, коаліції; orders ordered a") == {"коалі", "order", "a"}
    assert stems("a coalition", 4) == {"coali"}


def test_an_extract_is_never_long() -> None:
    endless, long = "word " * 1_000, "A" + " long sentence" * 33 + " ends. "
    assert len(extract(endless, endless, "x")) <= 600
    assert extract(f"{long}{PRICE} {long}", "", "x") == f"{long}{PRICE}"
    assert extract(long + long, "", "x") == long.strip()


def test_lists_and_numbers_read_well() -> None:
    assert [listed(names) for names in ([], ["A"], ["A", "B"], ["A", "B", "C"])] == ["", "A", "A and B", "A, B and C"]
    assert [plural(number, "feed") for number in (0, 1, 1_240)] == ["0 feeds", "1 feed", "1,240 feeds"]
    assert plural(2, "story", "stories") == "2 stories"
