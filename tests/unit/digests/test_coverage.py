"""The small print says what was seen and what was not."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from monitor.digests.coverage import blind, coverage_view, warning
from monitor.model import AlertRule, Coverage, Gap, Notice, NoticeKind, Window
from tests.builders import NOW, a_coverage, a_digest, a_report, a_story, a_subscription

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WINDOW = Window(NOW - DAY, NOW)


def test_an_ordinary_day() -> None:
    view = coverage_view(a_digest(stories=(a_story(),) * 9))
    assert view.period == "Covers Sun 22 Nov 08:00 to Mon 23 Nov 08:00 (Europe/Kyiv)."
    assert view.longer == ""
    assert view.feeds == "All 12 feeds were read."
    assert view.entries == "240 new entries (231 read on their own page); 9 fit the topics of this digest."


@pytest.mark.parametrize(
    ("coverage", "feeds"),
    [
        (Coverage(), "No feed is configured."),
        (Coverage(feeds=1, read=1), "The only feed was read."),
        (Coverage(feeds=2, read=2), "Both feeds were read."),
        (Coverage(feeds=9, read=5, not_due=4), "All 5 feeds that were due were read. 4 more were not due."),
        (Coverage(feeds=9, read=4, not_due=1), "4 of 8 feeds that were due were read. 1 more was not due."),
        (Coverage(feeds=1, not_due=1), "The only feed was not due."),
        (Coverage(feeds=9, not_due=9), "None of the 9 feeds was due."),
        (
            Coverage(feeds=2, read=2, unseen=26 * HOUR),
            "Both feeds were read. For 1 day 2 h of this period no feed at all was read.",
        ),
        (Coverage(feeds=3, read=1), "1 of 3 feeds was read."),
        (Coverage(feeds=3, read=0), "None of 3 feeds was read."),
        (Coverage(feeds=1, read=0), "The only feed was not read."),
        (Coverage(feeds=2_000, read=1_999), "1,999 of 2,000 feeds were read."),
        (Coverage(feeds=3, read=3, failed=(("A", "x", NOW - 9 * HOUR),)), "2 of 3 feeds were read to the end."),
        (Coverage(feeds=3, read=2, failed=(("A", "x", NOW - 2 * DAY),)), "2 of 3 feeds were read."),
        (
            Coverage(feeds=3, read=3, offline=Window(NOW - 18 * HOUR, NOW)),
            "All 3 feeds were read. Nothing could be read after Sun 22 Nov 14:00: the monitor's own network was down.",
        ),
        (
            Coverage(feeds=3, read=3, offline=Window(NOW - 18 * HOUR, NOW - 8 * HOUR)),
            (
                "All 3 feeds were read. Nothing could be read from Sun 22 Nov 14:00 to Mon 23 Nov 00:00: the monitor's"
                " own network was down."
            ),
        ),
        (
            Coverage(feeds=3, offline=Window(NOW - 2 * DAY, NOW)),
            "Nothing could be read after Sat 21 Nov 08:00: the monitor's own network was down.",
        ),
    ],
)
def test_feeds_in_words(coverage: Coverage, feeds: str) -> None:
    assert coverage_view(a_digest(coverage=coverage)).feeds == feeds


@pytest.mark.parametrize(
    ("coverage", "entries"),
    [
        (Coverage(feeds=1, read=1), "No new entries were found."),
        (Coverage(feeds=1), ""),
        (Coverage(edited=1, matched=1), "No new entries, 1 rewritten; 1 fits the topics of this digest."),
        (
            Coverage(entries=1, articles=1, matched=1),
            "1 new entry (read on its own page); 1 fits the topics of this digest.",
        ),
        (
            Coverage(entries=1, articles=0),
            "1 new entry (its own page could not be read); none fits the topics of this digest.",
        ),
        (
            Coverage(entries=5, articles=5, edited=2, matched=2),
            "5 new entries (all read on their own page), 2 rewritten; 2 fit the topics of this digest.",
        ),
        (
            Coverage(entries=5, articles=0),
            "5 new entries (none read on its own page); none fits the topics of this digest.",
        ),
        (
            Coverage(entries=5, articles=2, left_alone=3),
            (
                "5 new entries (2 read on their own page, 3 judged by headline and summary); none fits the topics of"
                " this digest."
            ),
        ),
        (
            Coverage(entries=1, articles=0, left_alone=1),
            "1 new entry (judged by its headline and summary); none fits the topics of this digest.",
        ),
        (Coverage(entries=5, articles=None), "5 new entries; none fits the topics of this digest."),
        (
            Coverage(entries=12_345, articles=9_876, matched=50, too_old=2),
            (
                "12,345 new entries (9,876 read on their own page); 50 fit the topics of this digest. 2 of these were"
                " published too long ago to be told as news."
            ),
        ),
    ],
)
def test_entries_in_words(coverage: Coverage, entries: str) -> None:
    stories = tuple(a_story() for _ in range(coverage.matched - coverage.too_old))
    assert coverage_view(a_digest(coverage=coverage, stories=stories)).entries == entries


def test_what_fits_and_is_not_here_was_told_before() -> None:
    coverage = Coverage(feeds=1, read=1, entries=5, articles=None, matched=5, too_old=1)
    two = a_story(reports=(a_report(), a_report(verdicts=()), a_report()))
    said = "5 new entries; 5 fit the topics of this digest. 1 of these was published too long ago to be told as news."
    for stories, more in (
        ((two,), " 2 belong to stories that were told before."),
        ((two, a_story()), " 1 belongs to stories that were told before."),
        ((two, two), ""),
        ((two, two, two), ""),  # some of it was found earlier
    ):
        assert coverage_view(a_digest(coverage=coverage, stories=stories)).entries == said + more


def test_what_fits_and_is_not_in_an_alert_may_only_have_passed_no_rule() -> None:
    alerts = a_subscription(schedule="", alert=AlertRule())
    coverage = Coverage(feeds=1, read=1, entries=5, articles=None, matched=3)
    for stories, more in (
        ((a_story(),), " 2 more were told before or pass no rule for alerts."),
        ((a_story(), a_story()), " 1 more was told before or passes no rule for alerts."),
    ):
        said = coverage_view(a_digest(subscription=alerts, coverage=coverage, stories=stories)).entries
        assert said == "5 new entries; 3 fit the topics of this digest." + more


@pytest.mark.parametrize(
    ("schedule", "back", "late", "longer"),
    [
        ("0 8 * * *", DAY, 0 * HOUR, ""),
        ("0 8 * * *", 5 * HOUR, 0 * HOUR, ""),
        ("0 8 * * *", DAY, HOUR / 3, ""),  # after a long round of polling
        ("0 8 * * *", 0 * HOUR, 5 * HOUR, ""),  # asked for in the afternoon, after this morning's
        ("0 8 * * MON", 7 * DAY, 0 * HOUR, ""),
        (
            "0 8 * * *",
            2 * DAY + HOUR,
            HOUR,
            "That is 2 days 2 h instead of the usual 1 day: no digest was made in between.",
        ),
        ("0 * * * *", 5 * HOUR, 0 * HOUR, "That is 5 h instead of the usual 1 h: no digest was made in between."),
        (
            "0 8 * * *",
            DAY,
            7 * HOUR,
            "That is 1 day 7 h instead of the usual 1 day: this digest was due Mon 23 Nov 08:00.",
        ),
        (
            "0 8 * * *",
            DAY - 7 * HOUR,
            7 * HOUR,
            "This digest was due Mon 23 Nov 08:00.",
        ),  # as yesterday's came late, too
    ],
)
def test_a_longer_window_says_so_and_why(schedule: str, back: timedelta, late: timedelta, longer: str) -> None:
    digest = a_digest(subscription=a_subscription(schedule=schedule), window=Window(NOW - back, NOW + late))
    assert coverage_view(digest).longer == longer


def test_the_day_of_25_hours_is_a_usual_day() -> None:
    end = NOW.replace(month=10, day=25)
    window = Window(end - timedelta(hours=25), end)
    assert coverage_view(a_digest(window=window)).longer == ""


def test_long_lists_are_cut_and_counted() -> None:
    failed = tuple((f"Outlet {number}", "too slow\r\n" * 90, None) for number in range(30))
    view = coverage_view(a_digest(coverage=a_coverage(failed=failed, unvisited=("A", "B\x00"))))
    assert len(view.failed) + view.more_failed == 30
    assert all(len(problem) <= 160 and "\n" not in problem for _, problem in view.failed)
    assert (view.unvisited, view.more_unvisited) == (("A", "B"), 0)


def test_a_feed_that_is_not_read_any_more_says_since_when() -> None:
    view = coverage_view(a_digest(coverage=a_coverage(failed=(("A", "x", NOW - 9 * HOUR), ("B", "y", None)))))
    assert view.failed == (("A, since Sun 22 Nov 23:00", "x"), ("B", "y"))


@pytest.mark.parametrize(
    ("coverage", "words"),
    [
        (Coverage(feeds=64, read=64), ""),
        (Coverage(feeds=64, read=32), ""),
        (Coverage(feeds=64, read=31), "Only 31 of 64 feeds could be read; this digest may miss much."),
        (Coverage(feeds=64), "None of the 64 feeds could be read; why is said at the end."),
        (Coverage(feeds=1), "The only feed could not be read; why is said at the end."),
        (
            Coverage(feeds=3, unvisited=("Courier", "Gazette"), not_due=1),
            "No feed was visited in this period, though 2 were due; it may miss much.",
        ),
        (Coverage(), "No feed is configured, so nothing could be read."),
        (
            Coverage(feeds=3, read=3, failed=(("A", "x", NOW - 9 * HOUR), ("B", "x", NOW - 9 * HOUR))),
            "Only 1 of 3 feeds could be read; this digest may miss much.",
        ),
        (
            Coverage(feeds=3, read=3, offline=Window(NOW - 18 * HOUR, NOW)),
            (
                "Nothing could be read after Sun 22 Nov 14:00: the monitor's own network was down. What has appeared"
                " since then will be told once it can be read."
            ),
        ),
        (Coverage(feeds=3, read=3, offline=Window(NOW - HOUR, NOW)), ""),
        (Coverage(feeds=3, read=3, offline=Window(NOW - 18 * HOUR, NOW - HOUR)), ""),
    ],
)
def test_a_digest_that_may_miss_much_warns(coverage: Coverage, words: str) -> None:
    assert warning(a_digest(coverage=coverage, window=WINDOW)) == words


@pytest.mark.parametrize(
    ("coverage", "without_sight"),
    [
        (Coverage(feeds=3, failed=(("A", "x", None),)), True),
        (Coverage(feeds=3, offline=WINDOW), True),
        (Coverage(feeds=3, read=1, failed=(("A", "x", None),)), False),
        (Coverage(feeds=3, unvisited=("A", "B", "C")), False),  # nothing was due
        (Coverage(), False),
    ],
)
def test_blind_is_who_tried_and_saw_nothing(coverage: Coverage, without_sight: bool) -> None:
    assert blind(coverage) is without_sight


def _noticed(*notices: Notice, **facts: object) -> tuple[tuple[str, str], ...]:
    return coverage_view(a_digest(coverage=a_coverage(notices=notices, **facts))).noticed


def test_what_began_and_what_is_over_is_told() -> None:
    gone = Notice(NoticeKind.GONE, "Herald", "gone (HTTP 410)", NOW - HOUR)
    empty = Notice(NoticeKind.EMPTY, "Courier", "answers, but lists nothing", NOW - 3 * DAY, NOW - HOUR)
    partly = Notice(NoticeKind.NETWORK, "", "no name can be looked up", NOW - HOUR)
    assert _noticed(gone, empty, partly) == (
        ("Herald", "gone (HTTP 410)"),
        ("Courier", "lists something again, after Fri 20 Nov 08:00"),
        ("The monitor", "no name can be looked up"),
    )


def test_the_end_of_a_silence_says_since_when_nothing_was_new() -> None:
    silent = Notice(NoticeKind.SILENT, "Courier", "nothing new since 2026-11-17 06:00 UTC", NOW - DAY, NOW - HOUR)
    ((_, words),) = _noticed(silent)
    assert words == "has news again, found Mon 23 Nov 07:00; before that nothing new since 2026-11-17 06:00 UTC"


def test_what_the_foot_says_anyway_is_not_repeated() -> None:
    failing = Notice(NoticeKind.FAILING, "Herald", "has been failing", NOW - HOUR)
    network = Notice(NoticeKind.NETWORK, "", "nothing can be reached", NOW - HOUR)
    assert _noticed(failing, failed=(("Herald", "x", None),)) == ()
    assert _noticed(failing) == (("Herald", "has been failing"),)
    assert _noticed(network, offline=Window(NOW - HOUR, NOW)) == ()


def test_an_end_after_the_window_is_not_told_yet() -> None:
    notice = Notice(NoticeKind.EMPTY, "Courier", "lists nothing", NOW - HOUR, NOW + HOUR)
    assert _noticed(notice) == (("Courier", "lists nothing"),)


def test_many_notices_are_counted() -> None:
    view = coverage_view(a_digest(coverage=a_coverage(notices=(Notice(NoticeKind.GONE, "A", "x", NOW),) * 15)))
    assert (len(view.noticed), view.more_noticed) == (12, 3)


def test_what_was_recovered_of_a_gap_and_what_may_be_missing() -> None:
    gap = Gap("Courier", NOW, NOW - 9 * HOUR, NOW - 5 * HOUR, recovered=4, closed=True, healed_at=NOW)
    lost = replace(gap, feed="Herald", recovered=0, closed=False, words="its server wanted no more visits")
    view = coverage_view(a_digest(coverage=a_coverage(gaps=(gap, lost))))
    between = "between Sun 22 Nov 23:00 and Mon 23 Nov 03:00"
    missing = f"items that it dropped unseen {between} may be missing, nothing was recovered"
    assert view.noticed == (
        ("Courier", f"4 items that it had dropped unseen {between} were recovered"),
        ("Herald", f"{missing}: its server wanted no more visits"),
    )


def test_who_is_silent_is_named_and_many_are_counted() -> None:
    view = coverage_view(a_digest(coverage=a_coverage(silent=("Courier", "Herald"))))
    assert (view.silent, view.more_silent) == (("Courier", "Herald"), 0)
    view = coverage_view(a_digest(coverage=a_coverage(silent=tuple(map(str, range(20))))))
    assert (len(view.silent), view.more_silent) == (12, 8)


def test_feeds_that_were_not_due_are_no_reason_to_warn() -> None:
    assert warning(a_digest(coverage=Coverage(feeds=64, read=3, not_due=61))) == ""
    assert warning(a_digest(coverage=Coverage(feeds=64, not_due=64))) == ""
    assert warning(a_digest(coverage=Coverage(feeds=64, read=3, not_due=50))).startswith("Only 3 of 14 feeds")


def test_an_outlet_with_two_feeds_is_named_once_with_both() -> None:
    several = {"Courier (news)": ("Courier", "news"), "Courier (world)": ("Courier", "world")}
    both = tuple(several)
    failed = (("Courier (news)", "too slow", None), ("Herald", "gone", None), ("Courier (world)", "too slow", NOW))
    view = coverage_view(a_digest(coverage=a_coverage(several=several, failed=failed, unvisited=both, silent=both[:1])))
    assert view.failed == (("Courier (news and world), since Mon 23 Nov 08:00", "too slow"), ("Herald", "gone"))
    assert (view.unvisited, view.silent) == (("Courier (news and world)",), ("Courier (news)",))
    other = (("Courier (news)", "too slow", None), ("Courier (world)", "gone", None))
    view = coverage_view(a_digest(coverage=a_coverage(several=several, failed=other)))
    assert view.failed == (("Courier (news and world)", "news: too slow; world: gone"),)


def test_a_paused_feed_is_named() -> None:
    view = coverage_view(a_digest(coverage=Coverage(feeds=2, read=2, paused=(("Courier", NOW - 30 * HOUR),))))
    assert view.noticed[0] == ("Courier", "paused by hand since Sun 22 Nov 02:00, and not visited")
    assert warning(a_digest(coverage=Coverage(paused=(("Courier", NOW),)))).startswith("Every feed is paused")
