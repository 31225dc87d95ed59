"""Placements and their reasons."""

from datetime import timedelta
from itertools import permutations
from random import Random

import pytest

from monitor.model import Copy, Joins, Known, Opens
from monitor.stories.fingerprint import fingerprint
from monitor.stories.grouping import place, ties
from tests.builders import NOW, an_article

TITLE = "Two more launchers promised before winter"
TEXT = (
    "The ministry promised two more launchers before the first frost, and crews are already in training at a range in"
    " the north of the country. The first launcher will guard the power stations in the east, the minister said after"
    " a visit to the plant where both are being refitted. Engineers there have replaced the radar displays, the"
    " cooling pumps and a good part of the wiring. A second team is writing a shorter manual, because the old one has"
    " eleven hundred pages and nobody has time to read it. Missiles will come from two neighbours, who asked not to be"
    " named until the convoys have arrived. The cost is shared by five governments under an agreement of last spring."
)
OTHER = (
    "Farmers in the south finished the maize harvest a fortnight late after a wet October, the growers' union said on"
    " Friday. Dryers ran day and night, and diesel for them cost a third more than a year ago. The union expects prices"
    " to hold until spring, since neighbours harvested even less. Exporters have booked barges for most of December."
)


def _known(name: str, title: str, text: str, hours: float = 3, host: str = "") -> Known:
    url = f"https://{host or name + '.example'}/{name}"
    return Known(
        name, f"story-{name}", fingerprint(title, text, url), title, name.title(), NOW - timedelta(hours=hours)
    )


def test_what_is_new_opens_a_story_of_its_own_name() -> None:
    article = an_article(title=TITLE, text=TEXT)
    placed = place(article, fingerprint(TITLE, TEXT, article.url), [_known("farm", "Maize harvest ends late", OTHER)])
    assert placed == Opens(article.id)
    assert place(article, fingerprint(TITLE, TEXT, article.url), []) == Opens(article.id)


def test_a_copy_names_its_original_and_how_much_is_shared() -> None:
    article = an_article(title="Something else altogether is the headline", text=TEXT)
    placed = place(article, fingerprint(article.title, TEXT, article.url), [_known("wire", TITLE, TEXT)])
    assert isinstance(placed, Copy)
    assert (placed.story, placed.of) == ("story-wire", "wire")
    assert placed.similarity == pytest.approx(1.0, abs=0.05)
    assert placed.reason == f"copy of «{TITLE}» (Wire) by {round(100 * placed.similarity)} %"


def test_the_first_half_of_a_text_is_a_copy_of_it() -> None:
    half = TEXT[: len(TEXT) // 2]
    article = an_article(title="Quite another headline for it", text=half)
    assert isinstance(
        place(article, fingerprint(article.title, half, article.url), [_known("wire", TITLE, TEXT)]), Copy
    )


def test_the_same_address_is_the_same_article_whatever_it_says() -> None:
    known = _known("wire", TITLE, TEXT)
    article = an_article(title="Correction", text=OTHER, url="http://www.wire.example/wire/?utm_source=x")
    placed = place(article, fingerprint(article.title, OTHER, article.url), [known])
    assert placed == Copy("story-wire", "wire", 1.0, f"same address as «{TITLE}» (Wire)")


@pytest.mark.parametrize(
    ("hours", "host", "joins"),
    [(3, "", True), (47, "", True), (49, "", False), (11, "courier.example", True), (13, "courier.example", False)],
)
def test_the_same_headline_joins_while_it_is_fresh(hours: float, host: str, joins: bool) -> None:
    article = an_article(title=TITLE.upper(), text=OTHER, found_at=NOW)
    placed = place(article, fingerprint(article.title, OTHER, article.url), [_known("wire", TITLE, TEXT, hours, host)])
    expected = Joins("story-wire", f"same headline as «{TITLE}» (Wire) within {12 if host else 48} h")
    assert placed == (expected if joins else Opens(article.id))


def test_the_standing_phrases_of_an_outlet_make_no_copies() -> None:
    standing = " ".join(OTHER.split()[:45])
    one, two = " ".join(TEXT.split()[:40]), " ".join(TEXT.split()[45:85])
    article = an_article(title="A first short item of the day", text=f"{two} {standing}")
    mark = fingerprint(article.title, article.text, article.url)
    known = _known("k", "The short item before it", f"{one} {standing}", host="courier.example")
    assert place(article, mark, [known]) == Opens(article.id)


def test_an_article_is_never_placed_by_itself() -> None:
    article = an_article(title=TITLE, text=TEXT)
    mark = fingerprint(TITLE, TEXT, article.url)
    assert place(article, mark, [Known(article.id, "s", mark, TITLE, "Courier", NOW)]) == Opens(article.id)


def test_the_order_of_the_known_does_not_matter() -> None:
    article = an_article(title="Another headline over the text", text=TEXT)
    mark = fingerprint(article.title, TEXT, article.url)
    known = [
        _known("late", TITLE, TEXT, hours=1),
        _known("early", TITLE, TEXT, hours=5),
        _known("farm", "Maize harvest ends late", OTHER),
        _known("part", TITLE, TEXT[: len(TEXT) // 3]),
    ]
    placements = {place(article, mark, order) for order in permutations(known)}
    assert len(placements) == 1
    placed = placements.pop()
    assert isinstance(placed, Copy)
    assert placed.of in ("early", "part")


def test_all_ties_are_named_the_closest_first() -> None:
    article = an_article(title=TITLE, text=TEXT, found_at=NOW)
    known = [
        _known("headline", TITLE, OTHER),
        _known("cut", "An own headline of the paper here", TEXT[: len(TEXT) * 2 // 3]),
        _known("wire", "Another headline of the wire here", TEXT),
        _known("farm", "Maize harvest ends late this year", OTHER),
    ]
    mark = fingerprint(TITLE, TEXT, article.url)
    found = ties(article, mark, known)
    assert {type(tie) for tie in found[:2]} == {Copy}
    assert {tie.story for tie in found[:2]} == {"story-wire", "story-cut"}
    assert found[2:] == (Joins("story-headline", f"same headline as «{TITLE}» (Headline) within 48 h"),)
    assert place(article, mark, known) == found[0]


def test_a_round_up_ties_no_stories_together() -> None:
    parts = [" ".join(Random(number).sample(TEXT.split(), len(TEXT.split()))) for number in range(4)]
    article = an_article(title="The week in short for our readers", text=" ".join(parts))
    mark = fingerprint(article.title, article.text, article.url)
    known = [
        _known(f"part{number}", f"Headline of the part number {number}", text) for number, text in enumerate(parts)
    ]
    assert [tie.story for tie in ties(article, mark, known)] == ["story-part0"]  # with which it begins


def test_a_long_headline_is_shortened_in_the_reason() -> None:
    title = "A headline without an end " * 40
    article = an_article(title=title, text=OTHER)
    placed = place(article, fingerprint(title, OTHER, article.url), [_known("wire", title, TEXT)])
    assert len(placed.reason) < 180
