"""Trims a text to what a second, stricter reading of the same page agrees is the article.

What goes wrong with extracted pages is mostly text glued on before and after the article; in between the first, more
generous reading is trusted whole.
"""

import re

_WORD = re.compile(r"\w+")
_RUN = 3  # words; runs of three are rarely shared by chance
_SHARE = 0.4  # of the text that must be agreed on, else the stricter reading missed the article


def trimmed(text: str, stricter: str) -> str:
    """`text` without the lines before the first and after the last one that `stricter` holds too."""
    lines = text.split("\n")
    known = _runs(stricter)
    agreed = [_agreed(line, known) for line in lines]
    common = sum(len(line) for line, yes in zip(lines, agreed, strict=True) if yes)
    if common < _SHARE * sum(map(len, lines)) or not any(agreed):
        return text
    first = agreed.index(True)
    last = len(agreed) - agreed[::-1].index(True)
    return "\n".join(lines[first:last])


def _runs(text: str) -> set[tuple[str, ...]]:
    found = _WORD.findall(text.casefold())
    return set(zip(*(found[start:] for start in range(_RUN)), strict=False))


def _agreed(line: str, known: set[tuple[str, ...]]) -> bool:
    runs = _runs(line)
    return bool(runs) and len(runs & known) * 2 > len(runs)
