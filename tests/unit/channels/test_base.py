"""Options checked into a model, or every mistake raised."""

import pytest

from monitor.channels.base import MOST_PARTS, checked
from monitor.errors import ConfigError
from monitor.options import Options


class Sample(Options):
    colour: str
    size: int = 1


def test_options_become_a_model() -> None:
    assert checked(Sample, {"colour": "red"}, file="f.toml", where="channel.x") == Sample(colour="red")


def test_every_mistake_is_raised_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        checked(Sample, {"size": "big", "colur": "red"}, file="f.toml", where="channel.x")
    assert [str(problem) for problem in caught.value.problems] == [
        "f.toml: channel.x · colour: is missing — add it",
        "f.toml: channel.x · size: found 'big': input should be a valid integer",
        "f.toml: channel.x · colur: unknown key 'colur' — did you mean 'colour'?",
    ]


def test_parts_fit_a_database_integer() -> None:
    assert (1 << MOST_PARTS) - 1 < 2**63
