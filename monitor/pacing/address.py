"""Where a feed is visited: its configured address, or the one it has moved to for good; and whether it is gone.

A permanent redirect (301, 308; RFC 9110 section 15.4) is believed after three answers in a row that could be read as
what the feed is; then the new address is visited. The way back is open: when the new one leads back, when it fails and
the old one answers or leads to nothing that can be read, and whenever the address is edited in feeds.toml.
"""

from datetime import datetime, timedelta

from monitor.model import Failed, Feed, FeedState, Fresh, Visit
from monitor.pacing.change import changed

CONFIRMED = 3  # answers in a row that lead to the same place

_GONE, _NOT_FOUND = 410, 404
_SURE_GONE = 2  # answers of 410, which says that it is for good
_SURE_MISSING = 6  # answers of 404, which may be a slip...
_MISSING_FOR = timedelta(days=2)  # ...if not for so long
_TRY_THE_OLD = 3  # failures in a row at the new address


def address_of(feed: Feed, state: FeedState) -> str:
    """Where to visit the feed now. When its new address fails again and again, the old one is tried in turn."""
    if not state.address or (state.failures >= _TRY_THE_OLD and state.failures % 2):
        return feed.url
    return state.address


def located(state: FeedState, feed: Feed, visit: Visit, *, readable: bool = True) -> FeedState:
    """The state after what this visit said of the feed's address; `readable`: what it brought is of the feed's kind."""
    if state.url != feed.url:
        state = changed(state, url=feed.url)
    if isinstance(visit, Failed) or not (visit.moved_to or state.moved_to or state.address):
        return state
    asked, leads = visit.request.url, visit.moved_to
    if not readable:  # sites send what they took down to their front page, for good
        return changed(state, address="") if state.address and (asked, leads) == (feed.url, state.address) else state
    if _is_back(state, feed, visit):
        return changed(state, address="", moved_to="", moves=0)
    if not leads or leads in (asked, state.address) or _loses_tls(asked, leads):
        return changed(state, moved_to="", moves=0)
    moves = state.moves + 1 if leads == state.moved_to else 1
    if moves < CONFIRMED:
        return changed(state, moved_to=leads, moves=moves)
    return changed(state, address=leads, moved_to="", moves=0)


def _is_back(state: FeedState, feed: Feed, visit: Visit) -> bool:
    if not state.address:
        return False
    if visit.request.url == feed.url:
        return isinstance(visit, Fresh) and visit.url == feed.url
    return not isinstance(visit, Failed) and visit.moved_to == feed.url


def _loses_tls(asked: str, leads: str) -> bool:
    return asked.startswith("https:") and not leads.startswith("https:")


def missed(state: FeedState, visit: Visit, at: datetime) -> FeedState:
    """The state after a failure that may say that there is no such feed any more (RFC 9110 sections 15.5.5, 15.5.11).

    `state` counts the failure already. What never reached the server says nothing of it.
    """
    status = visit.status if isinstance(visit, Failed) else 200
    if status is None:
        return state
    if status not in (_GONE, _NOT_FOUND):
        return changed(state, missing=0)
    missing = state.missing + 1
    lasting = at - (state.failing_since or at) >= _MISSING_FOR
    sure = missing >= _SURE_GONE if status == _GONE else missing >= _SURE_MISSING and lasting
    return changed(state, missing=missing, gone_at=state.gone_at or (at if sure else None))
