"""How long an answer may take: a bucket of seconds that time drains and every byte that comes fills again. Pure.

A server that works at its answer, and one that sends much of it at a time and rests between, have time enough; one
that sends a byte now and then, to keep a visitor busy (slow loris), has not.
"""

_AFTER_HEAD = 5.0  # seconds that there are at least for the body to begin


class Patience:
    """One request's. Times are seconds of any one clock.

    `most`: for the whole head, and the longest stall within a body; `rate`: bytes a second that a body must bring in
    the long run; `end`: when the visit must be over, whatever comes.
    """

    __slots__ = ("_end", "_most", "_rate", "_until")

    def __init__(self, now: float, *, most: float, rate: float, end: float) -> None:
        self._most = most
        self._rate = rate
        self._end = end
        self._until = now + most

    @property
    def until(self) -> float:
        """When patience is over, if nothing more comes."""
        return min(self._until, self._end)

    def head_came(self, now: float) -> float:
        """The head is whole, the body begins. Gives `until`."""
        self._until = max(self._until, now + min(_AFTER_HEAD, self._most))
        return self.until

    def forgive(self, seconds: float) -> None:
        """For so long the server was not listened to."""
        self._until += seconds
        self._end += seconds

    def bytes_came(self, count: int, now: float) -> float:
        """So many bytes of the body came, as they were sent. Gives `until`."""
        earned = count / self._rate if self._rate else self._most
        self._until = min(self._until + earned, now + self._most)
        return self.until
