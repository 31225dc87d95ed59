"""The doors outward: how a rendered digest is delivered. One file a kind; `KINDS` names them."""

from monitor.channels.apprise import AppriseChannel
from monitor.channels.base import Channel
from monitor.channels.email import EmailChannel
from monitor.channels.file import FileChannel
from monitor.channels.slack import SlackChannel
from monitor.channels.syndication import FeedFileChannel
from monitor.channels.webhook import WebhookChannel

__all__ = ["KINDS", "Channel"]

KINDS: dict[str, type[Channel]] = {
    "email": EmailChannel,
    "slack": SlackChannel,
    "file": FileChannel,
    "apprise": AppriseChannel,
    "feed": FeedFileChannel,
    "webhook": WebhookChannel,
}
