"""A real browser on a desk that is open on a day's archive. Where there is no Chromium these tests say so and wait."""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright._impl._driver import compute_driver_executable
from playwright.sync_api import Browser, Page, sync_playwright

from monitor.app import App, open_app
from monitor.newsroom import Newsroom
from monitor.settings import load_settings
from monitor.web.desk import serving
from tests.unit.cli.calling import filled

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox",  # root cannot have one
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An app with a day's stories in its archive."""
    with Newsroom.open(opened_at=datetime.now(UTC)) as newsroom:
        town = filled(newsroom, tmp_path_factory.mktemp("browser"), '[web]\nlisten = "127.0.0.1:0"\n')
        with open_app(load_settings(town.config, {}, archive=town.archive), workers=0) as opened:
            yield opened


@pytest.fixture(scope="session")
def address(app: App) -> Iterator[str]:
    """Where its desk is."""
    with serving(app) as opened:
        yield opened


@pytest.fixture(scope="module")  # its loop runs in this thread meanwhile, where other tests have their own
def browser() -> Iterator[Browser]:
    """Chromium, headless."""
    if CHROMIUM is None:
        pytest.skip("NO BROWSER: the desk was not looked at; install Debian's package chromium (apt install chromium)")
    driver, *_ = compute_driver_executable()
    started = subprocess.run([driver, "--version"], capture_output=True, text=True, check=False)
    if started.returncode:
        pytest.skip(f"NO BROWSER: what drives it does not start: {started.stderr.strip()} (apt install libatomic1)")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """An empty tab whose addresses begin at the desk."""
    context = browser.new_context(base_url=address)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module", params=[(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")], ids=str)
def sized(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A tab of each size and scheme."""
    width, scheme = request.param
    context = browser.new_context(
        base_url=address, viewport={"width": width, "height": 844}, color_scheme=scheme, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()
