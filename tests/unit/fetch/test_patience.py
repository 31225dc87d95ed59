"""Which answers have time enough, and when patience with the others is over."""

import pytest

from monitor.fetch.patience import Patience


def patience(rate: float = 500) -> Patience:
    return Patience(100, most=15, rate=rate, end=160)


def until(one: Patience, pieces: int, every: float, start: float = 0.0, end: float = 300.0) -> float:
    """When patience is over with a server that sends so many bytes every so many seconds."""
    now = 100 + start
    over = one.head_came(now)
    while now + every < over and now < end:
        now += every
        over = one.bytes_came(pieces, now)
    return over - 100


def test_a_head_has_its_time() -> None:
    assert patience().until == 115


def test_the_whole_visit_ends_before_patience_does() -> None:
    assert Patience(100, most=15, rate=500, end=103).until == 103
    assert until(patience(), 100_000, 1.0) == 60


@pytest.mark.parametrize("start", [0.0, 7.0, 14.9])
def test_a_byte_a_second_is_over_within_20_seconds(start: float) -> None:
    assert until(patience(), 1, 1.0, start) < 20


def test_a_burst_buys_no_more_than_one_stall() -> None:
    one = patience()
    one.head_came(101)
    one.bytes_came(10_000_000, 102)
    assert one.until == 117
    one.bytes_came(1, 110)
    assert one.until < 117.1


def test_a_slow_but_steady_server_is_read_to_its_end() -> None:
    assert until(patience(), 1_200, 2.0) == 60


def test_a_server_that_works_at_its_answer_between_two_pieces() -> None:
    one = patience()
    assert one.head_came(114) == 119
    assert one.bytes_came(20_000, 118) == 133


def test_time_in_which_nobody_listened_is_forgiven() -> None:
    one = patience()
    one.head_came(101)
    one.bytes_came(1_000_000, 102)
    one.forgive(100)
    assert one.bytes_came(1, 202) == 217


def test_without_a_rate_only_silence_counts() -> None:
    assert until(patience(rate=0), 1, 10.0) == 60
    assert until(patience(rate=0), 1, 16.0) == 15
