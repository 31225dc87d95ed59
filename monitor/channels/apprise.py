"""Delivery through Apprise (https://github.com/caronc/apprise): chat, push and other services by one address each.

Needs the extra `apprise`, which is loaded only when a channel of this kind is configured. Part n is the n-th address.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field

from monitor.addresses import networks
from monitor.channels.base import MOST_PARTS, Undivided, checked, mark_of
from monitor.channels.guarded import only_public
from monitor.errors import ConfigError, DeliveryError, Problem
from monitor.logs import hide, masked
from monitor.model import Message, Receipt
from monitor.options import Options
from monitor.values import Discreet


class AppriseOptions(Options):
    """The table `[channel.NAME]` with `kind = "apprise"`."""

    urls: tuple[str, ...] = Field(min_length=1, max_length=MOST_PARTS, repr=False)
    form: Literal["text", "html"] = "text"
    allow_private: Annotated[tuple[str, ...], AfterValidator(networks)] = ()


class AppriseChannel(Undivided, Discreet, frozen=True):
    """One or more Apprise addresses, each a service with its account."""

    kind: ClassVar[str] = "apprise"
    hidden: ClassVar[frozenset[str]] = frozenset({"services"})
    name: str
    services: tuple[Any, ...]  # apprise.NotifyBase; the library ships without types
    form: Literal["text", "html"]
    allow_private: tuple[str, ...] = ()
    mark: str = ""

    @classmethod
    def from_options(cls, options: Mapping[str, Any], *, name: str, file: str, where: str, folder: Path) -> Self:
        """See `base.Channel`."""
        read = checked(AppriseOptions, options, file=file, where=where)
        hide(read.urls)
        if find_spec("apprise") is None:
            hint = "pip install 'news-monitor[apprise]'"
            raise ConfigError([Problem(file, where, "kind 'apprise' needs an extra package", hint)])
        from apprise import Apprise  # a slow import that most configurations never need

        services = [Apprise.instantiate(url, suppress_exceptions=True) for url in read.urls]
        problems = [
            Problem(file, f"{where} · urls", f"address {number} is none that Apprise knows", "see its list of services")
            for number, service in enumerate(services, start=1)
            if not service
        ]
        if problems:
            raise ConfigError(problems)
        return cls(name, tuple(services), read.form, read.allow_private, mark_of(read))

    @property
    def settings_mark(self) -> str:
        """See `base.Channel`."""
        return self.mark

    def send(self, message: Message, now: datetime, skip_parts: int = 0) -> Receipt:
        """Tell every service; see `base.Channel`. Apprise says only yes or no, so every no counts as passing."""
        sent = skip_parts
        troubles: list[str] = []
        for part, service in enumerate(self.services):
            if sent >> part & 1:
                continue
            trouble = self._tell(service, message)
            if trouble:
                troubles.append(f"service {part + 1} ({service.service_name}): {trouble}")
            else:
                sent |= 1 << part
        if troubles:
            raise DeliveryError("Apprise could not deliver to " + "; ".join(troubles), sent_parts=sent)
        return Receipt(message.key, now, f"{len(self.services)} services accepted")

    def check(self) -> str:
        """Always "": Apprise has no way to ask a service without sending."""
        return ""

    def _tell(self, service: Any, message: Message) -> str:
        """ "" for a yes, otherwise what Apprise logged about the no."""
        from apprise import Apprise

        apprise = Apprise()
        apprise.add(service)
        heard = _Heard()
        logger = logging.getLogger("apprise")
        logger.addHandler(heard)
        try:
            body = message.html if self.form == "html" else message.text
            with only_public(self.allow_private):
                accepted = apprise.notify(body=body, title=message.subject, body_format=self.form)
        finally:
            logger.removeHandler(heard)
        return "" if accepted else masked("; ".join(heard.lines)) or "no reason given"


class _Heard(logging.Handler):
    """Keeps warnings and errors: Apprise tells reasons nowhere else."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(" ".join(record.getMessage().split())[:200])
