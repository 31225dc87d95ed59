"""The lines of an extracted text, seen where they stand on the page: what is mere link, comment or glued on goes.

What goes wrong with extracted pages is mostly text glued on before and after the article, and it shows where it comes
from: it stands in another container than the bulk of the text, is a list of links, or a heading that nothing follows.
The thresholds lie on plateaus, see docs/decisions/0016-one-reading-of-a-page.md.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import takewhile

from msgspec import Struct

from monitor.extract.agreement import runs, shares
from monitor.extract.blocks import HEADINGS, Block

_MARKS = ".!?…。！？۔؟।॥።။།។։»”\"'’)」』"
_SENTENCE = re.compile(rf"[^\w{_MARKS}]*+[{_MARKS}]")  # of a line read from its end
_WIDE = re.compile("[\u0e00-\u0e7f\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WIDTH = 3  # letters of the Latin alphabet that one of these stands for

_MERE_LINK = 0.8  # share of a line that is link
_LONGEST_LINK = 250  # characters; a longer line is a paragraph that happens to be linked
_BULK = 0.6  # share of the text whose innermost common container is the article's
_NEAR = 2  # levels above it; what stands there may still be of the article if it looks like a paragraph
_PARAGRAPH = 40  # characters
_SHORT = 30
_RARE = 0.3  # share of the text; kinds of blocks that hold less are no main text
_LEAST_KEPT = 0.5  # share of the text; whoever wants to drop more has misunderstood the page
_LEAST_BESIDE_COMMENTS = 250  # characters; a page with less text may be a discussion
_DOUBT = 0.15  # share of the text in lines that are no plain paragraphs
_MISSING = (0.15, 4.0)  # share of the text that is missing; more than the upper bound are other articles
_LEAD = 150  # characters; a shorter paragraph before the text may be a picture's or a notice
_PASSED_OVER = 5  # times the text; so much running text of one kind may be the article itself


class Line(Struct):
    """One line of a text, and its block on the page if it was found there."""

    text: str
    block: Block | None

    @property
    def width(self) -> int:
        """Its length as if it were in the Latin alphabet."""
        return width(self.text)

    @property
    def is_paragraph(self) -> bool:
        """Whether it looks like running text."""
        if self.block is None or self.block.link >= 0.5 or self.width < _PARAGRAPH:
            return False
        return _is_sentence(self.text) and (self.block.tag not in HEADINGS or self.width >= 2 * _PARAGRAPH)


def _is_sentence(text: str) -> bool:
    """Whether its last mark is one that ends a sentence; no word follows it."""
    return _SENTENCE.match(text[::-1]) is not None


def width(text: str) -> int:
    """Characters, each of a script without spaces counting for several."""
    return len(text) if text.isascii() else len(text) + (_WIDTH - 1) * len(_WIDE.findall(text))


def placed(text: str, blocks: Sequence[Block]) -> list[Line]:
    """The lines of a text, each with its block: of several with the same words the next in order."""
    where: dict[str, list[int]] = defaultdict(list)
    for number, block in enumerate(blocks):
        where[block.text].append(number)
    found: list[Line] = []
    last = -1
    for line in text.split("\n"):
        numbers = where.get(line) or where.get(line.removeprefix("- "), [])
        if numbers:
            following = bisect_right(numbers, last)
            number = numbers[following] if following < len(numbers) else numbers[0]
            last = max(last, number)
        found.append(Line(line, blocks[number] if numbers else None))
    return found


def tidied(lines: list[Line]) -> list[Line]:
    """The lines without readers' comments and mere links, and without what stands apart at both ends."""
    kept = _without(lines, lambda line: line.block is not None and line.block.comment, 0.4)
    if _size(kept) < _LEAST_BESIDE_COMMENTS:
        kept = lines
    whole = kept
    kept = _without(kept, _is_mere_link, _BULK)
    ends = _Ends(kept)
    start = sum(1 for _ in takewhile(lambda line: ends.glued(line, first=True), kept))
    stop = len(kept) - sum(1 for _ in takewhile(ends.glued, reversed(kept)))
    inner = kept[start:stop]
    return inner if _size(inner) >= _LEAST_KEPT * _size(whole) else whole


def doubtful(lines: Sequence[Line]) -> bool:
    """Whether so much of the text is no plain paragraph within the article that another reading is worth its time."""
    ends = _Ends(lines)
    plain = sum(len(line.text) for line in lines if line.is_paragraph and ends.apart(line) <= _NEAR)
    return plain < (1 - _DOUBT) * _size(lines)


def completed(lines: list[Line], blocks: Sequence[Block]) -> list[Line]:
    """The lines with the paragraphs in between that are of the same kind as most of them and yet were left out."""
    kinds = _Ends(lines).main_kinds()
    least, most = (share * _size(lines) for share in _MISSING)
    there = {id(line.block) for line in lines}
    left_out = [block for block in blocks if block.key in kinds and id(block) not in there and block.link < _RARE]
    if sum(len(block.text) for block in left_out) < least:
        return lines
    known = runs("\n".join(line.text for line in lines))
    missing = [
        line
        for line in (Line(block.text, block) for block in left_out if not block.comment)
        if line.is_paragraph and not shares(line.text, known)
    ]
    return _merged(lines, missing, blocks) if least <= _size(missing) <= most else lines


