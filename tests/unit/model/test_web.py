"""A failure in words."""

from monitor.model import Failed, Failure
from tests.builders import NOW, a_request


def test_a_failure_reads_as_words() -> None:
    assert str(Failed(a_request(), Failure.TIMEOUT, "no byte within 20 s", NOW)) == "too slow: no byte within 20 s"
    assert str(Failed(a_request(), Failure.DNS, "", NOW)) == "name not found"
