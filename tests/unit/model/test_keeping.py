"""What an exhibit states for people."""

from monitor.model import Proof


def test_the_words_for_people() -> None:
    assert [str(proof) for proof in Proof] == ["page", "feed", "text alone", "page deleted", "missing"]
