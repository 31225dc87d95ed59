"""Words that fit nowhere in a real browser: of any length, and of scripts that run the other way."""

import pytest
from playwright.sync_api import Browser, Page

from monitor.app import App
from monitor.links import short_hash
from monitor.model import Opens
from monitor.store import Fate, Outcome
from monitor.stories.fingerprint import fingerprint
from tests.builders import a_verdict, an_article, an_entry

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3
ARABIC = "أوكرانيا تتسلم منظومات Patriot PAC-3 (2026)"
NAMES = {"long": LONG, "arabic": ARABIC, "endless": "air defence " * 200}


@pytest.fixture(scope="session")
def told(app: App) -> dict[str, str]:
    """A story of each of these titles; the ids."""
    now = app.toolbox.now()
    with app.store.begin() as shelves:
        for key, words in NAMES.items():
            name, language = short_hash(key), "ar" if key == "arabic" else "de"
            entry = an_entry(title=words, authors=(words,), outlet=words)
            article = an_article(id=name, entry=entry, title=words, text=words, language=language, found_at=now)
            verdict = a_verdict(topic="air-defence", passage=words, evidence=())
            shelves.articles.add(article, "hash", [verdict])
            shelves.articles.remember(Outcome(words, name, entry, "hash", name, Fate.MATCHED, words, now))
            shelves.stories.place(name, words, Opens(name, words), fingerprint(words, words, ""), now)
    return {key: short_hash(key) for key in NAMES}


@pytest.fixture
def phone(browser: Browser, address: str) -> Page:
    """A tab of a phone."""
    return browser.new_page(base_url=address, viewport={"width": 390, "height": 844})


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/stories",
        "/stories/{long}",
        "/stories/{endless}",
        "/search?q=Donau*",
        "/deliveries/preview/{subscription}",
    ],
)
def test_no_word_makes_a_page_wider_than_a_phone(app: App, phone: Page, told: dict[str, str], path: str) -> None:
    phone.goto(path.format(**told, subscription=app.toolbox.subscriptions[0].name))
    assert phone.get_by_text("Donaudampf").or_(phone.get_by_text("air defence")).count()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_an_endless_headline_leaves_room_for_other_stories(phone: Page, told: dict[str, str]) -> None:
    phone.goto("/stories")
    headline = phone.locator(f'a[href="/stories/{told["endless"]}"]')
    assert len(headline.inner_text()) <= 300
    assert headline.inner_text().endswith("…")


def test_a_name_that_runs_the_other_way_turns_nothing_around_it(phone: Page, told: dict[str, str]) -> None:
    phone.goto("/stories")
    line = phone.locator(".line", has=phone.locator(f'a[href="/stories/{told["arabic"]}"]'))
    name, told_ = line.locator(".meta bdi").bounding_box(), line.locator(".meta time").bounding_box()
    assert name is not None
    assert told_ is not None
    assert told_["x"] < name["x"]
    assert line.locator("h2").evaluate("one => getComputedStyle(one).direction") == "rtl"
