"""What two readings of a page agree on."""

from monitor.extract.agreement import agreed_share, trimmed

FIRST = "The ministry promised two more launchers before the first frost of the year."
LAST = "Officials would not say which partner pays for the interceptors."
GLUED = "Sign up to our letter and read the five most shared stories of the week."


def test_glued_lines_at_both_ends_go() -> None:
    assert trimmed(f"{GLUED}\n{FIRST}\n{LAST}\n{GLUED}", f"{FIRST}\n{LAST}") == f"{FIRST}\n{LAST}"


def test_what_lies_between_agreed_lines_stays() -> None:
    assert trimmed(f"{FIRST}\nYes.\n{LAST}", f"{FIRST}\n{LAST}") == f"{FIRST}\nYes.\n{LAST}"


def test_a_stricter_reading_that_missed_the_article_is_ignored() -> None:
    text = f"{FIRST}\n{LAST}\n{LAST[::-1]} {FIRST[::-1]} {LAST[::-1]}\n{GLUED}"
    assert trimmed(text, GLUED) == text
    assert trimmed(text, "") == text
    assert trimmed("", FIRST) == ""


def test_how_much_two_readings_share() -> None:
    assert agreed_share(f"{FIRST}\n{LAST}", f"{LAST}\n{FIRST}") == 1
    assert 0.4 < agreed_share(f"{FIRST}\n{GLUED}", FIRST) < 0.6
    assert agreed_share("", FIRST) == 0


def test_scripts_without_spaces_agree_by_their_characters() -> None:
    text = "部分道路将于周一封闭，\n市长在新闻发布会上说桥梁需要修理。\n请关注我们的账号。"
    assert trimmed(text, text.rpartition("\n")[0]) == text.rpartition("\n")[0]
    assert agreed_share(text, text) == 1
