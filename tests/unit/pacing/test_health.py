"""A feed's points, and what takes them."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from monitor.pacing.health import Facts, health

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WELL = Facts(100, 0, gone=False, items=50, known=0.0, delay=HOUR / 2, silent=HOUR, usual=6 * HOUR, matches=4)


def _points(facts: Facts) -> int:
    found = health(facts)
    assert found is not None
    return found.points


def test_a_feed_that_is_well_has_all_points() -> None:
    found = health(WELL)
    assert found is not None
    assert (found.points, found.losses) == (100, ())


@pytest.mark.parametrize(
    ("facts", "points"),
    [
        (replace(WELL, failed=50), 80),
        (replace(WELL, failed=100), 60),
        (replace(WELL, gone=True), 60),
        (replace(WELL, silent=6 * HOUR), 100),
        (replace(WELL, silent=12 * HOUR), 90),
        (replace(WELL, silent=9 * DAY), 80),
        (replace(WELL, known=1.0), 85),
        (replace(WELL, delay=DAY), 85),
        (replace(WELL, delay=9 * DAY), 85),
        (replace(WELL, matches=0), 90),
        (replace(WELL, items=0, matches=0, delay=None), 100),
        (Facts(9, 9, gone=True, items=9, known=1.0, delay=9 * DAY, silent=9 * DAY, usual=HOUR, matches=0), 0),
    ],
)
def test_each_trouble_takes_its_share(facts: Facts, points: int) -> None:
    assert _points(facts) == points


def test_the_delay_counts_by_its_logarithm() -> None:
    losses = [100 - _points(replace(WELL, delay=hours * HOUR)) for hours in (1, 2, 4, 8, 16)]
    assert losses == sorted(losses)
    assert losses[0] == 0
    assert 3 <= losses[2] - losses[1] <= 4


def test_the_largest_loss_comes_first_and_says_what_it_is() -> None:
    found = health(replace(WELL, failed=30, known=0.9))
    assert found is not None
    assert [loss.what for loss in found.losses] == ["90% of its items were known already", "30 of 100 visits failed"]


def test_of_a_feed_that_was_hardly_visited_nothing_is_said() -> None:
    assert health(replace(WELL, visits=2)) is None
    assert health(replace(WELL, visits=0, gone=True)) is not None
