"""What is kept so that an article can be proven: `Article → Exhibit`."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct


class Proof(StrEnum):
    """What an exhibit holds. The value is the word shown to people."""

    PAGE = "page"  # the page's answer, and the text
    FEED = "feed"  # the feed's answer, and the text
    TEXT = "text alone"  # it came to match later, or came over no wire
    GONE = "page deleted"  # the refusal's head, and a note in the place of the text
    MISSING = "missing"  # it could not be written; the problem says why


class Exhibit(Struct, frozen=True):
    """One piece of evidence: where it stands in the day's WARC file, what it must hash to, and its link in the chain.

    All hashes are SHA-256 in hexadecimal; offsets and sizes are bytes of the compressed file.
    """

    number: int  # its place in the chain, from 1
    article: str  # id
    proof: Proof
    at: datetime  # when it was kept
    file: str  # name; "" when missing
    start: int  # its own records: from here
    end: int  # to here
    response: int  # where the record of the answer stands, which exhibits of one reading share; -1 = none
    url: str  # of the answer, after redirects
    status: int  # of the answer; 0 = none
    fetched_at: datetime | None
    body_hash: str  # of the answer's body as kept; "" = none
    text_hash: str  # of headline, line end and text; where the page was deleted, of the note that says so
    bytes_hash: str  # of the file from `start` to `end`
    problem: str
    link: str = ""  # the hash over all this and the link before


class Cache(Protocol):
    """Where what is dear to make may be kept until the next run; it may be lost at any time, and never fails."""

    def recall(self, name: str, made_of: bytes) -> bytes | None:
        """What was kept under this name when it was made of the same; None where that is not known."""

    def keep(self, name: str, made_of: bytes, content: bytes) -> None:
        """Remember `content`, of which nothing but `made_of` (and the program itself) decides what it is."""
