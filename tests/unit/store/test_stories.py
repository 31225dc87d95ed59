"""Candidates, placements, what was not told yet."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from monitor.model import Copy, Fingerprint, Joins, Opens
from monitor.store import Store
from tests.builders import NOW, a_digest, a_message, a_verdict, an_article
from tests.unit.store.keeping import MATCHING, MISSING, a_mark, an_address, keep, keep_one

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TOPICS = ("air-defence",)


def _tell(store: Store, until: datetime, key: str, topics: tuple[str, ...] = TOPICS) -> list[str]:
    """Tell everything untold up to then; the ids of the stories told."""
    with store.begin() as shelves:
        stories = shelves.stories.untold("daily", topics, until - 7 * DAY, until)
        shelves.outbox.put(a_message(key=key), a_digest(key=key, stories=tuple(stories)))
    return [story.id for story in stories]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (a_mark(url_key="courier.example/1"), True),
        (a_mark(url_key="", title_key="two more launchers"), True),
        (a_mark(url_key="", bands=(5, -(2**62))), True),
        (a_mark(url_key="", bands=(5, 6)), False),
        (a_mark(url_key="courier.example/2", title_key="another headline", bands=(7,)), False),
        (a_mark(url_key="", title_key="", bands=()), False),
    ],
)
def test_candidates_share_address_headline_or_a_band(store: Store, asked: Fingerprint, found: bool) -> None:
    article = an_article()
    bands = (3, -(2**62), 2**62)
    mark = a_mark(url_key="courier.example/1", title_key="two more launchers", bands=bands, signature=b"\x00\xff")
    empty = an_article(url=an_address(2))
    with store.begin() as shelves:
        shelves.articles.add(article, "c0", ())
        shelves.stories.place(article.id, "Courier", Opens(article.id), mark, NOW)
        shelves.articles.add(empty, "c0", ())
        shelves.stories.place(empty.id, "Courier", Opens(empty.id), a_mark(url_key=""), NOW)
        known = shelves.stories.candidates(asked, NOW)
        assert shelves.stories.candidates(asked, NOW + timedelta(microseconds=1)) == []
    assert [one.article for one in known] == [article.id] * found
    for one in known:
        assert (one.story, one.title, one.outlet, one.at) == (article.id, article.title, "Courier", NOW)
        assert one.fingerprint == replace(mark, bands=())


def test_a_placement_may_be_replaced(store: Store) -> None:
    first, second = keep_one(store, 1, NOW), keep_one(store, 2, NOW)
    with store.begin() as shelves:
        shelves.stories.place(second, "Herald", Joins(first, "the same event"), a_mark(bands=(9,)), NOW)
        story = shelves.stories.get(first)
        assert shelves.stories.get(second) is None
        assert shelves.stories.story_of(second) == first
        assert shelves.stories.story_of("ffffffffffffffff") == ""
    assert story is not None
    assert [(report.article.id, report.outlet) for report in story.reports] == [
        (first, "Northern Courier"),
        (second, "Herald"),
    ]
    assert story.reports[1].placement == Joins(first, "the same event")


def test_ties_make_one_story_of_several_and_one_text_of_what_is_copied(store: Store) -> None:
    older, younger = keep_one(store, 1, NOW - 2 * HOUR), keep_one(store, 2, NOW - HOUR)
    excerpt = keep_one(store, 3, NOW - HOUR, placement=Copy(younger, younger, 0.8, "copy"))
    headline = keep_one(store, 4, NOW - HOUR, placement=Joins(younger, "same headline"))
    bridge = keep_one(store, 5, NOW, placement=Copy(younger, excerpt, 0.9, "copy"))
    ties = (Copy(younger, excerpt, 0.9, "copy"), Copy(older, older, 0.5, "copy"), Joins(younger, "same headline"))
    with store.begin() as shelves:
        shelves.stories.tie(bridge, ties, "tied by the bridge")
        shelves.stories.tie(bridge, ties[:1] + ties[2:], "says nothing new")
        story = shelves.stories.get(older)
        assert shelves.stories.get(younger) is None
    assert story is not None
    assert {report.article.id: report.placement for report in story.reports} == {
        older: Copy(older, bridge, 0.5, "tied by the bridge"),
        younger: Joins(older, "tied by the bridge"),
        excerpt: Copy(older, younger, 0.8, "copy"),
        headline: Joins(older, "same headline"),
        bridge: Copy(older, excerpt, 0.9, "copy"),
    }
    texts = {report.article.id for report in story.originals}
    assert len(texts) == 2
    assert headline in texts


@pytest.mark.parametrize("told_first", [1, 2])
def test_who_was_told_one_of_the_tied_was_told_it(store: Store, told_first: int) -> None:
    ids = [keep_one(store, 1, NOW - 2 * HOUR), keep_one(store, 2, NOW - HOUR)]
    with store.begin() as shelves:
        told = [shelves.stories.get(ids[told_first - 1])]
        shelves.outbox.put(a_message(key="daily@1"), a_digest(key="daily@1", stories=tuple(filter(None, told))))
    bridge = keep_one(store, 3, NOW, placement=Copy(ids[0], ids[0], 0.9, "copy"))
    with store.begin() as shelves:
        shelves.stories.tie(bridge, (Copy(ids[0], ids[0], 0.9, ""), Copy(ids[1], ids[1], 0.9, "")), "tied")
        assert [story.id for story in shelves.stories.untold("weekly", TOPICS, NOW - DAY, NOW)] == [ids[0]]
        assert [told.key for told in shelves.outbox.told(ids[0])] == ["daily@1"]
    assert _tell(store, NOW, "daily@2") == []


def test_what_another_story_says_in_own_words_is_still_to_be_told_when_a_copy_ties_it_to_a_told_one(
    store: Store,
) -> None:
    ids = [keep_one(store, 1, NOW - 2 * HOUR), keep_one(store, 2, NOW - HOUR)]
    copy = keep_one(store, 3, NOW - HOUR, placement=Copy(ids[1], ids[1], 0.9, "copy"))
    own = keep_one(store, 4, NOW - HOUR, placement=Joins(ids[1], "the same event"))
    with store.begin() as shelves:
        told = [shelves.stories.get(ids[0])]
        shelves.outbox.put(a_message(key="daily@1"), a_digest(key="daily@1", stories=tuple(filter(None, told))))
    bridge = keep_one(store, 5, NOW, placement=Copy(ids[0], ids[0], 0.9, "copy"))
    with store.begin() as shelves:
        shelves.stories.tie(bridge, (Copy(ids[0], ids[0], 0.9, ""), Copy(ids[1], ids[1], 0.9, "")), "tied")
        assert [story.id for story in shelves.stories.untold("daily", TOPICS, NOW - DAY, NOW)] == [ids[0]]
        _, known = shelves.stories.tellings("daily", [ids[0]])[ids[0]]
    assert known == {ids[0], ids[1], copy, bridge}
    assert own not in known


def test_the_window_is_open_at_its_start_and_closed_at_its_end(store: Store) -> None:
    ids = [keep_one(store, number, NOW + number * HOUR) for number in range(4)]
    with store.read() as shelves:
        found = shelves.stories.untold("daily", TOPICS, NOW, NOW + 2 * HOUR)
    assert [story.id for story in found] == ids[1:3]


def test_only_the_asked_topics_count_but_all_matching_verdicts_are_given(store: Store) -> None:
    both = (a_verdict(score=0.7), a_verdict(topic="co-production", score=0.9), a_verdict(topic="drones", score=0.1))
    keep_one(store, 1, NOW, verdicts=both)
    keep_one(store, 2, NOW, verdicts=MISSING)
    with store.read() as shelves:
        (story,) = shelves.stories.untold("daily", ["air-defence", "drones"], NOW - DAY, NOW)
        assert shelves.stories.untold("daily", ["drones"], NOW - DAY, NOW) == []
        assert shelves.stories.untold("daily", [], NOW - DAY, NOW) == []
    assert story.reports[0].verdicts == (both[1], both[0])


def test_a_story_comes_whole_with_what_was_found_before_the_window_and_not_after(store: Store) -> None:
    opener = keep_one(store, 1, NOW - 3 * DAY, verdicts=(a_verdict(topic="co-production"),))
    copies = [
        keep_one(store, number, NOW + (number - 3) * HOUR, placement=Copy(opener, opener, 0.9, "copy"))
        for number in (2, 3, 4)
    ]
    with store.read() as shelves:
        (story,) = shelves.stories.untold("daily", TOPICS, NOW - DAY, NOW)
        whole = shelves.stories.get(opener)
    assert [report.article.id for report in story.reports] == [opener, *copies[:2]]
    assert whole is not None
    assert len(whole.reports) == 4


def test_what_was_told_is_not_told_again_not_even_by_a_late_copy(store: Store) -> None:
    opener = keep_one(store, 1, NOW - HOUR)
    assert _tell(store, NOW, "daily@1") == [opener]
    keep_one(store, 2, NOW + HOUR, placement=Copy(opener, opener, 0.9, "copy"))
    other = keep_one(store, 3, NOW + HOUR)
    assert _tell(store, NOW + DAY, "daily@2") == [other]
    assert _tell(store, NOW + DAY, "daily@3") == []
    with store.read() as shelves:
        again = shelves.stories.untold("weekly", TOPICS, NOW - DAY, NOW + DAY)
        assert [story.id for story in again] == [opener, other]
        assert [(told.subscription, told.key) for told in shelves.outbox.told(opener)] == [("daily", "daily@1")]


def test_a_story_that_a_late_copy_brings_into_a_topic_is_told_then(store: Store) -> None:
    opener = keep_one(store, 1, NOW - HOUR, verdicts=(a_verdict(topic="co-production"),))
    assert _tell(store, NOW, "daily@1") == []
    keep_one(store, 2, NOW + HOUR, placement=Joins(opener, "the same event"))
    assert _tell(store, NOW + DAY, "daily@2") == [opener]


def test_an_article_edited_into_a_topic_is_news_from_then_on(store: Store) -> None:
    article = an_article(url=an_address(1), found_at=NOW - 3 * DAY)
    with store.begin() as shelves:
        keep(shelves, article, MISSING)
        shelves.articles.revise(article, "c1", MATCHING, NOW)
        shelves.stories.place(article.id, "Courier", Opens(article.id), a_mark(), NOW)
    with store.read() as shelves:
        assert len(shelves.stories.untold("daily", TOPICS, NOW - DAY, NOW)) == 1
        assert shelves.stories.untold("daily", TOPICS, NOW - 4 * DAY, NOW - DAY) == []


def test_an_edit_of_what_matched_before_is_no_news(store: Store) -> None:
    keep_one(store, 1, NOW - 3 * DAY)
    with store.begin() as shelves:
        shelves.articles.revise(an_article(url=an_address(1)), "c1", MATCHING, NOW)
        assert shelves.stories.untold("daily", TOPICS, NOW - DAY, NOW) == []
        assert len(shelves.stories.untold("daily", TOPICS, NOW - 4 * DAY, NOW - 2 * DAY)) == 1


def test_recent_gives_the_newest_told_or_not(store: Store) -> None:
    ids = [keep_one(store, number, NOW + number * HOUR) for number in range(4)]
    _tell(store, NOW + HOUR, "daily@1")
    with store.read() as shelves:
        recent = shelves.stories.recent
        assert [story.id for story in recent(NOW, NOW + 3 * HOUR)] == ids[1:]
        assert [story.id for story in recent(NOW - HOUR, NOW + 3 * HOUR, limit=2)] == ids[2:]
        assert recent(NOW, NOW + 3 * HOUR, topics=["co-production"]) == []


def test_many_stories_at_once(store: Store) -> None:
    with store.begin() as shelves:
        ids = {keep(shelves, an_article(url=an_address(number), found_at=NOW)) for number in range(1203)}
        found = shelves.stories.untold("daily", TOPICS, NOW - DAY, NOW)
    assert {story.id for story in found} == ids
    assert all(len(story.reports) == 1 and story.reports[0].verdicts for story in found)


def test_a_report_goes_into_another_story_with_its_copies(store: Store) -> None:
    left, other = keep_one(store, 1, NOW - 3 * HOUR), keep_one(store, 2, NOW - 2 * HOUR)
    goes = keep_one(store, 3, NOW - HOUR, placement=Joins(left, "same headline"))
    copy = keep_one(store, 4, NOW, placement=Copy(left, goes, 0.9, "copy"))
    with store.begin() as shelves:
        moved = shelves.stories.move(goes, Joins(other, "shares Boreal"))
        assert moved == {goes: other, copy: other}
        assert shelves.stories.texts(left) == [left]
        story = shelves.stories.get(other)
        assert story is not None
        assert {report.article.id: report.placement for report in story.reports} == {
            other: Opens(other),
            goes: Joins(other, "shares Boreal"),
            copy: Copy(other, goes, 0.9, "copy"),
        }


def test_what_was_told_is_not_told_again_in_another_story(store: Store) -> None:
    left, goes = keep_one(store, 1, NOW - 3 * HOUR), keep_one(store, 2, NOW - 2 * HOUR)
    with store.begin() as shelves:
        shelves.stories.move(goes, Joins(left, "together"))
    assert _tell(store, NOW, "daily@1") == [left]
    with store.begin() as shelves:
        shelves.wishes.mute(left, NOW)
        moved = shelves.stories.move(goes, Opens(goes, "apart"))
        assert moved == {goes: goes}
        assert [told.key for told in shelves.outbox.told(goes)] == ["daily@1"]
        assert shelves.wishes.mutes("daily", [left, goes]) == {left, goes}
        shelves.wishes.unmute(left)
        shelves.wishes.unmute(goes)
    assert _tell(store, NOW, "daily@2") == []


def test_an_untold_report_that_comes_into_a_told_story_is_news_of_it(store: Store) -> None:
    told, other = keep_one(store, 1, NOW - 3 * HOUR), keep_one(store, 2, NOW - HOUR)
    with store.begin() as shelves:
        first = shelves.stories.get(told)
        assert first is not None
        shelves.outbox.put(a_message(key="daily@1"), a_digest(key="daily@1", stories=(first,)))
        shelves.stories.move(other, Joins(told, "together"))
        assert not shelves.stories.exists(other)
        assert shelves.stories.exists(told)
        assert shelves.stories.tellings("daily", [told])[told][1] == {told}
    assert _tell(store, NOW, "daily@2") == [told]


def test_nothing_is_left_of_a_story_all_of_which_goes(store: Store) -> None:
    gone, into = keep_one(store, 1, NOW - 3 * HOUR), keep_one(store, 2, NOW - HOUR)
    assert _tell(store, NOW - 2 * HOUR, "daily@1") == [gone]
    with store.begin() as shelves:
        shelves.wishes.mute(gone, NOW)
        shelves.stories.move(gone, Joins(into, "together"))
        assert shelves.outbox.told(gone) == []
        assert [told.key for told in shelves.outbox.told(into)] == ["daily@1"]
        assert shelves.wishes.mutes("daily", [gone, into]) == {into}
        assert shelves.rulings.story(gone) == into
