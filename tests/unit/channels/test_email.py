"""Mail really sent over SMTP to a loopback server, and every way in which servers say no."""

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

import pytest

from monitor.channels.email import EmailChannel
from monitor.errors import ConfigError, DeliveryError
from tests.builders import NOW, a_message
from tests.mailserver import MailServer, certificate, free_port, mail_server

ONE, TWO, THREE = "one@example.org", "two@example.org", "three@example.org"


def a_channel(at: int, **options: Any) -> EmailChannel:
    table = {"host": "127.0.0.1", "port": at, "security": "none", "from": "News <news@example.org>", "to": [ONE, TWO]}
    table |= {"timeout_seconds": 5}
    return EmailChannel.from_options(
        table | options, name="mail", file="subscriptions.toml", where="channel.mail", folder=Path()
    )


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture(scope="module")
def own_certificate(tmp_path_factory: pytest.TempPathFactory) -> Any:
    if shutil.which("openssl") is None:
        pytest.skip("needs the openssl command to make a certificate")
    return certificate(tmp_path_factory.mktemp("tls"))


def test_a_mail_arrives_whole_and_well_formed(server: MailServer) -> None:
    message = a_message(subject="Дайджест: 1 історія", text="Одна історія.\n.\n..крапки\n", html="<p>Одна історія.</p>")
    receipt = a_channel(server.port).send(message, NOW)
    (mail,) = server.mails
    read = mail.parsed()
    assert (mail.sender, mail.recipients) == ("news@example.org", [ONE, TWO])
    assert (read["Subject"], read["Message-ID"], read["To"]) == (message.subject, message.message_id, f"{ONE}, {TWO}")
    assert (mail.text("plain"), mail.text("html")) == (message.text, f"{message.html}\n")
    assert (receipt.key, receipt.at, receipt.detail) == (message.key, NOW, f"accepted for {ONE}, {TWO} (250 Kept)")


def test_a_second_attempt_leaves_out_who_has_it(server: MailServer) -> None:
    server.refuse = {TWO: "451 greylisted, come back"}
    channel = a_channel(server.port, to=[ONE, TWO, THREE])
    with pytest.raises(DeliveryError) as first:
        channel.send(a_message(), NOW)
    assert (first.value.permanent, first.value.sent_parts) == (False, 0b101)
    assert f"refused {TWO}: 451 greylisted, come back (accepted for {ONE}, {THREE})" in str(first.value)
    server.refuse = {}
    channel.send(a_message(), NOW, skip_parts=first.value.sent_parts)
    assert [mail.recipients for mail in server.mails] == [[ONE, THREE], [TWO]]
    assert server.mails[0].content == server.mails[1].content
    assert channel.send(a_message(), NOW, skip_parts=0b111).detail == "every recipient had accepted it before"
    assert len(server.mails) == 2


@pytest.mark.parametrize(
    ("refuse", "permanent", "sent"),
    [
        ({TWO: "550 no such user"}, True, 0b01),
        ({ONE: "550 no such user", TWO: "452 mailbox full"}, False, 0),
        ({ONE: "550 no such user", TWO: "550 no such user"}, True, 0),
        ({TWO: "421 closing down"}, False, 0),  # after the yes for ONE, but before the mail itself
    ],
)
def test_refused_recipients(server: MailServer, refuse: dict[str, str], permanent: bool, sent: int) -> None:
    server.refuse = refuse
    with pytest.raises(DeliveryError, match="refused") as caught:
        a_channel(server.port).send(a_message(), NOW)
    assert (caught.value.permanent, caught.value.sent_parts) == (permanent, sent)
    assert sum(len(mail.recipients) for mail in server.mails) == sent.bit_count()


@pytest.mark.parametrize(
    ("trouble", "permanent"),
    [
        ({"refuse_sender": "550 not allowed to send"}, True),
        ({"refuse_sender": "450 later"}, False),
        ({"refuse_data": "554 looks like spam"}, True),
        ({"refuse_data": "452 disk full"}, False),
    ],
)
def test_a_refused_mail_keeps_what_was_done_before(
    server: MailServer, trouble: dict[str, str], permanent: bool
) -> None:
    for name, answer in trouble.items():
        setattr(server, name, answer)
    with pytest.raises(DeliveryError) as caught:
        a_channel(server.port).send(a_message(), NOW, skip_parts=0b01)
    assert (caught.value.permanent, caught.value.sent_parts) == (permanent, 0b01)
    assert next(iter(trouble.values())) in str(caught.value)


