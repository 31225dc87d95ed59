"""Emptying the outbox: receipts, another try, giving up."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

from msgspec.structs import replace

from monitor.digests import OPERATOR
from monitor.errors import DeliveryError
from monitor.jobs.deliver import AT_ONCE, LEAST_TRIES, REST, Delivered, deliver, deliver_one, waiting
from monitor.jobs.digest import compose_due
from monitor.jobs.poll import poll
from monitor.model import DELIVERY_NOTICES, Message, NoticeKind, Receipt
from tests.builders import a_message
from tests.fakes import RecordingChannel
from tests.unit.jobs.conftest import DAILY, MATCHING, Bench


def _with_letter(bench: Bench, publish: Callable[..., None], *failures: DeliveryError) -> RecordingChannel:
    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    poll(bench.tools)
    compose_due(bench.tools)
    channel = RecordingChannel(failures)
    bench.change(channels={"desk": channel})
    return channel


def test_a_message_is_delivered_once(bench: Bench, publish: Callable[..., None]) -> None:
    channel = _with_letter(bench, publish)
    assert len(deliver(bench.tools).receipts) == 1
    assert deliver(bench.tools).receipts == []
    assert len(channel.sent) == 1


def test_messages_are_delivered_one_by_one(bench: Bench, publish: Callable[..., None]) -> None:
    channel = _with_letter(bench, publish, DeliveryError("no route to it"))
    ((name, key),) = waiting(bench.tools)
    assert deliver_one(bench.tools, name, "another") == Delivered()
    assert deliver_one(bench.tools, name, key).postponed == {key: "no route to it"}
    with bench.store.begin() as shelves:
        shelves.outbox.put_notice(a_message(key="second", channel=name, created_at=bench.clock()))
        shelves.outbox.hold_off(name, bench.clock() + REST)
    assert waiting(bench.tools) == []
    assert deliver_one(bench.tools, name, "second") == Delivered()  # it rests with the channel
    bench.clock.forward(minutes=1)
    assert sorted(waiting(bench.tools)) == sorted([(name, key), (name, "second")])
    assert [len(deliver_one(bench.tools, name, one).receipts) for one in (key, key, "second")] == [1, 0, 1]
    assert len(channel.sent) == 2


def test_a_channel_in_trouble_rests_before_its_next_message(bench: Bench, publish: Callable[..., None]) -> None:
    _with_letter(bench, publish, DeliveryError("no route to it"))
    ((name, key),) = waiting(bench.tools)
    with bench.store.begin() as shelves:
        shelves.outbox.put_notice(a_message(key="second", channel=name, created_at=bench.clock()))
    deliver_one(bench.tools, name, key)
    assert deliver_one(bench.tools, name, "second") == Delivered()
    bench.clock.forward(seconds=30)
    assert waiting(bench.tools) == [(name, "second")]


def test_a_temporary_no_is_tried_again_later_and_later(bench: Bench, publish: Callable[..., None]) -> None:
    channel = _with_letter(bench, publish, DeliveryError("busy"), DeliveryError("still busy"))
    assert deliver(bench.tools).postponed
    assert deliver(bench.tools).postponed == {}
    bench.clock.forward(minutes=1)
    assert deliver(bench.tools).postponed
    bench.clock.forward(minutes=1)
    assert deliver(bench.tools).receipts == []
    bench.clock.forward(minutes=1)
    assert len(deliver(bench.tools).receipts) == 1
    assert len(channel.sent) == 1


def test_the_patience_that_was_asked_for_is_given(bench: Bench, publish: Callable[..., None]) -> None:
    _with_letter(bench, publish, DeliveryError("slow down", retry_after=timedelta(minutes=30)))
    deliver(bench.tools)
    bench.clock.forward(minutes=29)
    assert deliver(bench.tools).receipts == []
    bench.clock.forward(minutes=1)
    assert len(deliver(bench.tools).receipts) == 1


def test_endless_patience_is_not_given(bench: Bench, publish: Callable[..., None]) -> None:
    channel = _with_letter(bench, publish, DeliveryError("slow down", retry_after=timedelta.max))
    deliver(bench.tools)
    bench.clock.forward(hours=24)
    assert len(deliver(bench.tools).receipts) == 1
    assert len(channel.sent) == 1


def test_a_bug_met_by_one_message_holds_up_no_other(bench: Bench, publish: Callable[..., None]) -> None:
    class Tripping(RecordingChannel):
        def send(self, message: Message, now: datetime, skip_parts: int = 0) -> Receipt:
            raise ZeroDivisionError("a bug of ours")

    second = replace(DAILY, name="second", channel="other")
    bench.change(subscriptions=(DAILY, second))
    channel = _with_letter(bench, publish)
    bench.change(channels={"desk": Tripping(), "other": channel})
    done = deliver(bench.tools)
    assert [message.channel for message in channel.sent] == ["other"]
    assert "ZeroDivisionError" in next(iter(done.postponed.values()))
    assert deliver(bench.tools).postponed == {}


def test_what_got_through_is_not_sent_again(bench: Bench, publish: Callable[..., None]) -> None:
    channel = _with_letter(bench, publish, DeliveryError("second recipient busy", sent_parts=0b101))
    deliver(bench.tools)
    bench.clock.forward(hours=1)
    deliver(bench.tools)
    assert channel.skipped == [0, 0b101]


def test_a_permanent_no_is_kept_and_not_tried_again(bench: Bench, publish: Callable[..., None]) -> None:
    channel = _with_letter(bench, publish, DeliveryError("no such address", permanent=True))
    assert deliver(bench.tools).refused
    bench.clock.forward(days=1)
    done = deliver(bench.tools)
    assert (done.receipts, done.refused, channel.sent) == ([], {}, [])


def test_after_the_stated_time_it_is_given_up(bench: Bench, publish: Callable[..., None]) -> None:
    _with_letter(bench, publish, *[DeliveryError("down")] * 500)
    for _ in range(80):
        done = deliver(bench.tools)
        if done.refused:
            break
        bench.clock.forward(hours=1)
    assert done.refused
    with bench.store.read() as shelves:
        assert shelves.outbox.waiting(bench.clock() + timedelta(days=9), 10) == []


def test_a_channel_that_is_gone_from_the_configuration_waits(bench: Bench, publish: Callable[..., None]) -> None:
    _with_letter(bench, publish)
    bench.change(channels={})
    assert "no channel 'desk'" in next(iter(deliver(bench.tools).postponed.values()))


def test_what_got_through_before_a_message_was_given_up_is_not_repeated(
    bench: Bench, publish: Callable[..., None]
) -> None:
    channel = _with_letter(bench, publish, DeliveryError("552 too large for one", permanent=True, sent_parts=0b10))
    assert deliver(bench.tools).refused
    with bench.store.begin() as shelves:
        assert shelves.outbox.retry(bench.clock()) == 1
    assert len(deliver(bench.tools).receipts) == 1
    assert channel.skipped == [0, 0b10]


def test_a_retried_message_has_its_whole_time_again(bench: Bench, publish: Callable[..., None]) -> None:
    _with_letter(bench, publish, *[DeliveryError("down")] * (LEAST_TRIES + 2))
    bench.clock.forward(hours=100)
    while not deliver(bench.tools).refused:
        bench.clock.forward(hours=1)
    with bench.store.begin() as shelves:
        shelves.outbox.retry(bench.clock())
    assert deliver(bench.tools).postponed
    bench.clock.forward(hours=1)
    assert deliver(bench.tools).receipts


def test_while_no_other_channel_is_alive_the_operator_stays_untold(bench: Bench, publish: Callable[..., None]) -> None:
    channel = _with_letter(bench, publish, DeliveryError("404", permanent=True, off={"": "404 gone"}))
    assert deliver(bench.tools).switched_off == {"desk": "404 gone"}
    assert deliver(bench.tools).switched_off == {}
    with bench.store.read() as shelves:
        assert [one.words for one in shelves.switches.of("desk")] == ["404 gone"]
        assert len(shelves.notices.untold(DELIVERY_NOTICES)) == 1
    channel.mark = "2"  # its settings have changed
    assert len(deliver(bench.tools).receipts) == 1
    deliver(bench.tools)
    assert [message.subject for message in channel.sent][1:] == ["News-monitor: desk is switched on again"]


def test_the_channel_named_for_the_operator_is_told_first(bench: Bench, publish: Callable[..., None]) -> None:
    _with_letter(bench, publish, DeliveryError("404", permanent=True, off={"": "404 gone"}))
    first, second = RecordingChannel(), RecordingChannel()
    bench.change(
        channels={"desk": bench.tools.channels["desk"], "first": first, "second": second},
        limits=replace(bench.tools.limits, operator=("desk", "second")),
    )
    deliver(bench.tools)
    deliver(bench.tools)
    assert ([message.subject for message in second.sent], first.sent) == (
        ["News-monitor: desk is switched off"],
        [],
    )


def test_where_no_channel_is_well_one_that_reaches_some_of_its_recipients_is_taken(
    bench: Bench, publish: Callable[..., None]
) -> None:
    mail = _with_letter(
        bench, publish, DeliveryError("550 no such user", sent_parts=0b01, off={"b@x": "550 no such user"})
    )
    mail.parts = ("a@x", "b@x")
    deliver(bench.tools)
    assert mail.sent == []
    deliver(bench.tools)
    assert [message.subject for message in mail.sent] == ["News-monitor: desk → b@x is switched off"]
    assert mail.skipped[-1] == 0b10  # and not to whom it is about


def test_what_a_channel_noted_is_handed_to_its_next_attempt(bench: Bench, publish: Callable[..., None]) -> None:
    channel = _with_letter(bench, publish, DeliveryError("second part lost", sent_parts=0b1, memo="17.001"))
    deliver(bench.tools)
    bench.clock.forward(hours=1)
    deliver(bench.tools)
    assert [message.memo for message in channel.sent] == ["17.001"]


def test_who_left_the_subscription_gets_nothing_more_and_the_others_do(
    bench: Bench, publish: Callable[..., None]
) -> None:
    _with_letter(bench, publish)
    channel = RecordingChannel()
    channel.parts = ("a@example.org", "b@example.org")
    bench.change(channels={"desk": channel})
    with bench.store.begin() as shelves:
        shelves.wishes.leave("daily", bench.clock.now, "b@example.org")
    assert len(deliver(bench.tools).receipts) == 1
    assert channel.skipped == [0b10]


def test_when_everybody_left_what_waits_is_settled_unsent(bench: Bench, publish: Callable[..., None]) -> None:
    channel = _with_letter(bench, publish)
    with bench.store.begin() as shelves:
        shelves.wishes.leave("daily", bench.clock.now)
    assert [one.detail for one in deliver(bench.tools).receipts] == ["not sent: everybody unsubscribed"]
    assert channel.sent == []


def test_the_operator_is_told_once_of_hours_without_delivery_and_of_their_end(
    bench: Bench, publish: Callable[..., None]
) -> None:
    channel = _with_letter(bench, publish, *[DeliveryError("421 busy")] * 12)
    other = RecordingChannel()
    bench.change(channels={**bench.tools.channels, "phone": other})

    def live(hours: int) -> list[str]:
        for _ in range(hours * 6):
            bench.clock.forward(minutes=10)
            deliver(bench.tools)
        return [message.text for message in [*other.sent, *channel.sent] if message.subscription == OPERATOR]

    assert live(3) == []
    (told,) = live(3)
    assert told.startswith("desk → outbox could not be delivered for hours (noticed ")
    assert "421 busy" in told
    assert "monitor channels --check" in told
    assert [text.partition(" (")[0] for text in live(24)[1:]] == ["desk → outbox waits for nothing any more"]
    with bench.store.read() as shelves:
        assert shelves.notices.open(DELIVERY_NOTICES) == []


def test_a_channel_that_was_taken_out_is_late_until_its_last_message_is_given_up(
    bench: Bench, publish: Callable[..., None]
) -> None:
    _with_letter(bench, publish)
    bench.change(channels={"phone": RecordingChannel()})
    seen = []
    for _ in range(8):
        for _ in range(10):
            bench.clock.forward(hours=1)
            deliver(bench.tools)
        with bench.store.read() as shelves:
            seen.append({notice.kind for notice in shelves.notices.open(DELIVERY_NOTICES)})
    assert (seen[0], seen[-1]) == ({NoticeKind.LATE}, {NoticeKind.GIVEN_UP})


def test_a_channel_with_many_messages_keeps_none_of_another_from_being_asked_for(bench: Bench) -> None:
    with bench.store.begin() as shelves:
        for number in range(AT_ONCE + 1):
            shelves.outbox.put_notice(a_message(key=f"{number:03}", channel="desk", created_at=bench.clock()))
        later = bench.clock.forward(seconds=1)
        shelves.outbox.put_notice(a_message(key="last", channel="mail", created_at=later))
    due = waiting(bench.tools)
    assert due[:2] == [("desk", "000"), ("desk", "001")]
    assert due[AT_ONCE:] == [("mail", "last")]


def test_a_message_is_not_given_up_at_the_first_tries_after_a_long_sleep(
    bench: Bench, publish: Callable[..., None]
) -> None:
    channel = _with_letter(bench, publish, *[DeliveryError("network is unreachable")] * LEAST_TRIES)
    bench.clock.forward(days=30)
    for _ in range(LEAST_TRIES):
        assert deliver(bench.tools).postponed
        bench.clock.forward(hours=1)
    assert len(deliver(bench.tools).receipts) == len(channel.sent) == 1


def test_what_may_have_arrived_is_repeated_a_few_times_only(bench: Bench, publish: Callable[..., None]) -> None:
    channel = _with_letter(bench, publish, *[DeliveryError("no answer", perhaps=True)] * 80)
    tries = []
    for _ in range(90 * 12):
        bench.clock.forward(minutes=5)
        before = len(channel.skipped)
        deliver(bench.tools)
        tries += [bench.clock()] * (len(channel.skipped) - before)
    assert [round((later - one) / timedelta(hours=1), 1) for one, later in pairwise(tries)] == [
        0.2,
        1.0,
        6.0,
        24.0,
        24.0,
        24.0,
    ]
