"""Placing: copies and same headlines make one story in any order; reports of one event in other words join it."""

from contextlib import closing
from datetime import timedelta
from itertools import permutations

import pytest
from msgspec.structs import replace

from monitor.digests import Renderer, make_environment
from monitor.jobs.placing import Placed, place_article
from monitor.model import Article, Joins, Known, Opens
from monitor.store import Shelves, open_store
from monitor.stories import fingerprint, ties, update_of
from tests.builders import NOW, a_digest, a_message, a_verdict, an_article

WIRE = (
    "The ministry promised two more launchers before the first frost, and crews are already in training at a range in"
    " the north of the country. The first launcher will guard the power stations in the east, the minister said after"
    " a visit to the plant where both are being refitted. Engineers there have replaced the radar displays, the"
    " cooling pumps and a good part of the wiring. A second team is writing a shorter manual, because the old one has"
    " eleven hundred pages and nobody has time to read it. Missiles will come from two neighbours, who asked not to be"
    " named until the convoys have arrived. The cost is shared by five governments under an agreement of last spring."
)
SECOND_HALF = WIRE[WIRE.index("cooling pumps") :]
SAME_EVENT = "Before winter comes, the east is to have two more launchers. So the minister said on a visit to a plant. "
TOLD = {  # outlet → (hours before, headline, text); the halves have nothing in common but the wire's text
    "wire": (5, "Two more launchers promised before winter", WIRE),
    "front": (4, "Launchers for the power stations in the east", WIRE[: WIRE.index("cooling pumps")]),
    "back": (3, "Neighbours to send missiles for new launchers", SECOND_HALF),
    "herald": (2, "Two more launchers promised before winter", SAME_EVENT),
}


def _told(outlet: str) -> Article:
    hours, title, text = TOLD[outlet]
    url = f"https://{outlet}.example/launchers"
    return an_article(url=url, title=title, text=text, published=NOW - timedelta(hours=hours))


def test_the_halves_alone_are_two_stories() -> None:
    front, back = _told("front"), _told("back")
    one, other = (fingerprint(each.title, each.text, each.url) for each in (front, back))
    assert ties(back, other, [Known(front.id, front.id, one, front.title, "Front", NOW)]) == ()


@pytest.mark.parametrize("order", list(permutations(TOLD)), ids="-".join)
def test_whichever_host_answers_first_the_story_is_the_same(order: tuple[str, ...]) -> None:
    since = NOW - timedelta(days=1)
    with closing(open_store("sqlite://")) as store, store.begin() as shelves:
        for minute, outlet in enumerate(order):
            at = NOW - timedelta(hours=1) + timedelta(minutes=minute)
            article = replace(_told(outlet), found_at=at)
            shelves.articles.add(article, "c0", (a_verdict(passage=""),))
            place_article(shelves, article, outlet.title(), at, timedelta(days=14))
        (story,) = shelves.stories.untold("daily", ["air-defence"], since, NOW)
    text = Renderer(make_environment()).render(a_digest(stories=(story,)), NOW).text
    assert "* Two more launchers promised before winter\n  Wire 03:00 (first), Herald 06:00\n" in text
    assert "Same text in Front, Back" in text
    assert "https://wire.example/launchers" in text


OWN_TITLE = "Northern crews to get a second battery of launchers"
OWN_TEXT = (
    "Two launchers will stand in the east before the first frost; crews train at the northern range by now. The plant"
    " where the radar displays were replaced has had a visit of the minister."
)


def test_a_report_in_other_words_joins_with_the_shared_terms_named() -> None:
    with closing(open_store("sqlite://")) as store, store.begin() as shelves:
        first, other = _told("wire"), an_article(url="https://other.example/1", title=OWN_TITLE, text=OWN_TEXT)
        for article in (first, replace(other, published=NOW)):
            shelves.articles.add(article, "c0", (a_verdict(passage=""),))
        assert isinstance(place_article(shelves, first, "Wire", NOW, timedelta(days=14)).placement, Opens)
        placement = place_article(shelves, replace(other, published=NOW), "Herald", NOW, timedelta(days=14)).placement
    assert isinstance(placement, Joins)
    assert placement.story == first.id
    assert placement.reason.startswith("shares ")
    assert "launchers" in placement.reason
    assert "within 5 h with «Two more launchers promised before winter» (Wire)" in placement.reason


HALVES = ("Arkwell Gdynia Boreal Sula Oslo", "Rouen Tvedt Lind Marr Okoye")


class Desk:
    """Places invented articles of few words, one an hour."""

    def __init__(self, shelves: Shelves) -> None:
        self.shelves = shelves
        self.count = 0
        for number, name in enumerate("Ambra Brisk Corvo Delan Estor Fauna Grell Hovik Istra Jodel".split() * 3, 20):
            self.add(f"{name} opens a school", f"In {name} a school of {number} rooms opened.")

    def add(self, title: str, text: str) -> tuple[str, Placed]:
        self.count += 1
        at = NOW - timedelta(hours=100 - self.count)
        article = an_article(
            url=f"https://courier.example/{self.count}", title=title, text=text, published=at, found_at=at
        )
        self.shelves.articles.add(article, "c0", (a_verdict(passage=""),))
        return article.id, place_article(self.shelves, article, "Courier", at, timedelta(days=14))

    def halves(self) -> tuple[str, str]:
        """Two reports with nothing in common."""
        one, _ = self.add("Orders", f"{HALVES[0]} signed for launchers on the quay.")
        other, placed = self.add("Workers", f"{HALVES[1]} hired welders in the harbour.")
        assert isinstance(placed.placement, Opens)
        return one, other

    def both(self) -> tuple[str, Placed]:
        """One that tells what both of them do."""
        return self.add("Contract", f"{' '.join(HALVES)} signed for launchers and hired welders.")


def test_a_later_report_makes_two_stories_one_and_what_was_told_is_not_told_again() -> None:
    with closing(open_store("sqlite://")) as store, store.begin() as shelves:
        desk = Desk(shelves)
        one, other = desk.halves()
        story = shelves.stories.get(one)
        assert story is not None
        shelves.outbox.put(a_message(key="daily@1"), a_digest(key="daily@1", stories=(story,)))
        third, placed = desk.both()
        assert placed.placement.story == one
        assert placed.moved == {other: one}
        reports = {report.article.id: report.placement for report in shelves.stories.with_ids([one])[0].reports}
        assert list(reports) == [one, other, third]
        assert reports[other].reason.startswith("shares ")
        assert reports[other].reason.endswith("«Contract» (Courier), as later reports show")
        (news,) = shelves.stories.untold("daily", ["air-defence"], NOW - timedelta(hours=70), NOW)
        update = update_of(news, shelves.stories.tellings("daily", [one])[one][1], NOW)
        assert update is not None
        assert [report.article.id for report in update.reports] == [other, third]


def test_what_a_person_split_is_not_made_one_by_later_reports() -> None:
    with closing(open_store("sqlite://")) as store, store.begin() as shelves:
        desk = Desk(shelves)
        one, other = desk.halves()
        third, _ = desk.both()
        assert shelves.rulings.split(one, [other], NOW) != ""
        apart = shelves.stories.story_of(other)
        for _ in range(2):
            desk.both()
        assert shelves.stories.story_of(other) == apart
        assert {shelves.stories.story_of(each) for each in (one, third)} == {one}
