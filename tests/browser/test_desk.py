"""The desk in a real browser: phone and desktop, light and dark, by keyboard, without JavaScript, and attacked."""

from typing import Any, Literal
from urllib.parse import quote

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, expect

from monitor.app import App
from monitor.evidence import Deposit, Vault
from monitor.links import short_hash
from monitor.model import Opens, Proof, Wire
from monitor.store import Fate, Outcome, Wanted
from monitor.stories.fingerprint import fingerprint
from tests.browser.looking import expect_well
from tests.builders import a_fresh, a_verdict, an_article, an_entry

PATHS = {
    "today": "/",
    "stories": "/stories",
    "filtered": "/stories?topic=air-defence&told=yes",
    "story": "/stories/{story}",
    "kept": "/articles/{proven}/kept",
    "topics": "/topics",
    "topic": "/topics/air-defence",
    "lab": "/lab?topic=air-defence",
    "feeds": "/feeds",
    "feed": "/feeds/northwire",
    "deliveries": "/deliveries",
    "past": "/past",
    "search": "/search",
    "found": "/search?q=drone",
    "mistaken": "/search?q=drone+AND+%28",
    "missing": "/stories/ffffffffffffffff",
}
WEIGHT = """performance.getEntriesByType("navigation").concat(performance.getEntriesByType("resource"))
    .reduce((sum, one) => sum + one.decodedBodySize, 0)"""
"""Bytes of a page with all it loads, unpacked."""
SPOKEN = (  # where a page repeats what its address says
    "/search?q=%3Cscript%3Ewindow.hit%3D1%3C%2Fscript%3E",
    "/stories?outlet=%22%3E%3Cimg%20src%3Dx%20onerror%3Dwindow.hit%3D1%3E",
    "/lab?topic=%3Csvg%20onload%3Dwindow.hit%3D1%3E",
    "/stories/%3Csvg%20onload%3Dwindow.hit%3D1%3E",
    "/feeds?added=%3Cscript%3Ewindow.hit%3D1%3C%2Fscript%3E",
)
Scheme = Literal["light", "dark"]


def _largest(app: App) -> str:
    with app.store.read() as shelves:
        stories, _ = shelves.browsing.stories(Wanted(), 200)
    return max(stories, key=lambda story: len(story.reports)).id


def _path(app: App, name: str) -> str:
    with app.store.read() as shelves:
        proven = next(one.article for one in shelves.exhibits.all() if one.proof is Proof.PAGE)
    return PATHS[name].format(story=_largest(app), proven=proven)


@pytest.mark.parametrize("name", PATHS)
def test_each_room_is_accessible_and_fits(app: App, sized: Page, name: str) -> None:
    said: list[str] = []
    sized.on("console", lambda message: said.append(message.text))
    answer = sized.goto(_path(app, name))
    assert answer is not None
    assert answer.status == (404 if name == "missing" else 200)
    assert sized.evaluate(WEIGHT) <= 150_000
    expect_well(sized)
    assert [words for words in said if "404" not in words] == []


def test_on_a_phone_all_rooms_are_in_sight(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, viewport={"width": 390, "height": 844})
    page = context.new_page()
    for path in ("/", "/topics", "/lab", "/deliveries", "/search"):  # the room one is in stands in broader letters
        page.goto(path)
        boxes = [link.bounding_box() for link in page.locator("header nav a").all()]
        assert all(box and 0 <= box["x"] <= box["x"] + box["width"] <= 390 for box in boxes)
        assert len({box["y"] for box in boxes if box}) == 1, "one row"
    context.close()


@pytest.mark.parametrize("width", [620, 700, 801])
def test_on_a_tablet_all_rooms_are_in_sight(browser: Browser, address: str, width: int) -> None:
    page = browser.new_page(base_url=address, viewport={"width": width, "height": 844})
    page.goto("/deliveries")
    last = page.locator("header nav a").last.bounding_box()
    assert last is not None
    assert last["x"] + last["width"] <= width
    page.close()


def test_stories_are_walked_through_by_keys(page: Page, app: App) -> None:
    page.goto("/stories")
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator(".line h2 a").nth(1)
    expect(second).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(".line h2 a").nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("ol.timeline")).to_be_visible()


def test_rooms_are_changed_and_searched_by_keys(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("o")
    expect(page.get_by_role("heading", name="Topics", level=1)).to_be_visible()
    page.wait_for_load_state()  # what listens for keys comes with the end of the page
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("drone")
    page.keyboard.press("Enter")
    expect(page.locator(".line").first).to_be_visible()


def test_keys_work_on_a_keyboard_of_another_script(page: Page) -> None:
    page.goto("/stories")
    press = "(one) => document.dispatchEvent(new KeyboardEvent('keydown', {key: one[0], code: one[1], bubbles: true}))"
    page.evaluate(press, ["о", "KeyJ"])
    page.evaluate(press, ["о", "KeyJ"])
    expect(page.locator(".line h2 a").nth(1)).to_be_focused()
    page.evaluate(press, ["п", "KeyG"])
    page.evaluate(press, ["а", "KeyF"])
    expect(page.get_by_role("heading", name="Feeds", level=1)).to_be_visible()


def test_a_report_is_marked_by_keys_alone(page: Page, app: App) -> None:
    story = _largest(app)
    page.goto(f"/stories/{story}")
    button = page.get_by_role("button", name="relevant").first
    for _ in range(60):
        page.keyboard.press("Tab")
        if button.evaluate("one => one === document.activeElement"):
            break
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="relevant").first).to_have_attribute("aria-pressed", "true")
    with app.store.begin() as shelves:
        assert sum(shelves.marks.remove(mark.article) for mark in shelves.marks.all()) == 1


