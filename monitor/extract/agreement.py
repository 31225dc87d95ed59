"""Trims a text to what a second reading of the same page agrees is the article.

What lies between two lines that both readings have is trusted whole.
"""

import re

Runs = set[tuple[str, ...]]

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"  # scripts that part no words by spaces
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_RUN = 3  # words; runs of three are rarely shared by chance
ENOUGH = 0.4  # share of a text that must be agreed on, else one of the readings missed the article


def trimmed(text: str, stricter: str) -> str:
    """`text` without the lines before the first and after the last one that `stricter` holds too."""
    lines = text.split("\n")
    known = runs(stricter)
    agreed = [shares(line, known) for line in lines]
    common = sum(len(line) for line, yes in zip(lines, agreed, strict=True) if yes)
    if common < ENOUGH * sum(map(len, lines)) or not any(agreed):
        return text
    first = agreed.index(True)
    last = len(agreed) - agreed[::-1].index(True)
    return "\n".join(lines[first:last])


def agreed_share(text: str, other: str) -> float:
    """How much of `text`, 0-1, stands in lines that `other` has too."""
    lines, known = text.split("\n"), runs(other)
    return sum(len(line) for line in lines if shares(line, known)) / (sum(map(len, lines)) or 1)


def runs(text: str) -> Runs:
    """Every run of three words in a text."""
    found = _WORD.findall(text.casefold())
    return set(zip(*(found[start:] for start in range(_RUN)), strict=False))


def shares(line: str, known: Runs) -> bool:
    """Whether most of a line's runs of words are known."""
    own = runs(line)
    return bool(own) and len(own & known) * 2 > len(own)
