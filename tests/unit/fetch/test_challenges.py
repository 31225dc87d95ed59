"""Refusals that are bot walls are told by their headers or their page, and no other refusal is."""

import gzip
import time

import pytest

from monitor.fetch import Fetcher
from monitor.fetch.challenges import of_headers
from monitor.model import Failed, Failure, Request
from tests.newsserver import Answer, NewsServer

HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGE = b"<html><head><title>Just a moment...</title></head><body><script>window._cf_chl_opt={}</script></body></html>"


def refused(fetcher: Fetcher, server: NewsServer, answer: Answer) -> Failed:
    server.put("/a", answer)
    visit = fetcher.visit(Request(server.url("/a"), "page", "courier"))
    assert isinstance(visit, Failed)
    return visit


@pytest.mark.parametrize(
    ("name", "value", "wall"),
    [
        ("cf-mitigated", "challenge", "Cloudflare challenge"),
        ("x-amzn-waf-action", "captcha", "captcha of AWS WAF"),
        ("x-datadome", "protected", "DataDome challenge"),
        ("server", "ddos-guard", "DDoS-Guard challenge"),
        ("server", "nginx", ""),
        ("cf-mitigated", "none", ""),
    ],
)
def test_headers(name: str, value: str, wall: str) -> None:
    assert of_headers({name: value}) == wall


@pytest.mark.parametrize("status", [403, 429, 503])
@pytest.mark.parametrize("packed", [False, True])
def test_a_wall_is_named_with_its_status(server: NewsServer, fetcher: Fetcher, status: int, packed: bool) -> None:
    body, more = (gzip.compress(PAGE), {"Content-Encoding": "gzip"}) if packed else (PAGE, {})
    visit = refused(fetcher, server, Answer(status, body, HTML | more | {"Retry-After": "60"}))
    assert (visit.failure, visit.status) == (Failure.WALL, status)
    assert str(visit).startswith(f"bot wall: Cloudflare challenge (HTTP {status} ")


@pytest.mark.parametrize(
    "answer",
    [
        Answer(403, b"<h1>Forbidden</h1>", HTML),
        Answer(404, PAGE, HTML),
        Answer(403, b'{"error": "px-captcha"}', {"Content-Type": "application/json"}),
        Answer(403, b"not gzip", HTML | {"Content-Encoding": "gzip"}),
        Answer(403, b"x", HTML | {"Content-Encoding": "rot13"}),
        Answer(403, b"x" * 1000, HTML, repeat=3_000),
        Answer(403, PAGE, HTML, cut_after=0),
    ],
)
def test_any_other_refusal_stays_one(server: NewsServer, fetcher: Fetcher, answer: Answer) -> None:
    visit = refused(fetcher, server, answer)
    assert (visit.failure, visit.status) == (Failure.STATUS, answer.status)


def test_a_page_that_drips_is_not_waited_for(server: NewsServer, fetcher: Fetcher) -> None:
    started = time.monotonic()
    visit = refused(fetcher, server, Answer(403, b"x" * 200, HTML, drip=0.2))
    assert visit.failure is Failure.STATUS
    assert time.monotonic() - started < 6
