"""What is counted of a climb and of a comparison."""

from monitor.model import Climb, Comparison
from tests.builders import NOW


def test_known_is_what_is_left_of_what_was_found() -> None:
    assert Climb("job", "courier", "pages", found=10, new=4, outside=1, empty=1, failures=1).known == 3
    assert Climb("job", "courier", "pages", new=4).known == 0, "in the middle of a document"


def test_the_share_that_was_never_shown() -> None:
    assert Comparison("courier", NOW, listed=8, shown=6).missed == 0.25
    assert Comparison("courier", NOW).missed == 0
