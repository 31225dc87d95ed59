"""Other people's words made fit to be shown, and our own put together. Pure."""

import unicodedata
from collections.abc import Sequence
from urllib.parse import quote

from monitor.links import canonical
from monitor.words import sentences

_EXTRACT = 600  # characters
_JOINERS = frozenset("\u200c\u200d")  # invisible, but part of how words and emoji are written
_UNFIT = frozenset(("Cf", "Cs", "Co"))  # Unicode categories: invisible, half, private
_ADDRESS = 2_000  # characters


def clean(text: str, most: int) -> str:
    """One line of plain text, at most `most` characters: no control, direction-changing or half characters."""
    line = " ".join("".join(_fit(character) for character in text).split())
    if len(line) <= most:
        return line
    head = line[: most - 1]
    word = head.rfind(" ")
    return (head[:word] if word > most // 2 else head).rstrip(" ,;:–—-") + "…"


def _fit(character: str) -> str:
    if character in _JOINERS:
        return character
    category = unicodedata.category(character)
    if category == "Cc":
        return " "
    return "" if category in _UNFIT else character


def web_address(url: str) -> str:
    """The address where it is http(s), short enough and safe to print anywhere; "" otherwise."""
    address = quote(canonical(url.encode("utf-8", "ignore").decode()), safe="/:@!$&()*+,;=-._~?#[]%")
    return address if len(address) <= _ADDRESS else ""


def listed(names: Sequence[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def two_sentences(text: str) -> str:
    """The first two sentences, each whole; cut at a word where they are too long."""
    spans = sentences(text)[:2]
    return clean(" ".join(text[start:end] for start, end in spans), _EXTRACT)


def plural(number: int, one: str, many: str = "") -> str:
    """ "1 story", "7 stories", "1,240 entries"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
