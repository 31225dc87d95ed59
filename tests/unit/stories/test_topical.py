"""Topical grouping: the same event joins, what only resembles it does not."""

from collections import Counter
from datetime import timedelta

from monitor.model import Neighbour, Sketch
from monitor.stories.terms import sketch
from monitor.stories.topical import Choice, choose, joined, kept, posted, strongest, weigh
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


class Desk:
    """Places articles among those of before, all of them neighbours, without an archive."""

    def __init__(self) -> None:
        self.counts: Counter[int] = Counter()
        self.near: list[Neighbour] = []

    def add(self, story: str, title: str, text: str, hours: float = 0.0) -> tuple[Sketch, Choice]:
        new = sketch(title, text, NOW + hours * HOUR)
        self.counts.update(new.terms.keys())
        weighed = weigh(new, self.counts, len(self.near) + 1)
        choice = choose(new, weighed, len(self.near) + 1, self.near)
        if posted(new, weighed):
            norm, crowd = weighed.norm, choice.crowd
            one = Neighbour(str(len(self.near)), story, kept(new, weighed), norm, crowd, title, "Courier", NOW)
            self.near.append(one)
        return new, choice


def _desk() -> Desk:
    desk = Desk()
    for story, title, text in TOLD:
        desk.add(story, title, text)
    return desk


def test_another_report_of_the_event_joins_and_says_why() -> None:
    new, choice = _desk().add(
        "", "Arkwell wins Norwegian order", "Forty Boreal launchers from Gdynia, paid by Oslo.", 4
    )
    assert choice.story == "a"
    reason = joined(new, choice).reason
    assert "Boreal" in reason
    assert "within 4 h with «Norway to pay for 40 Boreal launchers» (Courier)" in reason


def test_another_language_joins_by_names_places_and_figures() -> None:
    title, text = (
        "Норвегія оплатить 40 пускових Boreal",
        "Осло профінансує сорок установок Boreal заводу Arkwell у Гдині.",
    )
    _, choice = _desk().add("", title, text, 5)
    assert choice.story == "a"


def test_the_next_of_a_series_opens_its_own_story() -> None:
    desk = _desk()
    desk.add("s1", "Losses on day 641: 870 soldiers, 12 tanks", "The staff gives the losses of day 641.")
    _, choice = desk.add("", "Losses on day 642: 910 soldiers, 9 tanks", "The staff gives the losses of day 642.", 24)
    assert choice.story is None


def test_a_round_up_joins_nothing_and_nothing_joins_it() -> None:
    desk = _desk()
    title, text, _ = TOLD[0][1], TOLD[0][2], ""
    _, choice = desk.add("r", f"Evening briefing: {title}", text, 2)
    assert choice.story is None
    assert all(each.story != "r" for each in desk.near)


def test_time_parts_what_words_do_not() -> None:
    soon, late = _desk(), _desk()
    words = ("Norwegian money for launchers", "Oslo will finance more launchers built by Arkwell.")
    near, far = soon.add("", *words, 1)[1], late.add("", *words, 24 * 14)[1]
    assert near.score > far.score


def test_other_places_in_the_headline_count_against_it() -> None:
    text = "The ministry will finance launchers built by Arkwell."
    same = _desk().add("", "Norway pays for launchers", text)[1]
    other = _desk().add("", "Spain pays for launchers", text)[1]
    assert same.score > other.score


def test_the_heaviest_terms_are_those_that_are_rare() -> None:
    desk = _desk()
    new = sketch("Boreal", "Boreal Sula", None)
    weighed = weigh(new, {**desk.counts, strongest(weigh(new, {}, 1), 1)[0]: 1_000.0}, 1_000)
    assert len(strongest(weighed, 2)) == 2
    assert weighed.weights[strongest(weighed, 1)[0]] == max(weighed.weights.values())


def test_without_neighbours_it_opens_a_story() -> None:
    _, choice = Desk().add("", "Anything at all", "And nothing was known before it.")
    assert (choice.story, choice.nearest) == (None, None)
