"""Languages named for the reader."""

from monitor.digests.languages import direction, language_name


def test_languages_have_english_names_and_directions() -> None:
    assert [language_name(code) for code in ("uk", "de-AT", "xx", "")] == ["Ukrainian", "German", "xx", ""]
    assert [direction(code) for code in ("uk", "ar", "fa-IR", "")] == ["ltr", "rtl", "rtl", "auto"]
