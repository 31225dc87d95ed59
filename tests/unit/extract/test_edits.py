"""Which changes of an article are worth a version: a table of labelled changes; and which words differ."""

import pytest

from monitor.extract.edits import changed_lines, compare, pieces, replaced

TITLE = "Ministry promises two more launchers"
TEXT = (
    "The ministry promised 12 launchers before the first frost, officials said on Monday.\n"
    "Crews are already in training at a range in the east.\n"
    "The minister will visit the works in Plains next week."
)

# name, later title, later text
TRIVIAL = [
    ("nothing", TITLE, TEXT),
    ("case of the headline", "Ministry Promises Two More Launchers", TEXT),
    ("site after the headline", f"{TITLE} | Northern Courier", TEXT),
    ("site after a dash", f"{TITLE} – Northern Courier", TEXT),
    ("typographic quotes and spaces", TITLE, TEXT.replace("  ", " ").replace("first frost", "“first  frost”")),
    ("commas", TITLE, TEXT.replace(", officials said", " officials said")),
    ("paragraphs joined", TITLE, TEXT.replace("\nCrews", " Crews")),
    ("paragraphs swapped", TITLE, "\n".join(reversed(TEXT.split("\n")))),
    ("stamp", TITLE, f"Updated 5 minutes ago\n{TEXT}"),
    ("stamp in the line", TITLE, TEXT.replace("Crews", "Updated: 12 March 2026, 10:15. Crews")),
    ("date line", TITLE, f"2026-03-02 10:15\n{TEXT}"),
    ("german stamp", TITLE, f"Zuletzt aktualisiert am 2.3.2026 um 10:15 Uhr\n{TEXT}"),
    ("ukrainian stamp", TITLE, f"Оновлено: 2 березня 2026, 10:15\n{TEXT}"),
    ("french stamp", TITLE, f"Mis à jour le 2 mars 2026 à 10h15\n{TEXT}"),
    ("hours ago", TITLE, TEXT.replace("Crews", "3 hours ago. Crews")),
    ("comments", TITLE, f"{TEXT}\n128 comments"),
    ("views", TITLE, f"{TEXT}\nViews: 10,241"),
    ("shares", TITLE, f"1.2k shares\n{TEXT}"),
    ("reading time", TITLE, f"4 min read\n{TEXT}"),
    ("advertisement", TITLE, TEXT.replace("\nCrews", "\nAdvertisement\nCrews")),
    ("read more", TITLE, f"{TEXT}\nRead more about the war"),
    ("button", TITLE, f"{TEXT}\nSign up for our newsletter"),
    ("subheading", TITLE, TEXT.replace("\nCrews", "\nIn the east\nCrews")),
    ("spelling", TITLE, TEXT.replace("officials", "oficials")),
    ("spelling of a word in the headline", TITLE.replace("launchers", "launcher's"), TEXT),
    ("hyphen", TITLE, TEXT.replace("next week", "next-week")),
]
COUNTS = [
    ("another headline", "Ministry takes promise back", TEXT, "headline"),
    ("a figure", TITLE, TEXT.replace("12", "14"), "figures 12 → 14"),
    ("a figure in the headline", "Ministry promises 3 launchers", TEXT, "headline"),
    ("not", TITLE, TEXT.replace("will visit", "will not visit"), "1 word added"),
    ("another verb", TITLE, TEXT.replace("promised", "denied"), "1 word added, 1 removed"),
    ("a name", TITLE, TEXT.replace("Plains", "Harbour"), "1 word added, 1 removed"),
    ("a paragraph more", TITLE, f"{TEXT}\nTwo crews were hurt in an accident on the range.", "10 words added"),
    ("a paragraph less", TITLE, TEXT.rpartition("\n")[0], "0 words added, 10 removed"),
    ("a correction", TITLE, f"{TEXT}\nCorrection: an earlier version named the wrong town.", "8 words added"),
    ("a date within the text", TITLE, TEXT.replace("on Monday", "on Tuesday"), "1 word added, 1 removed"),
    ("a long line without a full stop", TITLE, f"{TEXT}\n{'the new line goes on and on ' * 3}", "21 words added"),
]


@pytest.mark.parametrize(("title", "text"), [row[1:] for row in TRIVIAL], ids=[row[0] for row in TRIVIAL])
def test_what_is_trivial(title: str, text: str) -> None:
    for edit in (compare(TITLE, TEXT, title, text), compare(title, text, TITLE, TEXT)):
        assert edit.trivial, edit
        assert edit.reason == ""


@pytest.mark.parametrize(("title", "text", "reason"), [row[1:] for row in COUNTS], ids=[row[0] for row in COUNTS])
def test_what_counts(title: str, text: str, reason: str) -> None:
    edit = compare(TITLE, TEXT, title, text)
    assert not edit.trivial
    assert reason in edit.reason
    assert not compare(title, text, TITLE, TEXT).trivial
    assert not replaced(TEXT, text)


def test_another_page_in_its_place_is_no_edit() -> None:
    front = "Welcome to the new harbour site.\nAll our stories moved to another address, please search for them there."
    assert replaced(TEXT, front)


def test_words_that_went_and_came_stand_in_reading_order() -> None:
    assert pieces("Two crews train here.", "Two new crews train there.") == (
        ("same", "Two "),
        ("new", "new "),
        ("same", "crews train "),
        ("gone", "here."),
        ("new", "there."),
    )


@pytest.mark.parametrize(
    ("old", "new"), [(TEXT, TEXT), ("", TEXT), (TEXT, ""), (TEXT, COUNTS[6][2]), ("a\n\nb", "a\nb")]
)
def test_the_pieces_make_up_both_texts(old: str, new: str) -> None:
    found = pieces(old, new)
    assert "".join(text for kind, text in found if kind != "new").split() == old.split()
    assert "".join(text for kind, text in found if kind != "gone").split() == new.split()
    assert all(text for _, text in found)


def test_long_texts_are_compared_paragraph_by_paragraph() -> None:
    long = "\n".join(f"Paragraph {number} says that the line holds and nothing else." for number in range(400))
    edit = compare(TITLE, long, TITLE, long.replace("Paragraph 200", "Paragraph 999"))
    assert edit.figures == (("200",), ("999",))


def test_only_changed_paragraphs_are_told_and_the_others_counted() -> None:
    found = list(changed_lines(pieces("a\nb\n\nc\nd", "a\nb\n\nc\ne")))
    assert found == [3, (("gone", "d"), ("new", "e"))]
    assert list(changed_lines(pieces("a\nb", "x\nb"))) == [(("gone", "a"), ("new", "x")), 1]


@pytest.mark.parametrize(
    ("old", "new", "trivial"),
    [
        ("The aid is 1.5 million euros.", "The aid is 15 million euros.", False),
        ("Koszt wzrósł do 2,5 mln zł.", "Koszt wzrósł do 25 mln zł.", False),
        ("Some 1 500 people came.", "Some 1500 people came.", True),
        ("Some 1,500 people came.", "Some 1.500 people came.", True),
        ("The rate is 1.5 a live blog day.", "The rate is 1,5 a liveblog day.", True),
        ("Covid 19 is back.", "Covid19 is back.", True),
    ],
)
def test_a_number_is_its_value(old: str, new: str, trivial: bool) -> None:
    assert compare(TITLE, old, TITLE, new).trivial == trivial
    assert compare(old, TEXT, new, TEXT).trivial == trivial
