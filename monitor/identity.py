"""Which item of a feed is which: under what name it is remembered, and whether a new entry is one already known.

A guid should be unique and last (RSS 2.0; RFC 4287 section 4.2.6 for Atom); in the wild all items have one guid, guids
carry the headline, change with the host, come and go, or are used again for another item. Addresses do no better. So an
entry is looked for by its guid, then by its address, then by what it says together with when it was published; a find
that contradicts the entry in everything else is none. What neither shows is a new item: a repetition is seen, a loss is
not. Pure: the archive is asked in between (`jobs/ingest.py`).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from monitor.links import article_id, entry_id, fragment_of, page_key, short_hash, shortened, url_key
from monitor.model import Entry
from monitor.words import fold, folded_words, plain

_ALIKE = 0.25  # of the words of two headlines; an edit leaves more, another item of one feed seldom has as many
_VERY_ALIKE = 0.5  # where only the moment is common
_WEAK = 12  # characters of a guid that may be a mere number
_PLACE = 3  # digits of a guid that may be a mere place in the list
_ONE_TEXT = 0.4  # of the words of two texts' beginnings; two of one language share a fifth
_BEGINNING = 2_000  # characters
_TELLING = 12  # words that are hardly written twice
MARK = 16  # characters of a mark
_LONGEST = 500  # characters of a name; PostgreSQL has no room in an index for more than 2704 bytes
_NUMBER = re.compile(r"(?<!\d)(?!(?:19|20)\d{4}(?:\d\d)?(?!\d))\d{5,}")  # no date


class Shown(Protocol):
    """An item of a feed as it was last noted."""

    @property
    def identity(self) -> str: ...  # unique within the feed
    @property
    def link(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def published(self) -> datetime | None: ...
    @property
    def content_hash(self) -> str: ...
    @property
    def article(self) -> str: ...  # id; "" when it became none


Known = TypeVar("Known", bound=Shown)


class Named(Struct, frozen=True):
    """An entry of a document: the name it is remembered by, and what else tells it from others."""

    entry: Entry
    identity: str
    content: str  # `content_hash`
    page: str  # page_key of its link
    shares_page: bool = False  # several different items stand under its address: posts of a live blog, a show's page

    def article_id(self) -> str:
        """The id that its article gets, unless its page names another address."""
        if self.shares_page:
            return entry_id(self.entry.feed, self.identity)
        return article_id(self.entry.link, self.entry.feed, self.identity)


class Document(Struct, frozen=True):
    """The entries of one document by their names: those that stand as they were last noted, and the others."""

    standing: Mapping[str, str]  # name → mark
    others: tuple[Named, ...]

    @property
    def size(self) -> int:
        return len(self.standing) + len(self.others)


def mark(entry: Entry, identity: str) -> str:
    """Of `MARK` characters; changes when anything does by which an entry is told to be another item, or edited."""
    return short_hash(identity, entry.id, entry.link, entry.title, entry.summary, entry.content)


def named(entries: Sequence[Entry], noted: Collection[str] = ()) -> Document:
    """The entries of one document, each name once: the last entry that has it, at the place of the first.

    `noted`: marks of entries whose items are noted under these names with these words. Those are not looked at again,
    unless another entry of the document is at the same page.
    """
    by_name: dict[str, Entry] = {}
    pages: Counter[str] = Counter()
    for entry, identity in zip(entries, identities(entries), strict=True):
        page = page_key(entry.link)
        if page and identity not in by_name:
            pages[page] += 1
        by_name[identity] = entry
    standing: dict[str, str] = {}
    others: list[Named] = []
    for identity, entry in by_name.items():
        page = page_key(entry.link)
        if noted and pages[page] <= 1 and (known := mark(entry, identity)) in noted:
            standing[identity] = known
        else:
            others.append(Named(entry, identity, content_hash(entry), page))
    shared = _shared([one for one in others if pages[one.page] > 1]) if len(pages) < len(by_name) else ()
    return Document(standing, tuple(replace(one, shares_page=True) if one.page in shared else one for one in others))


def _shared(suspects: Iterable[Named]) -> frozenset[str]:
    """The pages under which several different items stand, of those that more than one entry names."""
    groups: dict[str, list[Named]] = defaultdict(list)
    for one in suspects:
        groups[one.page].append(one)
    return frozenset(page for page, group in groups.items() if page and _are_several(group))


def _are_several(group: Sequence[Named]) -> bool:
    different: list[Named] = []
    for one in group:
        if not any(_one_page(one, other) for other in different):
            different.append(one)
    if len(different) > 2:
        return True
    # Of two that nothing but the headline tells apart, the second is the first, rewritten.
    return len(different) == 2 and (_other_fragment(*different) or _other_moment(*different))


def _one_page(one: Named, other: Named) -> bool:
    """Whether two entries of one document with one address are one article."""
    if one.content == other.content:
        return True
    if _other_fragment(one, other) or not (one.entry.title and other.entry.title):
        return False
    return _alike(one.entry.title, other.entry.title) >= _ALIKE


def _other_fragment(one: Named, other: Named) -> bool:
    first, second = fragment_of(one.entry.link), fragment_of(other.entry.link)
    return bool(first and second) and first != second


def _other_moment(one: Named, other: Named) -> bool:
    return bool(one.entry.published and other.entry.published) and one.entry.published != other.entry.published


def identities(entries: Sequence[Entry]) -> tuple[str, ...]:
    """One name per entry, unique within the document and stable from one reading of the feed to the next.

    In this order: the guid, where no other entry of the document has it; the link's key, likewise, and if need be with
    its fragment; all together with the title. So one guid on all items (seen in the wild) does not make one item of
    them. An entry that stands twice in the document, word for word, gets the same name twice. What would be a very long
    name is shortened.
    """
    guids = Counter([entry.id for entry in entries])
    keys = [url_key(entry.link) for entry in entries]
    links = Counter(keys)
    fragments: Counter[tuple[str, str]] = Counter()
    if len(links) < len(keys):
        fragments.update((key, fragment_of(entry.link)) for key, entry in zip(keys, entries, strict=True))
    names = []
    for key, entry in zip(keys, entries, strict=True):
        guid = entry.id
        if guid and guids[guid] == 1:
            address = url_key(guid)
            place = fragment_of(guid) if address and "#" in guid else ""
            names.append(f"id:{address}#{place}" if place else f"id:{address or guid}")
        elif key and links[key] == 1:
            names.append(f"link:{key}")
        elif key and (fragment := fragment_of(entry.link)) and fragments[key, fragment] == 1:
            names.append(f"link:{key}#{fragment}")
        else:
            said = short_hash(guid, key, fold(entry.title), "" if key else fold(plain(entry.summary)))
            names.append(f"hash:{said}")
    return tuple([shortened(name, _LONGEST) for name in names])


def content_hash(entry: Entry) -> str:
    """Changes when a reader would see a change: headline, summary or content; not when only a time stamp moved."""
    return short_hash(fold(entry.title), fold(plain(entry.summary)), fold(plain(entry.content)))


def contradicts(one: Named, shown: Shown) -> bool:
    """Whether an entry is another item than the one noted under its name: a guid, or an address, was used again."""
    kind, _, name = one.identity.partition(":")
    if kind == "hash" or one.content == shown.content_hash or _same_moment(one.entry, shown):
        return False
    alike = _alike(one.entry.title, shown.title)
    if kind == "link":
        first, second = fragment_of(one.entry.link), fragment_of(shown.link)
        return alike < _ALIKE and bool(first and second) and first != second
    before = page_key(shown.link)
    dated = bool(one.entry.published and shown.published)
    if one.page and before:
        if _tail(one.page) == _tail(before):
            return False
        if name.isdigit() and len(name) <= _PLACE:
            return dated or alike < _VERY_ALIKE
        if _is_weak(name):
            return alike < (_VERY_ALIKE if dated else _ALIKE)
        return alike < _ALIKE and dated
    return alike < _ALIKE and not one.page and not before and dated and _is_weak(name)


def _is_weak(guid: str) -> bool:
    """Whether a guid may be a mere number, which is used again sooner than others."""
    return guid.isdigit() or len(guid) <= _WEAK


def renamed(one: Named) -> Named:
    """The entry under a name of its own, because the one it should have is another item's."""
    when = one.entry.published.isoformat() if one.entry.published else ""
    return replace(one, identity=f"hash:{short_hash(one.identity, one.page, fold(one.entry.title), when)}")


