"""When it is our own network that is down."""

import pytest
from msgspec.structs import replace

from monitor.model import Failure, Visit
from monitor.pacing.outage import cut_off, network_is_down, outage_words, stopped, suspicious
from tests.unit.pacing.made import REQUEST, failed, fresh, same


def dead(count: int, kind: Failure = Failure.DNS, start: int = 0) -> list[Visit]:
    return [failed(kind, url=f"https://outlet-{number}.test/feed") for number in range(start, start + count)]


def alive(count: int) -> list[Visit]:
    return [fresh(request=replace(REQUEST, url=f"https://well-{number}.test/feed")) for number in range(count)]


CANARIES = [failed(Failure.DNS, url=f"https://canary-{number}.test/") for number in range(3)]
ONE_SINGS: list[Visit] = [*CANARIES[:2], fresh(request=replace(REQUEST, url="https://canary-2.test/"))]


@pytest.mark.parametrize("kind", [Failure.DNS, Failure.CONNECT, Failure.TIMEOUT])
def test_without_canaries_the_network_is_down_when_no_host_answers(kind: Failure) -> None:
    assert network_is_down(dead(3, kind), [], [])


@pytest.mark.parametrize(
    "visits",
    [
        [],
        dead(2),
        [failed(Failure.DNS, url=f"https://one.test/{number}") for number in range(5)],
        [*dead(5), fresh()],
        [*dead(5), same()],
        [*dead(5), failed(Failure.STATUS)],
        [*dead(5), failed(Failure.TLS)],
    ],
)
def test_without_canaries_it_is_up_when_anyone_answers_or_too_few_were_asked(visits: list[Visit]) -> None:
    assert not network_is_down(visits, [], [])


def test_a_canary_that_answers_settles_it() -> None:
    assert network_is_down(dead(1), CANARIES, [])
    assert not network_is_down(dead(30), ONE_SINGS, [])
    refused = [*CANARIES[:2], failed(Failure.STATUS, url="https://canary-2.test/", status=403)]
    assert not network_is_down(dead(30), refused, [])


def test_canaries_that_are_always_blocked_do_not_shield_dead_feeds() -> None:
    assert not network_is_down(dead(1), CANARIES, alive(3))
    assert network_is_down(dead(1), CANARIES, dead(3, start=9))


def test_part_of_the_network_may_be_up() -> None:
    """Names that are still remembered, or feeds in one's own house."""
    assert network_is_down([*dead(8), *alive(2)], CANARIES, [])
    assert not network_is_down([*dead(2), *alive(1)], CANARIES, [])  # too few to tell
    assert not network_is_down([*dead(5), *alive(5)], CANARIES, [])


def test_a_page_in_the_place_of_every_host_fails_on_its_certificate() -> None:
    portal = dead(4, Failure.TLS)
    assert network_is_down(portal, [failed(Failure.TLS, url="https://canary-0.test/")], [])
    assert stopped(portal[0])
    assert not cut_off(portal[0])


def test_when_others_are_asked() -> None:
    assert suspicious(dead(1))
    assert suspicious([*dead(2), *alive(1)])
    assert not suspicious([])
    assert not suspicious([*dead(1), *alive(1)])
    one_host: list[Visit] = [failed(Failure.TIMEOUT, url="https://courier.test/a"), fresh()]  # the host did answer
    assert not suspicious(one_host)


def test_what_fails_in_words() -> None:
    assert "name server" in outage_words(dead(3))
    assert "nearly nothing" in outage_words([*dead(3, Failure.TIMEOUT), *alive(1)])
    assert outage_words(dead(3, Failure.TIMEOUT)) == "nothing can be reached"
