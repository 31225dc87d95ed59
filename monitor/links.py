"""Addresses: canonical form, the key under which two addresses are the same page, ids of articles.

Rules: RFC 3986 section 6 (normalisation), and what publishers do in practice (tracking parameters, session ids, www,
AMP). Both forms of an address are asked for several times an entry of every changed feed: what is written plainly,
which is nearly all, takes a short way to the same answer.
"""

import re
from functools import lru_cache
from hashlib import blake2b
from posixpath import normpath
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

_TRACKING = frozenset(
    "fbclid gclid dclid gbraid wbraid msclkid yclid twclid igshid igsh mc_cid mc_eid oly_anon_id oly_enc_id _hsenc"
    " _hsmi _ga _gl srsltid mkt_tok vero_id wickedid ref ref_src ref_url cmp cmpid icid ito ocid s_cid spm smid xtor"
    " rss source_feed feature __twitter_impression amp outputtype traffic_source wprov ncid echobox intcmp"
    " jsessionid phpsessid sessionid session_id cfid cftoken".split()
)
_TRACKING_PREFIXES = ("utm_", "pk_", "mtm_", "hsa_", "stm_", "at_", "wt_", "ns_", "aspsessionid")
_ORIGINS = frozenset("source src from via partner channel medium origin".split())
_FROM_FEED = frozenset("rss rss2 rssfeed rss-feed rss_feed feed atom".split())  # ?from=rss
_HOST_PREFIXES = ("www.", "m.", "amp.", "mobile.", "wap.", "touch.")
_NO_PLACES = frozenset("top main content comments respond disqus_thread".split())  # of every page
_DEFAULT_PORTS = {"http": 80, "https": 443}
_INDEXES = ("/amp", "/index.html", "/index.php", "/index.htm", "/index.asp", "/index.aspx", "/default.aspx")
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
# Google's copy of an AMP page, by its viewer or its cache, with the publisher's own address in it.
_AMP_COPY = re.compile(
    r"(?:www\.)?google\.[a-z.]+/amp/(?:s/)?(?P<viewed>[^/]+\..*)|[^/]+\.cdn\.ampproject\.org/[cvw]/(?:s/)?(?P<kept>.*)"
)
# Written so that little is left to normalise: lower case, no login, no escapes, no parameters of a segment, and if a
# port, then none that may be the scheme's own.
_PLAIN = re.compile(
    r"(https?)://([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::(?!80/|443/)[1-9][0-9]{1,3}(?=/)|:[1-5][0-9]{4}(?=/))?)((?:/[A-Za-z0-9@!$&'()*+,=_~:./-]*)?)"
    r"(?:\?([A-Za-z0-9_.~-]+=[A-Za-z0-9_.~-]*(?:&[A-Za-z0-9_.~-]+=[A-Za-z0-9_.~-]*)*))?(?:#[\x21-\x7e]*)?"
)
_LOGIN = re.compile(r"(?<![\w+.-])(https?://)[^\s/?#\"'<>@]*@(?:[^\s/?#\"'<>@]*@)*", re.IGNORECASE)
# Names of parameters whose value is nobody else's business.
_KEY = re.compile(
    r"(?:.*[._-])?(?:key|pass|pwd|sig|auth)|.*(?:api|auth|access|secret|private|user|consumer|client|feed|pass)key"
    r"|.*(?:token|secret|password|passwd|signature|authorization|credentials?)",
    re.IGNORECASE,
)
# Endings of files that no article is read from.
_MEDIA = frozenset(
    "aac aif aiff avi avif bmp doc docx epub flac flv gif gz heic ics jpeg jpg m3u8 m4a m4b m4v mkv mov mp3 mp4 mpeg"
    " mpg odt oga ogg ogv opus pdf png ppt pptx rar svg tif tiff wav webm webp wma wmv xls xlsx zip".split()
)
_REMEMBERED = 8192  # addresses; about two days of the items of a hundred feeds stand in their documents
_LONGEST_REMEMBERED = 400  # characters
_LONGEST_KEY = 2_000  # characters; PostgreSQL has no room in an index for more than 2704 bytes


def canonical(url: str, base: str = "") -> str:
    """The address to show and to visit: absolute, lower-case host, no fragment, no tracking parameters.

    "" when it is no http(s) address. Parameters keep their order: some servers care.
    """
    match = None if base else _PLAIN.fullmatch(url)
    if match is None:
        return _canonical(url, base)
    scheme, host, path, query = match.groups()
    kept = "&".join(_telling(query)) if query else ""
    return f"{scheme}://{host}{path or '/'}?{kept}" if kept else f"{scheme}://{host}{path or '/'}"


def _telling(query: str) -> list[str]:
    """The parameters that say which page it is, of a query that needs no decoding."""
    return [part for part in query.split("&") if not _tracks(part.partition("=")[0])]


