"""Terms are found in one pass, inflected, starred, folded, and the longest of overlapping ones is kept."""

import pytest

from monitor.topics.document import read_document
from monitor.topics.lexicon import Lexicon, Term, term_words, wrong_term


def found(term: str, text: str, *, written_in: str = "", spoken: str = "") -> list[str]:
    document = read_document("", text, language=spoken)
    places = Lexicon([(Term(term, written_in), [0])]).find(document).get(0, [])
    return [document.shown(first, last) for first, last, _ in places]


@pytest.mark.parametrize(
    ("term", "language", "text", "expected"),
    [
        ("drohne", "de", "Zwei Drohnen und eine Drohne", ["Drohnen", "Drohne"]),
        ("дрон", "uk", "Дронами й дронів", ["Дронами", "дронів"]),
        ("give", "en", "It gave what it gives. Given, giving", ["gave", "gives", "Given", "giving"]),
        ("erhöhen", "de", "Die Bank erhöhte; sie erhöht die Zinsen", ["erhöhte", "erhöht"]),
        ("hold back", "en", "Both held back.", ["held back"]),
        ("joint venture", "en", "Joint ventures. A joint-venture!", ["Joint ventures", "joint-venture"]),
        ("list intencyjny", "pl", "podpisali listu intencyjnego", ["listu intencyjnego"]),
        ("IRIS-T", "", "das System Iris–T SLM", ["Iris–T"]),
        ("s-300", "", "S 300, S-300 und S300", ["S 300", "S-300"]),
        ("drón", "", "DRON drón", ["DRON", "drón"]),
        ("łotwa", "", "LOTWA", ["LOTWA"]),
    ],
)
def test_a_term_matches_its_forms(term: str, language: str, text: str, expected: list[str]) -> None:
    assert found(term, text, written_in=language, spoken=language) == expected


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("drohne*", ["Drohnenkoalition", "Drohne"]),
        ("*drohne", ["Abfangdrohne", "Drohne"]),
        ("*drohne*", ["Drohnenkoalition", "Abfangdrohne", "Abfangdrohnensystem", "Drohne"]),
        ("drohne", ["Drohne"]),
        ("drohne*koalition", ["Drohnenkoalition"]),
        ("*drohne*s*tem", ["Abfangdrohnensystem"]),
        ("drohne*drohne", []),
    ],
)
def test_stars_stand_for_any_beginning_or_end(term: str, expected: list[str]) -> None:
    assert found(term, "Drohnenkoalition Abfangdrohne Abfangdrohnensystem Drohne") == expected


@pytest.mark.parametrize("language", ["", "en"])
def test_an_abbreviation_that_is_a_small_word_too_is_found_in_capitals_alone(language: str) -> None:
    said = "Tell us who: the US and the WHO. Us, Who and NATO or Nato"
    assert found("US", said, written_in=language, spoken="en") == ["US"]
    assert found("WHO", said, written_in=language, spoken="en") == ["WHO"]
    assert found("the WHO", said, written_in=language, spoken="en") == ["the WHO"]
    assert found("us", said, written_in=language, spoken="en") == ["us", "US", "Us"]
    assert found("NATO", said, written_in=language, spoken="en") == ["NATO", "Nato"]


def test_words_of_a_language_do_not_count_in_a_foreign_text() -> None:
    assert found("andma", "war and peace", written_in="et", spoken="en") == []
    assert found("dar", "där", written_in="cs", spoken="sv") == []


def test_words_of_a_near_language_and_english_and_names_count() -> None:
    assert found("дрон*", "дронове", written_in="ru", spoken="bg") == ["дронове"]
    assert found("joint venture", "ein Joint Venture", written_in="en", spoken="de") == ["Joint Venture"]
    assert found("patriot", "Patriot", spoken="sv") == ["Patriot"]


def test_every_language_counts_when_the_language_is_unknown() -> None:
    assert found("drohne", "viele Drohnen", written_in="de", spoken="") == ["Drohnen"]


def test_the_longest_of_overlapping_terms_is_kept() -> None:
    document = read_document("", "an air defence system here")
    lexicon = Lexicon([(Term("air defence"), [0]), (Term("air defence system"), [0]), (Term("defence"), [0, 1])])
    places = lexicon.find(document)
    assert [document.shown(first, last) for first, last, _ in places[0]] == ["air defence system"]
    assert [document.shown(first, last) for first, last, _ in places[1]] == ["defence"]


def test_a_phrase_does_not_reach_from_the_title_into_the_text() -> None:
    document = read_document("air", "defence")
    assert Lexicon([(Term("air defence"), [0])]).find(document) == {}


def test_term_words_keep_their_stars() -> None:
    assert term_words("*drohne fpv* mine*koalition ukraine") == ["*drohne", "fpv*", "mine*koalition", "ukraine"]
    assert term_words("***") == []


@pytest.mark.parametrize("term", ["", "...", "***", "air * defence", "* drone"])
def test_what_is_no_term_is_told(term: str) -> None:
    assert wrong_term(term) is not None


@pytest.mark.parametrize("term", ["drone", "*drone*", "mine*koalition", "iris-t*", "л'ю*"])
def test_what_is_a_term(term: str) -> None:
    assert wrong_term(term) is None


def test_each_term_has_its_own_number() -> None:
    lexicon = Lexicon([(Term("nasams"), [0]), (Term("patriot*"), [0]), (Term("iris t"), [0])])
    hits = lexicon.find(read_document("", "Patriot, NASAMS, Patriots, Iris-T"))[0]
    terms = [term for _, _, term in hits]
    assert terms[0] == terms[2]
    assert len(set(terms)) == 3


def test_english_stands_in_only_where_a_concept_has_no_words_of_its_own() -> None:
    """German "plant" is no factory, Lithuanian "bus" no vehicle, Spanish "sale" no sale."""
    terms = [
        (Term("plant", "en"), [0, 1]),
        (Term("power plant", "en"), [0]),
        (Term("fabrik", "de"), [0]),
        (Term("plant", ""), [2]),
    ]
    lexicon = Lexicon(terms)

    def leaves(text: str, language: str) -> dict[int, int]:
        return {leaf: len(hits) for leaf, hits in lexicon.find(read_document("", text, language=language)).items()}

    assert leaves("Kiew plant eine Fabrik", "de") == {0: 1, 1: 1, 2: 1}
    assert leaves("un plant", "fr") == {0: 1, 1: 1, 2: 1}
    assert leaves("a power plant", "en") == {0: 1, 1: 1, 2: 1}
    assert leaves("die power plant", "de") == {1: 1, 2: 1}
    assert leaves("power plant", "") == {0: 1, 1: 1, 2: 1}
