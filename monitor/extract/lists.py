"""Whether a text is a list of other articles: headlines that lead elsewhere, each maybe with its teaser.

A teaser is known by where it stands: under a headline that is a link, within a link, or before a link with the same few
words as the others have ("More"). Decides nothing about what the page should be; see `walls`.
"""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from monitor.extract.blocks import HEADINGS, Block
from monitor.extract.lines import placed
from monitor.extract.pages import Body
from monitor.words import fold

_LINKED = 0.8  # share of a block that is link
_BETWEEN = 2  # blocks between a headline and its teaser at most, such as a date and a name
_SHORT = 30  # characters; a longer link is no "More"
_LONGEST_BETWEEN = 60  # characters
_MANY = 5  # links with the same words


class Teasers(Struct, frozen=True):
    """What of a text leads elsewhere."""

    count: int  # lines
    around: int  # headlines on the whole page that do
    share: float  # of the text's characters, 0-1


NO_TEASERS = Teasers(0, 0, 0.0)


def teasers(body: Body, titles: str) -> Teasers:
    """The headlines and teasers of a text that lead elsewhere; under the page's own `titles` nothing does."""
    blocks, title = body.blocks, fold(titles)
    headlines = {anchor for anchor in body.anchors if anchor.count(" ") >= 3 and fold(anchor) not in title}
    often = Counter(anchor for anchor in body.anchors if 0 < len(anchor) <= _SHORT)
    more = tuple(anchor for anchor, count in often.items() if count >= _MANY)
    heads = [_is_head(block) and fold(block.text) not in title for block in blocks]
    order = {id(block): number for number, block in enumerate(blocks)}
    count = size = 0
    for line in placed(body.text, blocks):
        if line.block is None:
            leads = any(line.text.startswith(headline) for headline in headlines)
        else:
            leads = _leads(blocks, order[id(line.block)], heads, more)
        count += leads
        size += len(line.text) * leads
    around = sum(heads) or sum(often[anchor] for anchor in more)
    return Teasers(count, around, size / max(1, len(body.text) - body.text.count("\n")))


def _is_head(block: Block) -> bool:
    return block.link >= _LINKED and block.text.count(" ") >= 3


def _leads(blocks: Sequence[Block], number: int, heads: Sequence[bool], more: tuple[str, ...]) -> bool:
    """Whether a block is a headline elsewhere, stands under one or within its link, or leads there by its last word."""
    block = blocks[number]
    if heads[number] or (block.link > 0 and block.text.endswith(more)):
        return True
    for above in range(number - 1, max(-1, number - 2 - _BETWEEN), -1):
        if heads[above]:
            return True
        if len(blocks[above].text) > _LONGEST_BETWEEN or blocks[above].tag in HEADINGS:
            break
    following = blocks[number + 1] if number + 1 < len(blocks) else None
    return following is not None and following.link >= _LINKED and following.text in more
