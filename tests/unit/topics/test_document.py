"""An article is split into numbered words with their sentence and field."""

from monitor.topics.document import LEAD, LONGEST_TEXT, read_document


def test_words_know_their_field_and_stand_as_in_the_article() -> None:
    text = "First sentence. " + "More words follow here. " * 30
    document = read_document("A headline", text)
    fields = [document.field_of(token.number) for token in document.tokens]
    assert fields[:2] == ["title", "title"]
    assert fields[2] == "lead"
    assert fields[-1] == "body"
    assert document.shown(document.tokens[2].number, document.tokens[3].number) == "First sentence"


def test_the_title_is_far_from_the_text() -> None:
    document = read_document("End", "Begin")
    first, second = document.tokens
    assert second.number - first.number > 100
    assert second.sentence - first.sentence > 1


def test_a_text_without_title_starts_in_the_lead() -> None:
    document = read_document("", "One word")
    assert [document.field_of(token.number) for token in document.tokens] == ["lead", "lead"]


def test_one_endless_sentence_is_not_all_lead() -> None:
    document = read_document("", "word " * 500)
    assert document.lead_end == 2 * LEAD
    assert document.field_of(document.tokens[-1].number) == "body"


def test_long_texts_and_long_words_are_cut() -> None:
    assert read_document("", "a" * 1_000_000).tokens == ()
    assert read_document("", "ab " * 500_000).tokens[-1].end <= LONGEST_TEXT


def test_numbers_grow_by_one_within_the_text_even_after_a_skipped_word() -> None:
    document = read_document("x", f"one {'y' * 100} two")
    numbers = [token.number for token in document.tokens]
    assert numbers[2] == numbers[1] + 1
    assert document.token(numbers[2]).raw == "two"
