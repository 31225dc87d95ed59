"""The door: passwords, sessions, stamps, tokens, names."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from monitor.web.access import (
    SESSION_FOR,
    TOKENS,
    TRIES,
    Access,
    Token,
    knows_host,
    new_token,
    password_hash,
    within,
)
from monitor.web.tries import WITHIN

KEY = bytes(range(32))
HASH = password_hash("correct horse battery")


class Time:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_the_right_password_opens_and_a_wrong_one_does_not() -> None:
    door = Access(KEY, HASH)
    session = door.enter("correct horse battery")
    assert session is not None
    assert session.signed_in
    assert door.session(door.cookie(session)) == session
    assert door.enter("correct horse batter") is None
    assert HASH.startswith("$argon2id$")


def test_many_wrong_passwords_shut_the_door_for_a_while() -> None:
    time = Time()
    door = Access(KEY, HASH, clock=time, timer=time)
    for _ in range(TRIES):
        assert door.enter("guess") is None
    assert door.is_shut()
    assert door.enter("correct horse battery") is None
    assert door.enter("correct horse battery", "203.0.113.7") is not None
    time.now += WITHIN + 1
    assert door.enter("correct horse battery") is not None


def test_passwords_tried_at_once_count_as_those_tried_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def verify(_self: PasswordHasher, _hash: str, password: str) -> bool:
        tried.append(password)
        sleep(0.01)
        raise VerificationError

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    door = Access(KEY, HASH)
    with ThreadPoolExecutor(4 * TRIES) as many:
        assert not any(many.map(lambda number: door.enter(f"guess {number}"), range(4 * TRIES)))
    assert len(tried) == TRIES


def test_a_session_ends_with_its_time_the_password_or_a_changed_letter() -> None:
    time = Time()
    door = Access(KEY, HASH, clock=time, timer=time)
    session = door.enter("correct horse battery")
    assert session is not None
    cookie = door.cookie(session)
    assert Access(KEY, password_hash("another one"), clock=time).session(cookie) is None
    assert Access(bytes(32), HASH, clock=time).session(cookie) is None
    body, _, signature = cookie.rpartition(".")
    assert door.session(f"{body[:-1]}9.{signature}") is None
    for broken in ("", "a.b", "a.1.x.y", f"{cookie}.", "ä.1.2.3"):
        assert door.session(broken) is None
    time.now += SESSION_FOR + 1
    assert door.session(cookie) is None


def test_a_visitor_is_known_again_and_not_signed_in() -> None:
    door = Access(KEY, HASH)
    visitor = door.visitor()
    assert door.session(door.cookie(visitor)) == visitor
    name, _, rest = door.cookie(visitor).partition(".")
    assert door.session(f"{name}.1{rest[1:]}") is None


def test_a_stamp_is_of_one_session() -> None:
    door = Access(KEY)
    one, other = door.visitor(), door.visitor()
    assert door.stamped(one, door.stamp(one))
    assert not door.stamped(one, door.stamp(other))
    assert not door.stamped(one, "")


def test_a_token_is_known_by_its_digest_alone() -> None:
    secret, digest = new_token()
    door = Access(KEY, HASH, [Token("reports", digest, may_write=True)])
    found = door.token(f"Bearer {secret}")
    assert found is not None
    assert found.may_write
    assert door.token(f"bearer  {secret} ") == found
    for wrong in ("", secret, f"Basic {secret}", "Bearer ", f"Bearer {digest}"):
        assert door.token(wrong) is None
    assert secret not in repr(door.token(f"Bearer {secret}"))


def test_many_wrong_tokens_make_it_deaf_to_that_address() -> None:
    time = Time()
    door = Access(KEY, HASH, clock=time, timer=time)
    for number in range(TOKENS):
        assert door.deaf_for("203.0.113.7") == 0
        door.wrong_token(f"guess {number}", "203.0.113.7")
    assert door.deaf_for("203.0.113.7") == WITHIN
    assert door.deaf_for("203.0.113.8") == 0


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("localhost:8180", True),
        ("LOCALHOST", True),
        ("[::1]:8180", True),
        ("[::1]", True),
        ("evil.example:8180", False),
        ("localhost.evil.example", False),
        ("", False),
    ],
)
def test_names_it_answers_to(host: str, known: bool) -> None:
    assert knows_host(host, {"localhost", "::1"}) is known


def test_who_signs_out_leaves_no_cookie_that_opens() -> None:
    door = Access(KEY, HASH)
    one, other = (door.enter("correct horse battery") for _ in range(2))
    assert one is not None
    assert other is not None
    door.leave(one)
    assert door.session(door.cookie(one)) is None
    assert door.session(door.cookie(other)) == other
    for _ in range(10_001):
        door.leave(door.visitor())
    assert len(door._ended) == 10_000


@pytest.mark.parametrize("address", ["/stories", "/stories/0a?page=2", "/search?q=a+b%20c&topic=", "/%5Cevil.example"])
def test_a_page_of_the_desk_is_within(address: str) -> None:
    assert within(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "stories",
        "//evil.example",
        "/\\evil.example",
        "/a\\..\\x",
        "https://evil.example",
        "/a b",
        "/\t/evil.example",
        "/é",
    ],
)
def test_what_could_lead_elsewhere_is_not(address: str) -> None:
    assert within(address) == "/"
    assert within("/" + "x" * 2_000) == "/"
