"""The memory of a site: lines that stand at the ends of many of its articles are none of them.

Pure: which lines are known comes in, which were seen goes out; the archive keeps count (`store.sites`).
"""

from collections.abc import Sequence, Set
from hashlib import blake2b

from monitor.words import folded_words

_FIRST, _LAST = 3, 6  # lines at both ends that are looked at: what is glued on is glued on there
_LONGEST = 500  # characters; a notice that stands under everything is shorter
_LEAST_LEFT = 0.5  # share of a text; where more of it is known, it is a copy of another article and not boilerplate


def mark(line: str) -> int:
    """What stands for a line in the memory of a site: 63 bits of its words, however these are written."""
    digest = blake2b(" ".join(folded_words(line)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def marks(text: str) -> tuple[int, ...]:
    """The marks of the lines at both ends of a text, each once."""
    lines = text.split("\n")
    return tuple(dict.fromkeys(mark(lines[number]) for number in _ends(lines) if lines[number]))


def without_known(text: str, known: Set[int]) -> str:
    """The text without those lines at its ends that are known from the site's other articles."""
    if not known:
        return text
    lines = text.split("\n")
    dropped = {number for number in _ends(lines) if mark(lines[number]) in known}
    kept = [line for number, line in enumerate(lines) if number not in dropped]
    return "\n".join(kept) if sum(map(len, kept)) >= _LEAST_LEFT * sum(map(len, lines)) else text


def _ends(lines: Sequence[str]) -> list[int]:
    first = range(min(_FIRST, len(lines)))
    last = range(max(_FIRST, len(lines) - _LAST), len(lines))
    return [number for number in (*first, *last) if len(lines[number]) <= _LONGEST]
