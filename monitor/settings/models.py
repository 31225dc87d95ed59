"""The tables of monitor.toml, feeds.toml and subscriptions.toml: their keys, types, limits and defaults."""

import re
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo, field_validator, model_validator

from monitor.addresses import is_loopback
from monitor.codes import country_hint, is_country, is_language, language_hint
from monitor.fetch import FetchOptions
from monitor.options import Options, Secret, Spoken
from monitor.settings.access import basic_login, cookie, cookie_names, proxy_address, request_headers
from monitor.sources.page import compiled

DAY = 24 * 60  # minutes
MONTH = 31 * DAY


def _slug(text: str) -> str:
    if text and text.isascii() and text == text.lower() and text.replace("-", "").isalnum() and text[0].isalnum():
        return text
    raise ValueError("a name has small letters a-z, digits and hyphens only")


Slug = Annotated[str, StringConstraints(max_length=64), AfterValidator(_slug)]


def _domain(text: str) -> str:
    labels = text.split(".")
    if len(text) <= 253 and all(label.replace("-", "").isalnum() and label.isascii() for label in labels):
        return text
    raise ValueError("is no domain name; write one such as 'news.example.org'")


def _feed_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(character.isspace() for character in text):
        raise ValueError("is no web address; it starts with https:// or http://")
    if not text.isprintable():  # as copied from a page
        raise ValueError("holds a character that cannot be seen, shown here as \\u…; remove it")
    return text


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from error
    return text


def _selector(text: str) -> str:
    if text:
        compiled(text)
    return text


def _template_name(text: str) -> str:
    if text and Path(text).name == text and not text.startswith("."):
        return text
    raise ValueError("a template's name has no folder in it")


class ArchiveOptions(Options):
    """[archive]: where everything is kept."""

    folder: str = Field(default="../archive", min_length=1)
    url: str = ""


class PollOptions(Options):
    """[poll]: how often to look which feeds are due, between which limits that is learned, and how much to take."""

    tick_seconds: int = Field(default=60, ge=5, le=3600)
    interval_minutes: int = Field(default=30, ge=1, le=MONTH)
    interval_min_minutes: int = Field(default=10, ge=1, le=DAY)
    interval_max_minutes: int = Field(default=120, ge=1, le=DAY, validate_default=True)
    canaries: Annotated[tuple[Annotated[str, AfterValidator(_feed_url)], ...], Field(strict=False)] = (
        "https://www.iana.org/",
        "https://www.wikipedia.org/",
        "https://www.debian.org/",
    )
    pages: Literal["likely", "always", "never"] = "likely"
    pages_per_visit: int = Field(default=40, ge=1, le=1000)

    @field_validator("interval_max_minutes")
    @classmethod
    def _not_below_the_least(cls, most: int, info: ValidationInfo) -> int:
        least = info.data.get("interval_min_minutes", 1)
        if most < least:
            raise ValueError(f"is less than interval_min_minutes ({least}); write {least} or more")
        return most

    @property
    def every(self) -> timedelta:
        """From one round to the next."""
        return timedelta(seconds=self.tick_seconds)


class ExtractOptions(Options):
    """[extract]: reading article pages."""

    workers: int = Field(default=2, ge=0, le=64)


_UNITS = {"m": 60, "h": 3600, "d": 86_400}  # seconds


def _span(text: str) -> str:
    if re.fullmatch(r"[1-9]\d{0,3}[mhd]", text) and 600 <= int(text[:-1]) * _UNITS[text[-1]] <= 366 * 86_400:
        return text
    raise ValueError("is no span of time from 10m to 366d; write a number and m, h or d, such as '6h'")


class ArticlesOptions(Options):
    """[articles]: what is done with articles that match."""

    refetch: Annotated[tuple[Annotated[str, AfterValidator(_span)], ...], Field(strict=False, max_length=20)] = (
        "1h",
        "6h",
        "24h",
        "7d",
    )

    @property
    def spans(self) -> tuple[timedelta, ...]:
        """In order, each once."""
        return tuple(sorted({timedelta(seconds=int(one[:-1]) * _UNITS[one[-1]]) for one in self.refetch}))


class DigestOptions(Options):
    """[digest]: what is told, and in whose name."""

    max_age_days: int = Field(default=7, ge=1, le=36_500)
    mail_domain: Annotated[str, AfterValidator(_domain)] = "news-monitor.invalid"
    desk_url: Annotated[str, AfterValidator(lambda text: _feed_url(text) if text else text)] = ""


