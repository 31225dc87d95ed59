"""When hubs are asked, whom we believe, and how rare polling may become."""

import hmac
from datetime import timedelta

import pytest
from msgspec.structs import replace

from monitor import websub
from monitor.model import Lease, Standing
from monitor.websub import Answer, after_poll, asked, confirm, form, is_over, lapsed, next_request, rarer, signed, works
from tests.builders import NOW

HOUR = timedelta(hours=1)
OFFERED = Lease("courier", "https://hub.example/", "https://courier.example/feed", "t0ken", "s3cret")
ASKED = asked(OFFERED, "subscribe", NOW)
QUERY = {
    "hub.mode": "subscribe",
    "hub.topic": OFFERED.topic,
    "hub.challenge": "abc",
    "hub.lease_seconds": "864000",
}


def active(lease: Lease = ASKED) -> Lease:
    answer = confirm(lease, QUERY, NOW)
    assert answer.lease is not None
    return answer.lease


ACTIVE = active()


def test_a_hub_is_asked_at_once_and_then_with_growing_pauses() -> None:
    lease, at, pauses = OFFERED, NOW, []
    for _ in range(8):
        last = at
        while next_request(lease, wanted=True, now=at) is None:
            at += timedelta(minutes=30)
        pauses.append((at - last) / HOUR)
        lease = asked(lease, "subscribe", at)
    assert pauses == [0, 1, 2, 4, 8, 16, 24, 24]


def test_what_is_posted() -> None:
    assert dict(form(OFFERED, "subscribe", "https://us.example/t0ken")) == {
        "hub.callback": "https://us.example/t0ken",
        "hub.mode": "subscribe",
        "hub.topic": OFFERED.topic,
        "hub.lease_seconds": "864000",
        "hub.secret": "s3cret",
    }
    assert "hub.secret" not in dict(form(OFFERED, "unsubscribe", "https://us.example/t0ken"))


def test_a_confirmed_lease() -> None:
    assert (ACTIVE.standing, ACTIVE.pending, ACTIVE.tries) == (Standing.ACTIVE, False, 0)
    assert ACTIVE.ends_at == NOW + timedelta(days=10)


@pytest.mark.parametrize(
    ("stated", "days"),
    [("864000", 10), ("1", 5 / 1440), ("999999999999", 90), ("", 1), ("-5", 1), ("many", 1)],
)
def test_leases_have_limits(stated: str, days: float) -> None:
    lease = confirm(ASKED, {**QUERY, "hub.lease_seconds": stated}, NOW).lease
    assert lease is not None
    assert lease.ends_at == NOW + timedelta(days=days)


@pytest.mark.parametrize(
    ("lease", "changed"),
    [
        (ASKED, {"hub.topic": "https://courier.example/other"}),
        (ASKED, {"hub.topic": ""}),
        (ASKED, {"hub.challenge": ""}),
        (ASKED, {"hub.challenge": "x" * 3_000}),
        (ASKED, {"hub.mode": "unsubscribe"}),
        (ASKED, {"hub.mode": "publish"}),
        (replace(ASKED, asked_at=NOW - timedelta(hours=25)), {}),
        (OFFERED, {}),
        (ACTIVE, {}),
        (ACTIVE, {"hub.mode": "unsubscribe"}),
        (asked(ACTIVE, "unsubscribe", NOW), {}),
    ],
)
def test_what_was_not_asked_for_is_not_confirmed(lease: Lease, changed: dict[str, str]) -> None:
    assert confirm(lease, {**QUERY, **changed}, NOW) == Answer(lease)


def test_an_end_is_confirmed_when_it_was_asked_for() -> None:
    ending = asked(ACTIVE, "unsubscribe", NOW)
    assert confirm(ending, {**QUERY, "hub.mode": "unsubscribe"}, NOW) == Answer(None, "abc")


def test_a_no_of_the_hub_ends_the_lease_and_is_asked_again_after_a_week() -> None:
    refused = confirm(ACTIVE, {"hub.mode": "denied", "hub.topic": ACTIVE.topic, "hub.reason": " too\nmany "}, NOW).lease
    assert refused is not None
    assert (refused.standing, refused.problem) == (Standing.REFUSED, "the hub refuses: too many")
    assert next_request(refused, wanted=True, now=NOW + timedelta(days=6)) is None
    assert next_request(refused, wanted=True, now=NOW + timedelta(days=7)) == "subscribe"
    assert not works(replace(refused, pushed_at=NOW), NOW)


