"""Keeps what a channel's library connects to on the public Internet, on every redirect and whatever a name resolves to.

The libraries open their connections themselves, so the judgement sits beneath them: Python announces every connection
of the process with its final address before it is made (audit event `socket.connect`), and takes an exception for a no.
Only connections made within `only_public`, by the same thread, are judged. What a library does in a thread of its own
is not seen; neither is what lies behind a proxy that the environment names (the proxy's own address is).
"""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from monitor.addresses import ForbiddenAddressError, Guard

_EVENTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_guard: ContextVar[Guard | None] = ContextVar("guard", default=None)


@contextmanager
def only_public(allow: Iterable[str]) -> Iterator[None]:
    """Within it, a connection to an address that is not public, nor in the networks `allow`, raises
    ForbiddenAddressError."""
    _listen()
    token = _guard.set(Guard(allow))
    try:
        yield
    finally:
        _guard.reset(token)


@cache
def _listen() -> None:
    sys.addaudithook(_judge)  # once: a hook stays as long as the process does


def _judge(event: str, args: tuple[Any, ...]) -> None:
    if event in _EVENTS and (guard := _guard.get()) is not None:
        place = args[1]
        address = str(place[0] if isinstance(place, tuple) and place else place)
        objection = guard.objection(address)
        if objection:
            hint = "where that is meant, list its network in the channel's allow_private"
            raise ForbiddenAddressError(f"{address} is {objection}; {hint}")