def _canonical(url: str, base: str) -> str:
    """`canonical` for an address written in whatever way."""
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
    path = _SESSION.sub("", parts.path) if ";" in parts.path else parts.path
    return urlunsplit((parts.scheme, host, path or "/", urlencode(kept), ""))


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

    Beyond `canonical`: scheme, `www.`/`m.`/`amp.`, a trailing slash, `/amp`, index pages, `?from=rss` and the order of
    parameters do not count, and Google's copy of an AMP page is the publisher's page. Of bounded length.
    """
    key = _remembered_key(url) if len(url) <= _LONGEST_REMEMBERED else _plain_key(url)
    return shortened(key, _LONGEST_KEY)


def _plain_key(url: str) -> str:
    match = _PLAIN.fullmatch(url)
    if match is None:
        return _key(url)
    _, host, path, query = match.groups()
    if "/." in path or "//" in path or "/amp" in path or ".amp" in path or host.endswith(".ampproject.org"):
        return _key(url)
    if host.startswith(_HOST_PREFIXES) and host.count(".") > 1:
        host = host.partition(".")[2]
    if path:
        path = path.rstrip("/")
        if path.endswith(_INDEXES):
            path = _without_index(path)
    if query:
        parts = _telling(query)
        if len(parts) > 1:
            parts.sort(key=_as_pair)
        query = "&".join([part for part in parts if not _from_feed(*part.split("=", 1))])
    return f"{host}{path}?{query}" if query else f"{host}{path}"


_remembered_key = lru_cache(maxsize=_REMEMBERED)(_plain_key)


def _as_pair(parameter: str) -> tuple[str, str]:
    name, _, value = parameter.partition("=")
    return name, value


def _key(url: str) -> str:
    """`url_key` for an address written in whatever way."""
    clean = canonical(url)
    if not clean:
        return ""
    parts = urlsplit(clean)
    copy = _AMP_COPY.fullmatch(f"{parts.netloc}{parts.path}")
    if copy:
        original = copy["viewed"] or copy["kept"] or ""
        if "." in original.partition("/")[0]:
            return url_key(f"https://{original}" + (f"?{parts.query}" if parts.query else ""))
    host = parts.netloc
    if host.startswith(_HOST_PREFIXES) and host.count(".") > 1:
        host = host.partition(".")[2]
    path = quote(unquote(parts.path), safe="/:@!$&'()*+,;=-._~")
    path = "/" + normpath(path).lstrip("/") if path != "/" else "/"
    path = _without_index(path.removeprefix("/amp") if path.startswith("/amp/") else path)
    pairs = sorted(parse_qsl(parts.query, keep_blank_values=True))
    query = urlencode([pair for pair in pairs if not _from_feed(*pair)])
    return f"{host}{path.rstrip('/')}" + (f"?{query}" if query else "")


def _without_index(path: str) -> str:
    """The path without what stands for its folder, or for its AMP form."""
    if path.endswith((".amp", ".amp.html")):
        path = path.removesuffix(".html").removesuffix(".amp") + path[path.rindex(".amp") + 4 :]
    for ending in _INDEXES:
        path = path.removesuffix(ending)
    return path


def _from_feed(name: str, value: str) -> bool:
    return value.lower() in _FROM_FEED and name.lower() in _ORIGINS


@lru_cache(maxsize=4_096)  # of each feed it is asked several times a round
def host_of(url: str) -> str:
    """Host with port, lower case, as limits per host count it; "" when there is none."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


def without_login(text: str) -> str:
    """The text with `user:password@` left out of every address in it (RFC 3986 section 3.2.1)."""
    return _LOGIN.sub(r"\1", text) if "@" in text else text


def without_secrets(url: str) -> str:
    """The address to hand to others: without a login, and without the values of parameters that look like keys.

    A key within the path looks like any other part of it, and stays.
    """
    address, hash_mark, fragment = without_login(url).partition("#")
    path, mark, query = address.partition("?")
    parts = (_without_value(part) for part in query.split("&"))
    return f"{path}{mark}{'&'.join(parts)}{hash_mark}{fragment}"


def _without_value(parameter: str) -> str:
    name, equals, _ = parameter.partition("=")
    return f"{name}{equals}" if _KEY.fullmatch(unquote(name)) else parameter


def short_hash(*parts: str) -> str:
    """16 hex digits that stand for `parts`; the same on every machine."""
    return blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def shortened(name: str, longest: int) -> str:
    """A name of at most so many characters (20 or more); of a longer one the beginning, and a hash of the whole."""
    if len(name) <= longest:
        return name
    mark = short_hash(name)
    return f"{name[: longest - len(mark) - 1]}~{mark}"


def fragment_of(url: str) -> str:
    """What an address names within its page, such as a post of a live blog; "" for a fragment that names nothing."""
    _, mark, fragment = url.partition("#")
    fragment = fragment.strip()
    if not mark or fragment.startswith(":~:") or fragment.lower() in _NO_PLACES or _tracks(fragment.partition("=")[0]):
        return ""
    return fragment


def page_key(url: str) -> str:
    """The key of an address that names a page of its own; "" for a site's front page, to which all entries of some
    feeds point.
    """
    key = url_key(url)
    return key if "/" in key or "?" in key else ""


def names_page(url: str) -> bool:
    """Whether the address names a page of its own."""
    return bool(page_key(url))


def names_file(url: str) -> bool:
    """Whether the address is, by its ending, that of a sound, picture, film or other file that is no page."""
    name = url.partition("#")[0].partition("?")[0].rpartition("/")[2]
    _, dot, ending = name.rpartition(".")
    return bool(dot) and ending.lower() in _MEDIA and names_page(url)


def leads_to_page(url: str) -> bool:
    """Whether a visit may bring an article: the address names a page, and no file."""
    return names_page(url) and not names_file(url)


def article_id(url: str, feed: str, identity: str) -> str:
    """The id of an article: by its address, or, where it has none of its own, by its feed and identity there."""
    key = page_key(url)
    return short_hash("url", key) if key else entry_id(feed, identity)


def entry_id(feed: str, identity: str) -> str:
    """The id of an article that has no address of its own."""
    return short_hash("entry", feed, identity)
