"""Which addresses may be connected to, and who may be told what is private."""

import pytest

from monitor.addresses import ForbiddenAddressError, Guard, same_site


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("127.0.0.1", "loopback"),
        ("127.255.255.254", "loopback"),
        ("0.0.0.0", "unspecified"),
        ("10.1.2.3", "private"),
        ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("192.168.1.1", "private"),
        ("100.64.0.1", "CGNAT"),
        ("100.127.255.255", "CGNAT"),
        ("169.254.1.1", "link-local"),
        ("169.254.169.254", "metadata"),
        ("100.100.100.200", "metadata"),
        ("168.63.129.16", "metadata"),
        ("192.0.0.192", "metadata"),
        ("fd00:ec2::254", "metadata"),
        ("192.0.2.1", "documentation"),
        ("198.18.0.1", "benchmarks"),
        ("192.88.99.1", "6to4"),
        ("224.0.0.1", "multicast"),
        ("239.255.255.250", "multicast"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "reserved"),
        ("::", "unspecified"),
        ("::1", "loopback"),
        ("::ffff:8.8.8.8", "IPv4-mapped"),
        ("::127.0.0.1", "IPv4-compatible"),
        ("64:ff9b::8.8.8.8", "NAT64"),
        ("64:ff9b:1::1", "NAT64"),
        ("2002:7f00:1::", "6to4"),
        ("2001:0:4136:e378::", "reserved"),
        ("2001:db8::1", "documentation"),
        ("fc00::1", "unique local"),
        ("fd12:3456::1", "unique local"),
        ("fe80::1", "link-local"),
        ("fe80::1%eth0", "link-local"),
        ("fec0::1", "site-local"),
        ("ff02::1", "multicast"),
        ("localhost", "no IP address"),
    ],
)
def test_what_is_not_public_is_refused(address: str, words: str) -> None:
    assert words in Guard().objection(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "100.63.255.255", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"])
def test_public_addresses_pass(address: str) -> None:
    assert Guard().objection(address) == ""


def test_allowed_networks_pass_and_no_others() -> None:
    guard = Guard(["10.0.0.0/8", "::1/128"])
    assert guard.objection("10.9.9.9") == ""
    assert guard.objection("::1") == ""
    assert guard.objection("::ffff:10.9.9.9")
    assert guard.objection("192.168.0.1")


def test_behind_nat64_the_address_inside_is_judged() -> None:
    guard = Guard(["64:ff9b::/96"])
    assert guard.objection("64:ff9b::8.8.8.8") == ""
    assert "metadata" in guard.objection("64:ff9b::169.254.169.254")
    assert "loopback" in guard.objection("64:ff9b::127.0.0.1")


def test_a_demand_names_the_address_and_what_it_is() -> None:
    Guard(["127.0.0.0/8"]).demand("127.0.0.1")
    with pytest.raises(ForbiddenAddressError, match=r"10\.0\.0\.1 is a private address"):
        Guard().demand("10.0.0.1")


@pytest.mark.parametrize(
    ("here", "there", "same"),
    [
        ("https://one.test/a", "https://one.test/b?c=d", True),
        ("https://one.test/", "https://ONE.test:443/", True),
        ("http://one.test/", "https://one.test/", True),
        ("https://one.test/", "http://one.test/", False),
        ("http://one.test:8080/", "https://one.test/", False),
        ("http://one.test/", "http://one.test:8080/", False),
        ("https://one.test/", "https://www.one.test/", False),
        ("https://one.test/", "https://one.test.evil.test/", False),
        ("https://one.test/", "https://one.test@evil.test/", False),
        ("https://one.test/", "https://one.test:99999/", False),
        ("https://one.test/", "//one.test/", False),
        ("https://[::1]/", "https://[::1]/x", True),
        ("https:///a", "https:///b", False),
    ],
)
def test_who_may_be_told_what_is_private(here: str, there: str, same: bool) -> None:
    assert same_site(here, there) is same
