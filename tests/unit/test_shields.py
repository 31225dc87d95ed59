"""Pages of shields are known by their signs, and other pages are not taken for them."""

import pytest

from monitor.shields import MOST, shield, shield_alone


@pytest.mark.parametrize(
    ("page", "wall"),
    [
        ("<title>Just a moment...</title><script>window._cf_chl_opt={}</script>", "Cloudflare challenge"),
        ("<title>Attention Required! | Cloudflare</title>", "Cloudflare block"),
        ('<iframe src="/_Incapsula_Resource?x=1">', "Imperva challenge"),
        ('<div id="px-captcha">', "PerimeterX challenge"),
        ('<script src="https://ct.captcha-delivery.com/c.js">', "DataDome challenge"),
        ('<script id="anubis_challenge" type="application/json">', "Anubis challenge"),
        ('<link href="/.within.website/x/xess/xess.min.css">', "Anubis challenge"),
        ("<title>Vercel Security Checkpoint</title>", "Vercel challenge"),
        ('<div class="g-recaptcha" data-sitekey="k">', "captcha"),
        ('<div class="h-captcha">', "captcha"),
        ("<p>Reference #18 https://errors.edgesuite.net/18</p>", "Akamai block"),
        ('<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script><h1>Forbidden</h1>', ""),
        ("<h1>403 Forbidden</h1><hr>nginx", ""),
        ("", ""),
    ],
)
def test_signs(page: str, wall: str) -> None:
    assert shield(page) == wall


def test_only_the_beginning_is_looked_at() -> None:
    assert shield(" " * MOST + '<div class="h-captcha">') == ""


def test_a_long_page_with_a_sign_is_no_shield_alone() -> None:
    box = '<div class="h-captcha">'
    assert shield_alone(box) == "captcha"
    assert shield_alone(box + " " * MOST) == ""
