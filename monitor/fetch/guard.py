"""Keeps visits on the public Internet: judges the address that is really connected to, not the name.

A name may resolve to anything, and to something else a second later; a redirect may name any address. So the check
sits where the socket is made: it sees the final address of every connection, and nothing gets past it.
"""

import socket
from collections.abc import Callable

from monitor.addresses import Guard

AddressInfo = tuple[int, int, int, str, tuple[str | int, ...]]


def guarded(guard: Guard) -> Callable[[AddressInfo], socket.socket]:
    """A `socket_factory` for aiohttp; it raises ForbiddenAddressError before any packet is sent."""

    def open_socket(info: AddressInfo) -> socket.socket:
        family, kind, protocol, _, target = info
        guard.demand(str(target[0]))
        return socket.socket(family, kind, protocol)

    return open_socket
