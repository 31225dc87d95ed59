"""When a verdict is a match."""

import pytest

from tests.builders import a_verdict


@pytest.mark.parametrize(("score", "matched"), [(0.49, False), (0.5, True), (0.51, True)])
def test_a_verdict_matches_from_its_threshold_on(score: float, matched: bool) -> None:
    assert a_verdict(score=score, threshold=0.5).matched is matched
