"""One step of a feed's state. Most steps of most visits change nothing, and a copy of forty fields has its price."""

from typing import Any

from msgspec.structs import replace

from monitor.model import FeedState


def changed(state: FeedState, **values: Any) -> FeedState:
    """The state with these values; `state` itself where it has them."""
    for name, value in values.items():
        if getattr(state, name) != value:
            return replace(state, **values)
    return state
