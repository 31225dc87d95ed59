"""Concepts are merged over languages, take in each other, and every mistake is told with its place."""

import pytest

from monitor.topics.concepts import read_concepts
from monitor.topics.lexicon import Term


def told(files: dict[str, str]) -> list[str]:
    return [str(problem) for problem in read_concepts(files)[1]]


def test_a_concept_is_merged_over_its_languages() -> None:
    concepts, problems = read_concepts(
        {
            "concepts/de.toml": 'drone = "drohne"',
            "concepts/uk.toml": "drone = '''дрон\nбезпілотник,'''",
            "concepts/names.toml": 'drone = "fpv"',
        }
    )
    assert problems == []
    assert concepts.terms["drone"] == {
        Term("drohne", "de"),
        Term("дрон", "uk"),
        Term("безпілотник", "uk"),
        Term("fpv", ""),
    }


def test_a_concept_takes_in_others_through_and_through() -> None:
    concepts, problems = read_concepts({"concepts/en.toml": 'a = "one, #b"\nb = "two, #c"\nc = "three"'})
    assert problems == []
    assert {term.text for term in concepts.terms["a"]} == {"one", "two", "three"}
    assert concepts.names == ("a", "b", "c")


def test_an_unknown_mention_names_the_nearest_concept_and_its_line() -> None:
    text = '# words\ndrone = """\nfpv,\n#loitring\n"""\nloitering = "x"\n'
    assert told({"concepts/en.toml": text}) == [
        "concepts/en.toml: line 4, column 1: drone: unknown concept '#loitring' — did you mean 'loitering'?"
    ]


def test_a_concept_that_contains_itself_is_told_once_with_its_way() -> None:
    (problem,) = told({"concepts/en.toml": 'a = "#b"\nb = "#c"\nc = "x, #a"'})
    place, message = "concepts/en.toml: line 1, column 6: ", "the concept 'a' contains itself: #a → #b → #c → #a"
    assert problem == f"{place}{message} — remove one of the mentions"
    assert "contains itself: #a → #a" in told({"concepts/en.toml": 'a = "x, #a"'})[0]


def test_mistakes_of_all_files_are_told_together() -> None:
    problems = told(
        {
            "concepts/bg.toml": 'plane = "z"',
            "concepts/en.toml": 'Drone = "x"\nempty = " , "\nlist = ["a"]\nlone = "ab, * cd, ***"\n',
            "concepts/de.toml": "drone = ",
        }
    )
    text = "\n".join(problems)
    assert "Drone: a concept's name has small letters, digits and hyphens only" in text
    assert "concepts/en.toml: line 2, column 1: empty: the concept is empty" in text
    assert "list: found list, expected a string of terms" in text
    assert "line 4, column 13: lone: '* cd': a star stands at a word" in text
    assert "line 4, column 19: lone: '***' has no word to look for" in text
    assert "concepts/de.toml: at its end: is not valid TOML" in text


def test_a_mistake_in_a_concept_names_its_column_however_it_is_written() -> None:
    text = "drone = \"a \\u0062, ***\"\nplane = '''\none,\n  * two'''\nEmpty = 1\nnone = \" \"\n"
    assert [problem.split(": ")[1] for problem in told({"concepts/en.toml": text})] == [
        "line 1, column 20",
        "line 4, column 3",
        "line 5, column 1",
        "line 5, column 1",
        "line 6, column 1",
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ukr", "is named after Ukrainian, and not by its code: no word would match in another form — name it uk.toml"),
        ("ua", "is named after Ukrainian, and not by its code: no word would match in another form — name it uk.toml"),
        ("german", "is named after German, and not by its code: no word would match in another form — name it de.toml"),
        ("pt-BR", "is named after Portuguese, and not by its code: no word would match in another form — name it pt"),
        ("UK", "is named after Ukrainian, and not by its code: no word would match in another form — name it uk.toml"),
        ("xx", "'xx' is no language's code (ISO 639-1) — name it by its language, or longer"),
    ],
)
def test_a_file_that_is_not_named_by_a_languages_code_is_told(name: str, message: str) -> None:
    (problem,) = told({f"concepts/{name}.toml": 'drone = "дрон"'})
    assert problem.startswith(f"concepts/{name}.toml: {message}")


@pytest.mark.parametrize("name", ["uk", "vi", "names", "firms", "my-words"])
def test_a_file_of_a_language_or_of_none_is_read(name: str) -> None:
    assert told({f"concepts/{name}.toml": 'drone = "дрон"'}) == []
