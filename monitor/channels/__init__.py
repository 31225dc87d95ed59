"""The doors outward: how a rendered digest is delivered. One file a kind; `KINDS` names them."""

from monitor.channels.base import Channel
from monitor.kinds import Kinds

__all__ = ["KINDS", "Channel"]

KINDS: Kinds[type[Channel]] = Kinds(
    {
        "email": "monitor.channels.email:EmailChannel",
        "slack": "monitor.channels.slack:SlackChannel",
        "file": "monitor.channels.file:FileChannel",
        "apprise": "monitor.channels.apprise:AppriseChannel",
        "feed": "monitor.channels.syndication:FeedFileChannel",
        "webhook": "monitor.channels.webhook:WebhookChannel",
    }
)
