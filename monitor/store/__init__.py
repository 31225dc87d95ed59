"""The archive: everything that outlives a run, in one database, read and written in whole transactions.

Open it by `open_store`; `Store.begin()` and `Store.read()` hand out `Shelves`, one for each subject.
"""

from monitor.store.archive import Shelves, Store, exists, open_store, open_to_read
from monitor.store.browsing import Letter, Wanted
from monitor.store.engine import file_of, named, sqlite_version
from monitor.store.key import key_for_links, read_key
from monitor.store.lock import ArchiveLock, Holding, look
from monitor.store.queue import Queue
from monitor.store.rows import (
    Delivery,
    Fate,
    Figures,
    Hit,
    Item,
    ItemHistory,
    KnownItem,
    Mark,
    Muted,
    NewArticle,
    Outcome,
    Refused,
    Remembered,
    Revision,
    StoredArticle,
    SwitchedOff,
    Told,
    ToldText,
    Unsubscribed,
    Visited,
    Waiting,
)
from monitor.store.saved import SavedSearch
from monitor.store.versions import Refetch, Version
from monitor.store.wishes import EVERYBODY

__all__ = [
    "EVERYBODY",
    "ArchiveLock",
    "Delivery",
    "Fate",
    "Figures",
    "Hit",
    "Holding",
    "Item",
    "ItemHistory",
    "KnownItem",
    "Letter",
    "Mark",
    "Muted",
    "NewArticle",
    "Outcome",
    "Queue",
    "Refetch",
    "Refused",
    "Remembered",
    "Revision",
    "SavedSearch",
    "Shelves",
    "Store",
    "StoredArticle",
    "SwitchedOff",
    "Told",
    "ToldText",
    "Unsubscribed",
    "Version",
    "Visited",
    "Waiting",
    "Wanted",
    "exists",
    "file_of",
    "key_for_links",
    "look",
    "named",
    "open_store",
    "open_to_read",
    "read_key",
    "sqlite_version",
]
