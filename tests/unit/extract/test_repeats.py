"""Lines that a site repeats, and those that only stand in a copy."""

from monitor.extract.repeats import mark, marks, without_known

TEXT = [f"Paragraph {name} of the report says what the council did about the harbour." for name in "abcdefghijkl"]
NOTICE = "The Courier is read in forty towns; write to our desk with your news."


def test_a_mark_is_of_the_words() -> None:
    assert mark("Write to  our desk!") == mark("WRITE to our desk")
    assert mark("Write to our desk") != mark("Write to their desk")
    assert 0 <= mark("x") < 2**63


def test_only_the_ends_are_marked() -> None:
    assert marks("\n".join(TEXT)) == tuple(mark(line) for line in TEXT[:3] + TEXT[-6:])
    assert marks("one\ntwo\none") == (mark("one"), mark("two"))
    assert marks("") == ()


def test_long_paragraphs_are_no_notices() -> None:
    assert marks("word " * 200) == ()


def test_known_lines_go_from_both_ends() -> None:
    text = "\n".join([NOTICE, *TEXT, NOTICE, "12 November"])
    assert without_known(text, {mark(NOTICE)}) == "\n".join([*TEXT, "12 November"])
    assert without_known(text, set()) == text


def test_what_stands_in_the_middle_stays() -> None:
    text = "\n".join([*TEXT[:6], NOTICE, *TEXT[6:], "End."])
    assert without_known(text, {mark(NOTICE)}) == text


def test_a_text_that_is_known_as_a_whole_is_a_copy_and_stays() -> None:
    text = "\n".join(TEXT[:6])
    assert without_known(text, set(marks(text))) == text