def by_page(entries: Sequence[Named], shown: Iterable[Known]) -> tuple[dict[str, Known], frozenset[str]]:
    """Those of `entries` that are known under their page, by name; and the names of those whose page is another's too.

    `shown` are the feed's items at these pages that no other entry of the document is.
    """
    rest: dict[str, list[Known]] = defaultdict(list)
    for item in shown:
        rest[url_key(item.link)].append(item)
    found: dict[str, Known] = {}
    shared: set[str] = set()
    for one in entries:
        pool = rest.get(one.page, []) if one.page else []
        if not pool:
            continue
        several = one.shares_page or len({item.article for item in pool}) > 1
        best = max(pool, key=lambda item: _closeness(one, item))
        if _closeness(one, best) > (0 if several else -1):
            found[one.identity] = best
            pool.remove(best)
        else:
            shared.add(one.identity)
    return found, frozenset(shared)


def _closeness(one: Named, item: Shown) -> int:
    """Of an entry to an item at the same page: -1 where they are surely two, 0 where nothing but the page says so."""
    alike = bool(one.entry.title and item.title) and _alike(one.entry.title, item.title) >= _ALIKE
    first, second = fragment_of(one.entry.link), fragment_of(item.link)
    if first and second and first != second:
        return 1 if one.content == item.content_hash else -1
    if _used_again(one, item):
        return -1
    return (
        4 * bool(first and first == second)
        + 4 * (one.content == item.content_hash)
        + 2 * _same_moment(one.entry, item)
        + alike
    )


