"""The newsroom: a small invented press on loopback, on which the product is shown and tested offline.

`articles` reads the sample articles and the outlets that print them, `folder` does the same for any plain folder of
texts, `press` turns both into feeds and pages (values only), `server` answers for them over real HTTP. The newsroom
plays the outside world: nothing here knows how news is fetched, judged or told.
"""

from monitor.newsroom.server import Newsroom, NewsroomFeed

__all__ = ["Newsroom", "NewsroomFeed"]
