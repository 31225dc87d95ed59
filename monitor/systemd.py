"""Words to the service manager: ready, alive, stopping. Silent where there is none.

Protocol: sd_notify(3), a datagram to the socket that NOTIFY_SOCKET names; WATCHDOG_USEC says how long it waits for us.
"""

import os
import socket
from collections.abc import Mapping
from contextlib import suppress


class Manager:
    """The service manager that started this process, if any."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        place = environ.get("NOTIFY_SOCKET", "")
        self._place = f"\0{place[1:]}" if place.startswith("@") else place  # an abstract socket
        wanted = environ.get("WATCHDOG_USEC", "")
        ours = environ.get("WATCHDOG_PID", "") in ("", str(os.getpid()))
        self.patience = int(wanted) / 1e6 if wanted.isdigit() and ours and place else 0.0
        """After so many seconds of silence it restarts us; 0: it does not watch."""

    def tell(self, *words: str) -> None:
        """Say these; what cannot be said is no reason to stop working."""
        if not self._place:
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
            out.connect(self._place)
            out.send("\n".join(words).encode())
