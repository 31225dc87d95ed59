"""Tables of kinds, and what a start loads."""

import subprocess
import sys

import pytest

from monitor.kinds import Kinds

_ROUND_WITHOUT_NEWS = """
import sys
import monitor.app
late = ("monitor.jobs.backfill", "monitor.jobs.tidy", "monitor.channels.email")
print([name for name in late if name in sys.modules])
"""


def test_an_entry_is_made_when_it_is_first_looked_up_and_only_once() -> None:
    made: list[object] = []

    def make(found: type[dict[str, str]]) -> dict[str, str]:
        made.append(found)
        return found()

    kinds: Kinds[dict[str, str]] = Kinds({"ordered": "collections:OrderedDict", "plain": "nowhere:at_all"}, make)
    assert list(kinds) == ["ordered", "plain"]
    assert "plain" in kinds
    assert len(kinds) == 2
    assert not made
    assert kinds["ordered"] is kinds["ordered"]
    assert len(made) == 1
    assert kinds.get("other") is None
    with pytest.raises(KeyError):
        kinds["other"]


def test_a_start_does_not_load_what_a_round_without_news_does_without() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _ROUND_WITHOUT_NEWS], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
