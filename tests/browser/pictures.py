"""Draws the pictures of the desk: each room on a phone and a desktop, light and dark, and those that docs/ keeps.

    python -m tests.browser.pictures FOLDER [NAME…]        needs a chromium; prints the pictures' paths

No test by itself: a person looks at the pictures. The articles are the sample newsroom's own prose.
"""

import sys
import tempfile
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from monitor.app import App, open_app
from monitor.model import Proof, Story
from monitor.newsroom import Newsroom
from monitor.settings import load_settings
from monitor.store import Visited, Wanted
from monitor.web.desk import serving
from tests.browser.conftest import CHROMIUM, QUIET
from tests.unit.cli.calling import filled

MORNING = """
[[subscription]]
name = "morning"
title = "Morning digest"
topics = ["*"]
channel = "folder"
schedule = "0 8 * * *"
zone = "Europe/Kyiv"
"""
"""What was told nothing yet, so that Today has something to show."""

PATHS = {
    "today": "/",
    "stories": "/stories",
    "nostory": "/stories?outlet=nobody",
    "story": "/stories/{story}",
    "kept": "/articles/{proven}/kept",
    "topics": "/topics",
    "topic": "/topics/air-defence",
    "lab": "/lab",
    "feeds": "/feeds",
    "feed": "/feeds/northwire",
    "found": "/feeds",
    "deliveries": "/deliveries",
    "past": "/past",
    "search": "/search",
    "hits": "/search?q=drone",
    "mistake": "/search?q=drone+AND+%28",
    "problem": "/stories/ffffffffffffffff",
}
SIZES = {"wide": 1280, "phone": 390}
KEPT = {  # of docs/: room, width, height, dark
    "desk-today": ("today", 1000, 1000, False),
    "desk-story-phone-dark": ("story", 390, 1000, True),
    "desk-lab": ("lab", 1000, 1240, False),
    "desk-lab-phone-dark": ("lab", 390, 1000, True),
}
DRAFT = """[topics.air-defence]
title = "Air defence for Ukraine"
threshold = 0.5
bias = -2.5
clauses = [
    { name = "Ukraine", query = '#ukraine', required = true },
    { name = "systems", query = '#ad-system OR #interceptor-drone OR radar*', weight = 4 },
    { name = "given", query = '(#ad-system OR missile*) ~s #supply', weight = 2.5 },
]
"""


def _furnish(app: App) -> None:
    """Marks on what is clear, and a feed in trouble."""
    now = app.toolbox.now()
    with app.store.begin() as shelves:
        for one in shelves.articles.latest(None, limit=60):
            score = max(verdict.score for verdict in one.verdicts if verdict.topic == "air-defence")
            if not 0.05 < score < 0.3:
                shelves.marks.put(one.article.id, ["air-defence"], relevant=score > 0.3, at=one.article.found_at)
        saved = shelves.saved.put("Drones over harbours", "drone* ~s (harbour OR port)", "", "en", now)
        shelves.saved.put("Radars, not told yet", "radar* told:no", "air-defence", "", now)
        shelves.saved.open(f"search:{saved}", now)
        shelves.saved.open("topic:air-defence", now)
        for feed in app.settings.feeds:
            for number in range(20):
                bad = feed.name == app.settings.feeds[1].name and number < 7
                at = now - timedelta(hours=number)
                shelves.feeds.log_visits(Visited(feed.name, at, "failed" if bad else "unchanged", 0, 0, ""))


def _show(page: Page, room: str, story: Story, proven: str, newsroom: Newsroom) -> None:
    page.goto(PATHS[room].format(story=story.id, proven=proven))
    if room == "found":
        page.get_by_label("Address of a feed").fill(newsroom.feeds[0].url)
        page.get_by_role("button", name="Try it").click()
        page.wait_for_load_state()
    if room == "lab":
        field = page.get_by_label("The topic")
        field.fill(DRAFT)
        page.get_by_role("button", name="Try it").click()
        page.wait_for_load_state()
        page.get_by_label("The topic").evaluate("one => { one.rows = 11 }")
        page.evaluate("window.scrollTo(0, 0)")


def _draw(browser: Browser, address: str, folder: Path, app: App, newsroom: Newsroom, names: Collection[str]) -> None:
    with app.store.read() as shelves:
        stories, _ = shelves.browsing.stories(Wanted(), 200)
        proven = next(one.article for one in shelves.exhibits.all() if one.proof is Proof.PAGE)
    story = max(stories, key=lambda one: len(one.reports))
    wanted = {name: (*what, False) for name, what in KEPT.items()}
    for room in PATHS:
        for size, width in SIZES.items():
            for scheme in ("light", "dark"):
                wanted[f"{room}-{size}-{scheme}"] = (room, width, 844, scheme == "dark", True)
    for name, (room, width, height, dark, whole) in wanted.items():
        if names and name not in names and room not in names:
            continue
        scheme = "dark" if dark else "light"
        page = browser.new_page(
            base_url=address,
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        _show(page, room, story, proven, newsroom)
        page.screenshot(path=folder / f"{name}.png", full_page=whole)
        print(folder / f"{name}.png")
        page.close()


def main(folder: Path, names: Collection[str]) -> None:
    """Writes each picture, or those of the rooms or names that are wanted, into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, Newsroom.open(opened_at=datetime.now(UTC)) as newsroom:
        town = filled(newsroom, Path(place), '[web]\nlisten = "127.0.0.1:0"\n')
        file = town.config / "subscriptions.toml"
        file.write_text(MORNING + file.read_text("utf-8"), "utf-8")
        with (
            open_app(load_settings(town.config, {}, archive=town.archive), workers=0) as app,
            serving(app) as address,
            sync_playwright() as playwright,
        ):
            _furnish(app)
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            _draw(browser, address, folder, app, newsroom, names)
            browser.close()


if __name__ == "__main__":
    if CHROMIUM is None:
        sys.exit("a chromium is needed to draw the pictures")
    main(Path(sys.argv[1]), sys.argv[2:])