def test_login(server: MailServer) -> None:
    with mail_server(login=("news", "tr0ub4dor")) as guarded:
        channel = a_channel(guarded.port, user="news", password="tr0ub4dor")
        assert channel.check() == ""
        channel.send(a_message(), NOW)
        assert (len(guarded.mails), guarded.logins) == (1, ["news", "news"])
        wrong = a_channel(guarded.port, user="news", password="wrong-horse")
        with pytest.raises(DeliveryError, match="refused the user or password: 535") as caught:
            wrong.send(a_message(), NOW)
        assert caught.value.permanent
        assert "refused the user or password" in wrong.check()
        assert "wrong-horse" not in str(caught.value) + repr(wrong)
    with pytest.raises(DeliveryError, match="lacks what the settings ask for") as missing:
        a_channel(server.port, user="news", password="tr0ub4dor").send(a_message(), NOW)
    assert missing.value.permanent


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_over_tls(own_certificate: Any, security: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file, context = own_certificate
    offered = {security: context}
    with mail_server(login=("news", "tr0ub4dor") if security == "starttls" else None, **offered) as secured:
        login = {"user": "news", "password": "tr0ub4dor"} if security == "starttls" else {}
        channel = a_channel(secured.port, security=security, **login)
        with pytest.raises(DeliveryError, match="certificate that cannot be trusted") as caught:
            channel.send(a_message(), NOW)
        assert not caught.value.permanent
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert channel.check() == ""
        channel.send(a_message(), NOW)
    assert len(secured.mails) == 1
    assert secured.mails[0].parsed()["Subject"] == a_message().subject


def test_a_server_without_starttls_gets_nothing(server: MailServer) -> None:
    with pytest.raises(DeliveryError, match="check security") as caught:
        a_channel(server.port, security="starttls").send(a_message(), NOW)
    assert caught.value.permanent
    assert not server.mails


def test_nobody_there() -> None:
    channel = a_channel(free_port())
    with pytest.raises(DeliveryError, match=r"mail server 127\.0\.0\.1 cannot be reached") as caught:
        channel.send(a_message(), NOW)
    assert not caught.value.permanent
    assert "cannot be reached" in channel.check()


@contextmanager
def reciting(*answers: bytes, thinking: float = 0) -> Iterator[int]:
    """A server that gives these answers, one a line it hears (a mail is one line, and thought over), then closes; its
    port.
    """

    def recite() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as heard:
            connection.sendall(answers[0])
            for answer in answers[1:]:
                line = heard.readline()
                if answers[answers.index(answer) - 1].startswith(b"354"):
                    while line not in (b".\r\n", b""):
                        line = heard.readline()
                    sleep(thinking)
                connection.sendall(answer)
            if answers[-1] == b"":
                heard.read()  # holds the line until the other side gives up

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=recite)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


HELLO = (b"220 hi\r\n", b"250 hi\r\n", b"250 sender\r\n", b"250 recipient\r\n", b"250 recipient\r\n", b"354 go\r\n")


@pytest.mark.parametrize("farewell", [(), (b"421 not so fast\r\n",), (b"nonsense\r\n",)])
def test_trouble_after_the_yes_is_no_trouble(farewell: tuple[bytes, ...]) -> None:
    with reciting(*HELLO, b"250 kept\r\n", *farewell) as port:
        assert a_channel(port).send(a_message(), NOW).detail == f"accepted for {ONE}, {TWO} (250 kept)"


def test_a_slow_yes_is_waited_for_so_that_nothing_is_sent_twice() -> None:
    with reciting(*HELLO, b"250 kept\r\n", thinking=0.6) as port:
        receipt = a_channel(port, timeout_seconds=0.2).send(a_message(), NOW)
    assert receipt.detail == f"accepted for {ONE}, {TWO} (250 kept)"


