"""What was learned from marks: taken up where it fits the rule, told of where it does not, never in the way."""

from pathlib import Path

import pytest
from msgspec.structs import astuple

from monitor.settings import Settings, load_settings
from monitor.settings.learned import learned_file, learned_models, with_learning
from monitor.topics.learn import Model, write_models
from tests.configfolder import a_config


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Two topics, and a folder for the archive."""
    read = load_settings(a_config(tmp_path / "config"), {}, archive=tmp_path / "archive")
    read.archive.folder.mkdir()
    return read


def _model(settings: Settings, at: int) -> tuple[str, Model]:
    verdict = settings.topics.judge("", "")[at]
    return verdict.topic, Model(verdict.rule, 34, -2.0, {}, {})


def test_nothing_was_learned(settings: Settings) -> None:
    assert with_learning(settings.topics, settings) == (settings.topics, ())


def test_what_fits_is_used_and_what_does_not_is_named(settings: Settings) -> None:
    (first, fits), (second, other) = _model(settings, 0), _model(settings, 1)
    other = Model("of-before", *astuple(other)[1:])
    learned_file(settings).write_text(write_models({first: fits, second: other}))
    judge, (problem,) = with_learning(settings.topics, settings)
    assert judge is not settings.topics
    assert problem.where == second
    assert "another rule" in problem.message
    assert "monitor topics learn" in problem.hint


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe{}",
        b"\x00" * 50,
        b"[" * 100_000,
        b'{"air-defence": 3}',
        b'{"air-defence": {"rule": "abc", "marks": 34, "scale": 1.0, "clauses": {}, "words": {}}}',
        b'{"air-defence": {"rule": "abc", "marks": 34, "bias": NaN, "clauses": {}, "words": {}}}',
        b'{"air-defence": {"rule": "abc", "marks": 34, "bias": 1' + b"0" * 400 + b', "clauses": {}, "words": {}}}',
        b'{"air-defence": {"rule": ["abc"], "marks": 34, "bias": 0, "clauses": [], "words": {}}}',
    ],
    ids=lambda text: text[:20].decode("latin-1") + f"-{len(text)}",
)
def test_a_file_that_cannot_be_used_leaves_the_rules_alone(settings: Settings, text: bytes) -> None:
    learned_file(settings).write_bytes(text)
    judge, (problem,) = with_learning(settings.topics, settings)
    assert judge is settings.topics
    assert problem.file == str(learned_file(settings))
    assert problem.message.endswith("so the rules judge alone")
    assert "monitor topics learn" in problem.hint


def test_each_cut_of_a_whole_file_is_told(settings: Settings) -> None:
    name, model = _model(settings, 0)
    whole = write_models({name: model})
    for length in range(len(whole)):
        learned_file(settings).write_text(whole[:length])
        models, problems = learned_models(learned_file(settings))
        assert (models, len(problems)) == ({}, 1)


def test_a_file_that_may_not_be_read_is_told(settings: Settings) -> None:
    learned_file(settings).mkdir()
    _, (problem,) = with_learning(settings.topics, settings)
    assert "the rules judge alone" in problem.message
