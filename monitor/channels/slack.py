"""Delivery to Slack by an incoming webhook or by a bot token (chat.postMessage).

The payloads come rendered, each within Slack's limits, and are posted in their order; each is one part. A bot posts all
but the first into the thread of the first; an incoming webhook does not tell what it posted, so it cannot. Nothing is
retried here: the outbox does that, and it remembers, the thread included.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self
from urllib.parse import urlsplit

from msgspec import Struct
from pydantic import AfterValidator, Field, model_validator

from monitor.addresses import networks
from monitor.channels.base import Undivided, checked, mark_of, patience
from monitor.channels.guarded import only_public
from monitor.errors import DeliveryError
from monitor.logs import hide, masked
from monitor.model import Message, Receipt
from monitor.options import Options, Secret

if TYPE_CHECKING:
    from slack_sdk import WebClient
    from slack_sdk.web import SlackResponse

# Answers after which the same request can succeed later; every other error needs a person
# (docs.slack.dev, "chat.postMessage", list of errors).
PASSING = frozenset(
    "ratelimited rate_limited internal_error fatal_error service_unavailable request_timeout team_added_to_org".split()
)
# Answers that are about what is posted; every other error for good is about the channel, the token or the team.
ABOUT_THE_MESSAGE = frozenset(
    "invalid_blocks invalid_blocks_format invalid_payload invalid_json json_not_object msg_too_long"
    " msg_blocks_too_long no_text metadata_too_large markdown_text_conflict too_many_attachments".split()
)
# What an incoming webhook answers to an empty payload when it exists (docs.slack.dev, "Sending messages using incoming
# webhooks").
ALIVE = frozenset({"no_text", "invalid_payload"})
_WORD = re.compile(r"[a-z][a-z0-9_]*")
# Links to articles would otherwise unfold under the digest, once for each story.
NO_PREVIEWS = {"unfurl_links": False, "unfurl_media": False}


def _web_address(text: str) -> str:
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.hostname and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "::1", "localhost"})
    ):
        return text
    raise ValueError("must start with https://")


class SlackOptions(Options):
    """The table `[channel.NAME]` with `kind = "slack"`."""

    webhook_url: Annotated[Secret, AfterValidator(lambda text: _web_address(text) if text else text)] = ""
    token: Secret = ""
    channel: str = ""
    timeout_seconds: int = Field(default=30, gt=0, le=600)
    base_url: Annotated[str, AfterValidator(_web_address)] = "https://slack.com/api/"
    allow_private: Annotated[tuple[str, ...], AfterValidator(networks)] = ()

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.webhook_url) == bool(self.token):
            raise ValueError("needs either webhook_url, or token and channel")
        if bool(self.token) != bool(self.channel):
            raise ValueError("token and channel belong together; a webhook knows its channel by itself")
        return self


class _Answer(Struct, frozen=True):
    """What Slack said: `error` is "" for a yes."""

    status: int
    error: str = ""
    retry_after: timedelta | None = None
    posted: str = ""  # the message's time stamp, which is its name

    @property
    def permanent(self) -> bool:
        # Slack's errors are single words; a page of a proxy on the way says nothing about the next attempt.
        told_by_slack = _WORD.fullmatch(self.error) is not None
        return told_by_slack and self.error not in PASSING and self.status not in {408, 429} and self.status < 500


class SlackChannel(Undivided, frozen=True):
    """One Slack channel."""

    kind: ClassVar[str] = "slack"
    name: str
    options: SlackOptions

    @classmethod
    def from_options(cls, options: Mapping[str, Any], *, name: str, file: str, where: str, folder: Path) -> Self:
        """See `base.Channel`."""
        read = checked(SlackOptions, options, file=file, where=where)
        # The secret of a webhook is the last piece of its path; alone it must not show either.
        hide([read.webhook_url, read.webhook_url.rpartition("/")[2], read.token])
        return cls(name, read)

    @property
    def settings_mark(self) -> str:
        """See `base.Channel`."""
        return mark_of(self.options)

    def send(self, message: Message, now: datetime, skip_parts: int = 0) -> Receipt:
        """Post the payloads in order, and stop at the first that fails; part n is the n-th; see `base.Channel`."""
        sent, thread = skip_parts, message.memo
        for part, payload in enumerate(message.slack):
            if not sent >> part & 1:
                body = json.loads(payload)
                post = (
                    partial(self._post_to_webhook, body)
                    if self.options.webhook_url
                    else partial(self._post_as_bot, body | ({"thread_ts": thread} if thread else {}))
                )
                answer = self._ask(post, sent, thread)
                thread = thread or answer.posted
                sent |= 1 << part
        number = len(message.slack)
        return Receipt(message.key, now, f"{number} {'message' if number == 1 else 'messages'} accepted")

    def check(self) -> str:
        """Ask Slack who we are (token), or whether the webhook exists; posts nothing: "" or what is wrong."""
        try:
            self._ask(self._who_am_i if self.options.token else self._knock, 0)
        except DeliveryError as error:
            return str(error)
        return ""

    # The SDK is loaded when something is sent: every start reads the options of every channel.

    def _ask(self, question: Callable[[], _Answer], sent: int, thread: str = "") -> _Answer:
        """The answer, a yes. Raises DeliveryError in words for every way in which Slack, or the way to it, fails."""
        from slack_sdk.errors import SlackClientError

        try:
            with only_public(self.options.allow_private):
                answer = question()
        except TimeoutError as error:
            text = f"Slack did not answer within {self.options.timeout_seconds} s"
            raise DeliveryError(text, sent_parts=sent, memo=thread) from error
        except (OSError, HTTPException, SlackClientError, UnicodeDecodeError) as error:
            raise DeliveryError(
                f"Slack cannot be reached: {masked(str(error))}", sent_parts=sent, memo=thread
            ) from error
        if answer.error:
            text = f"Slack answered {answer.status} {masked(answer.error)}"
            off = {"": text} if answer.permanent and answer.error not in ABOUT_THE_MESSAGE else {}
            raise DeliveryError(
                text,
                permanent=answer.permanent,
                retry_after=answer.retry_after,
                sent_parts=sent,
                off=off,
                memo=thread,
            )
        return answer

    # In both, the SDK's own retries are switched off: they cannot tell a lost request from a lost answer.

    def _webhook(self, body: dict[str, Any]) -> _Answer:
        from slack_sdk.webhook import WebhookClient

        client = WebhookClient(self.options.webhook_url, timeout=self.options.timeout_seconds, retry_handlers=[])
        response = client.send_dict(body)
        said = " ".join(response.body.split())[:200]
        error = "" if (response.status_code, said) == (200, "ok") else said or "no reason given"
        return _Answer(response.status_code, error, _patience(response.headers))

    def _api(self, call: Callable[["WebClient"], "SlackResponse"]) -> _Answer:
        from slack_sdk import WebClient
        from slack_sdk.errors import SlackApiError

        options = self.options
        client = WebClient(options.token, base_url=options.base_url, timeout=options.timeout_seconds, retry_handlers=[])
        try:
            said = call(client)
        except SlackApiError as error:
            reason = " ".join(str(error.response.get("error")).split())[:200]
            return _Answer(error.response.status_code, reason, _patience(error.response.headers))
        return _Answer(200, posted=str(said.get("ts") or ""))

    def _post_to_webhook(self, body: dict[str, Any]) -> _Answer:
        return self._webhook({**body, **NO_PREVIEWS})

    def _post_as_bot(self, body: dict[str, Any]) -> _Answer:
        message = {**body, **NO_PREVIEWS, "channel": self.options.channel}
        return self._api(lambda client: client.api_call("chat.postMessage", json=message))

    def _who_am_i(self) -> _Answer:
        return self._api(lambda client: client.auth_test())

    def _knock(self) -> _Answer:
        answer = self._webhook({})
        return _Answer(200) if answer.error in ALIVE else answer


def _patience(headers: Mapping[str, str]) -> timedelta | None:
    return patience(next((value for name, value in headers.items() if name.lower() == "retry-after"), ""))
