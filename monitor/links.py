"""Addresses and identity: canonical form, the key under which two addresses are the same page, ids of entries.

Rules: RFC 3986 section 6 (normalisation), and what publishers do in practice (tracking parameters, www, AMP).
"""

from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b
from posixpath import normpath
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from monitor.model import Entry
from monitor.words import fold, plain

_TRACKING = frozenset(
    "fbclid gclid dclid gbraid wbraid msclkid yclid twclid igshid mc_cid mc_eid oly_anon_id oly_enc_id _hsenc _hsmi"
    " mkt_tok vero_id wickedid ref ref_src ref_url cmp cmpid icid ito ocid s_cid spm smid xtor at_medium at_campaign"
    " rss source_feed feature __twitter_impression amp outputtype".split()
)
_TRACKING_PREFIXES = ("utm_", "pk_", "mtm_", "hsa_", "stm_", "at_custom", "wt_")
_HOST_PREFIXES = ("www.", "m.", "amp.", "mobile.")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical(url: str, base: str = "") -> str:
    """The address to show and to visit: absolute, lower-case host, no fragment, no tracking parameters.

    "" when it is no http(s) address. Parameters keep their order: some servers care.
    """
    try:
        parts = urlsplit(urljoin(base, url.strip()))
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        return ""
    host = _ascii_host(parts.hostname)
    if not host:
        return ""
    if ":" in host:
        host = f"[{host}]"
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        host = f"{host}:{port}"
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _tracks(name)]
    return urlunsplit((parts.scheme, host, parts.path or "/", urlencode(kept), ""))


def _ascii_host(host: str) -> str:
    try:
        return (
            host.rstrip(".").encode("idna").decode("ascii").lower() if not host.isascii() else host.lower().rstrip(".")
        )
    except UnicodeError:
        return ""


def _tracks(name: str) -> bool:
    folded = name.lower()
    return folded in _TRACKING or folded.startswith(_TRACKING_PREFIXES)


def url_key(url: str) -> str:
    """The key under which addresses of the same page are equal; "" for what is no http(s) address.

    Beyond `canonical`: scheme, `www.`/`m.`/`amp.`, a trailing slash, `/amp`, index pages and the order of parameters
    do not count.
    """
    clean = canonical(url)
    if not clean:
        return ""
    parts = urlsplit(clean)
    host = parts.netloc
    for prefix in _HOST_PREFIXES:
        if host.startswith(prefix) and host.count(".") > 1:
            host = host[len(prefix) :]
            break
    path = quote(unquote(parts.path), safe="/:@!$&'()*+,;=-._~")
    path = "/" + normpath(path).lstrip("/") if path != "/" else "/"
    for ending in ("/amp", "/index.html", "/index.php", "/index.htm"):
        path = path.removesuffix(ending)
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return f"{host}{path.rstrip('/')}" + (f"?{query}" if query else "")


def host_of(url: str) -> str:
    """Host with port, lower case, as limits per host count it; "" when there is none."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


def site_of(url: str) -> tuple[str, str]:
    """(scheme, host with port) of the canonical address: what is meant for one site may be told to no other."""
    parts = urlsplit(canonical(url))
    return parts.scheme, parts.netloc


def short_hash(*parts: str) -> str:
    """16 hex digits that stand for `parts`; the same on every machine."""
    return blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def identities(entries: Sequence[Entry]) -> tuple[str, ...]:
    """One key per entry, unique within the document and stable from one reading of the feed to the next.

    In this order: the guid, where no other entry of the document has it; the link's key, likewise; both together with
    the title. So one guid on all items (seen in the wild) does not make one item of them. An entry that stands twice
    in the document, word for word, gets the same key twice.
    """
    guids = Counter(entry.id for entry in entries)
    links = Counter(url_key(entry.link) for entry in entries)
    return tuple(_identity(entry, guids, links) for entry in entries)


def _identity(entry: Entry, guids: Counter[str], links: Counter[str]) -> str:
    key = url_key(entry.link)
    if entry.id and guids[entry.id] == 1:
        return f"id:{url_key(entry.id) or entry.id}"
    if key and links[key] == 1:
        return f"link:{key}"
    return f"hash:{short_hash(entry.id, key, fold(entry.title), '' if key else fold(plain(entry.summary)))}"


def content_hash(entry: Entry) -> str:
    """Changes when a reader would see a change: headline, summary or content; not when only a time stamp moved."""
    return short_hash(fold(entry.title), fold(plain(entry.summary)), fold(plain(entry.content)))


def names_page(url: str) -> bool:
    """Whether the address names a page of its own: not a site's front page, where every entry of some feeds points."""
    return any(mark in url_key(url) for mark in "/?")


def article_id(url: str, feed: str, identity: str) -> str:
    """The id of an article: by its address, or, where it has none of its own, by its feed and identity there."""
    return short_hash("url", url_key(url)) if names_page(url) else short_hash("entry", feed, identity)