@pytest.mark.parametrize(
    ("answers", "permanent", "message"),
    [
        (HELLO[:-1], False, "broke off"),
        ((b"554 no service for you\r\n",), True, "refused the mail: 554 no service for you"),
        ((b"421 too busy\r\n",), False, "refused the mail: 421 too busy"),
        ((b"HTTP/1.1 400 Bad Request\r\n",), False, "mail server"),
    ],
)
def test_trouble_before_the_yes(answers: tuple[bytes, ...], permanent: bool, message: str) -> None:
    with reciting(*answers) as port, pytest.raises(DeliveryError, match=message) as caught:
        a_channel(port).send(a_message(), NOW, skip_parts=0)
    assert (caught.value.permanent, caught.value.sent_parts) == (permanent, 0)


def test_a_mail_that_was_taken_without_an_answer_may_have_arrived() -> None:
    with reciting(*HELLO) as port, pytest.raises(DeliveryError, match="took the mail and gave no answer") as caught:
        a_channel(port).send(a_message(), NOW)
    assert (caught.value.perhaps, caught.value.permanent, caught.value.sent_parts) == (True, False, 0)


@pytest.mark.parametrize(
    ("security", "message"), [("none", "broke off: .* timed out"), ("tls", r"did not answer within 0\.2 s")]
)
def test_a_silent_server_is_not_waited_for(security: str, message: str) -> None:
    with reciting(b"") as port, pytest.raises(DeliveryError, match=message) as caught:
        a_channel(port, security=security, timeout_seconds=0.2).send(a_message(), NOW)
    assert not caught.value.permanent


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"to": []}, "channel.mail · to: found []: must have at least 1 item"),
        ({"to": ["nobody"]}, "channel.mail · to[1]: found 'nobody': is no mail address"),
        ({"to": "one@example.org"}, "input should be a list"),
        ({"to": ["one@example.org, two@example.org"]}, "to[1]: found 'one@example.org, two@example.org': are several"),
        ({"to": ["A <one@example.org>; B <two@example.org>"]}, "are several mail addresses; write each in quotes"),
        ({"to": [ONE, TWO, f"Ana <{ONE.upper()}>"]}, f"stands there twice, as '{ONE}', and would get two mails"),
        (
            {"host": "smtp.example.org:587"},
            "host: found 'smtp.example.org:587': is no name of a server; write it alone",
        ),
        ({"host": "https://smtp.example.org"}, "is no name of a server"),
        ({"host": " smtp.example.org"}, "is no name of a server"),
        ({"from": "a@b@c"}, "channel.mail · from: found 'a@b@c': is no mail address"),
        ({"from": "x <a b@example.org>"}, "is no mail address"),
        ({"user": "news"}, "channel.mail: needs both user and password, or neither"),
        ({"port": 70_000}, "channel.mail · port: found 70000: input should be less than or equal to 65535"),
        ({"security": "ssl"}, "found 'ssl', allowed: 'starttls', 'tls' or 'none'"),
        ({"hots": "x"}, "unknown key 'hots' — did you mean 'host'?"),
        ({"password": 12345678, "user": "x"}, "channel.mail · password: found ***: input should be a valid string"),
    ],
)
def test_wrong_options(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        a_channel(25, **options)
    assert message in str(caught.value)


@pytest.mark.parametrize(("to", "click"), [([ONE], "List-Unsubscribe=One-Click"), ([ONE, TWO], None)])
def test_a_message_brings_its_own_way_out(server: MailServer, to: list[str], click: str | None) -> None:
    a_channel(server.port, to=to).send(a_message(unsubscribe="https://desk.example/go/u~daily"), NOW)
    read = server.mails[0].parsed()
    assert (read["List-Unsubscribe"], read["List-Unsubscribe-Post"]) == ("<https://desk.example/go/u~daily>", click)


def test_what_the_settings_say_of_leaving_comes_first(server: MailServer) -> None:
    a_channel(server.port, unsubscribe="https://own.example/u").send(a_message(unsubscribe="https://desk.example"), NOW)
    assert server.mails[0].parsed()["List-Unsubscribe"] == "<https://own.example/u>"
