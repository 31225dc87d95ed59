"""Topical grouping: the same event joins, what only resembles it does not."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

import pytest
from msgspec.structs import replace

from monitor.model import Link, Neighbour, Sketch
from monitor.stories.averages import group, names
from monitor.stories.terms import sketch
from monitor.stories.topical import Weighed, joined, kept, link, posted, strongest, weigh
from tests.builders import NOW

HOUR = timedelta(hours=1)
TOLD = [
    (
        "a",
        "Norway to pay for 40 Boreal launchers",
        "Oslo will finance forty Boreal launchers built in Gdynia by Arkwell.",
    ),
    ("b", "Wheat prices fall for a third week", "Traders in Rouen blame a record harvest and a weak currency."),
    ("c", "Bridge over the Sula closed to lorries", "Engineers found cracks in two piers of the Sula bridge."),
]


@dataclass
class Placed:
    """What became of an article on the desk below."""

    new: Sketch
    weighed: Weighed
    story: str  # "" = one of its own
    links: dict[int, Link]


class Desk:
    """Places articles among those of before, all of them neighbours, without an archive."""

    def __init__(self) -> None:
        self.counts: Counter[int] = Counter()
        self.near: list[Neighbour] = []

    def add(self, story: str, title: str, text: str, hours: float = 0.0) -> Placed:
        new = sketch(title, text, NOW + hours * HOUR)
        self.counts.update(new.terms.keys())
        number = len(self.near) + 1
        weighed = weigh(new, self.counts, number)
        links = link(new, weighed, self.near) if posted(new, weighed) else {}
        one = Neighbour(number, str(number), story, kept(new, weighed), weighed.norm, links, "", title, "Courier", NOW)
        groups = group([*self.near, one], number, (), (), number)
        found = next(name for name, each in zip(names(groups, number, ()), groups, strict=True) if one in each)
        self.near.append(replace(one, story=found or story))
        return Placed(new, weighed, found, links)


def _desk() -> Desk:
    desk = Desk()
    for story, title, text in TOLD:
        desk.add(story, title, text)
    return desk


def test_another_report_of_the_event_joins_and_says_why() -> None:
    desk = _desk()
    placed = desk.add("", "Arkwell wins Norwegian order", "Forty Boreal launchers from Gdynia, paid by Oslo.", 4)
    assert placed.story == "a"
    reason = joined(placed.new, placed.weighed, desk.near[0], "a").reason
    assert "Boreal" in reason
    assert "within 4 h with «Norway to pay for 40 Boreal launchers» (Courier)" in reason


def test_another_language_joins_by_names_places_and_figures() -> None:
    title, text = (
        "Норвегія оплатить 40 пускових Boreal",
        "Осло профінансує сорок установок Boreal заводу Arkwell у Гдині.",
    )
    assert _desk().add("", title, text, 5).story == "a"


def test_the_next_of_a_series_opens_its_own_story() -> None:
    desk = _desk()
    desk.add("s1", "Losses on day 641: 870 soldiers, 12 tanks", "The staff gives the losses of day 641.")
    placed = desk.add("", "Losses on day 642: 910 soldiers, 9 tanks", "The staff gives the losses of day 642.", 24)
    assert placed.story == ""
    assert placed.links[4].close == 0.0


def test_a_round_up_joins_nothing_and_nothing_joins_it() -> None:
    desk = _desk()
    _, title, text = TOLD[0]
    new = sketch(f"Evening briefing: {title}", text, NOW)
    assert posted(new, weigh(new, desk.counts, 4)) == []
    assert posted(sketch(title, text, NOW), weigh(sketch(title, text, NOW), desk.counts, 4)) != []


def test_time_parts_what_words_do_not() -> None:
    soon, late = _desk(), _desk()
    words = ("Norwegian money for launchers", "Oslo will finance more launchers built by Arkwell.")
    near, far = soon.add("", *words, 1).links[1], late.add("", *words, 24 * 14).links[1]
    assert near.alike == far.alike
    assert near.close > far.close


def test_other_weapons_in_the_headline_count_against_it() -> None:
    desk = _desk()
    desk.add("p", "Congress clears parts for Patriot batteries", "The sale of spare parts costs 105 million dollars.")
    text = "The sale of equipment costs 172 million dollars."
    same, both, other = (
        desk.add("", f"Congress clears parts for {weapon} batteries", text).links[4]
        for weapon in ("new Patriot", "Patriot and HAWK", "HAWK")
    )
    assert same.close == same.alike
    assert both.close == both.alike
    assert other.close <= other.alike / 2


def test_other_places_in_the_headline_count_against_it() -> None:
    text = "The ministry will finance launchers built by Arkwell."
    same = _desk().add("", "Norway pays for launchers", text).links[1]
    other = _desk().add("", "Spain pays for launchers", text).links[1]
    capital = _desk().add("", "Oslo pays for launchers", text).links[1]
    assert capital.close / capital.alike == pytest.approx(same.close / same.alike)
    assert same.close / same.alike > other.close / other.alike


def test_the_heaviest_terms_are_those_that_are_rare() -> None:
    desk = _desk()
    new = sketch("Boreal", "Boreal Sula", None)
    weighed = weigh(new, {**desk.counts, strongest(weigh(new, {}, 1), 1)[0]: 1_000.0}, 1_000)
    assert len(strongest(weighed, 2)) == 2
    assert weighed.weights[strongest(weighed, 1)[0]] == max(weighed.weights.values())


def test_without_neighbours_it_opens_a_story() -> None:
    assert Desk().add("", "Anything at all", "And nothing was known before it.").story == ""
