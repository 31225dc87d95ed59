"""Whether two addresses are of one site: of one registrable domain, by the list of public suffixes (publicsuffix.org).

Under `com.ua` or `blogspot.com` each name is somebody else's. The list travels with `tld`, which trafilatura brings; it
is never fetched.
"""

from urllib.parse import urlsplit

_HOSTING = frozenset(
    "wordpress.com substack.com medium.com tumblr.com livejournal.com wixsite.com over-blog.com ghost.io".split()
)
"""Of others too below their first name, though the list does not have them."""


def one_site(here: str, there: str) -> bool:
    """Whether both are of the same host or of the same registrable domain; one that cannot be read is of none."""
    try:
        one, other = (urlsplit(url).hostname or "" for url in (here, there))
    except ValueError:
        return False
    if not one or not other:
        return False
    one, other = one.removeprefix("www."), other.removeprefix("www.")
    return one == other or (one.rpartition(".")[2] == other.rpartition(".")[2] and _domain(one) == _domain(other))


def _domain(host: str) -> str:
    """The registrable domain of a host; of one under no public suffix its last two labels, of a number itself."""
    from tld import get_fld  # late, because its list takes a tenth of a second and most hosts are simply equal

    if host.rpartition(".")[2].isdigit() or ":" in host:
        return host
    found = get_fld(f"http://{host}/", fail_silently=True, search_private=True)
    domain = found or ".".join(host.split(".")[-2:])
    return ".".join(host.split(".")[-3:]) if domain in _HOSTING else domain
