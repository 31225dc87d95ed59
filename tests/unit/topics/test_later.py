"""Topics that are read when the first article is judged."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from monitor.topics import LaterTopics, TopicSet, load_topics

FILES = {
    "topics.toml": """
[topics.rivers]
title = "Rivers"
clauses = [{query = "river OR flood", weight = 9}]
"""
}


def test_nothing_is_read_until_an_article_is_judged_and_then_once() -> None:
    reads = []

    def read() -> TopicSet:
        reads.append(1)
        return load_topics(FILES)

    known = load_topics(FILES)
    later = LaterTopics(known.topics, read)
    assert later.topics == known.topics
    assert not reads
    said = ("A flood in the valley", "The river rose by two metres in the night.")
    assert later.judge(*said) == known.judge(*said)
    assert later.reached(*said) == known.reached(*said)
    assert later.without_forms(("en",)) == known.without_forms(("en",))
    assert reads == [1]


def test_threads_that_judge_first_at_the_same_time_read_once() -> None:
    reads = []

    def read() -> TopicSet:
        reads.append(1)
        return load_topics(FILES)

    later = LaterTopics(load_topics(FILES).topics, read)
    with ThreadPoolExecutor(8) as pool:
        verdicts = list(pool.map(lambda _: later.judge("", "the river"), range(32)))
    assert all(one[0].matched for one in verdicts)
    assert reads == [1]


def test_what_does_not_exist_is_still_an_error() -> None:
    later = LaterTopics((), lambda: load_topics(FILES))
    with pytest.raises(AttributeError):
        later.no_such_thing  # noqa: B018