def begun(lines: list[Line], blocks: Sequence[Block]) -> list[Line]:
    """The lines with the long paragraphs right before them in their own container, such as text without a tag."""
    number = next((number for number, block in enumerate(blocks) if lines and block is lines[0].block), 0)
    main = _Ends(lines).main
    before: list[Line] = []
    while number and main in (blocks[number - 1].chain, blocks[number - 1].chain[:-1]):
        number -= 1
        line = Line(blocks[number].text, blocks[number])
        if not line.is_paragraph or line.width < _LEAD or blocks[number].comment or line.text == lines[0].text:
            break
        before.insert(0, line)
    return before + lines


def passed_over(lines: Sequence[Line], blocks: Sequence[Block]) -> str:
    """The running text of one kind that is much more than the lines, none of which stand in it; "" where none is."""
    enough = _PASSED_OVER * _size(lines)
    if sum(len(block.text) for block in blocks) < enough:
        return ""
    kinds: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for block in blocks:
        if not block.comment and Line(block.text, block).is_paragraph:
            kinds[block.key].append(block.text)
    most = max(kinds.values(), key=lambda texts: sum(map(len, texts)), default=[])
    known = runs("\n".join(line.text for line in lines))
    missing = [text for text in most if not shares(text, known)]
    return "\n".join(missing) if sum(map(len, missing)) >= enough else ""


def _merged(lines: list[Line], missing: list[Line], blocks: Sequence[Block]) -> list[Line]:
    """Both in the order of the page; a line without a block stays behind the one before it."""
    order = {id(block): number for number, block in enumerate(blocks)}
    last, numbered = -1, []
    for line in lines:
        last = max(last, order.get(id(line.block), -1))
        numbered.append((last, 0, line))
    numbered += [(order[id(line.block)], 1, line) for line in missing]
    return [line for _, _, line in sorted(numbered, key=lambda one: one[:2])]


def _size(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _without(lines: list[Line], drop: Callable[[Line], bool], least: float) -> list[Line]:
    """The lines that are not to be dropped, unless less than this share of the text would be left."""
    kept = [line for line in lines if not drop(line)]
    return kept if len(kept) == len(lines) or _size(kept) >= least * _size(lines) else lines


def _is_mere_link(line: Line) -> bool:
    """A paragraph that is one link; links in lists and headings may be what the article is about, addresses too."""
    if line.block is None or line.block.link < _MERE_LINK or len(line.text) >= _LONGEST_LINK:
        return False
    return line.block.tag not in HEADINGS and not line.text.startswith(("- ", "http", "www."))


class _Ends:
    """Where the bulk of the lines stands, and what stands apart from it."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._kinds: dict[tuple[str, ...], int] = defaultdict(int)
        alone: dict[tuple[int, ...], int] = defaultdict(int)  # by all containers of a line, its own the last
        beside: dict[tuple[int, ...], int] = defaultdict(int)  # by those around it, which many lines share
        for line in lines:
            block = line.block
            if block is not None:
                size = len(line.text)
                self._kinds[block.key] += size
                alone[block.chain] += size
                beside[block.chain[:-1]] += size
        self._size = sum(self._kinds.values())
        held: dict[tuple[int, ...], int] = defaultdict(int)
        for chain, size in beside.items():
            for depth in range(1, len(chain) + 1):
                held[chain[:depth]] += size
        for chain, size in alone.items():  # a line may stand in a container of others
            held[chain] += size
        bulk = [chain for chain, size in held.items() if size >= _BULK * self._size]
        self.main = max(bulk, key=len, default=())

    def main_kinds(self) -> set[tuple[str, ...]]:
        """The kinds of blocks that hold most of the text, where their classes tell them apart."""
        return {
            kind
            for kind, size in self._kinds.items()
            if size >= _RARE * self._size and any(not part.endswith(".") for part in kind)
        }

    def apart(self, line: Line) -> int:
        """How many levels above the article's container a line's container branches off; 0 = it is within."""
        if line.block is None or not self.main:
            return 0
        return len(self.main) - sum(
            1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(self.main, line.block.chain, strict=False))
        )

    def glued(self, line: Line, *, first: bool = False) -> bool:
        """Whether a line at an end of the text is none of the article's."""
        block = line.block
        if block is None:
            return False
        apart = self.apart(line)
        if apart > _NEAR or (apart and not line.is_paragraph):
            return True
        if block.tag == "h1" if first else block.tag in HEADINGS:
            return True
        rare = self._kinds.get(block.key, 0) < _RARE * self._size
        return rare and (block.link > 0.4 or (line.width < _SHORT and not _is_sentence(line.text)))
