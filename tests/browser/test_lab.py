"""The topic lab in a real browser: checked while typing, tried, saved by keys alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from monitor.app import App
from tests.browser.looking import expect_well
from tests.configfolder import kept

DRAFT = """[topics.radars]
title = "Radars"
bias = -2
clauses = [{ name = "radar", query = 'radar* OR drone*', weight = 8 }]
"""


@pytest.fixture
def file(app: App) -> Iterator[Path]:
    """topics.toml, which is put back afterwards."""
    with kept(app, "topics.toml") as path:
        yield path


def test_a_topic_is_checked_while_it_is_typed(page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto("/lab")
    page.get_by_label("The topic").fill(DRAFT.replace("radar*", "#radr"))
    expect(page.locator("#findings")).to_contain_text("line 4, column 39")
    expect(page.locator("#findings")).to_contain_text("did you mean")
    page.get_by_label("The topic").fill(DRAFT)
    expect(page.locator("#findings")).to_contain_text("Radars (radars) is understood: 1 clause")
    assert said == []


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_trial_shows_what_would_enter(browser: Browser, address: str, width: int, scheme: str) -> None:
    context = browser.new_context(
        base_url=address, viewport={"width": width, "height": 844}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    page.goto("/lab")
    page.get_by_label("The topic").fill(DRAFT)
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("heading", name="would enter")).to_be_visible()
    assert page.locator("#changes .line .chip").count() > 2
    expect_well(page)
    context.close()


def test_the_lab_works_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/lab")
    page.get_by_label("The topic").fill("[topics.x")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#findings")).to_contain_text("is not valid TOML")
    page.get_by_label("The topic").fill(DRAFT)
    page.get_by_role("button", name="Try it").click()
    expect(page.locator("#changes")).to_contain_text("would enter")
    context.close()


def test_a_topic_is_written_and_saved_by_keys_alone(page: Page, file: Path) -> None:
    page.goto("/topics")
    page.get_by_role("link", name="A new topic in the lab").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/lab")
    field = page.get_by_label("The topic")
    for _ in range(30):
        page.keyboard.press("Tab")
        if field.evaluate("one => one === document.activeElement"):
            break
    expect(field).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(DRAFT)
    expect(page.locator("#findings")).to_contain_text("is understood")
    save = page.get_by_role("button", name="Save")
    for _ in range(10):
        page.keyboard.press("Tab")
        if save.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    assert file.read_text("utf-8").endswith(DRAFT)
