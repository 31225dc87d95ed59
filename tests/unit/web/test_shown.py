"""Texts in pieces, timelines, states of feeds."""

from dataclasses import replace
from datetime import timedelta

from monitor.model import Copy, FeedState, How, Notice, NoticeKind
from monitor.store import Figures, Mark
from monitor.web.shown import Piece, ago, feed_row, paragraphs, percent, pieces, span, timeline
from tests.builders import NOW, a_feed, a_report, a_story, an_article, an_evidence

EVERY = timedelta(minutes=30)


def test_evidence_is_marked_where_it_stands() -> None:
    text = "Norway sends NASAMS to Kyiv."
    found = [
        an_evidence(clause="systems", term="NASAMS", field="lead", position=13, weight=2.0),
        an_evidence(clause="battle", term="Kyiv", field="body", position=23, weight=-0.5),
        an_evidence(clause="other", term="Norway", field="title", position=0),
    ]
    assert pieces(text, found, ("lead", "body")) == (
        Piece("Norway sends "),
        Piece("NASAMS", "systems +2.0"),
        Piece(" to "),
        Piece("Kyiv", "battle -0.5", against=True),
        Piece("."),
    )


def test_evidence_that_overlaps_or_fits_no_longer_is_left_out() -> None:
    text = "air defence"
    found = [
        an_evidence(term="air defence", field="lead", position=0),
        an_evidence(term="defence", field="lead", position=4),
        an_evidence(term="gone", field="lead", position=2),
        an_evidence(term="beyond", field="lead", position=900),
    ]
    assert [piece.words for piece in pieces(text, found, ("lead",))] == ["air defence"]
    assert "".join(piece.words for piece in pieces(text, found, ("lead",))) == text


def test_pieces_become_paragraphs() -> None:
    cut = (Piece("one\ntwo "), Piece("marked", "why"), Piece(" three\n\nfour"))
    assert paragraphs(cut) == (
        (Piece("one"),),
        (Piece("two "), Piece("marked", "why"), Piece(" three")),
        (Piece("four"),),
    )


def test_who_was_first_may_have_been_found_later() -> None:
    first = a_report(article=an_article(id="a" * 16, published=NOW - timedelta(hours=3), how=How.PAGE), outlet="Wire")
    copied = a_report(article=an_article(id="b" * 16, published=NOW), outlet="Post")
    story = a_story(reports=(copied, replace(first, placement=Copy("s", "b" * 16, 0.9, "copy of it"))))
    marks = {"a" * 16: [Mark("a" * 16, "air-defence", True, NOW)]}
    shown = timeline(story, marks)
    assert [(one.outlet, one.role) for one in shown] == [("Wire", "first"), ("Post", "copy")]
    assert shown[0].marks == {"air-defence": True}
    assert shown[0].reason == "copy of it, which was published later"


def test_an_address_that_is_none_is_not_linked() -> None:
    article = an_article(url="javascript:alert(1)")
    (shown,) = timeline(a_story(reports=(a_report(article=article),)), {})
    assert shown.url == ""


def test_how_a_feed_stands() -> None:
    feed = a_feed()
    well = FeedState(feed.name, NOW, visited_at=NOW, succeeded_at=NOW)
    notice = Notice(NoticeKind.SILENT, feed.name, "nothing for 3 days", NOW)
    none = Figures()
    assert feed_row(feed, None, (), none, EVERY).rank == 2
    assert feed_row(feed, well, (), none, EVERY).word == "well"
    assert feed_row(feed, well, [notice], none, EVERY).word == "unusually silent: nothing for 3 days"
    bad = feed_row(feed, replace(well, problem="no answer", failures=3), [notice], none, EVERY)
    assert (bad.rank, bad.word) == (0, "3× no answer")
    assert feed_row(feed, replace(well, problem="410", gone_at=NOW), (), none, EVERY).word == "gone: 410"


def test_times_in_words() -> None:
    assert span(timedelta(minutes=25)) == "25 min"
    assert span(timedelta(hours=3)) == "3 h"
    assert span(timedelta(days=2)) == "2 d"
    assert ago(NOW - timedelta(hours=3), NOW) == "3 h ago"
    assert ago(NOW + timedelta(minutes=9), NOW) == "in 9 min"
    assert ago(None, NOW) == "–"
    assert percent(0.999) == 99
