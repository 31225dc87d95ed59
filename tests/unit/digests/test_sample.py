"""The sample: it renders like any digest, says that it is a test, and belongs to nobody."""

import json
from datetime import timedelta

from monitor.digests import Renderer, make_environment
from monitor.digests.sample import sample
from tests.builders import NOW


def test_it_renders_for_every_kind_of_channel_and_says_what_it_is() -> None:
    message = Renderer(make_environment()).render(sample("desk", NOW), NOW)
    assert (message.channel, message.subscription) == ("desk", "test")
    assert message.subject == "Test of desk, Mon 23 Nov: 1 story — Test"
    for text in (message.text, message.html, " ".join(message.slack), message.data):
        assert "This is a test: no news, and nothing to do" in text
    assert json.loads(message.data)["stories"][0]["extract"].startswith("Whoever can read this")


def test_each_moment_has_its_own_key() -> None:
    keys = {sample("desk", NOW + timedelta(seconds=seconds)).key for seconds in range(3)}
    assert keys == {"test@2026-11-23T06:00:00Z", "test@2026-11-23T06:00:01Z", "test@2026-11-23T06:00:02Z"}
