"""Pages that a shield sends in the place of what was asked for, with a refusal or without; known by their HTML."""

import re

MOST = 32_768
"""Characters. What a shield sends is short; a longer page may well hold a captcha for its letter box."""

_SIGNS = tuple(
    (re.compile(signs, re.IGNORECASE), name)
    for signs, name in (
        (r"_cf_chl_opt|cf-chl-|chl_page|cf-browser-verification|<title>\s*just a moment", "Cloudflare challenge"),
        (r"cf-error-details|<title>\s*attention required!", "Cloudflare block"),
        (r"ddos-guard", "DDoS-Guard challenge"),
        (r"_incapsula_resource|incapsula incident", "Imperva challenge"),
        (r"captcha-delivery\.com", "DataDome challenge"),
        (r"px-captcha|perimeterx", "PerimeterX challenge"),
        (r"anubis_challenge|/\.within\.website/x/", "Anubis challenge"),
        (r"<title>\s*vercel security checkpoint", "Vercel challenge"),
        (r"errors\.edgesuite\.net", "Akamai block"),
        (r"(?:g-recaptcha|h-captcha|cf-turnstile|awswaf-captcha)\b|hcaptcha\.com/", "captcha"),
    )
)


def shield(page: str) -> str:
    """Which bot wall the HTML of a page is, in words; "" where no sign of one is in its first `MOST` characters."""
    page = page[:MOST]
    return next((says for signs, says in _SIGNS if signs.search(page)), "")


def shield_alone(page: str) -> str:
    """As `shield`, of a page that came as if it were what was asked for: one that is longer than `MOST` is none."""
    return shield(page) if len(page) <= MOST else ""
