"""Topics whose files were found right before: read when the first article is judged, not at every start."""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

from monitor.model import Topic
from monitor.topics.judge import TopicSet


class LaterTopics(TopicSet):
    """`topics` are known now; all else comes from `read` with the first use. May be shared between threads.

    `read` must give the same topics, and may raise what reading the files raises.
    """

    def __init__(self, topics: Sequence[Topic], read: Callable[[], TopicSet]) -> None:
        self.topics = tuple(topics)
        self._read = read
        self._lock = Lock()
        self._is_read = False

    def __getattr__(self, name: str) -> Any:
        """Asked for what is not there yet."""
        if name.startswith("__") or name in ("_read", "_lock", "_is_read"):
            raise AttributeError(name)
        with self._lock:
            if not self._is_read:
                self.__dict__.update(vars(self._read()))
                self._is_read = True
        return object.__getattribute__(self, name)
