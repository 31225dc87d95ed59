"""Updates: only what is new of a story that was told, and nothing where only told words are repeated."""

from dataclasses import replace

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
    assert (update.before.at, update.before.headline, update.before.told) == (
        NOW,
        "Headline copy",
        1,
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
