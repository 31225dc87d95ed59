"""The chain of hashes: each exhibit's link is the SHA-256 of the link before it and of everything stated of it. Pure.

Whoever changes, removes or inserts an exhibit would have to make all later links anew; one link that was noted
elsewhere (`monitor evidence verify --anchor`) shows that.
"""

import json
from datetime import UTC, datetime
from hashlib import sha256

from msgspec.structs import astuple, replace

from monitor.model import Exhibit

FIRST_LINK = "0" * 64
"""What stands before the first link."""


def linked(exhibit: Exhibit, before: str) -> Exhibit:
    """The exhibit with its link; `before` is the link of the one before it, or `FIRST_LINK`."""
    facts = [_plain(value) for value in astuple(replace(exhibit, link=before))]
    stated = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    return replace(exhibit, link=sha256(stated.encode("utf-8", "surrogatepass")).hexdigest())


def text_hash(title: str, text: str) -> str:
    """The hash of an article's headline and text, as its exhibits state it."""
    return sha256(whole_text(title, text)).hexdigest()


def whole_text(title: str, text: str) -> bytes:
    """Headline and text as they are hashed and kept: UTF-8, a line end between the two."""
    return f"{title}\n{text}".encode("utf-8", "surrogatepass")


def _plain(value: object) -> object:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
