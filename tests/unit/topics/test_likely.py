"""Which pages are worth a visit, told from headline and summary."""

import pytest

from monitor.topics import TopicSet, likely, load_topics

TOPICS = """
[topics.air-defence]
title = "Air defence for Ukraine"
threshold = 0.5
bias = -4
clauses = [
    { name = "Ukraine", query = 'ukraine OR ukrainian', required = true, weight = 0.5 },
    { name = "systems", query = '"air defence" OR nasams', weight = 4 },
    { name = "launchers", query = 'launcher', weight = 1.5 },
    { name = "sport", query = 'football', weight = -9 },
]
"""
FEW = "The minister spoke for an hour about many things."
SUMMARY = f"{FEW} Then the band played, and the guests walked through the gardens until it was dark."


@pytest.fixture(scope="module")
def topics() -> TopicSet:
    return load_topics({"topics.toml": TOPICS})


@pytest.mark.parametrize(
    ("title", "summary", "expected"),
    [
        ("Air defence for Ukraine", SUMMARY, True),
        ("Talks about Ukraine", SUMMARY, True),  # what is required is there, and that it is speaks for it
        ("Air defence: football club plays NASAMS crew", SUMMARY, True),  # what speaks against it is left to the page
        ("NASAMS for an unnamed country", SUMMARY, True),  # more than half of a match
        ("A launcher for an unnamed country", SUMMARY, False),  # less
        ("A launcher for an unnamed country", FEW, True),  # the same, where little was said
        ("Library opens later in winter", FEW, False),
        ("Library opens later in winter", SUMMARY, False),
        ("Library opens later in winter", "", True),  # too short to tell
        ("Library opens later in winter", "Library opens later in winter.", True),
        ("", "", True),
    ],
)
def test_the_bar(topics: TopicSet, title: str, summary: str, expected: bool) -> None:
    outlook = likely(topics, title, summary)
    assert outlook.likely is expected
    assert outlook.reason


def test_the_reason_says_how_far_it_was(topics: TopicSet) -> None:
    reason = likely(topics, "A launcher for an unnamed country", SUMMARY).reason
    assert "air-defence" in reason
    assert "%" in reason
    assert "nothing" in likely(topics, "Library opens later in winter", SUMMARY).reason


def test_a_topic_that_matches_in_silence_wants_every_page() -> None:
    topics = load_topics(
        {"t.toml": "[topics.all]\ntitle='All'\nbias=1\nclauses=[{ name='x', query='NOT sport', weight=1 }]"}
    )
    assert likely(topics, "Library opens later in winter", SUMMARY).likely


def test_what_is_stated_of_an_article_counts() -> None:
    topics = load_topics({"t.toml": "[topics.own]\ntitle='Own'\nclauses=[{ query='source:Courier', weight=9 }]"})
    assert likely(topics, "Library opens later", SUMMARY, source="Courier").likely
    assert not likely(topics, "Library opens later", SUMMARY, source="Herald").likely


def test_any_text_is_answered(topics: TopicSet) -> None:
    for text in ("\ud83d\x00", "." * 100_000, "🙂" * 5_000):
        assert likely(topics, text, text).reason
