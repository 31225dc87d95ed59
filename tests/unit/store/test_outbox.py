"""Messages, windows, told marks, receipts."""

from datetime import timedelta

from monitor.model import Receipt, Window
from monitor.store import Refused, Store, Waiting
from tests.builders import NOW, a_digest, a_message, a_story, a_subscription

KEY = "daily@2026-11-23T08:00"
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def test_a_message_waits_exactly_as_it_was_put(store: Store) -> None:
    message = a_message(slack=('{"text": "«Дрони»"}', "{}"))
    with store.begin() as shelves:
        assert shelves.outbox.put(message, a_digest())
    with store.read() as shelves:
        assert shelves.outbox.waiting(NOW, 10) == [Waiting(message, 0, NOW)]
        assert shelves.outbox.waiting(NOW - MINUTE, 10) == []
        assert shelves.outbox.counts() == {"waiting": 1, "delivered": 0, "refused": 0, "held": 0}


def test_the_same_key_is_put_once(store: Store) -> None:
    with store.begin() as shelves:
        assert shelves.outbox.put(a_message(), a_digest(stories=()))
    with store.begin() as shelves:
        assert not shelves.outbox.put(a_message(subject="another"), a_digest(stories=(a_story(),)))
        assert not shelves.outbox.record_empty(a_digest())
        assert [one.message.subject for one in shelves.outbox.waiting(NOW, 10)] == [a_message().subject]
        assert shelves.outbox.told(a_story().id) == []


def test_windows_first_and_last_of_each_subscription(store: Store) -> None:
    windows = [Window(NOW + number * DAY, NOW + (number + 1) * DAY) for number in range(3)]
    with store.begin() as shelves:
        for number, window in enumerate(windows):
            assert shelves.outbox.record_empty(a_digest(key=f"daily@{number}", window=window))
        other = a_digest(key="weekly@1", window=Window(NOW, NOW + 9 * DAY), subscription=a_subscription(name="weekly"))
        shelves.outbox.put(a_message(key="weekly@1", subscription="weekly"), other)
    with store.read() as shelves:
        assert shelves.outbox.last_window("daily", NOW + 9 * DAY) == windows[-1]
        assert shelves.outbox.first_window("daily", NOW + 9 * DAY) == windows[0]
        assert shelves.outbox.last_window("weekly", NOW + 9 * DAY) == other.window
        assert shelves.outbox.last_window("monthly", NOW + 9 * DAY) is None
        assert shelves.outbox.last_window("daily", NOW + 2 * DAY) == windows[1]
        assert [one.message.key for one in shelves.outbox.waiting(NOW, 10)] == ["weekly@1"]


def test_waiting_messages_the_oldest_first(store: Store) -> None:
    with store.begin() as shelves:
        for number in (2, 0, 1):
            key = f"daily@{number}"
            message = a_message(key=key, created_at=NOW + number * MINUTE)
            shelves.outbox.put(message, a_digest(key=key, stories=()))
        waiting = shelves.outbox.waiting(NOW + DAY, 2)
    assert [one.message.key for one in waiting] == ["daily@0", "daily@1"]


def test_a_try_put_off_while_the_clock_was_ahead_is_due(store: Store) -> None:
    with store.begin() as shelves:
        shelves.outbox.put(a_message(), a_digest())
        shelves.outbox.postpone(a_message().key, NOW + 365 * DAY, "451 later")
        assert shelves.outbox.channels_due(NOW) == [a_message().channel]
        assert [one.message.key for one in shelves.outbox.waiting(NOW, 10)] == [a_message().key]
        shelves.outbox.postpone(a_message().key, NOW + DAY, "451 later")
        assert shelves.outbox.channels_due(NOW) == []
        assert shelves.outbox.waiting(NOW, 10) == []


def test_a_failed_attempt_is_tried_again_with_what_got_through(store: Store) -> None:
    parts = 1 << 80 | 1  # a mail to many
    with store.begin() as shelves:
        shelves.outbox.put(a_message(), a_digest())
        shelves.outbox.postpone(KEY, NOW + MINUTE, "no connection")
        shelves.outbox.postpone(KEY, NOW + 2 * MINUTE, "busy", sent_parts=parts)
        assert shelves.outbox.waiting(NOW + MINUTE, 10) == []
        waiting = shelves.outbox.waiting(NOW + 2 * MINUTE, 10)
    assert waiting == [Waiting(a_message(), 2, NOW + 2 * MINUTE, parts, "busy")]


def test_a_receipt_ends_the_waiting_for_good(store: Store) -> None:
    receipt = Receipt(KEY, NOW + MINUTE, "250 ok")
    with store.begin() as shelves:
        shelves.outbox.put(a_message(), a_digest())
        shelves.outbox.delivered(receipt)
        shelves.outbox.postpone(KEY, NOW, "late trouble")
        shelves.outbox.delivered(Receipt(KEY, NOW + DAY, "again"))
        assert shelves.outbox.waiting(NOW + DAY, 10) == []
        assert shelves.outbox.receipts() == [receipt]
        assert shelves.outbox.receipts("daily") == [receipt]
        assert shelves.outbox.receipts("weekly") == []
        assert shelves.outbox.counts() == {"waiting": 0, "delivered": 1, "refused": 0, "held": 0}


def test_a_permanent_no_is_kept_and_visible(store: Store) -> None:
    with store.begin() as shelves:
        shelves.outbox.put(a_message(), a_digest())
        shelves.outbox.refuse(KEY, "no such address", NOW + MINUTE)
        assert shelves.outbox.waiting(NOW + DAY, 10) == []
        assert shelves.outbox.refused() == [Refused(a_message(), NOW + MINUTE, "no such address")]
        assert shelves.outbox.counts()["refused"] == 1


def test_what_was_given_up_may_be_tried_again(store: Store) -> None:
    with store.begin() as shelves:
        for number in range(2):
            key = f"daily@{number}"
            shelves.outbox.put(a_message(key=key), a_digest(key=key, stories=()))
            shelves.outbox.postpone(key, NOW, "one of two refused", sent_parts=2)
            shelves.outbox.refuse(key, "no such address", NOW + MINUTE)
        assert shelves.outbox.retry(NOW + DAY, "daily@1") == 1
        (letter,) = shelves.outbox.waiting(NOW + DAY, 10)
        assert (letter.message.key, letter.attempts, letter.sent_parts) == ("daily@1", 0, 2)
        assert shelves.outbox.retry(NOW + DAY) == 1
        assert shelves.outbox.retry(NOW + DAY) == 0


def test_receipts_the_newest_first(store: Store) -> None:
    with store.begin() as shelves:
        for number in range(3):
            key = f"daily@{number}"
            shelves.outbox.put(a_message(key=key), a_digest(key=key, stories=()))
            shelves.outbox.delivered(Receipt(key, NOW + number * MINUTE))
        assert [one.key for one in shelves.outbox.receipts(limit=2)] == ["daily@2", "daily@1"]
