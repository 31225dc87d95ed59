"""Where a visit starts and how it goes on; what is private stays with its site."""

from http.cookies import SimpleCookie
from types import SimpleNamespace
from typing import Any

import pytest

from monitor.fetch.failures import VisitError
from monitor.fetch.journey import Journey, address, set_out
from monitor.model import Failure, Request


def redirect(location: str, status: int = 302, **cookies: str) -> Any:
    jar: SimpleCookie = SimpleCookie(cookies)
    raw = ((b"Location", location.encode()),)
    return SimpleNamespace(
        status=status, reason="Found", version=None, headers={"Location": location}, raw_headers=raw, cookies=jar
    )


def start(url: str = "https://one.test/feed") -> Journey:
    request = Request(url, "feed", "courier", headers=(("X-Key", "k"),), login="me:pass", cookies=(("seat", "4"),))
    return set_out(request, 60)


def test_what_is_private_is_known_at_the_start() -> None:
    journey = start()
    assert journey.private == {"X-Key": "k", "Authorization": "Basic bWU6cGFzcw=="}
    assert journey.cookies == {"seat": "4"}
    assert not journey.moved


def test_the_login_of_the_settings_goes_before_that_of_the_address() -> None:
    assert start("https://other:word@one.test/feed").private["Authorization"] == "Basic bWU6cGFzcw=="


def test_without_anything_private_there_is_nothing() -> None:
    journey = set_out(Request("https://one.test/feed", "feed", "courier"), 60)
    assert (journey.private, journey.cookies) == ({}, {})


def test_on_its_own_site_everything_stays_and_cookies_are_added() -> None:
    journey = start()
    journey.follow(redirect("/other", seen="1", seat="5"))
    assert str(journey.url) == "https://one.test/other"
    assert journey.cookies == {"seat": "5", "seen": "1"}
    assert "Authorization" in journey.private
    assert [(hop.url, hop.headers) for hop in journey.hops] == [("https://one.test/feed", ((b"Location", b"/other"),))]


@pytest.mark.parametrize(
    "target",
    ["https://two.test/", "http://one.test/", "https://one.test:8443/", "//two.test/feed", "//me:pass@two.test"],
)
@pytest.mark.parametrize("hop", [1, 2, 3, 4, 5])
def test_at_no_hop_does_it_leave_its_site_nor_come_back(target: str, hop: int) -> None:
    journey = start()
    for number in range(1, hop):
        journey.follow(redirect(f"/{number}"))
    journey.follow(redirect(target, evil="1"))
    assert (dict(journey.private), dict(journey.cookies)) == ({}, {})
    journey.follow(redirect("https://one.test/feed"))
    assert (dict(journey.private), dict(journey.cookies)) == ({}, {})


def test_a_move_is_one_when_every_step_says_so() -> None:
    journey = start()
    journey.follow(redirect("/a", 301))
    assert journey.moved
    journey.follow(redirect("/b", 308))
    assert journey.moved
    journey.follow(redirect("/c", 307))
    assert not journey.moved


def test_an_address_with_a_login_does_not_move_since_it_would_lose_it() -> None:
    journey = set_out(Request("https://me:pass@one.test/feed", "feed", "courier"), 60)
    journey.follow(redirect("/a", 301))
    assert not journey.moved


@pytest.mark.parametrize(("status", "goes_on"), [(301, False), (302, False), (303, False), (307, True), (308, True)])
def test_what_was_posted_is_posted_on_only_where_the_standard_says_so(status: int, goes_on: bool) -> None:
    journey = start()
    if goes_on:
        journey.follow(redirect("/hub", status), posted=True)
        assert journey.url.path == "/hub"
    else:
        with pytest.raises(VisitError, match=f"HTTP {status}") as caught:
            journey.follow(redirect("/hub", status), posted=True)
        assert caught.value.status == status


def test_an_address_as_it_was_written_without_fragment_and_login() -> None:
    url, login = address(" https://me:p%40ss@one.test/a%2Fb?c=%3D#part ")
    assert (str(url), login) == ("https://one.test/a%2Fb?c=%3D", "me:p@ss")


@pytest.mark.parametrize("text", ["", "ftp://one.test/", "https:///x", "https://a..b/", "https://one.test:99999/"])
def test_no_address(text: str) -> None:
    with pytest.raises(VisitError) as caught:
        address(text)
    assert caught.value.failure is Failure.BAD_URL
