"""What an article says otherwise than before: is it worth a version of its own, and which words differ? Pure.

Trivial are: case, punctuation and spacing, dates and "updated 5 minutes ago", counters of readers and comments, lines
that are no sentence (advertisements, "read more", buttons), a site's name after the headline, a word spelled otherwise.
All else counts.
"""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Literal, TypeVar

from msgspec import Struct

from monitor.model import Article
from monitor.words import folded_words

T = TypeVar("T", bound=Hashable)
Piece = tuple[Literal["same", "gone", "new"], str]  # a stretch of text, with its spaces

_LEFT = 0.2  # of the telling words, at least, in an edit
_TELLING = 5  # letters of a word that tells of a subject
_SPELLING = 0.75  # two words as alike as that are one, spelled otherwise
_MONTHS = (
    r"jan\w{0,9}|feb\w{0,9}|mar(?:ch|s|zo|z|ca)?|märz|apr\w{0,9}|ma[iyj]\w?|jun\w{0,9}|jul\w{0,9}|aug\w{0,9}"
    r"|sep\w{0,9}|o[ck]t\w{0,9}|nov\w{0,9}|de[cz]\w{0,9}"
    r"|січня|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня"
    r"|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
)
_DAY = (
    r"(?:\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}"
    rf"|\d{{1,2}}\.? (?:{_MONTHS})\.?(?: \d{{4}})?|(?:{_MONTHS})\.? \d{{1,2}}(?:, \d{{4}})?)"
)
_TIME = r"(?:\d{1,2}[:.h]\d\d(?: ?(?:am|pm|uhr|h|cet|gmt|utc|et|est|edt|bst))?)"
_SPAN = (
    r"\d+ ?(?:seconds?|minutes?|mins?|hours?|hrs?|days?|minuten|stunden|tagen?|heures?|jours?"
    r"|хвилин\w*|годин\w*|минут\w*|час\w*|godzin\w*|minut\w*)"
)
_STAMP = (
    r"(?:(?:last |zuletzt )?(?:updated?|published|posted|modified|edited|aktualisiert|veröffentlicht|mis à jour|publié"
    r"|actualizado|aggiornato|оновлено|опубліковано|обновлено|опубликовано|aktualizacja|zaktualizowano)"
    r"(?: on| at| am| le| el| il)?)"
)
_COUNTED = (
    r"(?:comments?|shares?|views?|reads?|likes?|reactions?|replies|votes|kommentare?|commentaires?"
    r"|переглядів|коментар\w*|просмотр\w*|komentarz\w*)"
)
_VOLATILE = re.compile(
    rf"{_STAMP}\W{{0,3}}(?:(?:{_DAY}|{_TIME}|{_SPAN})(?: ago)?[ ,|·–-]*(?:at |um |à )?)+"
    rf"|\b(?:vor|il y a) {_SPAN}|\b{_SPAN} (?:ago|тому|назад|temu)\b"
    rf"|(?<![\w.,])\d[\d.,]*+[km]? {_COUNTED}\b|\b{_COUNTED}\W{{1,3}}\d[\d.,]*[km]?\b"
    r"|\b\d+ ?(?:min|minutes?)\.? (?:read|de lecture)\b",
    re.IGNORECASE,
)
_OF_DATES = re.compile(rf"{_DAY}|{_TIME}|[\s,|·–-]+", re.IGNORECASE)
_ENDS = re.compile(r"[.!?…。！？:;][\"'»”’)\]]*$")
_SHORT = 14  # words: a longer line is text even without a full stop
_NUMBER = re.compile(r"\d")
_THOUSANDS = 3  # digits
_SITE = re.compile(r"\s[|–—-]\s[^|–—]{2,40}$")


class Edit(Struct, frozen=True):
    """What an article says otherwise; nothing where the change is trivial."""

    headline: bool = False
    gone: tuple[str, ...] = ()  # folded words that are no longer said
    new: tuple[str, ...] = ()
    figures: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())  # numbers that are gone, and new ones

    @property
    def trivial(self) -> bool:
        return not (self.headline or self.gone or self.new)

    @property
    def reason(self) -> str:
        """The change in a few words: "headline; figures 12 → 14; 31 words added, 4 removed"."""
        gone, new = self.figures
        parts = ["headline"] if self.headline else []
        if gone or new:
            parts.append(f"figures {', '.join(gone[:4]) or 'none'} → {', '.join(new[:4]) or 'none'}")
        if self.gone or self.new:
            parts.append(f"{_words(len(self.new))} added, {len(self.gone)} removed")
        return "; ".join(parts)


def replaced(old_text: str, text: str) -> bool:
    """Whether so few words are left that it is rather another page in this one's place: a front page, a notice."""
    if old_text == text:
        return False
    old, new = ({word for word in folded_words(one) if len(word) >= _TELLING} for one in (old_text, text))
    return len(old & new) < _LEFT * len(old)


def compare(old_title: str, old_text: str, title: str, text: str) -> Edit:
    """What the later version says otherwise than the earlier one."""
    if (old_title, old_text) == (title, text):
        return Edit()
    before, after = old_text.split("\n"), text.split("\n")
    stayed = Counter(before) & Counter(after)  # most of it, of which nothing needs to be known
    gone, new = _changed(_lines(_without(before, stayed)), _lines(_without(after, stayed)))
    figures = (
        tuple(dict.fromkeys(word for word in gone if _NUMBER.search(word) and word not in new)),
        tuple(dict.fromkeys(word for word in new if _NUMBER.search(word) and word not in gone)),
    )
    return Edit(_other_headline(old_title, title), tuple(gone), tuple(new), figures)


