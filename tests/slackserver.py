"""A loopback server that answers as Slack does and refuses what Slack's documentation says it refuses.

Two doors: `/services/T0/B0/<secret>` is an incoming webhook, `/api/` the Web API (auth.test, chat.postMessage). Limits
from docs.slack.dev, "Block Kit: blocks" and "Sending messages using incoming webhooks". `answers` holds what the next
requests are answered with, whatever they ask: (status, body) or (status, body, headers); None lets one pass. `breaks`
holds what befalls the next requests: "drop" and "hang" before they count, "lost" when they count but no answer comes.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.loopback import Handler, serving

SECRET = "XwVuTsRqPoNm"
TOKEN = "xoxb-1234-abcdefgh"
HANGS = 1.5  # seconds
CHANNELS = {"#news", "C0NEWS"}

Answer = tuple[int, str] | tuple[int, str, dict[str, str]] | None


@dataclass
class SlackServer:
    """What was accepted, and how to make trouble."""

    port: int = 0
    posted: list[dict[str, Any]] = field(default_factory=list)
    requests: int = 0
    answers: list[Answer] = field(default_factory=list)
    breaks: list[str] = field(default_factory=list)

    @property
    def webhook_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/services/T0/B0/{SECRET}"

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"


@contextmanager
def slack_server() -> Iterator[SlackServer]:
    """A running server; gone afterwards."""
    slack = SlackServer()
    with serving(_Handler, slack):
        yield slack


class _Handler(Handler):
    lost = False

    def do_POST(self) -> None:
        slack: SlackServer = self.state
        slack.requests += 1
        body = self.body()
        befalls = slack.breaks.pop(0) if slack.breaks else ""
        if befalls in ("drop", "hang"):
            time.sleep(HANGS if befalls == "hang" else 0)
            self.close_connection = True
            return
        self.lost = befalls == "lost"
        planned = slack.answers.pop(0) if slack.answers else None
        if planned is not None:
            self._say(*planned)
        elif self.path.startswith("/services/"):
            self._webhook(slack, body)
        elif self.path.startswith("/api/"):
            self._api(slack, body, self.path.removeprefix("/api/"))
        else:
            self._say(404, "not found")

    def _webhook(self, slack: SlackServer, body: bytes) -> None:
        if self.path != f"/services/T0/B0/{SECRET}":
            self._say(404, "no_service")
            return
        payload = _json(body)
        if payload is None:
            self._say(400, "invalid_payload")
            return
        trouble = problem_of(payload)
        if trouble:
            self._say(400, "no_text" if trouble == "no_text" else "invalid_blocks")
            return
        slack.posted.append(payload)
        self._say(200, "ok")

    def _api(self, slack: SlackServer, body: bytes, method: str) -> None:
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._answer({"ok": False, "error": "invalid_auth"})
        elif method == "auth.test":
            self._answer({"ok": True, "user": "news-monitor", "team": "Example"})
        elif method == "chat.postMessage":
            self._post(slack, body)
        else:
            self._answer({"ok": False, "error": "unknown_method"})

    def _post(self, slack: SlackServer, body: bytes) -> None:
        payload = _json(body)
        if payload is None:
            self._answer({"ok": False, "error": "invalid_json"})
        elif payload.get("channel") not in CHANNELS:
            self._answer({"ok": False, "error": "channel_not_found"})
        elif trouble := problem_of(payload):
            error = "no_text" if trouble == "no_text" else "invalid_blocks"
            self._answer({"ok": False, "error": error, "response_metadata": {"messages": [f"[ERROR] {trouble}"]}})
        else:
            slack.posted.append(payload)
            self._answer({"ok": True, "channel": payload["channel"], "ts": f"{slack.requests}.000"})

    def _answer(self, content: dict[str, Any]) -> None:
        self._say(200, json.dumps(content), {"Content-Type": "application/json; charset=utf-8"})

    def _say(self, status: int, text: str, headers: dict[str, str] | None = None) -> None:
        if self.lost:
            self.close_connection = True
            return
        body = text.encode()
        self.send_response(status)
        for name, value in {"Content-Type": "text/html", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _json(body: bytes) -> dict[str, Any] | None:
    try:
        content = json.loads(body.decode("utf-8"))
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def problem_of(payload: dict[str, Any]) -> str:
    """The first thing Slack would refuse in a message, or ""."""
    blocks = payload.get("blocks")
    text = payload.get("text")
    if not blocks and not text:
        return "no_text"
    if text is not None and (not isinstance(text, str) or len(text) > 40_000):
        return "text must be a string of at most 40,000 characters"
    if blocks is None:
        return ""
    if not isinstance(blocks, list) or len(blocks) > 50:
        return "at most 50 blocks"
    identifiers = [block["block_id"] for block in blocks if isinstance(block, dict) and "block_id" in block]
    if len(identifiers) != len(set(identifiers)):
        return "block_id must be unique"
    return next((trouble for block in blocks if (trouble := _block(block))), "")


def _block(block: Any) -> str:
    if not isinstance(block, dict):
        return "a block is an object"
    if len(str(block.get("block_id", ""))) > 255:
        return "block_id is too long"
    match block.get("type"):
        case "header":
            return _text(block.get("text"), most=150, kinds=("plain_text",))
        case "section":
            return _section(block)
        case "context":
            elements = block.get("elements")
            if not isinstance(elements, list) or not 1 <= len(elements) <= 10:
                return "a context has 1 to 10 elements"
            return next((trouble for element in elements if (trouble := _text(element, most=3000))), "")
        case "actions":
            elements = block.get("elements")
            if not isinstance(elements, list) or not 1 <= len(elements) <= 25:
                return "actions have 1 to 25 elements"
            return next((trouble for element in elements if (trouble := _button(element))), "")
        case "divider":
            return "" if set(block) <= {"type", "block_id"} else "a divider has nothing else"
        case other:
            return f"unknown block type {other!r}"


def _section(block: dict[str, Any]) -> str:
    fields = block.get("fields")
    if "text" not in block and not fields:
        return "a section needs text or fields"
    if "text" in block and (trouble := _text(block["text"], most=3000)):
        return trouble
    if fields is not None:
        if not isinstance(fields, list) or not 1 <= len(fields) <= 10:
            return "a section has 1 to 10 fields"
        if trouble := next((trouble for part in fields if (trouble := _text(part, most=2000))), ""):
            return trouble
    return _button(block["accessory"]) if "accessory" in block else ""


def _button(element: Any) -> str:
    if not isinstance(element, dict) or element.get("type") != "button":
        return "only buttons are expected here"
    if len(str(element.get("url", ""))) > 3000:
        return "a button's url has at most 3000 characters"
    return _text(element.get("text"), most=75, kinds=("plain_text",))


def _text(part: Any, *, most: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> str:
    if not isinstance(part, dict) or part.get("type") not in kinds:
        return f"text must be an object of type {' or '.join(kinds)}"
    allowed = {"type", "text", "emoji"} if part["type"] == "plain_text" else {"type", "text", "verbatim"}
    if not set(part) <= allowed:
        return f"{part['type']} knows only {', '.join(sorted(allowed))}"
    text = part.get("text")
    if not isinstance(text, str) or not 1 <= len(text) <= most:
        return f"text must have 1 to {most} characters"
    return ""
