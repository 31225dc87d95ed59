"""What the operator is told of channels: readable everywhere, within every limit."""

import email
import json
from datetime import timedelta

from msgspec.structs import replace

from monitor.channels.email import address
from monitor.channels.mime import mail
from monitor.digests.operator import operator_message
from monitor.model import Message, Notice, NoticeKind
from tests.builders import NOW
from tests.mailserver import STRICT
from tests.slack_limits import violations

OFF = Notice(NoticeKind.OFF, "mail → a@desk.example", "550 5.1.1 <a@desk.example>: no such user", NOW)
GIVEN_UP = Notice(NoticeKind.GIVEN_UP, "slack → daily@2026-11-23T08:00", "Slack answered 503", NOW)


def told(*news: Notice, going_on: tuple[Notice, ...] = ()) -> Message:
    return operator_message(news, going_on, channel="desk", domain="news.example", now=NOW)


def test_it_names_what_is_off_and_the_way_back() -> None:
    message = told(OFF)
    assert message.subject == "News-monitor: mail → a@desk.example is switched off"
    assert "550 5.1.1 <a@desk.example>: no such user" in message.text
    assert "monitor channels on mail" in message.text
    assert "&lt;a@desk.example&gt;" in message.html
    assert json.loads(message.data)["operator"][0]["kind"] == "off"


def test_given_up_over_and_still_so() -> None:
    over = Notice(NoticeKind.OFF, "hook", "410", NOW - timedelta(days=1), NOW)
    message = told(GIVEN_UP, over, going_on=(OFF, GIVEN_UP))
    assert message.subject.endswith("was given up and 1 more")
    assert "monitor digest retry daily@2026-11-23T08:00" in message.text
    assert "hook is switched on again" in message.text
    assert "Still so: mail → a@desk.example: switched off since 2026-11-23 06:00 UTC." in message.text


def test_backups_that_cannot_be_made() -> None:
    begun = Notice(NoticeKind.NO_BACKUP, "Backups", "cannot be made: /mnt/copies: Permission denied", NOW)
    assert told(begun).text == (
        "Backups cannot be made: /mnt/copies: Permission denied (first on 2026-11-23 06:00 UTC). It is tried again"
        " every hour; `monitor backup` makes one at once.\n"
    )
    over = told(replace(begun, closed_at=NOW))
    assert over.text == "Backups are in order again (2026-11-23 06:00 UTC).\n"
    assert "Still so: Backups: no backup since" in told(OFF, going_on=(OFF, begun)).text


def test_a_digest_that_cannot_be_composed() -> None:
    begun = Notice(NoticeKind.NOT_COMPOSED, "Digest daily", "KeyError: 'x'", NOW)
    assert told(begun).subject == "News-monitor: Digest daily cannot be composed"
    assert "please report it, with the log" in told(begun).text
    assert told(replace(begun, closed_at=NOW)).text == "Digest daily is composed again (2026-11-23 06:00 UTC).\n"


def test_a_disk_that_runs_full() -> None:
    begun = Notice(NoticeKind.LITTLE_ROOM, "The disk", "less than 500 MB are free at /srv/archive", NOW)
    assert told(begun).subject == "News-monitor: The disk is nearly full"
    assert "less than 500 MB are free at /srv/archive (noticed 2026-11-23 06:00 UTC)" in told(begun).text
    assert told(replace(begun, closed_at=NOW)).text == "The disk has room again (2026-11-23 06:00 UTC).\n"


def test_evidence_that_cannot_be_kept() -> None:
    begun = Notice(NoticeKind.NO_EVIDENCE, "Evidence", "evidence/2026-11-23.warc.gz could not be written: x", NOW)
    assert told(begun).subject == "News-monitor: Evidence cannot be kept"
    assert "2026-11-23.warc.gz could not be written: x. What matches meanwhile is kept and told" in told(begun).text
    assert told(replace(begun, closed_at=NOW)).text == "Evidence is kept again (2026-11-23 06:00 UTC).\n"


def test_hours_without_delivery() -> None:
    begun = Notice(NoticeKind.LATE, "mail → outbox", "mail server smtp.example.org refused the mail: 421 busy", NOW)
    assert told(begun).text == (
        "mail → outbox could not be delivered for hours (noticed 2026-11-23 06:00 UTC): mail server smtp.example.org"
        " refused the mail: 421 busy. What waits is tried again at least once an hour, and kept when it is given up;"
        " `monitor channels --check` says whether mail answers now.\n"
    )
    over = told(replace(begun, closed_at=NOW))
    assert over.text == "mail → outbox waits for nothing any more (2026-11-23 06:00 UTC).\n"


def test_many_and_long_ones_stay_within_every_limit() -> None:
    words = "<!channel> & \r\nBcc: x@example.org " * 200
    many = [Notice(NoticeKind.OFF, f"mail → {number}@desk.example", words, NOW) for number in range(300)]
    message = told(*many, going_on=tuple(many))
    (payload,) = message.slack
    assert violations(json.loads(payload)) == []
    assert "<!" not in payload
    letter = email.message_from_bytes(mail(message, address("news@example.org")).as_bytes(), policy=STRICT)
    assert "Bcc" not in letter