def _used_again(one: Named, item: Shown) -> bool:
    """Whether a known address is another item's now, as that of a daily briefing: guid, moment and words are others."""
    other_guid = one.identity.startswith("id:") and item.identity.startswith("id:")
    dated = one.entry.published is not None and item.published is not None
    other_words = one.content != item.content_hash and is_other_headline(one.entry.title, item.title)
    return other_guid and dated and other_words and not _same_moment(one.entry, item)


def is_other_headline(title: str, other: str) -> bool:
    """Whether two headlines are surely those of two articles."""
    return bool(title and other) and _alike(title, other) < _ALIKE


def is_other_text(text: str, other: str) -> bool:
    """Whether two pages that give one address as their own say different things, and are two articles."""
    return bool(text and other) and _alike(text[:_BEGINNING], other[:_BEGINNING]) < _ONE_TEXT


def by_content(entries: Sequence[Named], shown: Iterable[Known]) -> dict[str, Known]:
    """Those of `entries` that are known by what they say and when they were published, by name.

    `shown` are the feed's items of the same moment, or of unknown date and the same content, that no other entry is.
    """
    rest: dict[datetime | None, list[Known]] = defaultdict(list)
    for item in shown:
        rest[item.published].append(item)
    found: dict[str, Known] = {}
    for one in entries:
        pool = rest.get(one.entry.published, [])
        match = next((item for item in pool if _same_words(one, item)), None)
        match = match or next((item for item in pool if _same_event(one, item)), None)
        if match is not None:
            found[one.identity] = match
            pool.remove(match)
    return found


def _same_words(one: Named, item: Shown) -> bool:
    if one.content != item.content_hash:
        return False
    if one.entry.published is not None or (one.page and _tail(one.page) == _tail(url_key(item.link))):
        return True
    return len(folded_words(f"{one.entry.title} {plain(one.entry.summary or one.entry.content)}")) >= _TELLING


def _same_event(one: Named, item: Shown) -> bool:
    """One moment, other words: the site moved, or the headline was edited and guid and address with it."""
    if one.entry.published is None:
        return False
    key = url_key(item.link)
    if one.page and _tail(one.page) == _tail(key):
        return True
    if not (one.entry.published.second or one.entry.published.minute):  # a whole hour is the moment of many
        return False
    numbers = set(_NUMBER.findall(one.page)) & set(_NUMBER.findall(key))
    return bool(numbers) or _alike(one.entry.title, item.title) >= _VERY_ALIKE


def _same_moment(one: Entry, item: Entry | Shown) -> bool:
    return one.published is not None and one.published == item.published


def _alike(title: str, other: str) -> float:
    """The share of common words of two headlines; 1 where one is missing, for then it tells nothing."""
    first, second = frozenset(folded_words(title)), frozenset(folded_words(other))
    if not first or not second:
        return 1.0
    return len(first & second) / len(first | second)


def _tail(key: str) -> str:
    """An address without its host."""
    host, _, path = key.partition("/")
    return path or host.partition("?")[2]


def without(shown: Mapping[str, Known], taken: Iterable[str]) -> list[Known]:
    """Those items whose names are not among `taken`."""
    names = frozenset(taken)
    return [item for name, item in shown.items() if name not in names]
