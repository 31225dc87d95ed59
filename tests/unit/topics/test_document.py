"""An article is split into numbered words with their sentence and field."""

from monitor.topics.document import LEAD, LONGEST_TEXT, LONGEST_UNKNOWN, Document, read_document


def numbers(document: Document) -> list[int]:
    first = document.first_of_text
    return [*range(len(document.title_words)), *range(first, first + len(document.text_words))]


def test_words_know_their_field_and_stand_as_in_the_article() -> None:
    text = "First sentence. " + "More words follow here. " * 30
    document = read_document("A headline", text)
    fields = [document.field_of(number) for number in numbers(document)]
    assert fields[:2] == ["title", "title"]
    assert fields[2] == "lead"
    assert fields[-1] == "body"
    assert fields.count("lead") == len(text[: document.sentences[13][0]].split())
    first = document.first_of_text
    assert document.shown(first, first + 1) == "First sentence"
    assert document.shown(0, 1) == "A headline"
    assert document.span(first + 1) == (6, 14)


def test_words_know_their_sentence() -> None:
    document = read_document("A headline", "One two. Three.\nFour five")
    assert [document.sentence_of(number) for number in numbers(document)] == [-1, -1, 0, 0, 1, 2, 2]


def test_the_title_is_far_from_the_text_in_words_and_its_neighbour_as_a_sentence() -> None:
    document = read_document("End", "Begin")
    first, second = numbers(document)
    assert second - first > 100
    assert document.sentence_of(second) - document.sentence_of(first) == 1


def test_a_text_without_title_starts_in_the_lead() -> None:
    document = read_document("", "One word")
    assert [document.field_of(number) for number in numbers(document)] == ["lead", "lead"]


def test_one_endless_sentence_is_not_all_lead() -> None:
    document = read_document("", "word " * 500)
    fields = [document.field_of(number) for number in numbers(document)]
    assert fields.count("lead") * len("word ") == 2 * LEAD


def test_long_texts_and_long_words_are_cut() -> None:
    assert read_document("", "a" * 1_000_000).text_words == ()
    assert LONGEST_TEXT - 3 <= read_document("", "ab " * 500_000, language="en").spans[-1][1] <= LONGEST_TEXT
    assert LONGEST_UNKNOWN - 3 <= read_document("", "ab " * 500_000).spans[-1][1] <= LONGEST_UNKNOWN


def test_a_word_that_is_too_long_is_as_if_it_were_not_there() -> None:
    assert read_document("x", f"one {'y' * 100} two").text_words == ("one", "two")


def test_what_an_apostrophe_ties_to_a_word_is_left_out() -> None:
    document = read_document("", "l'Ukraine and Kyiv's O\u2019Brien")
    assert document.text_words == ("Ukraine", "and", "Kyiv", "O\u2019Brien")
