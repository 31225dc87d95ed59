"""What may be set about visiting: limits, pace and manners. Checked here; read from the `[fetch]` table."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator

from monitor import __version__
from monitor.addresses import networks
from monitor.options import Options

AGENT = "news-monitor"  # the name robots.txt rules may use for us

_Seconds = Annotated[float, Field(ge=0.01, le=600)]
_Megabytes = Annotated[float, Field(gt=0, le=512)]


class FetchOptions(Options):
    """Limits and manners of every visit; times in seconds, sizes in MB (10^6 bytes) after decompression."""

    contact: str = ""  # an address (mail or web) where a publisher can reach whoever runs this
    connect_seconds: _Seconds = 10.0  # name lookup, connection and TLS together
    first_byte_seconds: _Seconds = 15.0  # from asking to the whole head of the answer; the longest stall of its body
    min_bytes_per_second: Annotated[int, Field(ge=0, le=1_000_000)] = 500  # a body that comes more slowly is given up
    total_seconds: _Seconds = 60.0  # one visit with all its redirects, waiting for the host's turn not counted
    max_feed_mb: _Megabytes = 16.0
    max_page_mb: _Megabytes = 8.0
    host_gap_seconds: Annotated[float, Field(ge=0, le=60)] = 1.0  # between the starts of two requests to one host
    per_host: Annotated[int, Field(ge=1, le=16)] = 2  # requests to one host at the same time
    parallel: Annotated[int, Field(ge=1, le=1000)] = 32  # requests to all hosts at the same time
    max_redirects: Annotated[int, Field(ge=0, le=20)] = 6
    allow_private: Annotated[tuple[str, ...], Field(strict=False), AfterValidator(networks)] = ()  # by CIDR
    robots: bool = True  # robots.txt is asked before an article page; never for a feed, which the user named
    crawl_delay_max_seconds: Annotated[float, Field(ge=0, le=600)] = 10.0  # a longer Crawl-delay counts as this
    host_patience_max_seconds: Annotated[float, Field(ge=0, le=86_400)] = 3_600.0  # that one Retry-After shuts a host
    retry_after_scope: Literal["host", "feed"] = "host"  # what a Retry-After shuts: the host, or the address alone

    @field_validator("contact")
    @classmethod
    def _one_line(cls, contact: str) -> str:
        if re.search(r"[^\x20-\x7e]|[()]", contact):
            raise ValueError("write a mail or web address: plain ASCII letters, no brackets, no line break")
        return contact.strip()

    @property
    def user_agent(self) -> str:
        """The honest name given to every server."""
        return f"{AGENT}/{__version__}" + (f" (+{self.contact})" if self.contact else "")
