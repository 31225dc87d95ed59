"""Backups by a schedule, over a told span of time."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from monitor.jobs.backup import Plan, Unmade, back_up, overdue
from monitor.jobs.deliver import deliver
from monitor.model import NoticeKind
from monitor.store import backup, open_store
from monitor.store.backup import Backup, Contents, verify_backup
from tests.unit.jobs.conftest import Bench


@pytest.fixture
def plan(bench: Bench, tmp_path: Path) -> Plan:
    """Every night at half past three in Kyiv, of an archive in a file."""
    bench.change(store=open_store(f"sqlite:///{tmp_path}/monitor.db"))
    contents = Contents(tmp_path / "monitor.db", {}, tmp_path / "evidence")
    return Plan(contents, tmp_path / "copies", 3, "30 3 * * *", "Europe/Kyiv")


def _made(bench: Bench, plan: Plan) -> Path:
    made = back_up(bench.tools, plan)
    assert isinstance(made, Backup)
    return made.folder


def test_one_is_made_at_once_then_one_a_night_and_each_is_sound(bench: Bench, plan: Plan) -> None:
    first = _made(bench, plan)
    assert verify_backup(first).facts.revision
    bench.clock.forward(hours=1)
    assert back_up(bench.tools, plan) is None
    nights = []
    for _ in range(4):
        bench.clock.forward(days=1)
        nights.append(_made(bench, plan))
        assert back_up(bench.tools, plan) is None
    assert sorted(plan.folder.glob("monitor-*")) == nights[-3:], "only as many stay as the settings say"


def test_a_machine_that_slept_owes_one(bench: Bench, plan: Plan) -> None:
    _made(bench, plan)
    bench.clock.forward(days=30)
    _made(bench, plan)
    assert back_up(bench.tools, plan) is None


def test_one_that_was_made_by_hand_counts(bench: Bench, plan: Plan) -> None:
    assert plan.contents is not None
    backup.make_backup(plan.contents, plan.folder, bench.clock(), "1", 3)
    assert back_up(bench.tools, plan) is None


def test_a_clock_that_went_back_does_not_end_all_backups(bench: Bench, plan: Plan) -> None:
    bench.clock.forward(days=400)
    _made(bench, plan)
    bench.clock.forward(days=-400)
    _made(bench, plan)


def test_without_a_schedule_or_a_file_none_is_made(bench: Bench, plan: Plan) -> None:
    for wanted in (replace(plan, schedule=""), replace(plan, contents=None)):
        assert back_up(bench.tools, wanted) is None
        assert overdue(wanted, bench.clock()) == ""
    assert not plan.folder.exists()


def test_that_none_can_be_made_is_told_to_the_operator_once_and_when_it_is_over(bench: Bench, plan: Plan) -> None:
    plan.folder.write_text("a file stands in the way")
    for _ in range(3):
        done = back_up(bench.tools, plan)
        assert isinstance(done, Unmade)
        assert "copies" in done.problem
        deliver(bench.tools)
        bench.clock.forward(hours=1)
    (told,) = bench.channel.sent
    assert told.subject == "News-monitor: Backups cannot be made"
    assert f"Backups cannot be made: {plan.folder}: " in told.text
    assert "It is tried again every hour; `monitor backup` makes one at once." in told.text
    plan.folder.unlink()
    _made(bench, plan)
    for _ in range(2):
        deliver(bench.tools)  # written, then sent
    assert bench.channel.sent[-1].subject == "News-monitor: Backups are in order again"
    with bench.tools.store.read() as shelves:
        assert shelves.notices.open() == []


def test_trouble_is_over_when_one_was_made_by_hand_or_none_is_wanted(bench: Bench, plan: Plan) -> None:
    by_hand = replace(plan, folder=plan.folder.with_name("elsewhere"))
    _made(bench, by_hand)
    plan.folder.write_text("in the way")
    for mended in (by_hand, replace(plan, schedule="")):
        assert isinstance(back_up(bench.tools, plan), Unmade)
        assert back_up(bench.tools, mended) is None
        with bench.tools.store.read() as shelves:
            assert shelves.notices.open({NoticeKind.NO_BACKUP}) == []


def test_while_another_process_makes_one_nothing_is_wrong(bench: Bench, plan: Plan) -> None:
    plan.folder.mkdir()
    with backup._alone(plan.folder):
        assert back_up(bench.tools, plan) is None
    with bench.tools.store.read() as shelves:
        assert shelves.notices.open() == []


def test_one_that_is_late_is_noticed(bench: Bench, plan: Plan) -> None:
    now = bench.clock()
    assert "there is none in" in overdue(plan, now)
    _made(bench, plan)
    assert overdue(plan, now) == ""
    assert overdue(plan, now + timedelta(days=1)) != ""
    assert f"is of {now:%Y-%m-%d %H:%M} UTC" in overdue(plan, now + timedelta(days=3))
