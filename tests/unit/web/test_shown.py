"""Texts in pieces, states of feeds, times in words."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from monitor.jobs.rating import Rated
from monitor.model import FeedState, Notice, NoticeKind
from monitor.store import Figures
from monitor.web.shown import Piece, ago, feed_row, paragraphs, percent, pieces, sentence, span
from tests.builders import NOW, a_feed, an_evidence

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


def test_how_a_feed_stands() -> None:
    feed = a_feed()

    def stands(state: FeedState | None, *notices: Notice, paused: datetime | None = None) -> tuple[int, str]:
        row = feed_row(feed, Rated(state, Figures()), notices, EVERY, paused)
        return row.rank, row.word

    well = FeedState(feed.name, NOW, visited_at=NOW, succeeded_at=NOW)
    notice = Notice(NoticeKind.SILENT, feed.name, "nothing for 3 days", NOW)
    bad = replace(well, problem="no answer", failures=3)
    assert stands(None) == (2, "not visited yet")
    assert stands(well) == (3, "well")
    assert stands(well, notice) == (1, "unusually silent: nothing for 3 days")
    assert stands(bad, notice) == (0, "3× no answer")
    assert stands(replace(well, problem="410", gone_at=NOW)) == (0, "gone: 410")
    assert stands(bad, paused=NOW) == (4, "paused")


def test_times_in_words() -> None:
    assert span(timedelta(minutes=25)) == "25 min"
    assert span(timedelta(hours=3)) == "3 h"
    assert span(timedelta(days=2)) == "2 d"
    assert ago(NOW - timedelta(hours=3), NOW) == "3 h ago"
    assert ago(NOW + timedelta(minutes=9), NOW) == "in 9 min"
    assert ago(None, NOW) == "–"
    assert percent(0.999) == 99


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("there is no feed x", "There is no feed x."),
        ("topics.toml was changed", "topics.toml was changed."),
        ("Please report it.", "Please report it."),
        ("", ""),
    ],
)
def test_the_words_of_an_error_are_a_sentence(words: str, said: str) -> None:
    assert sentence(words) == said
