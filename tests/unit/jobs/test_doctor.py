"""What the doctor finds, and what it advises."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from monitor.digests import Renderer, make_environment
from monitor.jobs.doctor import (
    GRACE,
    SKEW,
    Finding,
    State,
    ailing,
    certified,
    channels,
    clock,
    examine,
    feeds,
    resolved,
    topics,
)
from monitor.model import Beat, Failed, Failure, Request, Unchanged, Verdict, Visit
from tests.builders import NOW, a_fresh, an_article
from tests.unit.jobs.conftest import BORING, DAILY, Bench

WELL = Beat("poll", NOW, NOW, timedelta(minutes=1))
LONG = replace(WELL, started_at=NOW + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("beat", "later", "trouble"),
    [
        (WELL, timedelta(0), ""),
        (WELL, timedelta(minutes=3) + GRACE, ""),
        (WELL, timedelta(minutes=4) + GRACE, "last success 14 min ago"),
        (replace(WELL, problem="disk full"), timedelta(hours=1), "last success 1 h ago: disk full"),
        (replace(WELL, problem="disk full"), timedelta(minutes=2), ""),  # once is no pattern
        (replace(WELL, succeeded_at=None), timedelta(minutes=2), ""),  # its first round runs
        (replace(WELL, succeeded_at=None, problem="offline"), timedelta(0), "never succeeded: offline"),
        (replace(WELL, succeeded_at=None), timedelta(hours=2), "never succeeded: no reason noted"),
        (LONG, timedelta(minutes=55), ""),  # a long round is under way
        (LONG, timedelta(minutes=65), "last success 1 h ago"),
        (replace(LONG, problem="disk full"), timedelta(minutes=55), "last success 55 min ago: disk full"),
    ],
)
def test_when_a_ticker_is_in_trouble(beat: Beat, later: timedelta, trouble: str) -> None:
    assert ailing(beat, NOW + later) == trouble


def _none(_urls: object) -> Mapping[str, datetime | str]:
    return {}


def _known(urls: Iterable[str]) -> Mapping[str, str]:
    return {url.split("/")[2]: "" for url in urls}


def _of(found: list[Finding], subject: str) -> Finding:
    return next(one for one in found if one.subject == subject)


def test_all_is_well(bench: Bench, publish: Callable[..., None], tmp_path: Path) -> None:
    publish("courier", ("1", "Library hours", BORING))
    publish("herald", ("2", "Tram times", BORING))
    with bench.store.begin() as shelves:
        shelves.pulse.beat(replace(WELL, started_at=bench.clock(), succeeded_at=bench.clock()))
    found = list(examine(bench.tools, tmp_path, _none, _known))
    assert {one.state for one in found if one.subject != "clock"} == {State.WELL}
    assert _of(found, "feed courier").words == "1 entries"
    assert [one.subject for one in found] == [
        "archive",
        "disk",
        "ticker poll",
        "names",
        "clock",
        "feed courier",
        "feed herald",
        "channel desk",
        "template digest",
    ]


def test_nothing_is_visited_offline(bench: Bench, tmp_path: Path) -> None:
    found = list(examine(bench.tools, tmp_path, _none, _known, network=False))
    assert bench.web.asked == []
    assert _of(found, "daemon").state is State.WARNING


def test_feeds_that_fail_say_what_to_do(bench: Bench, publish: Callable[..., None]) -> None:
    bench.web.pages["https://courier.example/feed"] = "<html><body>Welcome</body></html>"
    publish("herald")
    found = list(feeds(bench.tools, _none))
    assert _of(found, "feed courier").state is State.TROUBLE
    assert "monitor feeds test courier" in _of(found, "feed courier").hint
    assert _of(found, "feed herald").words == "can be read, and is empty"


def test_an_address_that_is_gone(bench: Bench, publish: Callable[..., None]) -> None:
    publish("herald", ("2", "Tram times", BORING))
    found = list(feeds(bench.tools, _none))
    assert _of(found, "feed courier").state is State.TROUBLE


@pytest.mark.parametrize(("off", "state"), [(timedelta(seconds=20), State.WELL), (3 * SKEW, State.TROUBLE)])
def test_the_clock_is_judged_by_the_servers_most_agree_with(off: timedelta, state: State) -> None:
    def visit(said: datetime) -> Unchanged:
        return Unchanged(
            Request(url="https://x.example/", purpose="feed", feed="x"), NOW, {"date": format_datetime(said)}
        )

    odd = replace(a_fresh(), at=NOW, headers={"date": "sometime"})
    failed = Failed(odd.request, Failure.DNS, "", NOW)
    beyond = replace(odd, headers={"date": "Mon, 23 Nov 99999999999999 12:00:00 GMT"})
    found = clock([visit(NOW - off), visit(NOW - off), visit(NOW + timedelta(days=400)), odd, beyond, failed])
    assert found.state is state
    assert clock([failed]).state is State.WARNING


def test_a_certificate_that_ends_soon_is_named() -> None:
    ends: dict[str, datetime | str] = {
        "soon.example": NOW + timedelta(days=3),
        "later.example": NOW + timedelta(days=80),
        "none.example": "refused",
    }
    soon, rest = certified(ends, NOW)
    assert (soon.subject, soon.state) == ("soon.example", State.WARNING)
    assert rest.words == "of 1 hosts hold for more than two weeks"


def test_a_channel_that_would_fail(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(bench.channel), "check", lambda _self: "535 wrong password")
    (found,) = channels(bench.tools)
    assert (found.state, found.words) == (State.TROUBLE, "535 wrong password")
    assert "monitor channels test desk" in found.hint


def test_a_broken_template(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "short.txt.j2").write_text("{% if %}", "utf-8")
    (tmp_path / "short.html.j2").write_text("fine", "utf-8")
    bench.change(renderer=Renderer(make_environment([tmp_path])), subscriptions=(replace(DAILY, template="short"),))
    found = list(examine(bench.tools, tmp_path, _none, _known, network=False))
    assert _of(found, "template short").state is State.TROUBLE


@pytest.mark.parametrize(
    ("found", "state", "words"),
    [
        ({"one.example": "", "two.example": ""}, State.WELL, "of 2 hosts have addresses"),
        (
            {"one.example": "", "two.example": "no such name"},
            State.WARNING,
            "1 of 2 hosts' names have no address: two.ex",
        ),
        (
            {"one.example": "timed out", "two.example": "timed out"},
            State.TROUBLE,
            "none of 2 hosts' names has an address",
        ),
    ],
)
def test_names_that_have_no_address(found: Mapping[str, str], state: State, words: str) -> None:
    (finding,) = resolved(found)
    assert finding.state is state
    assert words in finding.words
    assert bool(finding.hint) is (state is not State.WELL)


def test_a_topic_that_was_renamed_is_named_as_long_as_its_matches_are_news(bench: Bench) -> None:
    with bench.store.begin() as shelves:
        article = an_article(found_at=bench.clock())
        shelves.articles.add(article, "h", [Verdict("air-defence", 0.9, 0.5), Verdict("air-defense", 0.9, 0.5)])
    (found,) = topics(bench.tools)
    assert (found.subject, found.state) == ("topic air-defense", State.WARNING)
    assert "though 1 matched it" in found.words
    assert "monitor rejudge" in found.hint
    bench.clock.forward(hours=24 * 15)
    assert list(topics(bench.tools)) == []


def test_without_hosts_there_is_nothing_to_say_of_names() -> None:
    assert list(resolved({})) == []


@pytest.mark.parametrize("failure", Failure)
def test_each_way_in_which_a_feed_can_fail_has_a_hint(
    failure: Failure, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(requests: Iterable[Request]) -> Iterator[Visit]:
        return (Failed(request, failure, "", NOW) for request in requests)

    monkeypatch.setattr(bench.tools.fetcher, "visit_many", fail)
    found = [one for one in feeds(bench.tools, _none) if one.subject.startswith("feed ")]
    assert found
    assert all(one.state is State.TROUBLE and one.hint for one in found)


def test_what_is_not_well_never_goes_without_a_hint() -> None:
    with pytest.raises(ValueError, match="nothing is said of what to do"):
        Finding("clock", State.WARNING, "no server said what time it is")


def test_a_round_that_is_still_to_come_is_no_good_sign() -> None:
    every = timedelta(minutes=1)
    early = Beat("poll", NOW + timedelta(hours=1), NOW + timedelta(hours=1), every)
    assert "still to come" in ailing(early, NOW)
    assert ailing(Beat("poll", NOW + every, NOW + every, every), NOW) == ""
