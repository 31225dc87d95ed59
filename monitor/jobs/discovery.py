"""Which feeds a site offers: an address is visited, and what it names is tried. Nothing is stored."""

from collections.abc import Iterable, Sequence
from functools import partial

from msgspec import Struct

from monitor.errors import MonitorError
from monitor.jobs.follow import follow
from monitor.jobs.toolbox import Web
from monitor.model import Feed, FeedPage, Fresh, Request, Visit
from monitor.sources import KINDS
from monitor.sources.base import Source
from monitor.sources.discovery import Offer, offered, usual_places
from monitor.sources.document import open_body


class Found(Struct, frozen=True):
    """An address that was offered, visited and read; `page` is None where it is no source of entries."""

    url: str
    kind: str
    title: str
    page: FeedPage | None
    trouble: str = ""
    is_aside: bool = False


def discover(fetcher: Web, url: str) -> list[Found]:
    """What is offered at an address, each tried: itself, what its page names, the usual places, its headlines.

    Raises MonitorError where the address cannot be visited.
    """
    (visit,) = fetcher.visit_many([Request(url=url, purpose="feed", feed="new")])
    if not isinstance(visit, Fresh):
        raise MonitorError(f"{url} could not be visited: {visit}")
    for kind in ("feed", "sitemap"):
        itself = _tried(fetcher, [Offer(url, kind=kind)], [visit])
        if itself[0].page is not None:
            return itself
    opened = open_body(visit)
    text = getattr(opened, "text", "")
    named = offered(text, visit.url)
    found = _tried(fetcher, named)
    if not any(one.page for one in found):
        tried = _tried(fetcher, [offer for offer in usual_places(visit.url) if offer.url not in {o.url for o in named}])
        found += [one for one in tried if one.page is not None]
    if not any(one.page for one in found):
        found += _tried(fetcher, [Offer(url, kind="page")], [visit])
    return found


def _tried(fetcher: Web, offers: Sequence[Offer], visits: Iterable[Visit] | None = None) -> list[Found]:
    requests = [Request(url=offer.url, purpose="feed", feed="new") for offer in offers]
    by_url = {visit.request.url: visit for visit in (visits or fetcher.visit_many(requests))}
    found, seen = [], set()
    for offer in offers:
        visit = by_url[offer.url]
        feed = Feed("new", offer.url, kind=offer.kind)
        if not isinstance(visit, Fresh):
            found.append(Found(offer.url, offer.kind, offer.title, None, str(visit), offer.is_aside))
            continue
        if visit.url in seen:
            continue
        seen.add(visit.url)
        source = KINDS[offer.kind]
        (whole,) = follow(fetcher, [visit], partial(_pointers, source, feed))
        read = source.read(feed, whole) if isinstance(whole, Fresh) else whole
        page, trouble = (read, "") if isinstance(read, FeedPage) else (None, str(read))
        found.append(Found(offer.url, offer.kind, offer.title, page, trouble, offer.is_aside))
    return found


def _pointers(source: Source, feed: Feed, visit: Fresh) -> list[Request]:
    return [Request(place, "feed", feed.name) for place in source.pointers(feed, visit, None)]