class DeliverOptions(Options):
    """[deliver]: patience with channels that are down."""

    give_up_after_hours: int = Field(default=72, ge=1, le=24 * 31)
    operator: tuple[str, ...] = ()


class TidyOptions(Options):
    """[tidy]: how long what is kept, by class; every identity is kept for ever."""

    keep_days: int = Field(default=60, ge=1, le=36_500)
    matches_days: int = Field(default=0, ge=0, le=36_500)
    notes_days: int = Field(default=60, ge=1, le=36_500)

    @field_validator("matches_days")
    @classmethod
    def _not_before_the_rest(cls, days: int, info: ValidationInfo) -> int:
        rest = info.data.get("keep_days", 1)
        if 0 < days < rest:
            raise ValueError(f"is less than keep_days ({rest}); write {rest} or more, or 0 to keep matches for ever")
        return days


class BackupOptions(Options):
    """[backup]: where copies are put, when the daemon makes one, and how many stay."""

    folder: str = ""
    keep: int = Field(default=7, ge=0, le=10_000)
    schedule: str = ""
    zone: str = "UTC"


class BackfillOptions(Options):
    """[backfill]: filling the past, and the gaps between visits."""

    requests: int = Field(default=5_000, ge=1, le=1_000_000)
    wayback: Annotated[str, AfterValidator(_feed_url)] = "https://web.archive.org"
    wayback_per_minute: int = Field(default=15, ge=1, le=20)
    heal_requests: int = Field(default=60, ge=0, le=1_000)


class LogOptions(Options):
    """[log]: the lines on standard error."""

    form: Literal["plain", "json"] = "plain"
    level: Literal["debug", "info", "warning", "error"] = "info"


def _callback(text: str) -> str:
    parts = urlsplit(_feed_url(text) if text else "")
    if parts.scheme == "http" and parts.hostname not in {"127.0.0.1", "::1", "localhost"}:
        raise ValueError("must start with https://; hubs send to it over the open Internet")
    if parts.query or parts.fragment:
        raise ValueError("must have neither ? nor #; a piece of path is added to it")
    return text


def _listen(text: str) -> str:
    host, colon, port = text.rpartition(":")
    if not colon or not host.strip("[]") or not (port.isascii() and port.isdigit() and int(port) < 65_536):
        raise ValueError("write an address and a port, such as '127.0.0.1:8181'")
    return text


def _place(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    return host.strip("[]"), int(port)


class WebSubOptions(Options):
    """[websub]: being told by hubs; off while there is no callback."""

    callback: Annotated[str, AfterValidator(_callback)] = ""
    listen: Annotated[str, AfterValidator(_listen)] = "127.0.0.1:8181"
    longest_poll_minutes: int = Field(default=120, ge=1, le=24 * 60)

    @property
    def place(self) -> tuple[str, int]:
        """Host and port to listen on."""
        return _place(self.listen)


class WatchOptions(Options):
    """[watch]: who is told that the daemon lives."""

    ping: Annotated[Secret, AfterValidator(lambda text: _feed_url(text) if text else text)] = ""


def _argon2(text: str) -> str:
    if text and not text.startswith("$argon2id$"):
        raise ValueError("is no hash of a password; `monitor web --password` makes one")
    return text


class TokenOptions(Options):
    """One [[web.token]]: a program's way to the API."""

    name: Slug
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] = Field(repr=False)
    scope: Literal["read", "write"] = "read"


class WebOptions(Options):
    """[web]: the desk."""

    enabled: bool = False
    listen: Annotated[str, AfterValidator(_listen)] = "127.0.0.1:8180"
    password: Annotated[Secret, AfterValidator(_argon2)] = ""
    hosts: tuple[str, ...] = ()
    edit: bool = True
    token: tuple[TokenOptions, ...] = ()

    @property
    def stands_open(self) -> str:
        """What is wrong, where others than this machine could reach the desk without a password; else ""."""
        host = self.place[0]
        if self.password or is_loopback(host):
            return ""
        return (
            f"{host} can be reached by others, and there is no password; make one with `monitor web --password` and put"
            " it here as `password`, or listen on 127.0.0.1"
        )

    @model_validator(mode="after")
    def _has_a_door(self) -> Self:
        if self.enabled and self.stands_open:
            raise ValueError(self.stands_open)
        return self

    @property
    def place(self) -> tuple[str, int]:
        """Host and port to listen on."""
        return _place(self.listen)


