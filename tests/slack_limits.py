"""What Slack would refuse or misread in a payload, by its documented limits (Block Kit reference, message formatting).

Shared by the tests of digests and by the stand-in for Slack that channels are tested against.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_BLOCKS = 50
_HEADER = 150
_TEXT = 3_000
_ELEMENTS = 10
_FALLBACK = 4_000  # longer ones are cut
_LINK = re.compile(r"<https?://[^\s<>|]+\|[^<>|]*>")
_ESCAPE = re.compile(r"&(?!amp;|lt;|gt;)")
_QUOTE = re.compile(r"^> ", re.MULTILINE)
_KINDS = frozenset(("header", "section", "context", "divider"))


def violations(payload: Mapping[str, Any]) -> list[str]:
    """Every way in which `payload` breaks Slack's rules, in words; empty when Slack would show it as meant."""
    return list(_violations(payload))


def _violations(payload: Mapping[str, Any]) -> Iterator[str]:
    unknown = set(payload) - {"text", "blocks"}
    if unknown:
        yield f"unknown keys {sorted(unknown)}"
    text = payload.get("text")
    if not isinstance(text, str) or not 0 < len(text) <= _FALLBACK:
        yield f"the fallback text must have 1 to {_FALLBACK} characters"
    else:
        yield from _escaping("text", text)
    blocks = payload.get("blocks")
    if not isinstance(blocks, list) or not 0 < len(blocks) <= _BLOCKS:
        yield f"there must be 1 to {_BLOCKS} blocks"
        return
    for number, block in enumerate(blocks):
        yield from _block(f"block {number}", block)
    if len(json.dumps(payload)) > 100_000:
        yield "the payload is larger than 100 kB"


def _block(place: str, block: Mapping[str, Any]) -> Iterator[str]:
    kind = block.get("type")
    if kind not in _KINDS:
        yield f"{place}: unknown type {kind!r}"
    elif kind == "header":
        yield from _text(f"{place} (header)", block.get("text"), "plain_text", _HEADER)
    elif kind == "section":
        yield from _text(f"{place} (section)", block.get("text"), "mrkdwn", _TEXT)
    elif kind == "context":
        elements = block.get("elements")
        if not isinstance(elements, list) or not 0 < len(elements) <= _ELEMENTS:
            yield f"{place}: a context must have 1 to {_ELEMENTS} elements"
            return
        for number, element in enumerate(elements):
            yield from _text(f"{place} (context, element {number})", element, "mrkdwn", _TEXT)


def _text(place: str, text: object, kind: str, most: int) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") != kind:
        yield f"{place}: needs a {kind} text"
        return
    words = text.get("text")
    if not isinstance(words, str) or not 0 < len(words) <= most:
        yield f"{place}: must have 1 to {most} characters"
        return
    yield from _escaping(place, words, links=kind == "mrkdwn")


def _escaping(place: str, words: str, *, links: bool = False) -> Iterator[str]:
    """What Slack would read as a mention, a channel or a command: everything in <> that is no labelled web link.

    A line that begins with > is a quote.
    """
    rest = _QUOTE.sub("", _LINK.sub("", words)) if links else words
    if "<" in rest or ">" in rest:
        yield f"{place}: unescaped < or > near {rest[max(0, rest.find('<') - 10) :][:40]!r}"
    if _ESCAPE.search(words):
        yield f"{place}: unescaped &"
