"""Feeds and saved searches in a real browser: found, added, paused, exchanged, saved and read; without scripts, too."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest
from playwright.sync_api import Browser, Page, expect

from monitor.app import App
from tests.browser.looking import expect_well
from tests.configfolder import kept
from tests.newsserver import Answer, NewsServer

RSS = b"<rss version='2.0'><channel><title>Ridge Herald</title><item><title>Library</title></item></channel></rss>"
HEAD = (
    b'<html><head><link rel="alternate" type="application/rss+xml" href="/main.xml">'
    b'<link rel="alternate" type="application/rss+xml" href="/dead.xml"></head></html>'
)
OPML = '<opml><body><outline text="Hill Post" xmlUrl="https://hill.example/rss"/></body></opml>'


@pytest.fixture
def file(app: App) -> Iterator[Path]:
    """feeds.toml, which is put back afterwards."""
    with kept(app, "feeds.toml") as path:
        yield path


@pytest.fixture
def site() -> Iterator[NewsServer]:
    """A site that names a feed that works and one that does not."""
    with NewsServer() as server:
        server.put("/", Answer(body=HEAD, headers={"Content-Type": "text/html"}))
        server.put("/main.xml", Answer(body=RSS))
        yield server


def test_a_feed_is_found_tried_and_added(sized: Page, site: NewsServer, file: Path) -> None:
    sized.goto("/feeds")
    sized.get_by_label("Address of a feed").fill(site.url("/"))
    sized.get_by_role("button", name="Try it").click()
    expect(sized.get_by_role("heading", name="1 feed found")).to_be_visible()
    expect(sized.get_by_text("1 address named there that could not be read")).to_be_visible()
    expect_well(sized)
    sized.get_by_label("Tags").fill("hill")
    sized.get_by_role("button", name="Add it").click()
    expect(sized.get_by_role("status")).to_contain_text("ridge-herald")
    expect_well(sized)
    assert tomllib.loads(file.read_text("utf-8"))["feed"][-1]["tags"] == ["hill"]


def test_lists_go_out_and_come_in(page: Page, file: Path, tmp_path: Path) -> None:
    page.goto("/feeds")
    with page.expect_download() as given:
        page.get_by_role("link", name="Download as OPML").click()
    assert given.value.suggested_filename == "feeds.opml"
    listed = tmp_path / "mine.opml"
    listed.write_text(OPML, "utf-8")
    page.get_by_label("An OPML file").set_input_files(listed)
    page.get_by_role("button", name="Add its feeds").click()
    expect(page.get_by_role("status")).to_contain_text("hill-post")
    assert tomllib.loads(file.read_text("utf-8"))["feed"][-1]["url"] == "https://hill.example/rss"


def _tab_to(page: Page, name: str, role: str = "button") -> None:
    wanted = page.get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"the tab key does not lead to {name}")


def test_a_feed_is_paused_and_resumed_by_keys_alone(app: App, page: Page) -> None:
    page.goto("/feeds")
    _tab_to(page, "Northwire", "link")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Northwire", level=1)).to_be_visible()
    _tab_to(page, "Pause it")
    page.keyboard.press("Enter")
    expect(page.get_by_text("it is not visited, and each digest says so")).to_be_visible()
    expect_well(page)
    with app.store.read() as shelves:
        assert set(shelves.pauses.all()) == {"northwire"}
    _tab_to(page, "Visit it again")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Pause it")).to_be_visible()
    with app.store.read() as shelves:
        assert shelves.pauses.all() == {}


def test_a_search_is_checked_while_it_is_typed(page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto("/search")
    field = page.get_by_label("Words")
    field.press_sequentially("drone AND")
    expect(page.locator("#mistakes .warning")).to_be_visible()
    field.press_sequentially(" radar")
    expect(page.locator("#mistakes .warning")).to_have_count(0)
    assert said == []


def test_a_search_is_saved_read_as_a_feed_made_a_topic_and_forgotten(app: App, sized: Page) -> None:
    sized.goto("/search?q=drone")
    sized.get_by_label("Keep this search as").fill("All of drones")
    sized.get_by_role("button", name="Save it").click()
    sized.get_by_role("button", name="Give it a feed address").click()
    place = sized.get_by_role("link", name="Atom").get_attribute("href")
    assert place is not None
    expect_well(sized)
    answer = sized.request.get(place)
    assert len(feedparser.parse(answer.body()).entries) > 3
    sized.get_by_role("link", name="Make it a topic").click()
    expect(sized.locator("#findings")).to_contain_text("All of drones (all-of-drones) is understood: 1 clause")
    expect_well(sized)
    sized.goto("/search")
    sized.get_by_role("button", name="Forget it").click()
    expect(sized.get_by_role("heading", name="Saved searches")).to_have_count(0)
    assert sized.request.get(place).status == 404


def test_feeds_are_tended_without_javascript(browser: Browser, address: str, site: NewsServer, file: Path) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/feeds")
    page.get_by_label("Address of a feed").fill(site.url("/main.xml"))
    page.get_by_role("button", name="Try it").click()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("status")).to_contain_text("ridge-herald")
    page.goto("/topics/air-defence")
    page.get_by_role("button", name="Give it a feed address").click()
    expect(page.get_by_role("link", name="RSS")).to_have_count(1)
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("link", name="RSS")).to_have_count(0)
    context.close()
