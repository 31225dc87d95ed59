"""The moment of an article: stated, or in its address, or in its first lines."""

from datetime import UTC, datetime

import pytest

from monitor.stories.moments import moment_of
from tests.builders import NOW


def _noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def test_what_is_stated_wins() -> None:
    assert moment_of(NOW, "https://a.example/2020/01/02/x", "3 May 2021") == NOW


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example/news/2026/03/02/launchers", _noon(2026, 3, 2)),
        ("https://a.example/2026-3-02-launchers", _noon(2026, 3, 2)),
        ("https://a.example/story-20260302.html", _noon(2026, 3, 2)),
        ("https://a.example/world/2026/mar/02/launchers", _noon(2026, 3, 2)),
        ("https://a.example/2026/3/2/launchers", _noon(2026, 3, 2)),
        ("https://a.example/2026/03/launchers", _noon(2026, 3, 15)),
    ],
)
def test_an_address_tells_the_day(url: str, day: datetime) -> None:
    assert moment_of(None, url, "") == day


@pytest.mark.parametrize("text", ["Oslo, 2 March 2026 – The", "Published March 2nd, 2026 by", "02.03.2026, 10:40."])
def test_the_first_lines_tell_the_day(text: str) -> None:
    assert moment_of(None, "https://a.example/x", text) == _noon(2026, 3, 2)


@pytest.mark.parametrize("url", ["", "https://a.example/20993344/x", "https://a.example/2026/13/45/x"])
def test_what_is_no_date_is_none(url: str) -> None:
    assert moment_of(None, url, "x" * 400 + " 2 March 2026") is None
