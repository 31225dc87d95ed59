"""The pieces of the short ways."""

import pytest
from lxml import etree

from monitor.sources.plainparts import Channel, Item, NotMineError, pass_over, repaired, resolved, text_of


def element(inner: str) -> etree._Element:
    return etree.fromstring(f'<x xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:own="urn:own">{inner}</x>')[0]


@pytest.mark.parametrize(
    ("stated", "text"),
    [
        ("plain", "plain"),
        ("caf\u00e9", "caf\u00e9"),
        ("caf\u00c3\u00a9", "caf\u00e9"),
        ("\u0093x\u0094", "\u201cx\u201d"),
    ],
)
def test_twice_encoded_text_and_windows_quotes_are_mended(stated: str, text: str) -> None:
    assert repaired(stated) == text


def test_a_text_has_no_elements_and_no_attributes() -> None:
    assert text_of(element("<a> b <![CDATA[<c>]]></a>")) == "b <c>"
    for odd in ("<a><b/></a>", "<a b='1'/>"):
        with pytest.raises(NotMineError):
            text_of(element(odd))


def test_only_what_has_no_meaning_is_passed_over() -> None:
    for silent in ("<own:a><own:b>c</own:b></own:a>", "<own:a><title/></own:a>", "<teaser>x</teaser>", "<comments/>"):
        pass_over(element(silent))
    for telling in ("<date>x</date>", "<comments><title/></comments>", "<dc:contributor/>", "<SUMMARY/>"):
        with pytest.raises(NotMineError):
            pass_over(element(telling))


def test_what_may_stand_once_may_not_stand_twice() -> None:
    for holder in (Item(), Channel()):
        holder.put("title", "a")
        with pytest.raises(NotMineError):
            holder.put("title", "a")


def test_links_that_need_care_are_not_mine() -> None:
    assert resolved("/a?b=c", "https://ridge.example/feed") == "https://ridge.example/a?b=c"
    assert resolved("", "https://ridge.example/feed") == ""
    for link in ("a", "//x.example/", "https://x.example/a b", "https://x.example/#c"):
        with pytest.raises(NotMineError):
            resolved(link, "https://ridge.example/feed")
