"""Tables into models, and every mistake into words."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, model_validator

from monitor.options import Options, Secret, read_options


class Inner(Options):
    colour: Literal["red", "blue"] = "red"
    token: Secret = ""


class Sample(Options):
    name: str
    count: int = 1
    share: float = 0.5
    tags: tuple[str, ...] = ()
    inner: Inner = Inner()
    several: tuple[Inner, ...] = ()
    password: Secret = ""
    headers: dict[str, str] = Field(default_factory=dict, repr=False)
    from_: str = Field(default="me", alias="from")

    @model_validator(mode="after")
    def _sense(self) -> "Sample":
        if self.name == self.from_:
            raise ValueError("name and from must differ")
        return self


def problems_of(table: dict[str, Any], where: str = "sample") -> list[str]:
    model, problems = read_options(Sample, table, file="a.toml", where=where)
    assert (model is None) == bool(problems)
    return [str(problem) for problem in problems]


def test_a_right_table_becomes_a_model() -> None:
    table = {"name": "n", "tags": ["a", "b"], "share": 1, "several": [{"colour": "blue"}], "from": "you"}
    model, problems = read_options(Sample, table, file="a.toml", where="")
    assert problems == []
    assert model == Sample.model_validate(table)
    assert model is not None
    assert (model.tags, model.several, model.from_) == (("a", "b"), (Inner(colour="blue"),), "you")
    assert table["tags"] == ["a", "b"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"cuont": 1}, "a.toml: sample · cuont: unknown key 'cuont' — did you mean 'count'?"),
        (
            {"zzzzz": 1},
            (
                "a.toml: sample · zzzzz: unknown key 'zzzzz' — allowed: count, from, headers, inner, name, password,"
                " several, share, tags"
            ),
        ),
        ({"from_": "x"}, "a.toml: sample · from_: unknown key 'from_' — did you mean 'from'?"),
        ({"from": 1}, "a.toml: sample · from: found 1: input should be a valid string"),
        ({"count": "1"}, "a.toml: sample · count: found '1': input should be a valid integer"),
        ({"count": True}, "a.toml: sample · count: found True: input should be a valid integer"),
        ({"count": 1.0}, "a.toml: sample · count: found 1.0: input should be a valid integer"),
        ({"tags": "a"}, "a.toml: sample · tags: found 'a': input should be a list — write it in square brackets"),
        ({"tags": ["a", 2]}, "a.toml: sample · tags[2]: found 2: input should be a valid string"),
        ({"inner": "x"}, "a.toml: sample · inner: found 'x': input should be a table"),
        (
            {"inner": {"color": "red"}},
            "a.toml: sample · inner.color: unknown key 'color' — did you mean 'colour'?",
        ),
        (
            {"inner": {"colour": "bleu"}},
            "a.toml: sample · inner.colour: found 'bleu', allowed: 'red' or 'blue' — did you mean 'blue'?",
        ),
        (
            {"several": [{}, {"colour": "rde"}]},
            "a.toml: sample · several[2].colour: found 'rde', allowed: 'red' or 'blue' — did you mean 'red'?",
        ),
        ({"several": [{"zzz": 1}]}, "a.toml: sample · several[1].zzz: unknown key 'zzz' — allowed: colour, token"),
        ({"name": "me"}, "a.toml: sample: name and from must differ"),
    ],
)
def test_a_mistake_in_words(change: dict[str, Any], problem: str) -> None:
    assert problems_of({"name": "n"} | change) == [problem]


class Sized(Options):
    to: tuple[Annotated[str, Field(min_length=2)], ...] = Field(default=("me",), min_length=1, max_length=2)


@pytest.mark.parametrize(
    ("to", "problem"),
    [
        ([], "a.toml: to: found []: must have at least 1 item"),
        (["ab", "cd", "ef"], "a.toml: to: found ['ab', 'cd', 'ef']: must have at most 2 items"),
        (["a"], "a.toml: to[1]: found 'a': must have at least 2 characters"),
    ],
)
def test_a_list_or_text_of_the_wrong_size_is_one_mistake_in_words(to: list[str], problem: str) -> None:
    _, problems = read_options(Sized, {"to": to}, file="a.toml", where="")
    assert [str(each) for each in problems] == [problem]


def test_every_mistake_at_once() -> None:
    assert len(problems_of({"count": "x", "share": "y", "tags": 1, "more": 2})) == 5


def test_what_is_missing() -> None:
    assert problems_of({}) == ["a.toml: sample · name: is missing — add it"]
    assert problems_of({}, where="") == ["a.toml: name: is missing — add it"]


@pytest.mark.parametrize(
    "change",
    [
        {"password": 12345678},
        {"inner": {"token": 12345678}},
        {"several": [{"token": 12345678}]},
        {"headers": {"Key": 12345678}},
    ],
)
def test_secrets_are_never_shown(change: dict[str, Any]) -> None:
    (problem,) = problems_of({"name": "n"} | change)
    assert "found ***: input should be a valid string" in problem
    assert "12345678" not in problem


def test_secrets_are_not_in_the_models_text() -> None:
    assert "swordfish" not in repr(Sample(name="n", password="swordfish", inner=Inner(token="swordfish")))


def test_long_values_are_cut() -> None:
    (problem,) = problems_of({"name": "n", "count": "x" * 500})
    assert len(problem) < 160
