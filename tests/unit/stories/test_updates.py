"""Updates: only what is new of a story that was told, and nothing where only told words are repeated."""

from msgspec.structs import replace

from monitor.model import Copy, Joins, Opens, Report, Story
from monitor.stories.updates import added, update_of
from tests.builders import NOW, a_verdict, an_article


def _report(name: str, placement: Opens | Joins | Copy) -> Report:
    article = an_article(id=name, url=f"https://{name}.example/1", title=f"Headline {name}")
    return Report(article, name, (a_verdict(),), placement)


FIRST = _report("first", Opens("s"))
COPY = _report("copy", Copy("s", "first", 0.9, "copy"))
LATER = _report("later", Joins("s", "shares"))
OF_LATER = _report("oflater", Copy("s", "later", 0.9, "copy"))


def test_only_the_new_reports_and_their_copies_are_left() -> None:
    update = update_of(Story("s", (FIRST, COPY, LATER, OF_LATER)), {"first"}, NOW)
    assert update is not None
    assert update.reports == (LATER, OF_LATER)
    assert update.before is not None
    assert (update.before.at, update.before.headline, update.before.outlets) == (
        NOW,
        "Headline copy",
        frozenset(("copy",)),
    )  # of one text the first by time and id


def test_a_copy_of_what_was_told_is_nothing_new() -> None:
    assert update_of(Story("s", (FIRST, COPY)), {"first"}, NOW) is None


def _told(name: str, text: str, language: str = "en") -> Report:
    article = an_article(id=name, title="Contract signed", text=text, language=language)
    return Report(article, name, (a_verdict(),), Joins("s", "shares"))


def test_each_report_is_shown_with_the_figures_and_names_it_added() -> None:
    reports = (
        _told("first", "The ministry in Oslo pays 3.1 billion kroner to Kongsberg for two batteries."),
        _told("second", "In Осло the contract costs 3.1 billion; Kongsberg sends 14 launchers first, says Solberg."),
        _told("third", "Die Batterie mit 14 Startern und 22 Raketen kommt im Mai nach Oslo.", "de"),
    )
    found = added(reports)
    assert found["second"] == ("14 launchers", "Solberg")
    assert found["third"] == ("22 Raketen",)


def test_a_copy_adds_nothing() -> None:
    one = _told("first", "The ministry in Oslo pays 3.1 billion kroner to Kongsberg.")
    assert added((one, replace(one, article=replace(one.article, id="copy"))))["copy"] == ()


def _update(*texts: tuple[str, str, str]) -> tuple[str, ...]:
    """What the later of (title, text, language) add to the first, which was told."""
    reports = tuple(
        Report(an_article(id=str(at), title=title, text=text, language=language), str(at), (a_verdict(),), Opens("s"))
        for at, (title, text, language) in enumerate(texts)
    )
    update = update_of(Story("s", reports), {"0"}, NOW)
    assert update is not None
    assert update.before is not None
    return update.before.added


TOLD = ("Six countries join the drone fund", "In Riga six countries promise 40 million euros for drones.", "en")


def test_an_update_says_what_no_told_report_has() -> None:
    fresh = (
        "Denmark joins as well",
        "Copenhagen adds 90 million euros in 2027, says Minister Holgersen at 14:30.",
        "en",
    )
    assert _update(TOLD, fresh) == ("Denmark", "Copenhagen", "90 million", "Minister Holgersen")


def test_a_place_is_known_in_any_language_and_for_a_name_in_german() -> None:
    dane = ("Dänemark tritt bei", "Auch Norwegen zahlt 90 Millionen.", "de")
    assert _update(TOLD, dane) == ("Dänemark", "Norwegen", "90 Millionen")
    assert _update(dane, ("Данія приєдналася", "Платить і Норвегія, 90 мільйонів.", "uk")) == ()


def test_without_figures_and_names_new_things_are_named() -> None:
    fresh = ("The fund also pays for training", "A radar is bought as well.", "en")
    assert _update(TOLD, fresh) == ("training", "radar")


def test_copies_of_new_words_say_nothing_twice() -> None:
    fresh = ("Denmark joins", "It adds 90 million euros.", "en")
    assert _update(TOLD, fresh, fresh) == ("Denmark", "90 million")


def test_a_figure_with_a_fraction_is_another_than_one_of_the_same_digits() -> None:
    told = ("Aid agreed", "It is worth 1.5 million euros and 1 000 drones.", "en")
    assert _update(told, ("Aid agreed", "It is worth 15 million euros and 1,000 drones.", "en")) == ("15 million",)


def test_an_update_counts_the_outlets_that_agree_on_something_new() -> None:
    first = _told("first", "Seven people were hurt in Mielec, says Kowalski.")
    again = _told("again", "In Mielec seven people were hurt.")
    more = _told("more", "The number of injured in Mielec is 19 now, and Nowak was arrested.")
    also = _told("also", "Es gibt 19 Verletzte in Mielec.", "de")
    other = _told("other", "It cost 4 million.")

    def agreed(*reports: Report) -> int:
        update = update_of(Story("s", (first, *reports)), {"first"}, NOW)
        assert update is not None
        assert update.before is not None
        return update.before.agreed

    assert agreed(again) == 0
    assert agreed(again, more) == 1
    assert agreed(again, more, also, other) == 2


def test_neither_the_agency_nor_a_common_word_is_a_new_name() -> None:
    update = update_of(
        Story(
            "s",
            (
                _told("first", "Seven people were hurt in Mielec."),
                _told("second", "RIGA (Atlas Wire) – In Mielec seven people were hurt on the way to Łódź."),
                _told("third", "Siedem osób jest rannych w Mielcu, a do łączności wezwano öffentlich rejon.", "pl"),
            ),
        ),
        {"first"},
        NOW,
    )
    assert update is not None
    assert update.before is not None
    assert update.before.added == ("Łódź",)


def test_the_capital_of_a_state_that_was_spoken_of_is_no_new_name() -> None:
    first = _told("first", "The minister of Germany handed the battery over.")
    again = _told("again", "Германия передала Киеву батарею, пишут из Берлина и Осло.", "ru")
    ukraine = _told("ukraine", "It goes to Ukraine.")
    update = update_of(Story("s", (first, again)), {"first"}, NOW)
    assert update is not None
    assert update.before is not None
    assert update.before.added == ("Киеву", "Осло")
    more = update_of(Story("s", (first, ukraine, again)), {"first", "ukraine"}, NOW)
    assert more is not None
    assert more.before is not None
    assert more.before.added == ("Осло",)
