"""Values of the model as rows and back, without loss."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from monitor.links import url_key
from monitor.model import (
    Article,
    Copy,
    Evidence,
    FeedState,
    Fingerprint,
    How,
    Joins,
    Message,
    Opens,
    Placement,
    Verdict,
)
from monitor.store.entries import entry_json, to_entry
from monitor.store.rows import Outcome

Row = RowMapping

STATE_FIELDS = FeedState.__struct_fields__
_FACTS = ("image", "section", "dateline", "live", "headline")
_MESSAGE = Message.__struct_fields__


def state_row(state: FeedState) -> dict[str, Any]:
    """Columns of `feed_states`, all but `active`."""
    return {name: getattr(state, name) for name in STATE_FIELDS}


def article_row(article: Article, content_hash: str) -> dict[str, Any]:
    """Columns of `articles`, all but `number`."""
    return {
        "id": article.id,
        "feed": article.entry.feed,
        "url": article.url,
        "url_key": url_key(article.url),
        "title": article.title,
        "text": article.text,
        "language": article.language,
        "how": article.how.value,
        "found_at": article.found_at,
        "published": article.published,
        "authors": list(article.authors),
        "problem": article.problem,
        "facts": {name: value for name in _FACTS if (value := getattr(article, name))},
        "content_hash": content_hash,
        "entry": entry_json(article.entry),
        "forgotten": False,
    }


def to_article(row: Row) -> Article:
    """A row of `articles`."""
    return Article(
        id=row["id"],
        entry=to_entry(row["entry"]),
        url=row["url"],
        title=row["title"],
        text=row["text"],
        language=row["language"],
        how=How(row["how"]),
        found_at=row["found_at"],
        published=row["published"],
        authors=tuple(row["authors"]),
        problem=row["problem"],
        **row["facts"],
    )


def without_text(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A stored entry as retention leaves it."""
    return {name: value for name, value in entry.items() if name not in ("summary", "content")}


def item_row(outcome: Outcome) -> dict[str, Any]:
    """Columns of `items`."""
    entry = outcome.entry
    return {
        "feed": outcome.feed,
        "identity": outcome.identity,
        "link": entry.link,
        "url_key": url_key(entry.link),
        "title": entry.title,
        "published": entry.published,
        "content_hash": outcome.content_hash,
        "article": outcome.article or None,
        "fate": outcome.fate.value,
        "reason": outcome.reason,
        "first_seen": outcome.at,
        "changed_at": outcome.at,
    }


def silence_json(verdicts: Iterable[Verdict]) -> list[list[Any]]:
    """What `silences` keeps of the verdicts of topics that found nothing; what they lack only where there is such."""
    return [
        [one.topic, one.score, one.threshold, one.rule, *([_evidence_json(one)] if one.evidence else ())]
        for one in verdicts
    ]


def to_silence(facts: Iterable[Sequence[Any]]) -> list[Verdict]:
    """The verdicts in a row of `silences`."""
    return [
        Verdict(topic, score, threshold, tuple(Evidence(*one) for each in lacking for one in each), rule=rule)
        for topic, score, threshold, rule, *lacking in facts
    ]


def _evidence_json(verdict: Verdict) -> list[list[Any]]:
    return [[one.clause, one.term, one.field, one.position, one.weight] for one in verdict.evidence]


def verdict_rows(article: str, verdicts: Iterable[Verdict], at: datetime) -> list[dict[str, Any]]:
    """Rows of `verdicts`."""
    return [
        {
            "article": article,
            "topic": verdict.topic,
            "score": verdict.score,
            "threshold": verdict.threshold,
            "matched": verdict.matched,
            "at": at,
            "passage": verdict.passage,
            "rule": verdict.rule,
            "evidence": _evidence_json(verdict),
        }
        for verdict in verdicts
    ]


def to_verdict(row: Row) -> Verdict:
    """A row of `verdicts`."""
    return Verdict(
        topic=row["topic"],
        score=row["score"],
        threshold=row["threshold"],
        evidence=tuple(Evidence(*one) for one in row["evidence"]),
        passage=row["passage"],
        rule=row["rule"],
    )


def report_row(article: str, outlet: str, placement: Placement, mark: Fingerprint, at: datetime) -> dict[str, Any]:
    """Columns of `reports`."""
    row = {
        "article": article,
        "story": placement.story,
        "outlet": outlet,
        "copy_of": None,
        "similarity": None,
        "reason": placement.reason,
        "at": at,
        "url_key": mark.url_key,
        "title_key": mark.title_key,
        "signature": mark.signature,
        "words": mark.words,
    }
    match placement:
        case Opens():
            return row | {"placement": "opens"}
        case Joins():
            return row | {"placement": "joins"}
        case Copy(of=of, similarity=similarity):
            return row | {"placement": "copy", "copy_of": of, "similarity": similarity}


def to_placement(row: Row) -> Placement:
    """The placement in a row of `reports`."""
    match row["placement"]:
        case "opens":
            return Opens(row["story"], row["reason"])
        case "joins":
            return Joins(row["story"], row["reason"])
        case _:
            return Copy(row["story"], row["copy_of"], row["similarity"], row["reason"])


def message_row(message: Message) -> dict[str, Any]:
    """The columns of `messages` that the message itself fills."""
    return {name: getattr(message, name) for name in _MESSAGE} | {"slack": list(message.slack)}


def to_message(row: Row) -> Message:
    """The message in a row of `messages`."""
    return Message(**{name: row[name] for name in _MESSAGE} | {"slack": tuple(row["slack"])})
