"""What may be stated of the way to a feed; what else a feed states is checked in `test_feeds`."""

import pytest

from monitor.settings.access import basic_login, cookie, cookie_names, proxy_address, request_headers


@pytest.mark.parametrize(
    "table", [{}, {"X-Key": "a b"}, {"Accept-Language": "uk"}, {"X-Wort": "schön"}, {"X-None": ""}]
)
def test_headers_that_can_be_sent(table: dict[str, str]) -> None:
    assert request_headers(table) is table


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"X Key": "a"}, "'X Key' is no name of a header"),
        ({"X-Key:": "a"}, "is no name of a header"),
        ({"": "a"}, "is no name of a header"),
        ({"Ключ": "a"}, "is no name of a header"),
        ({"X-Key": "s3cret\nX-Other: b"}, "the value of 'X-Key' cannot be sent"),
        ({"X-Key": "s3cret\r"}, "cannot be sent"),
        ({"X-Key": " s3cret"}, "without blanks around it"),
        ({"HOST": "a.example"}, "sets by itself"),
        ({"If-None-Match": "*"}, "sets by itself"),
    ],
)
def test_headers_that_cannot(table: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        request_headers(table)
    assert "s3cret" not in str(caught.value)


def test_logins_and_cookies_and_proxies() -> None:
    assert basic_login("me:pass:word") == "me:pass:word"
    assert cookie("a1=b2") == "a1=b2"
    assert cookie_names({"session-id": "1"}) == {"session-id": "1"}
    assert proxy_address("http://me:word@proxy.example:3128") == "http://me:word@proxy.example:3128"
    for check, wrong in ((basic_login, "nobody"), (cookie, "a;b"), (proxy_address, "https://proxy.example")):
        with pytest.raises(ValueError, match="is no "):
            check(wrong)
    with pytest.raises(ValueError, match="is no name of a cookie"):
        cookie_names({"a b": "1"})
