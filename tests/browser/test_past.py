"""Long work in a real browser: the page tells live how far it is, and what came of it, with JavaScript and without."""

from collections.abc import Callable
from threading import Event

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from monitor.jobs.backfill import Order, Report, Tally, Watch
from monitor.jobs.toolbox import Toolbox


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """A backfill that goes a step each time one of these is set, and no address of the world is asked."""
    given = [Event(), Event()]

    def slow(toolbox: Toolbox, order: Order, pause: Callable[[float], object], watch: Watch) -> Report:
        for number, step in enumerate(given, start=1):
            step.wait(30)
            watch(Tally(number / 4, number, number * 10, number * 5, number, ("northwire: pages",)))
        while not toolbox.stopping():
            pause(0.05)
        return Report((), order.span, interrupted=True)

    monkeypatch.setattr("monitor.web.past.backfill", slow)
    return given


def test_progress_is_told_live_and_the_work_is_stopped(page: Page, steps: list[Event]) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto("/past")
    page.get_by_label("From this day on").fill("2026-01-01")
    page.get_by_role("button", name="Fill").click()
    steps[0].set()
    expect(page.locator(".words")).to_have_text("25 % · northwire: pages · 5 new of 10 found · 1 requests")
    steps[1].set()
    expect(page.locator(".words")).to_contain_text("50 %")
    assert page.locator("progress").evaluate("bar => bar.value") == 0.5
    checked = Axe().run(page).response
    assert [one["id"] for one in checked["violations"] if one["impact"] in ("serious", "critical")] == []
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("status")).to_contain_text("stopped")
    assert said == []


def test_without_javascript_the_page_loads_itself_anew(browser: Browser, address: str, steps: list[Event]) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/past")
    page.get_by_label("From this day on").fill("2026-01-01")
    page.get_by_role("button", name="Fill").click()
    for step in steps:
        step.set()
    expect(page.locator(".words")).to_contain_text("50 %", timeout=20_000)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("status")).to_contain_text("stopped", timeout=20_000)
    context.close()
