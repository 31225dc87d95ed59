"""Draws the pictures of the topic lab that docs/ keeps: PNG, a phone's and a desktop's width.

    python -m tests.browser.pictures FOLDER        needs a chromium; prints the pictures' paths

No test by itself: a person looks at the pictures. The articles are the sample newsroom's own prose.
"""

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import sync_playwright

from monitor.app import open_app
from monitor.newsroom import Newsroom
from monitor.settings import load_settings
from monitor.web.desk import serving
from tests.browser.conftest import CHROMIUM, QUIET
from tests.unit.cli.calling import filled

SIZES = {"desk-lab": (900, 1120, False), "desk-lab-phone-dark": (390, 1000, True)}  # width, height, dark
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


def main(folder: Path) -> None:
    """Writes desk-lab.png (wide, light) and desk-lab-phone-dark.png into `folder`."""
    with tempfile.TemporaryDirectory() as place, Newsroom.open(opened_at=datetime.now(UTC)) as newsroom:
        town = filled(newsroom, Path(place), '[web]\nlisten = "127.0.0.1:0"\n')
        with (
            open_app(load_settings(town.config, {}, archive=town.archive), workers=0) as app,
            serving(app) as address,
            sync_playwright() as playwright,
        ):
            with app.store.begin() as shelves:
                for one in shelves.articles.latest(None, limit=60):
                    score = max(verdict.score for verdict in one.verdicts if verdict.topic == "air-defence")
                    if not 0.05 < score < 0.3:
                        shelves.marks.put(
                            one.article.id, ["air-defence"], relevant=score > 0.3, at=one.article.found_at
                        )
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            for name, width, height, dark in (
                ("desk-lab", 1000, 1240, False),
                ("desk-lab-phone-dark", 390, 1000, True),
            ):
                page = browser.new_page(
                    base_url=address,
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if dark else "light",
                )
                page.goto("/lab")
                field = page.get_by_label("The topic")
                field.evaluate("one => { one.rows = 12 }")
                field.fill(DRAFT)
                page.get_by_role("button", name="Try it").click()
                page.wait_for_load_state()
                page.get_by_label("The topic").evaluate("one => { one.rows = 11 }")
                page.evaluate("window.scrollTo(0, 0)")
                page.screenshot(path=folder / f"{name}.png")
                print(folder / f"{name}.png")
            browser.close()


if __name__ == "__main__":
    if CHROMIUM is None:
        sys.exit("a chromium is needed to draw the pictures")
    main(Path(sys.argv[1]))
