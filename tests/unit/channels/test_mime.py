"""The mail as a strict reader sees it."""

import email
import re
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from random import Random

import pytest

from monitor.channels.mime import domain_of, mail
from tests.builders import NOW, a_message
from tests.mailserver import STRICT, body_of

SENDER = Address("Монітор", "news", "example.org")
TO = [Address("", "one", "example.org"), Address("Two", "two", "example.org")]


def parsed(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=STRICT)


def test_headers_and_both_texts() -> None:
    read = parsed(mail(a_message(text="Один.\n", html="<p>Один.</p>\n"), SENDER, TO).as_bytes())
    assert [(name, str(value)) for name, value in read.items() if name != "Content-Type"] == [
        ("Subject", "Daily digest, Mon 23 Nov: 1 story"),
        ("From", "Монітор <news@example.org>"),
        ("To", "one@example.org, Two <two@example.org>"),
        ("Date", "Mon, 23 Nov 2026 06:00:00 +0000"),
        ("Message-ID", "<0123456789abcdef@news-monitor.local>"),
        ("References", "<eeba300e7d611875@news-monitor.local>"),
        ("List-Id", "<daily.news-monitor.local>"),
        ("Auto-Submitted", "auto-generated"),
        ("MIME-Version", "1.0"),
    ]
    assert read.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]
    assert [part.get_content_charset() for part in read.iter_parts()] == ["utf-8", "utf-8"]
    assert [body_of(read, "plain"), body_of(read, "html")] == ["Один.\n", "<p>Один.</p>\n"]


def test_equal_messages_make_equal_mails() -> None:
    assert mail(a_message(), SENDER, TO).as_bytes() == mail(a_message(), SENDER, TO).as_bytes()
    assert mail(a_message(), SENDER).as_bytes() != mail(a_message(key="daily@2026-11-24T08:00"), SENDER).as_bytes()


@pytest.mark.parametrize(
    "subject",
    ["Plain\r\nBcc: everybody@example.org", "Plain\nBcc: everybody@example.org", "Plain\x00\x85\u2028Bcc: x@y.example"],
)
def test_a_headline_cannot_add_a_header(subject: str) -> None:
    read = parsed(mail(a_message(subject=subject), SENDER, TO).as_bytes())
    assert "Bcc" not in read
    assert str(read["Subject"]).startswith("Plain Bcc: ")


def test_every_line_fits_and_is_seven_bits() -> None:
    message = a_message(
        subject="Новини " * 80,
        text="слово" * 3000,
        html=f"<p>{'x' * 20_000}</p>",
        message_id=f"<{'a' * 150}@news.example>",
        list_id=f"Щоденний огляд <{'b' * 60}.{'c' * 60}.example>",
    )
    content = mail(message, SENDER, TO * 20).as_bytes()
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    read = parsed(content)
    assert read["Message-ID"] == message.message_id
    assert f"\r\nList-Id: <{'b' * 60}.{'c' * 60}.example>\r\n".encode() in content  # not in encoded words
    assert str(read["Subject"]) == ("Новини " * 80).strip()


def test_half_characters_do_not_stop_a_mail() -> None:
    read = parsed(mail(a_message(subject="bad \ud83d", text="bad \ud83d", html="bad \udc00"), SENDER).as_bytes())
    assert read["Subject"] == "bad ?"
    assert body_of(read, "plain") == "bad ?\n"


def test_without_recipients_there_is_no_to() -> None:
    assert "To" not in mail(a_message(), SENDER)


def test_domain_of_the_message_id() -> None:
    assert domain_of(a_message()) == "news-monitor.local"
    assert mail(a_message(), SENDER)["Date"].datetime == NOW


def test_the_digests_of_one_subscription_stand_in_one_thread() -> None:
    one, two = (mail(a_message(key=key, message_id=f"<{key}@x.example>"), SENDER) for key in ("a", "b"))
    other = mail(a_message(subscription="weekly", message_id="<c@x.example>"), SENDER)
    assert one["References"] == two["References"] != other["References"]
    assert one["Message-ID"] != two["Message-ID"]


@pytest.mark.parametrize(
    ("address", "click"),
    [("https://desk.example/u?s=daily", "List-Unsubscribe=One-Click"), ("mailto:news@example.org?subject=stop", None)],
)
def test_how_to_unsubscribe_is_said_where_it_is_known(address: str, click: str | None) -> None:
    read = parsed(mail(a_message(), SENDER, TO, address).as_bytes())
    assert (read["List-Unsubscribe"], read["List-Unsubscribe-Post"]) == (f"<{address}>", click)


def test_without_an_address_nothing_is_said_of_unsubscribing() -> None:
    read = parsed(mail(a_message(), SENDER, TO).as_bytes())
    assert (read["List-Unsubscribe"], read["List-Unsubscribe-Post"]) == (None, None)


def test_where_a_click_could_not_say_who_leaves_a_page_asks() -> None:
    read = parsed(mail(a_message(), SENDER, TO, "https://desk.example/go/u", one_click=False).as_bytes())
    assert (read["List-Unsubscribe"], read["List-Unsubscribe-Post"]) == ("<https://desk.example/go/u>", None)


WORDS = (
    *(
        "Україна",
        "дрони",
        "F-16",
        "protivo",
        "—",
        "і",
        "(2)",
        "Łódź",
        "🚀",
        "superlongword" * 5,
        "довгеслово" * 8,
        '"q"',
    ),
    *("=?utf-8?q?x?=", "=?", "_", "über", "<x@y>", "a,b", "12", "日本語のとても長い見出し", "naïve", "e.g.", ":"),
)


@pytest.mark.parametrize("seed", range(60))
def test_a_subject_comes_as_it_was_sent_in_encoded_words_that_are_short_enough(seed: int) -> None:
    chance = Random(seed)
    subject = " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, 25)))
    content = mail(a_message(subject=subject), SENDER, TO).as_bytes()
    assert str(parsed(content)["Subject"]) == subject
    head = content.partition(b"\r\n\r\n")[0]
    assert max(map(len, re.findall(rb"=\?utf-8\?[^?\s]*\?[^?\s]*\?=", head)), default=0) <= 75  # RFC 2047 section 2
    assert all(line.strip() for line in head.split(b"\r\n"))


@pytest.mark.parametrize(
    "shown",
    [
        "Новини, ТОВ",
        "Courier, Inc.",
        'The "Courier"',
        "Überwachung der Nachrichten — " * 4,
        "дуже" * 30,
        "=?utf-8?q?x?=",
    ],
)
def test_a_shown_name_comes_as_it_was_sent(shown: str) -> None:
    who = Address(shown, "a", "b.example")
    content = mail(a_message(), who, [who, SENDER]).as_bytes()
    read = email.message_from_bytes(content)
    for header in (read["From"], read["To"].replace("\r\n", "").rpartition(", ")[0]):
        name, _, address = str(header).replace("\r\n", "").rpartition(" <")
        told = name[1:-1].replace('\\"', '"') if name.startswith('"') else str(make_header(decode_header(name)))
        assert (told, address) == (shown, "a@b.example>")
    assert max(map(len, content.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78
