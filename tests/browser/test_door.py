"""The door in a real browser: by plain HTTP in a house's own network, and by a link out of a mail read on the web."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from monitor.app import App, open_app
from monitor.settings import load_settings
from monitor.store import Wanted
from monitor.web.desk import serving
from tests.browser.conftest import CHROMIUM, QUIET
from tests.unit.web.conftest import PASSWORD, SHUT

NAMES = "--host-resolver-rules=MAP *.example 127.0.0.1"


@pytest.fixture(scope="module")
def shut(app: App) -> Iterator[str]:
    """Where a desk is that wants a password, under a name that no browser trusts more than others."""
    file = app.settings.folder / "monitor.toml"
    before = file.read_text("utf-8")
    file.write_text(f'{before}hosts = ["desk.example"]\n{SHUT}', "utf-8")
    settings = load_settings(app.settings.folder, {}, archive=app.settings.archive.folder)
    file.write_text(before, "utf-8")
    with open_app(settings, workers=0) as opened, serving(opened) as address:
        yield f"http://desk.example:{urlsplit(address).port}"


@pytest.fixture
def outside(browser: Browser, shut: str) -> Iterator[Page]:
    """A tab of a browser in which names lead to this machine."""
    opened = browser.browser_type.launch(executable_path=CHROMIUM, args=[*QUIET, NAMES])
    yield opened.new_page(base_url=shut)
    opened.close()


def test_forms_work_by_plain_http(outside: Page) -> None:
    """There browsers say nothing of a request but its origin, and that only where the policy of referrers lets them."""
    _enter(outside)
    outside.goto("/search?q=drone")
    outside.get_by_role("button", name="Save it").click()
    expect(outside.locator("#saved")).to_be_visible()
    outside.get_by_role("button", name="Forget it").click()
    expect(outside.get_by_role("heading", name="Search", level=1)).to_be_visible()


def test_a_link_in_a_mail_read_on_the_web_finds_who_is_signed_in(outside: Page, shut: str, app: App) -> None:
    with app.store.read() as shelves:
        story = shelves.browsing.stories(Wanted(), 1)[0][0]
    mail = f'<a href="{shut}/stories/{story.id}">in the archive</a>'
    outside.route("http://webmail.example/", lambda route: route.fulfill(content_type="text/html", body=mail))
    outside.goto("http://webmail.example/")
    outside.get_by_role("link").click()
    outside.get_by_label("Password").fill(PASSWORD)
    outside.get_by_role("button", name="Enter").click()
    expect(outside.locator("ol.timeline")).to_be_visible()
    outside.goto("http://webmail.example/")
    outside.get_by_role("link").click()
    expect(outside.locator("ol.timeline")).to_be_visible()
    outside.goto("/")
    expect(outside.get_by_role("heading", name="Today", level=1)).to_be_visible()


def _enter(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Enter").click()
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()
