"""A page cut into its blocks of text, in one walk: how much of each is link, and in which containers it stands.

The cheap second opinion on what an extractor returns: a line that is looked up here turns out to be a mere link, a
heading, a reader's comment, or to stand apart from where most of the text stands. Decides nothing; see `lines`.
"""

import re
from typing import Any

from lxml.etree import iterwalk
from msgspec import Struct

HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())

_SILENT, _BLOCK, _BREAK, _LINK = range(1, 5)
_ROLES = (
    dict.fromkeys("script style noscript template svg head title iframe select textarea object".split(), _SILENT)
    | dict.fromkeys(HEADINGS, _BLOCK)
    | dict.fromkeys(
        "p li blockquote pre td th dd dt figcaption div section article main aside header footer nav ul ol dl table tr"
        " tbody thead tfoot form figure address details summary body html fieldset label button hr".split(),
        _BLOCK,
    )
    | {"br": _BREAK, "a": _LINK}
)
_DEEPEST = 100  # containers that are told apart; who nests deeper means harm
_COMMENTS = re.compile(r"com?ment(?!ary)|kommentar|disqus", re.IGNORECASE)


class Block(Struct):
    """A run of text that no block element and no line break interrupts."""

    text: str  # white space squeezed
    link: float  # share of its characters that are link, 0-1
    tag: str  # of the nearest block element
    chain: tuple[int, ...]  # the numbers of the block elements around it, outermost first
    key: tuple[str, ...]  # tag and class of the three nearest of them, which blocks of one kind share
    comment: bool  # within a container that is named for comments


class Outline(Struct):
    """All that is visible of a page, in its order."""

    blocks: list[Block]
    anchors: list[str]  # the text of each link

    @property
    def visible(self) -> str:
        """All visible text in one line."""
        return " ".join(block.text for block in self.blocks)


def outline(tree: Any) -> Outline:
    """The blocks and links of an lxml tree."""
    walk = _Walk()
    events = iterwalk(tree, events=("start", "end"))
    roles = _ROLES
    for event, element in events:
        tag = element.tag
        role = roles.get(tag, 0) if isinstance(tag, str) else _SILENT
        if event == "start":
            if role == _SILENT:
                events.skip_subtree()
            else:
                if role:
                    walk.enter(element, tag, role)
                if element.text:
                    walk.parts.append(element.text)
        else:
            if role in (_BLOCK, _LINK):
                walk.leave(role)
            if element.tail and element is not tree:
                walk.parts.append(element.tail)
    walk.close()
    return Outline(walk.blocks, walk.anchors)


class _Walk:
    """Where a walk through a tree stands, and what it has gathered."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.anchors: list[str] = []
        self.parts: list[str] = []  # of the block at hand
        self._linked = 0  # characters of it that are link
        self._link = -1  # where in the parts the link at hand began; -1 = outside of links
        self._chain: tuple[int, ...] = ()
        self._keys: tuple[str, ...] = ("", "", "")
        self._comment = False
        self._around: list[tuple[str, tuple[int, ...], tuple[str, ...], bool]] = []
        self._tag = "body"
        self._count = 0

    def enter(self, element: Any, tag: str, role: int) -> None:
        """A block or link begins, or a line breaks."""
        if role == _LINK:
            self._link = len(self.parts)
            return
        if self.parts:
            self.close()
        if role == _BLOCK:
            self._around.append((self._tag, self._chain, self._keys, self._comment))
            names = element.get("class") or ""
            self._count += 1
            self._tag = tag
            if len(self._chain) < _DEEPEST:
                self._chain = (*self._chain, self._count)
            self._keys = (self._keys[1], self._keys[2], f"{tag}.{names}")
            if not self._comment and (names or element.get("id")):
                self._comment = bool(_COMMENTS.search(f"{names} {element.get('id') or ''}"))

    def leave(self, role: int) -> None:
        """The block or link at hand ends."""
        if role == _BLOCK:
            if self.parts:
                self.close()
            self._tag, self._chain, self._keys, self._comment = self._around.pop()
        elif self._link >= 0:
            text = " ".join("".join(self.parts[self._link :]).split())
            self._linked += len(text)
            self.anchors.append(text)
            self._link = -1

    def close(self) -> None:
        """What was gathered is a block."""
        if not self.parts:
            return
        inside = self._link >= 0
        text = " ".join("".join(self.parts).split())
        if text:
            linked = self._linked + (len(" ".join("".join(self.parts[self._link :]).split())) if inside else 0)
            share = min(1.0, linked / len(text))
            self.blocks.append(Block(text, share, self._tag, self._chain, self._keys, self._comment))
        self.parts.clear()
        self._linked = 0
        self._link = 0 if inside else -1
