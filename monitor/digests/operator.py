"""What the operator is told of channels and backups: a plain message of its own, with what began, is over or goes on.

Pure. It tells of no story and uses no template: it must get through when all of that is broken.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from html import escape as html_escape

from monitor.digests.coverage import OVER
from monitor.digests.slack import escape
from monitor.digests.wording import clean
from monitor.links import short_hash
from monitor.model import Message, Notice, NoticeKind

OPERATOR = "(operator)"  # what stands in the place of a subscription; none can be called so
_LISTED = 20
_WORDS = 300
_BEGUN = {
    NoticeKind.NO_BACKUP: "cannot be made",
    NoticeKind.OFF: "is switched off",
    NoticeKind.LATE: "could not be delivered for hours",
    NoticeKind.GIVEN_UP: "was given up",
    NoticeKind.LITTLE_ROOM: "is nearly full",
    NoticeKind.NO_EVIDENCE: "cannot be kept",
    NoticeKind.NOT_COMPOSED: "cannot be composed",
}
_NEWS = {
    NoticeKind.NO_BACKUP: "{subject} {words} (first on {at}). It is tried again every hour; `monitor backup` makes one"
    " at once.",
    NoticeKind.OFF: "{subject} is switched off since {at}: {words}. What it should get is kept and waits. Mend it: when"
    " its settings change it is tried again by itself; otherwise run `monitor channels on {channel}`.",
    NoticeKind.LATE: "{subject} could not be delivered for hours (noticed {at}): {words}. What waits is tried again at"
    " least once an hour, and kept when it is given up; `monitor channels --check` says whether {channel} answers now.",
    NoticeKind.LITTLE_ROOM: "{subject} is nearly full: {words} (noticed {at}). When it is full, nothing new can be kept"
    " or sent. Make room: docs/operating.md says what grows and what makes it smaller.",
    NoticeKind.NO_EVIDENCE: "{subject} cannot be kept (first on {at}): {words}. What matches meanwhile is kept and"
    " told, without proof. See to the folder and its disk; `monitor evidence verify` looks through all of it.",
    NoticeKind.NOT_COMPOSED: "{subject} cannot be composed (first on {at}): {words}. This is a mistake in the program:"
    " please report it, with the log. It is tried again every minute; nothing of it is lost.",
    NoticeKind.GIVEN_UP: "{subject} was given up on {at}: {words}. It is kept; `monitor digest retry {target}` tries it"
    " again.",
}


def operator_message(
    news: Sequence[Notice], going_on: Sequence[Notice], *, channel: str, domain: str, now: datetime
) -> Message:
    """The message to `channel`: `news` (never empty) and, where there is more, all that `going_on`."""
    lines = [_news(notice) for notice in news[:_LISTED]]
    lines += [f"… and {len(news) - _LISTED} more; `monitor channels` shows all."] if len(news) > _LISTED else []
    begun = {(notice.kind, notice.subject) for notice in news}
    earlier = [notice for notice in going_on if (notice.kind, notice.subject) not in begun]
    still = [f"{clean(one.subject, 120)}: {one.kind.value} since {_moment(one.opened_at)}" for one in earlier[:_LISTED]]
    first = news[0]
    subject = clean(f"News-monitor: {clean(first.subject, 100)} {_what(first)}", 160)
    subject += f" and {len(news) - 1} more" if len(news) > 1 else ""
    paragraphs = [*lines, *(["Still so: " + "; ".join(still) + "."] if still else [])]
    key = f"operator@{now:%Y-%m-%dT%H:%M:%S.%fZ}"
    return Message(
        key=key,
        subscription=OPERATOR,
        channel=channel,
        message_id=f"<{short_hash(key)}@{domain}>",
        list_id=f"<operator.{domain}>",
        subject=subject,
        text="\n\n".join(paragraphs) + "\n",
        html=_html(subject, paragraphs),
        slack=(_slack(subject, paragraphs),),
        created_at=now,
        data=_document(key, subject, news, now),
    )


def _what(notice: Notice) -> str:
    return (OVER if notice.closed_at else _BEGUN)[notice.kind]


def _news(notice: Notice) -> str:
    subject = clean(notice.subject, 120)
    if notice.closed_at:
        return f"{subject} {_what(notice)} ({_moment(notice.closed_at)})."
    channel, _, target = notice.subject.partition(" → ")
    words, at = clean(notice.words, _WORDS), _moment(notice.opened_at)
    return _NEWS[notice.kind].format(subject=subject, words=words, at=at, channel=channel, target=target)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _html(subject: str, paragraphs: Sequence[str]) -> str:
    body = "".join(f"<p>{html_escape(each)}</p>" for each in paragraphs)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
        f"<title>{html_escape(subject)}</title></head>"
        f'<body style="font-family: sans-serif; max-width: 640px; line-height: 1.5">{body}</body></html>'
    )


def _slack(subject: str, paragraphs: Sequence[str]) -> str:
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": escape(each, 2_900), "verbatim": True}}
        for each in paragraphs
    ]
    return json.dumps({"text": escape(subject, 300), "blocks": blocks}, ensure_ascii=False)


def _document(key: str, subject: str, news: Sequence[Notice], now: datetime) -> str:
    facts = {
        "version": 1,
        "key": key,
        "subscription": None,
        "composed_at": now.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "subject": subject,
        "stories": [],
        "operator": [
            {
                "kind": notice.kind.name.lower(),
                "subject": notice.subject,
                "words": notice.words,
                "over": notice.closed_at is not None,
            }
            for notice in news
        ],
    }
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
