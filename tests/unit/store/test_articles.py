"""Items, articles, versions, retention."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy.exc import IntegrityError

from monitor.links import url_key
from monitor.model import Evidence, Narrowed, Opens
from monitor.store import Fate, KnownItem, NewArticle, Outcome, Revision, Store
from tests.builders import NOW, a_verdict, an_article, an_entry
from tests.unit.store.keeping import MATCHING, MISSING, a_mark, an_address, keep, keep_one
from tests.unit.store.searched import holding

HOUR = timedelta(hours=1)


def test_an_article_comes_back_with_all_its_verdicts_best_first(store: Store) -> None:
    article = an_article(authors=("O. Kovalenko",), problem="the page asked for consent")
    low, high = a_verdict(topic="co-production", score=0.2), a_verdict(topic="air-defence", score=0.9)
    with store.begin() as shelves:
        shelves.articles.add(article, "c0", (low, high))
    with store.read() as shelves:
        stored = shelves.articles.get(article.id)
        assert shelves.articles.get("ffffffffffffffff") is None
    assert stored is not None
    assert (stored.article, stored.verdicts, stored.content_hash) == (article, (high, low), "c0")
    assert (stored.placement, stored.outlet, stored.revisions, stored.forgotten) == (None, "", (), False)


def test_an_id_is_taken_once(store: Store) -> None:
    keep_one(store, 1, NOW)
    with pytest.raises(IntegrityError):
        keep_one(store, 1, NOW)


def test_items_are_known_by_feed_and_identity(store: Store) -> None:
    entry = an_entry()
    with store.begin() as shelves:
        shelves.articles.remember(Outcome("courier", "id:1", entry, "c1", "a1", Fate.MATCHED, "air-defence 0.82", NOW))
        shelves.articles.remember(Outcome("courier", "id:2", entry, "c2", None, Fate.EMPTY, "no text", NOW))
        shelves.articles.remember(Outcome("herald", "id:3", entry, "c3", None, Fate.EMPTY, "no text", NOW))
        found = shelves.articles.known("courier", [f"id:{number}" for number in range(1200)])
    said = (entry.link, entry.title, entry.published)
    assert found == {
        "id:1": KnownItem("id:1", *said, "c1", "a1", Fate.MATCHED),
        "id:2": KnownItem("id:2", *said, "c2", "", Fate.EMPTY),
    }


def test_items_are_found_by_page_by_moment_and_by_content(store: Store) -> None:
    dated, undated = an_entry(link=an_address(1)), an_entry(link=an_address(2), published=None)
    with store.begin() as shelves:
        shelves.articles.remember(Outcome("courier", "id:1", dated, "c1", None, Fate.EMPTY, "", NOW))
        shelves.articles.remember(Outcome("courier", "id:2", undated, "c2", None, Fate.EMPTY, "", NOW))
        shelves.articles.remember(Outcome("herald", "id:3", dated, "c1", None, Fate.EMPTY, "", NOW))
        articles = shelves.articles
        assert list(articles.at_pages("courier", [url_key(an_address(1)), url_key(an_address(3))])) == ["id:1"]
        assert dated.published is not None
        assert list(articles.at_moments("courier", [dated.published, NOW], ["c1"])) == ["id:1"]
        assert list(articles.at_moments("courier", [], ["c1", "c2"])) == ["id:2"]
        assert [articles.has_items(feed) for feed in ("courier", "gazette")] == [True, False]


def test_an_item_keeps_everything_under_another_name(store: Store) -> None:
    entry = an_entry(link=an_address(1))
    with store.begin() as shelves:
        shelves.articles.remember(Outcome("courier", "id:1", entry, "c1", "a1", Fate.MATCHED, "air-defence 0.82", NOW))
        shelves.articles.rename("courier", [("id:1", "id:new", replace(entry, link=an_address(2)))])
        known = shelves.articles.known("courier", ["id:1", "id:new"])
        assert list(shelves.articles.at_pages("courier", [url_key(an_address(2))])) == ["id:new"]
    assert list(known) == ["id:new"]
    assert (known["id:new"].article, known["id:new"].link) == ("a1", an_address(2))


def test_an_item_remembered_again_keeps_when_it_was_first_seen(store: Store) -> None:
    with store.begin() as shelves:
        article = keep(shelves, an_article(url=an_address(1), found_at=NOW))
        entry = an_entry(title="A new headline", link=an_address(1))
        shelves.articles.remember(
            Outcome(entry.feed, f"link:{an_address(1)}", entry, "c1", article, Fate.NOT_MATCHED, "edited", NOW + HOUR)
        )
        (history,) = shelves.articles.history(article)
    assert (history.item.first_seen, history.item.changed_at) == (NOW, NOW + HOUR)
    assert (history.item.title, history.item.fate, history.item.reason) == (
        "A new headline",
        Fate.NOT_MATCHED,
        "edited",
    )


def test_an_identity_no_database_can_hold_is_known_all_the_same(store: Store) -> None:
    broken = "id:\ud83d\x00"
    with store.begin() as shelves:
        shelves.articles.remember(Outcome("courier", broken, an_entry(id=broken), "c1", None, Fate.EMPTY, "", NOW))
        assert list(shelves.articles.known("courier", [broken])) == [broken]


def test_which_ids_exist(store: Store) -> None:
    ids = [keep_one(store, number, NOW) for number in range(3)]
    with store.read() as shelves:
        assert shelves.articles.with_ids([*ids[:2], "ffffffffffffffff"]) == set(ids[:2])
        assert shelves.articles.with_ids([]) == set()


def test_an_edited_article_keeps_what_it_said_before(store: Store) -> None:
    first = an_article(found_at=NOW)
    edited = replace(first, title="Three launchers promised", text="Three, not two.", found_at=NOW + HOUR)
    verdict = a_verdict(score=0.95)
    with store.begin() as shelves:
        keep(shelves, first, MATCHING)
        shelves.articles.revise(edited, "c1", [verdict], NOW + HOUR)
        stored = shelves.articles.get(first.id)
        assert [hit.article.id for hit in holding(shelves, "three")] == [first.id]
        assert holding(shelves, "frost") == []
    assert stored is not None
    assert stored.article == replace(edited, found_at=NOW)
    assert (stored.verdicts, stored.content_hash) == ((verdict,), "c1")
    scores = {"air-defence": 0.82, "co-production": 0.2}
    assert stored.revisions == (Revision(NOW + HOUR, first.url, first.title, first.text, first.language, "c0", scores),)


def test_an_edit_that_a_reader_would_not_see_leaves_no_revision(store: Store) -> None:
    article = an_article(found_at=NOW)
    teased = replace(article, entry=replace(article.entry, summary="1001 comments"))
    with store.begin() as shelves:
        keep(shelves, article, MATCHING)
        shelves.articles.revise(teased, "c1", MATCHING, NOW + HOUR)
        stored = shelves.articles.get(article.id)
    assert stored is not None
    assert (stored.revisions, stored.content_hash) == ((), "c1")
    assert stored.article.entry.summary == "1001 comments"


def test_only_what_exists_can_be_revised(store: Store) -> None:
    with pytest.raises(LookupError), store.begin() as shelves:
        shelves.articles.revise(an_article(), "c1", (), NOW)


def test_retention_takes_texts_of_what_matched_nothing_and_keeps_identity(store: Store) -> None:
    old, new = NOW - timedelta(days=61), NOW - timedelta(days=59)
    with store.begin() as shelves:
        plain = an_article(url=an_address(1), found_at=old)
        gone = keep(shelves, plain, MISSING)
        matched = keep(shelves, an_article(url=an_address(2), found_at=old))
        young = keep(shelves, an_article(url=an_address(3), found_at=new), MISSING)
        was_matched = keep(shelves, an_article(url=an_address(4), found_at=old))
        shelves.articles.revise(an_article(url=an_address(4), found_at=old), "c1", MISSING, NOW)
    with store.begin() as shelves:
        before = {hit.article.id for hit in holding(shelves, "launchers")}
        assert shelves.articles.forget_texts(NOW - timedelta(days=60)) == 1
        assert shelves.articles.forget_texts(NOW - timedelta(days=60)) == 0
        assert before - {hit.article.id for hit in holding(shelves, "launchers")} == {gone}
        assert gone not in {hit.article.id for hit in holding(shelves)}
        stored = shelves.articles.get(gone)
        assert shelves.articles.known(plain.entry.feed, [f"link:{plain.url}"])
        assert shelves.articles.with_ids([gone]) == {gone}
        kept = [shelves.articles.get(one) for one in (matched, young, was_matched)]
    assert stored is not None
    assert stored.forgotten
    assert (stored.article.text, stored.article.entry.summary) == ("", "")
    assert stored.article.title == plain.title
    assert [(verdict.topic, verdict.score, verdict.evidence) for verdict in stored.verdicts] == [
        ("co-production", 0.2, ()),
        ("air-defence", 0.1, ()),
    ]
    assert all(one is not None and one.article.text and not one.forgotten for one in kept)


def test_a_forgotten_article_that_is_edited_has_a_text_again(store: Store) -> None:
    old = NOW - timedelta(days=61)
    article = an_article(url=an_address(1), found_at=old)
    with store.begin() as shelves:
        keep(shelves, article, MISSING)
        shelves.articles.forget_texts(NOW)
        shelves.articles.revise(article, "c1", MATCHING, NOW)
        stored = shelves.articles.get(article.id)
        assert [hit.article.id for hit in holding(shelves, "launchers")] == [article.id]
    assert stored is not None
    assert (stored.article, stored.forgotten) == (article, False)


def test_references_hold(store: Store) -> None:
    """A report of an article that does not exist is a mistake of the program, and is refused."""
    with pytest.raises(IntegrityError), store.begin() as shelves:
        shelves.stories.place("ffffffffffffffff", "Courier", Opens("ffffffffffffffff"), a_mark(), NOW)


def test_what_is_remembered_is_read_in_parts(store: Store) -> None:
    ids = [keep_one(store, number, NOW + number * HOUR, verdicts=MISSING) for number in range(5)]
    with store.begin() as shelves:
        shelves.articles.forget_texts(NOW + HOUR)  # the first
        shelves.stories.place(ids[4], "Courier", Opens(ids[4]), a_mark(), NOW)
        first = shelves.articles.remembered(None, limit=2)
        rest = shelves.articles.remembered(None, after=first[-1].number, limit=9)
        late = shelves.articles.remembered(NOW + 3 * HOUR)
        latest = shelves.articles.latest(None, limit=2)
        older = shelves.articles.latest(NOW + 2 * HOUR - HOUR / 2, before=latest[-1].number)
    assert [one.article.id for one in first + rest] == ids[1:]
    assert [one.article.id for one in latest + older] == [ids[4], ids[3], ids[2]]
    assert [one.placed for one in rest] == [False, True]
    assert [one.article.id for one in late] == ids[4:]
    assert sorted(verdict.topic for verdict in late[0].verdicts) == ["air-defence", "co-production"]


def test_other_rules_replace_verdicts_and_nothing_else(store: Store) -> None:
    one = keep_one(store, 1, NOW)
    later = NOW + HOUR
    better = (a_verdict(score=0.9, rule="new"), a_verdict(topic="co-production", score=0.8, rule="new"))
    with store.begin() as shelves:
        before = shelves.articles.get(one)
        shelves.articles.rejudge(one, better, later, Fate.MATCHED, "both")
        after = shelves.articles.get(one)
        (told,) = shelves.stories.untold("daily", ["co-production"], NOW + HOUR / 2, later)
        assert shelves.stories.untold("daily", ["air-defence"], NOW + HOUR / 2, later) == []
        (item,) = (history.item for history in shelves.articles.history(one))
    assert before is not None
    assert after is not None
    assert after == replace(before, verdicts=better)
    assert told.id == one
    assert (item.fate, item.reason, item.changed_at) == (Fate.MATCHED, "both", later)


SILENCE = (
    a_verdict(score=0.02, evidence=(), passage=""),
    a_verdict(topic="co-production", score=0.03, evidence=(), passage=""),
)


def _rows(store: Store) -> int:
    with store._engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM verdicts").scalar_one())


def test_what_topics_do_not_find_is_kept_once_and_read_with_each(store: Store) -> None:
    found = a_verdict(score=0.2, passage="")
    silent, half, other = (an_article(url=an_address(number)) for number in range(3))
    old_rule = replace(SILENCE[0], rule="older")
    with store.begin() as shelves:
        shelves.articles.add_all(
            [
                NewArticle(silent, "c0", SILENCE),
                NewArticle(half, "c0", (found, SILENCE[1])),
                NewArticle(other, "c0", (old_rule, SILENCE[1])),
            ],
            SILENCE,
        )
    assert _rows(store) == 2
    with store.read() as shelves:
        remembered = shelves.articles.remembered(None)
        stored = [shelves.articles.get(one.article.id) for one in remembered]
    expected = [(SILENCE[1], SILENCE[0]), (found, SILENCE[1]), (SILENCE[1], old_rule)]
    assert [one.verdicts for one in remembered] == expected
    assert [one.verdicts for one in stored if one] == expected


def test_what_a_topic_lacks_is_kept_once_and_read_with_each(store: Store) -> None:
    lacking = a_verdict(score=0.0, evidence=(Evidence("Ukraine", "", "body", 0, 0.0),), passage="")
    named = a_verdict(score=0.1, evidence=(Evidence("Ukraine", "Kyiv", "title", 3, 0.4),), passage="")
    silent, half = (an_article(url=an_address(number)) for number in range(2))
    silence = (lacking, SILENCE[1])
    with store.begin() as shelves:
        new = [NewArticle(silent, "c0", silence), NewArticle(half, "c0", (named, SILENCE[1]))]
        shelves.articles.add_all(new, silence)
        shelves.articles.forget_texts(NOW + HOUR)
    assert _rows(store) == 1
    with store.read() as shelves:
        stored = [shelves.articles.get(article.id) for article in (silent, half)]
    assert [one.verdicts for one in stored if one] == [
        (SILENCE[1], lacking),
        (replace(named, evidence=()), SILENCE[1]),
    ]


def test_an_edit_or_other_rules_change_what_is_said_in_silence(store: Store) -> None:
    article = an_article(url=an_address(1))
    louder = tuple(replace(verdict, score=0.1, rule="new") for verdict in SILENCE)
    with store.begin() as shelves:
        shelves.articles.add(article, "c0", SILENCE, SILENCE)
        shelves.articles.revise(replace(article, text="Rewritten."), "c1", MATCHING, NOW, SILENCE)
        edited = shelves.articles.get(article.id)
        shelves.articles.rejudge(article.id, louder, NOW + HOUR, Fate.NOT_MATCHED, "", louder)
        judged = shelves.articles.get(article.id)
    assert edited is not None
    assert judged is not None
    assert edited.verdicts == MATCHING
    assert edited.revisions[0].scores == {"air-defence": 0.02, "co-production": 0.03}
    assert judged.verdicts == louder
    assert _rows(store) == 0


def test_a_topic_that_matches_where_nothing_is_found_has_its_row(store: Store) -> None:
    always = a_verdict(score=0.9, evidence=(), passage="The first sentence.")
    with store.begin() as shelves:
        shelves.articles.add(an_article(), "c0", (always,), (replace(always, passage=""),))
        (hit,) = holding(shelves, narrowed=Narrowed(topic=always.topic))
    assert hit.article == an_article()


def test_many_are_found_each_under_its_own_words(store: Store) -> None:
    new = [
        NewArticle(an_article(url=an_address(number), title=f"Number{number} speaks"), "c0", ()) for number in range(9)
    ]
    with store.begin() as shelves:
        shelves.articles.add_all(new)
        shelves.articles.add_all([])
        assert [hit.article.url for hit in holding(shelves, "number7")] == [an_address(7)]
    with pytest.raises(IntegrityError), store.begin() as shelves:
        shelves.articles.add_all([NewArticle(an_article(url=an_address(20)), "c0", ()), new[3]])
    with store.read() as shelves:
        assert len(shelves.articles.remembered(None)) == 9
