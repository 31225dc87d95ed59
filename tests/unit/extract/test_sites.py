"""Which addresses are of one site, and which only end alike."""

import pytest

from monitor.extract.sites import one_site


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://courier.example/a", "https://www.courier.example/b"),
        ("https://amp.courier.example/a", "https://news.courier.example/a"),
        ("https://ridge.com.ua/a", "https://news.ridge.com.ua/a"),
        ("https://ridge.co.uk/a", "http://m.ridge.co.uk/a"),
        ("https://ridge.kyiv.ua/a", "https://amp.ridge.kyiv.ua/a"),
        ("http://127.0.0.1:8000/a", "http://127.0.0.1:9000/a"),
        ("https://ridge.wordpress.com/a", "https://ridge.wordpress.com/b"),
    ],
)
def test_one_site(one: str, other: str) -> None:
    assert one_site(one, other)
    assert one_site(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *((f"https://ridge.{ending}/a", f"https://valley.{ending}/a") for ending in (
            "com.ua gov.ua kyiv.ua lviv.ua in.ua com.pl gov.pl com.tr co.uk org.uk com.br blogspot.com github.io"
            " wordpress.com substack.com medium.com example"
        ).split()),
        ("https://ridge.com.ua/a", "https://com.ua/a"),
        ("https://ridge.wordpress.com/a", "https://wordpress.com/a"),
        ("http://10.0.0.1/a", "http://10.1.0.1/a"),
        ("https://courier.example/a", "https://courier.test/a"),
        ("http://[courier/a", "https://courier.example/a"),
        ("", ""),
    ],
)  # fmt: skip
def test_other_sites(one: str, other: str) -> None:
    assert not one_site(one, other)
    assert not one_site(other, one)
