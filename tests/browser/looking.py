"""What is asked of every page in a browser: accessible by axe-core's rules, and no wider than the screen."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

GRAVE = ("serious", "critical")


def expect_well(page: Page) -> None:
    """Fails where axe-core finds a serious violation (WCAG AA is among its rules), or the page is too wide."""
    checked = Axe().run(page).response
    assert len(checked["passes"]) > 10
    grave = [
        f"{one['id']}: {one['help']}: {[node['html'][:120] for node in one['nodes'][:3]]}"
        for one in checked["violations"]
        if one["impact"] in GRAVE
    ]
    assert not grave, "\n".join(grave)
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= seen, "the page is wider than the screen"
