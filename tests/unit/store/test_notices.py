"""Notices: open while it lasts, told once at each end."""

from datetime import timedelta

from monitor.model import Notice, NoticeKind, Window
from monitor.store import Store
from tests.builders import NOW

HOUR = timedelta(hours=1)
GONE, FAILING = NoticeKind.GONE, NoticeKind.FAILING


def test_what_is_wanted_is_open_and_what_is_not_any_more_is_closed(store: Store) -> None:
    with store.begin() as shelves:
        shelves.notices.settle("courier", {FAILING: "too slow"}, NOW)
        shelves.notices.settle("herald", {FAILING: "refused"}, NOW)
        shelves.notices.settle("courier", {FAILING: "still too slow", GONE: "410"}, NOW + HOUR)
        assert shelves.notices.open() == [
            Notice(FAILING, "courier", "still too slow", NOW),
            Notice(FAILING, "herald", "refused", NOW),
            Notice(GONE, "courier", "410", NOW + HOUR),
        ]
        shelves.notices.settle("courier", {}, NOW + 2 * HOUR)
        assert [notice.subject for notice in shelves.notices.open()] == ["herald"]
        assert shelves.notices.of("courier") == [
            Notice(GONE, "courier", "410", NOW + HOUR, NOW + 2 * HOUR),
            Notice(FAILING, "courier", "still too slow", NOW, NOW + 2 * HOUR),
        ]
        assert len(shelves.notices.of("courier", limit=1)) == 1


def test_beginning_and_end_are_told_once_each(store: Store) -> None:
    told = []

    def tell() -> None:
        with store.begin() as shelves:
            for number, notice in shelves.notices.untold():
                told.append((notice.words, notice.closed_at is not None))
                shelves.notices.mark_told(number, notice)

    with store.begin() as shelves:
        shelves.notices.settle("courier", {FAILING: "too slow"}, NOW)
    tell()
    tell()
    with store.begin() as shelves:
        shelves.notices.settle("courier", {FAILING: "in other words"}, NOW)
    tell()
    with store.begin() as shelves:
        shelves.notices.settle("courier", {}, NOW + HOUR)
    tell()
    tell()
    assert told == [("too slow", False), ("in other words", True)]


def test_what_is_over_before_it_could_be_told_is_told_as_over(store: Store) -> None:
    with store.begin() as shelves:
        shelves.notices.settle("courier", {FAILING: "too slow"}, NOW)
        shelves.notices.settle("courier", {}, NOW + HOUR)
        ((number, notice),) = shelves.notices.untold()
        assert notice.closed_at == NOW + HOUR
        shelves.notices.mark_told(number, notice)
        assert shelves.notices.untold() == []


def test_what_began_or_ended_in_a_window(store: Store) -> None:
    with store.begin() as shelves:
        shelves.notices.settle("a", {FAILING: "before and after"}, NOW - HOUR)
        shelves.notices.settle("b", {FAILING: "ends in it"}, NOW - HOUR)
        shelves.notices.settle("b", {}, NOW + HOUR)
        shelves.notices.settle("c", {FAILING: "begins in it"}, NOW + HOUR)
        shelves.notices.settle("d", {FAILING: "after"}, NOW + 3 * HOUR)
        found = shelves.notices.within(Window(NOW, NOW + HOUR))
        assert [notice.words for notice in found] == ["ends in it", "begins in it"]


def test_what_is_over_and_told_is_forgotten_in_time(store: Store) -> None:
    with store.begin() as shelves:
        for subject in ("told", "untold", "open"):
            shelves.notices.settle(subject, {FAILING: "x"}, NOW - 3 * HOUR)
        for subject in ("told", "untold"):
            shelves.notices.settle(subject, {}, NOW - 2 * HOUR)
        ((number, notice),) = [one for one in shelves.notices.untold() if one[1].subject == "told"]
        shelves.notices.mark_told(number, notice)
        assert shelves.notices.forget(NOW - HOUR) == 1
        assert shelves.notices.forget(NOW - HOUR) == 0
        assert [notice.subject for notice in shelves.notices.of("untold") + shelves.notices.open()] == [
            "untold",
            "open",
        ]
