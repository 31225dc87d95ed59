"""What every kind of source makes of a title, an address and a language tag, so that all kinds give the same."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin, urlsplit

from monitor.model import Entry
from monitor.sources.base import MOST_TITLE
from monitor.words import plain


def absolute(link: str, base: str) -> str:
    """`link` made absolute; "" for what is no http(s) address."""
    link = "".join(link.split()) if "\n" in link or "\t" in link else link.strip()
    if not link:
        return ""
    try:
        joined = urljoin(base, link)
        parts = urlsplit(joined)
    except ValueError:
        return ""
    return joined if parts.scheme in ("http", "https") and parts.netloc else ""


def language_code(tag: str) -> str:
    """ISO 639-1 of a language tag (RFC 5646): its first part, where that has two letters."""
    first = re.split(r"[-_]", tag.strip().lower())[0]
    first = {"ua": "uk", "eng": "en", "ukr": "uk", "rus": "ru", "deu": "de", "ger": "de", "nb": "no", "nn": "no"}.get(
        first, first
    )
    return first if len(first) == 2 and first.isascii() and first.isalpha() else ""


def headline(title: str) -> str:
    """A title that may hold HTML or entities, as one line of plain text."""
    return one_line(plain(title[:MOST_TITLE]))


def one_line(text: str) -> str:
    """`text` with every run of white space as one blank."""
    return " ".join(text.split())


def without_repeats(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Entries in order, each word-for-word repeat within the document left out."""
    seen: set[Entry] = set()
    for entry in entries:
        if entry not in seen:
            seen.add(entry)
            yield entry