def test_the_first_stop_of_the_tab_key_leads_past_the_bar(page: Page) -> None:
    page.goto("/stories")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="To the content")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_all_can_be_read_without_javascript(browser: Browser, address: str, app: App) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    for name in PATHS:
        page.goto(_path(app, name))
        assert page.locator("h1").inner_text()
    page.goto("/stories")
    page.get_by_label("Language").select_option("uk")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".line").first).to_be_visible()
    context.close()


ATTACKS = [
    f"{before}{attack}"
    for before in ("", '">', "'>", "</textarea>", "</title>", "-->", "]]>")
    for attack in (
        "<script>window.hit=1</script>",
        "<img src=x onerror=window.hit=1>",
        "<svg onload=window.hit=1>",
        "<body onpageshow=window.hit=1>",
        "<iframe src='javascript:parent.hit=1'></iframe>",
        "<details open ontoggle=window.hit=1>",
        "<input autofocus onfocus=window.hit=1>",
        "<a href='javascript:window.hit=1' autofocus>x</a>",
        "<math><mi xlink:href='javascript:window.hit=1'>x</mi></math>",
        "<style>@import 'http://127.0.0.1:1/x'</style>",
        "<link rel=stylesheet href=//127.0.0.1:1/x>",
        "<meta http-equiv=refresh content='0;url=javascript:window.hit=1'>",
        "<form action=javascript:window.hit=1><button>x</button></form>",
        "<object data='javascript:window.hit=1'></object>",
        "<video src=x onerror=window.hit=1></video>",
    )
]


def test_nothing_that_a_feed_says_runs_or_loads(app: App, page: Page) -> None:
    """More than a hundred vectors as headline, text, outlet, passage and address; the policy has nothing to report."""
    assert len(ATTACKS) >= 100
    reported: list[Any] = []
    asked: list[str] = []
    page.on("console", lambda message: reported.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    names = [_attack(app, words) for words in ATTACKS]
    own = page.goto("/")
    assert own is not None
    home = own.url
    _tell(app)
    for path in (
        *(one.format(story=names[0], proven=_kept(app)) for one in PATHS.values()),
        *SPOKEN,
        *(f"/stories/{name}" for name in names),
    ):
        page.goto(path)
        assert page.evaluate("window.hit") is None, path
    kept = page.goto(f"/articles/{names[0]}/kept")
    assert kept is not None
    assert kept.status == 200
    assert page.locator(".kept p").count() > len(ATTACKS) / 2
    assert [words for words in reported if "404 (Not Found)" not in words] == []
    # A mail that a broken template let through as it was: its policy is a sandbox, which says what it held back.
    page.goto(f"/deliveries/message?key={quote(ATTACKS[0])}%40desk")
    assert page.evaluate("window.hit") is None
    assert any("sandbox" in words for words in reported)
    assert [url for url in asked if not url.startswith(home)] == []


def _tell(app: App) -> None:
    """A message whose every part is hostile, so that the page of the deliveries shows it."""
    words = ATTACKS[0]
    with app.store.begin() as shelves:
        message = shelves.outbox.message(shelves.browsing.letters(1)[0].key)
        assert message is not None
        hostile = replace(
            message, key=f"{words}@desk", subject=words, html=words, text=words, created_at=app.toolbox.now()
        )
        shelves.outbox.put_notice(hostile)
        shelves.outbox.refuse(hostile.key, words, app.toolbox.now())


def _kept(app: App) -> str:
    """An article whose page was kept with every attack in it."""
    vault, now, name = app.toolbox.evidence, app.toolbox.now(), short_hash(ATTACKS[0])
    assert isinstance(vault, Vault)
    body = f"<html><body><article><p>{'</p><p>'.join(ATTACKS)}</p></article></body></html>".encode()
    wire = Wire("HTTP/1.1 200 OK", ((b"Content-Type", b"text/html; charset=utf-8"),))
    answer = a_fresh(body=body, url="https://attack.example/page", at=now, wire=wire)
    deposit = Deposit(name, answer.url, "attack", "attack", "en", Proof.PAGE, vault.hold(answer))
    with app.store.begin() as shelves:
        last, end = shelves.exhibits.last(), shelves.exhibits.end_of(vault.file_of(now))
        shelves.exhibits.add(*vault.append([deposit], now, last, end))
    return name


def _attack(app: App, words: str) -> str:
    name, now = short_hash(words), app.toolbox.now()
    entry = an_entry(title=words, link=words, authors=(words,))
    article = an_article(id=name, entry=entry, title=words, text=f"{words}\n{words}", url=words, found_at=now)
    verdict = a_verdict(topic="air-defence", passage=words, evidence=())
    with app.store.begin() as shelves:
        shelves.articles.add(article, "hash", [verdict])
        shelves.articles.remember(Outcome("attack", name, entry, "hash", name, Fate.MATCHED, words, now))
        shelves.stories.place(name, words, Opens(name, words), fingerprint(words, article.text, ""), now)
    return name
