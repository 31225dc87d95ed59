"""What is switched off comes back as it went in, and messages are held and released for it."""

from datetime import timedelta

from monitor.store import Store, SwitchedOff
from tests.builders import NOW, a_digest, a_message

HOUR = timedelta(hours=1)


def test_what_is_off_keeps_its_moment_and_goes_on_again(store: Store) -> None:
    with store.begin() as shelves:
        shelves.switches.off("mail", {"a@desk.example": "550 unknown", "b@desk.example": "550 too"}, "m1", NOW)
        shelves.switches.off("mail", {"a@desk.example": "551 moved"}, "m2", NOW + HOUR)
        shelves.switches.off("slack", {"": "channel_not_found"}, "m", NOW - HOUR)
    with store.read() as shelves:
        first, *mail = shelves.switches.all()
        assert first == SwitchedOff("slack", "", "channel_not_found", NOW - HOUR, "m")
        assert first.subject == "slack"
        assert mail == shelves.switches.of("mail")
        assert mail[0] == SwitchedOff("mail", "a@desk.example", "551 moved", NOW, "m2")
        assert mail[0].subject == "mail → a@desk.example"
    with store.begin() as shelves:
        shelves.switches.on("mail", ["a@desk.example"])
        assert [one.target for one in shelves.switches.of("mail")] == ["b@desk.example"]


def test_held_messages_wait_however_long_and_are_tried_anew(store: Store) -> None:
    with store.begin() as shelves:
        for number in range(3):
            key = f"daily@{number}"
            shelves.outbox.put(a_message(key=key), a_digest(key=key, stories=()))
        shelves.outbox.hold("daily@0", "550 unknown", sent_parts=0b10)
        assert shelves.outbox.hold_channel(a_message().channel, "off") == 2
        assert shelves.outbox.hold_channel("another", "off") == 0
        assert shelves.outbox.waiting(NOW + 999 * HOUR, 10) == []
        assert shelves.outbox.channels_due(NOW + 999 * HOUR) == []
        assert shelves.outbox.held() == {a_message().channel: 3}
        assert shelves.outbox.release(a_message().channel, NOW + HOUR) == 3
        assert shelves.outbox.channels_due(NOW) == []
        first, *_ = shelves.outbox.waiting(NOW + HOUR, 10, a_message().channel)
        assert (first.sent_parts, first.attempts, first.tried_anew) == (0b10, 0, NOW + HOUR)


def test_a_channel_that_asks_for_patience_gets_it_for_all_its_messages(store: Store) -> None:
    with store.begin() as shelves:
        for number in range(2):
            key = f"daily@{number}"
            shelves.outbox.put(a_message(key=key), a_digest(key=key, stories=()))
        shelves.outbox.postpone("daily@1", NOW + 9 * HOUR, "busy")
        shelves.outbox.hold_off(a_message().channel, NOW + HOUR)
        assert shelves.outbox.waiting(NOW, 10) == []
        assert [one.message.key for one in shelves.outbox.waiting(NOW + HOUR, 10)] == ["daily@0"]


def test_a_notice_is_a_message_without_stories(store: Store) -> None:
    with store.begin() as shelves:
        assert shelves.outbox.put_notice(a_message(key="operator@1", subscription="(operator)"))
        assert not shelves.outbox.put_notice(a_message(key="operator@1", subscription="(operator)"))
        assert [one.message.key for one in shelves.outbox.waiting(NOW, 10)] == ["operator@1"]
