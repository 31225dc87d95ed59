"""Concepts are merged over languages, take in each other, and every mistake is told with its place."""

from monitor.topics.concepts import line_of, read_concepts
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
        "concepts/en.toml: line 4: drone: unknown concept '#loitring' — did you mean 'loitering'?"
    ]


def test_a_concept_that_contains_itself_is_told_once_with_its_way() -> None:
    assert told({"concepts/en.toml": 'a = "#b"\nb = "#c"\nc = "x, #a"'}) == [
        "concepts/en.toml: line 1: the concept 'a' contains itself: #a → #b → #c → #a — remove one of the mentions"
    ]
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
    assert "concepts/en.toml: empty: the concept is empty" in text
    assert "list: found list, expected a string of terms" in text
    assert "line 4: lone: '* cd': a star stands at a word" in text
    assert "line 4: lone: '***' has no word to look for" in text
    assert "concepts/de.toml: is not valid TOML" in text


def test_line_of_gives_the_place_of_a_part() -> None:
    assert line_of("one\ntwo three", "three", 2) == "line 2, column 7"
    assert line_of("one", "two") == ""