@pytest.mark.parametrize(
    "length", [timedelta(minutes=5), HOUR, timedelta(days=1), timedelta(days=10), timedelta(days=90)]
)
def test_a_lease_is_renewed_before_it_ends_and_not_at_once(length: timedelta) -> None:
    lease = replace(ACTIVE, ends_at=NOW + length)
    assert next_request(lease, wanted=True, now=NOW + length * 0.4) is None
    assert next_request(lease, wanted=True, now=NOW + length * 0.999) == "subscribe"
    renewing = asked(lease, "subscribe", NOW + length * 0.9)
    assert renewing.standing is Standing.ACTIVE
    assert confirm(renewing, QUERY, NOW + length * 0.901).challenge == "abc"


def test_a_lease_that_runs_out_is_none() -> None:
    assert lapsed(ACTIVE, NOW + timedelta(days=9)) is None
    ended = lapsed(replace(ACTIVE, pushed_at=NOW), NOW + timedelta(days=10))
    assert ended is not None
    assert (ended.standing, ended.ends_at, ended.pushed_at) == (Standing.ASKED, None, None)
    assert next_request(ended, wanted=True, now=NOW + timedelta(days=10)) == "subscribe"


def test_a_feed_that_is_gone_is_unsubscribed_three_times_at_most() -> None:
    lease, at, asks = ACTIVE, NOW + HOUR, 0
    while not is_over(lease, wanted=False, now=at):
        if next_request(lease, wanted=False, now=at) == "unsubscribe":
            lease, asks = asked(lease, "unsubscribe", at), asks + 1
        at += HOUR / 2
    assert asks == 3
    assert is_over(OFFERED, wanted=False, now=NOW)
    assert not is_over(ACTIVE, wanted=True, now=NOW)


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_signatures(method: str) -> None:
    digest = hmac.digest(b"s3cret", b"news", method).hex()
    assert signed("s3cret", b"news", f"{method}={digest}")
    assert signed("s3cret", b"news", f" {method}={digest.upper()} ")
    assert not signed("s3cret", b"other", f"{method}={digest}")
    assert not signed("other", b"news", f"{method}={digest}")


@pytest.mark.parametrize(
    "header", ["", "sha256", "sha256=", "md5=" + "0" * 32, "sha256=" + "0" * 64, "sha256=" + "z" * 64]
)
def test_what_is_no_signature(header: str) -> None:
    assert not signed("s3cret", b"news", header)


def test_a_signature_of_another_method_does_not_pass() -> None:
    assert not signed("s3cret", b"news", "sha512=" + hmac.digest(b"s3cret", b"news", "sha256").hex())


def test_only_a_hub_that_pushes_and_misses_nothing_works() -> None:
    assert not works(ACTIVE, NOW)
    pushing = replace(ACTIVE, pushed_at=NOW)
    assert works(pushing, NOW)
    missed = after_poll(pushing, OFFERED, news=True)
    assert missed is not None
    assert not works(missed, NOW)
    assert after_poll(pushing, OFFERED, news=False) == pushing
    assert not works(pushing, NOW + timedelta(days=10))


def test_what_a_document_offers() -> None:
    other = replace(OFFERED, hub="https://other.example/", token="n3w")
    assert after_poll(None, None, news=True) is None
    assert after_poll(None, OFFERED, news=True) == OFFERED
    assert after_poll(ACTIVE, other, news=True) == other
    ending = after_poll(ACTIVE, None, news=True)
    assert ending is not None
    assert ending.standing is Standing.ENDING
    assert after_poll(ending, None, news=True) == ending
    again = after_poll(ending, replace(OFFERED, token="n3w"), news=False)
    assert again == OFFERED


def test_polling_becomes_rarer_within_a_limit() -> None:
    assert rarer(NOW, NOW + HOUR / 4, 2 * HOUR) == NOW + HOUR
    assert rarer(NOW, NOW + HOUR, 2 * HOUR) == NOW + 2 * HOUR
    assert rarer(NOW, NOW + 5 * HOUR, 2 * HOUR) == NOW + 5 * HOUR
    assert timedelta(days=10) == websub.WISHED
