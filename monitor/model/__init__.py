"""Every type that crosses a folder, in the order in which the data flows. The first room to read.

    Feed → Request → Visit → FeedPage → Entry → Article → Verdict → Placement → Story → Digest → Message → Receipt

In this order: `web` (visits), `reading` (articles), `judging` (verdicts), `grouping` (stories), `keeping` (evidence),
`telling` (digests); `filling` (the past). Whoever needs a type imports it from here. A type *has* the one before it; no
fact lives in two types; all are immutable. Every `datetime` is aware and in UTC; a moment nobody stated is `None`,
never "now". What is expected is a value in a closed set (`Visit`, `Placement`).
"""

from monitor.model.filling import Backfill, Climb, ClimbState, Comparison, Gap, Leaf, Via
from monitor.model.grouping import (
    Before,
    Copy,
    Correction,
    Fingerprint,
    Joins,
    Known,
    Neighbour,
    Opens,
    Placement,
    Report,
    Sketch,
    Story,
)
from monitor.model.judging import Evidence, Topic, Verdict
from monitor.model.keeping import Cache, Exhibit, Proof
from monitor.model.pushing import Lease, Push, Standing
from monitor.model.reading import LEFT_ALONE, Article, Entry, FeedPage, How, Unreadable
from monitor.model.searching import AllOf, AnyOf, Ask, Narrowed, Term, terms_of
from monitor.model.telling import (
    DELIVERY_NOTICES,
    FEED_NOTICES,
    AlertRule,
    Beat,
    Coverage,
    Digest,
    Message,
    Notice,
    NoticeKind,
    Receipt,
    Subscription,
    Window,
)
from monitor.model.web import Failed, Failure, Feed, FeedState, Fresh, Hop, Request, Selection, Unchanged, Visit, Wire

__all__ = [
    "DELIVERY_NOTICES",
    "FEED_NOTICES",
    "LEFT_ALONE",
    "AlertRule",
    "AllOf",
    "AnyOf",
    "Article",
    "Ask",
    "Backfill",
    "Beat",
    "Before",
    "Cache",
    "Climb",
    "ClimbState",
    "Comparison",
    "Copy",
    "Correction",
    "Coverage",
    "Digest",
    "Entry",
    "Evidence",
    "Exhibit",
    "Failed",
    "Failure",
    "Feed",
    "FeedPage",
    "FeedState",
    "Fingerprint",
    "Fresh",
    "Gap",
    "Hop",
    "How",
    "Joins",
    "Known",
    "Leaf",
    "Lease",
    "Message",
    "Narrowed",
    "Neighbour",
    "Notice",
    "NoticeKind",
    "Opens",
    "Placement",
    "Proof",
    "Push",
    "Receipt",
    "Report",
    "Request",
    "Selection",
    "Sketch",
    "Standing",
    "Story",
    "Subscription",
    "Term",
    "Topic",
    "Unchanged",
    "Unreadable",
    "Verdict",
    "Via",
    "Visit",
    "Window",
    "Wire",
    "terms_of",
]
