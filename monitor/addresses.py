"""Which network addresses may be connected to, and whom what is private may be told. Judges only; connects to nothing.

Networks: IANA special-purpose address registries (RFC 6890 and later), RFC 6598 (CGNAT), RFC 6052 (NAT64),
RFC 3056 (6to4), RFC 4193 (unique local), and the metadata services of cloud providers.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address

_FORBIDDEN = tuple(
    (ip_network(network), words)
    for network, words in (
        ("169.254.169.254/32", "a cloud metadata address"),
        ("169.254.170.2/32", "a cloud metadata address"),
        ("168.63.129.16/32", "a cloud metadata address"),
        ("100.100.100.200/32", "a cloud metadata address"),
        ("192.0.0.192/32", "a cloud metadata address"),
        ("fd00:ec2::254/128", "a cloud metadata address"),
        ("fd20:ce::254/128", "a cloud metadata address"),
        ("0.0.0.0/8", "an unspecified address"),
        ("10.0.0.0/8", "a private address"),
        ("100.64.0.0/10", "a shared address of a carrier (CGNAT)"),
        ("127.0.0.0/8", "a loopback address"),
        ("169.254.0.0/16", "a link-local address"),
        ("172.16.0.0/12", "a private address"),
        ("192.0.0.0/24", "an address reserved for protocols"),
        ("192.0.2.0/24", "an address for documentation"),
        ("192.88.99.0/24", "a 6to4 relay"),
        ("192.168.0.0/16", "a private address"),
        ("198.18.0.0/15", "an address for benchmarks"),
        ("198.51.100.0/24", "an address for documentation"),
        ("203.0.113.0/24", "an address for documentation"),
        ("224.0.0.0/4", "a multicast address"),
        ("240.0.0.0/4", "a reserved address"),
        ("::/128", "an unspecified address"),
        ("::1/128", "a loopback address"),
        ("::ffff:0:0/96", "an IPv4-mapped address"),
        ("::ffff:0:0:0/96", "an IPv4-translated address"),
        ("::/96", "an IPv4-compatible address"),
        ("64:ff9b::/96", "a NAT64 address"),
        ("64:ff9b:1::/48", "a NAT64 address"),
        ("100::/64", "a discard address"),
        ("2001::/23", "an address reserved for protocols"),
        ("2001:db8::/32", "an address for documentation"),
        ("2002::/16", "a 6to4 address"),
        ("3fff::/20", "an address for documentation"),
        ("5f00::/16", "an address of segment routing"),
        ("fc00::/7", "a private address (unique local)"),
        ("fe80::/10", "a link-local address"),
        ("fec0::/10", "a private address (site-local)"),
        ("ff00::/8", "a multicast address"),
    )
)
_PORTS = {"http": 80, "https": 443}
_MOST_JUDGED = 4_096  # addresses whose judgement is remembered
_CARRIES_IPV4 = tuple(ip_network(network) for network in ("::ffff:0:0/96", "::ffff:0:0:0/96", "::/96", "64:ff9b::/96"))


def networks(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The networks as they were written. Raises ValueError in words when one is none; for options models."""
    for text in texts:
        try:
            ip_network(text)
        except ValueError as error:
            raise ValueError(f"{error}; write networks like '10.0.0.0/8' or 'fd00::/8'") from None
    return texts


class ForbiddenAddressError(OSError):
    """Raised instead of opening a socket; its text says which address it was and what it is.

    It has an errno of its own, since where a name has several addresses asyncio keeps only that of several errors.
    """

    NUMBER = -1

    def __init__(self, text: str) -> None:
        super().__init__(self.NUMBER, text)

    def __str__(self) -> str:
        return str(self.strerror)


class Guard:
    """Decides which addresses may be connected to; `allow` lists CIDR networks that may though they are not public."""

    def __init__(self, allow: Iterable[str] = ()) -> None:
        self._allow = tuple(ip_network(network) for network in allow)
        self._judged: dict[str, str] = {}

    def objection(self, address: str) -> str:
        """What speaks against connecting to this IP address, in words; "" when nothing does.

        On a network that reaches IPv4 through NAT64 only, allow "64:ff9b::/96": the IPv4 address inside is then judged.
        """
        known = self._judged.get(address)
        if known is None:
            if len(self._judged) >= _MOST_JUDGED:
                self._judged.clear()
            known = self._judged[address] = self._judge(address)
        return known

    def _judge(self, address: str) -> str:
        try:
            ip = ip_address(address)
        except ValueError:
            return "no IP address"
        if isinstance(ip, IPv6Address) and ip.scope_id:
            ip = IPv6Address(int(ip))
        return self._objection(ip)

    def _objection(self, ip: Address) -> str:
        if any(ip in network for network in self._allow):
            inner = _carried(ip)
            return self._objection(inner) if inner else ""
        for network, words in _FORBIDDEN:
            if ip in network:
                return words
        return "" if ip.is_global else "no public address"

    def demand(self, address: str) -> None:
        """Raise ForbiddenAddressError when something speaks against connecting to this IP address."""
        objection = self.objection(address)
        if objection:
            raise ForbiddenAddressError(f"{address} is {objection}")


def _carried(ip: Address) -> IPv4Address | None:
    """The IPv4 address that this IPv6 address stands for."""
    if isinstance(ip, IPv6Address) and int(ip) > 1 and any(ip in network for network in _CARRIES_IPV4):
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return None


def is_loopback(host: str) -> bool:
    """Whether a name or address can be reached from this machine alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def same_site(here: str, there: str) -> bool:
    """Whether what is meant for `here` may be told `there`: the same origin (RFC 6454), or its move from http to https.

    Both are absolute addresses; one that cannot be read is the same as no other.
    """
    try:
        one, other = urlsplit(here), urlsplit(there)
        ports = (one.port or _PORTS.get(one.scheme), other.port or _PORTS.get(other.scheme))
    except ValueError:
        return False
    if not one.hostname or one.hostname != other.hostname:
        return False
    upgraded = (one.scheme, other.scheme, *ports) == ("http", "https", 80, 443)
    return upgraded or (one.scheme == other.scheme and ports[0] == ports[1])
