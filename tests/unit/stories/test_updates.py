"""Updates: only what is new of a story that was told, and nothing where only told words are repeated."""

from monitor.model import Copy, Joins, Opens, Report, Story
from monitor.stories.updates import update_of
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