def later_title(old: Article, new: Article) -> str:
    """The title of an article that was read again: the newest word of its feed or, where the feed says what it said,
    of its page; a page whose headline was always another one than the feed's says nothing new.
    """
    if new.entry.title != old.entry.title:
        return new.title
    if old.headline and new.headline and _other_headline(old.headline, new.headline):
        return new.headline
    return old.title


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """Two texts as stretches that stayed, went or came, in reading order; spaces belong to the word before them."""
    found: list[Piece] = []
    for kind, left, right in _opcodes(old.split("\n"), new.split("\n")):
        if kind == "equal":
            found.append(("same", "\n".join(left) + "\n"))
            continue
        before, after = _tokens("\n".join(left)), _tokens("\n".join(right))
        for inner, gone, come in _opcodes(before, after):
            if inner == "equal":
                found.append(("same", "".join(gone)))
            else:
                found += [("gone", "".join(gone))] if gone else []
                found += [("new", "".join(come))] if come else []
        found.append(("same", "\n"))
    if found and found[-1][0] == "same":
        found[-1] = ("same", found[-1][1].removesuffix("\n"))
    return tuple(_joined(found))


def changed_lines(found: Sequence[Piece]) -> Iterator[tuple[Piece, ...] | int]:
    """The paragraphs in which something changed, and between them how many did not."""
    lines: list[list[Piece]] = [[]]
    for kind, text in found:
        for number, part in enumerate(text.split("\n")):
            if number:
                lines.append([])
            if part:
                lines[-1].append((kind, part))
    still = 0
    for line in lines:
        if all(kind == "same" for kind, _ in line):
            still += bool(line)
            continue
        if still:
            yield still
            still = 0
        yield tuple(line)
    if still:
        yield still


def _joined(found: Sequence[Piece]) -> Iterator[Piece]:
    """Without the end of the last line; neighbours of one kind become one."""
    for kind, group in groupby(found, key=itemgetter(0)):
        text = "".join(stretch for _, stretch in group)
        if text:
            yield kind, text


def _tokens(text: str) -> list[str]:
    return re.findall(r"\S+\s*|\s+", text)


def _opcodes(old: Sequence[T], new: Sequence[T]) -> Iterator[tuple[str, Sequence[T], Sequence[T]]]:
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield kind, old[i:j], new[k:m]


def _other_headline(old: str, new: str) -> bool:
    def said(title: str) -> list[str]:
        return folded_words(_VOLATILE.sub(" ", title))

    shorter, longer = sorted((old, new), key=len)
    return said(_SITE.sub("", longer)) != said(shorter) and not _similar(said(old), said(new))


def _lines(found: Iterable[str]) -> list[tuple[str, ...]]:
    """The words of each line that says something: without stamps, counters and what is no sentence."""
    lines = []
    for line in found:
        left = _VOLATILE.sub(" ", line).strip()
        said = tuple(folded_words(left))
        if said and _OF_DATES.sub("", left) and (len(said) > _SHORT or _ENDS.search(left)):
            lines.append(said)
    return lines


def _changed(old: list[tuple[str, ...]], new: list[tuple[str, ...]]) -> tuple[list[str], list[str]]:
    """The words that are gone and those that are new, but for spelling; a paragraph that only moved is neither."""
    stayed = Counter(old) & Counter(new)
    gone: list[str] = []
    come: list[str] = []
    for kind, left, right in _opcodes(_without(old, stayed), _without(new, stayed)):
        if kind == "equal":
            continue
        before = [word for line in left for word in line]
        after = [word for line in right for word in line]
        for inner, lost, found in _opcodes(before, after):
            if inner != "equal" and not _similar(lost, found):
                gone += lost
                come += found
    return gone, come


def _without(lines: list[T], stayed: Counter[T]) -> list[T]:
    left = Counter(stayed)
    kept = []
    for line in lines:
        if left[line]:
            left[line] -= 1
        else:
            kept.append(line)
    return kept


def _similar(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether these are the same words, spelled or joined otherwise; a number is never similar to another one."""
    if _unspaced(old) == _unspaced(new):
        return True
    if len(old) != len(new):
        return False
    return all(
        one == other
        or (
            not (_NUMBER.search(one + other) or min(len(one), len(other)) < 4)
            and SequenceMatcher(None, one, other).ratio() >= _SPELLING
            and one[0] == other[0]
        )
        for one, other in zip(old, new, strict=True)
    )


def _unspaced(said: Sequence[str]) -> str:
    """The words in one; but what is no thousands of a number before it stays apart: 1.5 is not 15, 1 500 is 1500."""
    joined = ""
    for before, word in pairwise(["", *said]):
        apart = before[-1:].isdigit() and word[:1].isdigit() and not (len(word) == _THOUSANDS and word.isdigit())
        joined += f" {word}" if apart else word
    return joined


def _words(number: int) -> str:
    return f"{number} word{'' if number == 1 else 's'}"