class MainOptions(Options):
    """monitor.toml as a whole."""

    archive: ArchiveOptions = ArchiveOptions()
    fetch: FetchOptions = FetchOptions()
    poll: PollOptions = PollOptions()
    websub: WebSubOptions = WebSubOptions()
    extract: ExtractOptions = ExtractOptions()
    digest: DigestOptions = DigestOptions()
    deliver: DeliverOptions = DeliverOptions()
    articles: ArticlesOptions = ArticlesOptions()
    tidy: TidyOptions = TidyOptions()
    backup: BackupOptions = BackupOptions()
    backfill: BackfillOptions = BackfillOptions()
    log: LogOptions = LogOptions()
    web: WebOptions = WebOptions()
    watch: WatchOptions = WatchOptions()


class SelectOptions(Options):
    """[feed.select]: where the entries stand on a page."""

    item: Annotated[str, AfterValidator(_selector)] = ""
    link: Annotated[str, AfterValidator(_selector)] = ""
    title: Annotated[str, AfterValidator(_selector)] = ""
    summary: Annotated[str, AfterValidator(_selector)] = ""
    date: Annotated[str, AfterValidator(_selector)] = ""

    @model_validator(mode="after")
    def _rests_on_an_item(self) -> "SelectOptions":
        if not self.item and any((self.link, self.title, self.summary, self.date)):
            raise ValueError("needs item as well: the other selectors look within it")
        return self


def _language(code: str) -> str:
    if code and not is_language(code):
        raise ValueError(f"no language's code; {language_hint(code)}")
    return code


def _country(code: str) -> str:
    if code and not is_country(code):
        raise ValueError(f"no country's code; {country_hint(code)}")
    return code


class FeedOptions(Options):
    """One [[feed]] of feeds.toml; `kind` is checked apart, against `sources.KINDS`."""

    name: Slug
    url: Annotated[str, AfterValidator(_feed_url)]
    title: str = ""
    kind: str = "feed"
    language: Annotated[str, AfterValidator(_language)] = ""
    country: Annotated[str, AfterValidator(_country)] = ""
    tags: tuple[str, ...] = ()
    tier: int = Field(default=2, ge=1, le=3)
    interval_minutes: int | None = Field(default=None, ge=1, le=MONTH)
    pages: Literal["likely", "always", "never"] | None = None  # None: as [poll] says
    headers: Annotated[dict[str, str], AfterValidator(request_headers)] = Field(default_factory=dict, repr=False)
    login: Annotated[Secret, AfterValidator(basic_login)] = ""
    cookies: Annotated[dict[str, Annotated[str, AfterValidator(cookie)]], AfterValidator(cookie_names)] = Field(
        default_factory=dict, repr=False
    )
    proxy: Annotated[Secret, AfterValidator(proxy_address)] = ""
    links: Annotated[str, AfterValidator(_pattern)] = ""
    select: SelectOptions = SelectOptions()
    robots: bool = True


def _hours(text: str) -> str:
    start, dash, end = text.partition("-")
    try:
        if dash and time.fromisoformat(start.strip()) != time.fromisoformat(end.strip()):
            return text
    except ValueError:
        pass
    raise ValueError("write two different times with a hyphen, such as '22:00-07:00'")


class AlertOptions(Options):
    """`alert` of a [[subscription]]: told at once instead of by a schedule."""

    min_score: float = Field(default=0.75, ge=0, le=1)
    min_outlets: int = Field(default=2, ge=1, le=50)
    watch: tuple[Annotated[Spoken, StringConstraints(min_length=2, max_length=100)], ...] = ()
    spike: bool = True
    quiet: Annotated[str, AfterValidator(lambda text: _hours(text) if text else text)] = ""
    per_hour: int = Field(default=4, ge=1, le=60)
    cooldown_hours: float = Field(default=12, ge=0, le=24 * 31)
    gather_minutes: float = Field(default=2, ge=0, le=120)


class SubscriptionOptions(Options):
    """One [[subscription]] of subscriptions.toml; what it names is checked apart."""

    name: Slug
    title: str = ""
    topics: tuple[str, ...] = Field(default=("*",), min_length=1)
    channel: str
    schedule: str = ""
    alert: AlertOptions | None = None
    zone: str
    template: Annotated[str, AfterValidator(_template_name)] = "digest"
    send_empty: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.schedule) == (self.alert is not None):
            raise ValueError("needs either a schedule (a digest) or an alert (told at once)")
        return self
