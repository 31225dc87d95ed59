"""A site's feeds are found and tried; `tests/unit/cli/test_feedlist.py` does it on a real server."""

import pytest

from monitor.errors import MonitorError
from monitor.jobs.discovery import discover
from tests.fakes import FakeWeb, FixedClock
from tests.unit.jobs.conftest import BORING, rss

SITE = "https://ridge.example/"
HEAD = (
    '<html><head><link rel="alternate" type="application/rss+xml" href="/comments/feed/" title="Comments">'
    '<link rel="alternate" type="application/rss+xml" href="/main.xml" title="Ridge">'
    '<link rel="alternate" type="application/rss+xml" href="/dead.xml" title="Dead"></head></html>'
)


@pytest.fixture
def web() -> FakeWeb:
    """A site whose page names three feeds, of which one is dead."""
    web = FakeWeb(FixedClock())
    web.pages = {SITE: HEAD, f"{SITE}main.xml": rss(("a", "Library", BORING)), f"{SITE}comments/feed/": rss()}
    web.headers = {SITE: {"content-type": "text/html"}}
    return web


def test_what_the_page_names_is_tried(web: FakeWeb) -> None:
    found = {one.url: one for one in discover(web, SITE)}
    assert found[f"{SITE}main.xml"].page is not None
    assert found[f"{SITE}comments/feed/"].is_aside
    assert found[f"{SITE}dead.xml"].page is None
    assert "404" in found[f"{SITE}dead.xml"].trouble


def test_a_feed_itself_is_all_that_is_found(web: FakeWeb) -> None:
    (only,) = discover(web, f"{SITE}main.xml")
    assert only.page is not None
    assert (only.kind, len(only.page.entries), len(web.asked)) == ("feed", 1, 1)


def test_an_address_that_does_not_answer_is_an_error(web: FakeWeb) -> None:
    with pytest.raises(MonitorError, match="could not be visited"):
        discover(web, "https://nobody.example/")
