"""Channels served side by side: a mail server that is silent for minutes holds up its own messages and no others."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, wait
from threading import Thread
from typing import Generic, TypeVar

Done = TypeVar("Done")

PATIENCE = 10.0  # seconds that a round waits for its channels


class Couriers(Generic[Done]):
    """One for each channel that has something to send. Whoever takes longer than a round's patience goes on, and no
    other is sent to that channel meanwhile.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._under_way: dict[str, Future[Done]] = {}

    def serve(self, channels: Sequence[str], job: Callable[[str], Done]) -> Iterable[Done]:
        """Do the job for each channel and give what is done by now, also of earlier rounds; raises what a job raised.

        Only one round at a time may call it.
        """
        for channel in channels:
            if channel not in self._under_way:
                self._under_way[channel] = _begun(channel, job)
        wait(self._under_way.values(), timeout=self._patience)
        for channel in [channel for channel, courier in self._under_way.items() if courier.done()]:
            yield self._under_way.pop(channel).result()

    def wait(self) -> None:
        """Until nobody is under way; what they did or raised stays for the next round."""
        wait(self._under_way.values())


def _begun(channel: str, job: Callable[[str], Done]) -> Future[Done]:
    """In a thread that ends with the program at the latest: those of a pool would keep it from ending."""
    courier: Future[Done] = Future()

    def go() -> None:
        try:
            courier.set_result(job(channel))
        except BaseException as error:  # noqa: BLE001 - the next round raises it
            courier.set_exception(error)

    Thread(target=go, name=f"deliver {channel}", daemon=True).start()
    return courier
