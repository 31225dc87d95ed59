"""Slack messages (Block Kit) drawn as an HTML page, to look at before anybody gets them. Pure.

Knows the blocks that `slack` makes, and says so of any other. It shows about what Slack shows: texts, links and marks
are those of the payloads; fonts and distances are only like Slack's.
"""

import json
import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

_STYLE = """
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1d1c1d; --soft: #616061; --line: #dddddd; --link: #1264a3;
  --code: #f6f6f6; --codeink: #c01343; }
@media (prefers-color-scheme: dark) { :root { --paper: #1a1d21; --ink: #d1d2d3; --soft: #ababad; --line: #414347;
  --link: #1d9bd1; --code: #232529; --codeink: #e8912d; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.47 Lato, "Segoe UI", Roboto,
  Helvetica, Arial, sans-serif; }
main { max-width: 680px; margin: 0 auto; padding: 20px 16px; }
article { display: grid; grid-template-columns: 36px 1fr; gap: 0 10px; margin: 0 0 18px; }
article.reply { margin-left: 46px; }
.face { width: 36px; height: 36px; border-radius: 6px; background: #1d5b79; color: #fff; text-align: center;
  line-height: 36px; font-weight: 700; }
.who { font-weight: 700; } .when { color: var(--soft); font-size: 12px; margin-left: 6px; }
.thread { margin: 0 0 12px 46px; color: var(--link); font-size: 13px; font-weight: 700; }
.header { font-size: 18px; font-weight: 700; margin: 12px 0 4px; overflow-wrap: anywhere; }
.section { margin: 14px 0 6px; overflow-wrap: anywhere; }
.section q { display: block; quotes: none; border-left: 4px solid var(--line); border-radius: 2px;
  padding: 1px 0 1px 12px; margin: 4px 0; }
.context { color: var(--soft); font-size: 13px; line-height: 1.4; margin: 4px 0 12px; overflow-wrap: anywhere; }
.context p { margin: 0 0 3px; }
hr { border: 0; border-top: 1px solid var(--line); margin: 14px 0; }
a { color: var(--link); text-decoration: none; }
code { background: var(--code); color: var(--codeink); border: 1px solid var(--line); border-radius: 3px;
  padding: 1px 3px; font: 12px/1.3 Menlo, Consolas, "DejaVu Sans Mono", monospace; }
"""


def slack_page(payloads: Iterable[str], *, threaded: bool) -> str:
    """The messages of one digest as a page; `threaded`: all but the first stand in its thread."""
    messages = [json.loads(payload) for payload in payloads]
    title = _plain(messages[0]["text"]) if messages else "nothing"
    parts = []
    for number, message in enumerate(messages):
        reply = threaded and number > 0
        if reply and number == 1:
            parts.append(f'<p class="thread">{len(messages) - 1} replies</p>')
        parts.append(_message(message, reply))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n<body><main>\n"
        + "\n".join(parts)
        + "\n</main></body></html>\n"
    )


def _message(message: Mapping[str, Any], reply: bool) -> str:
    blocks = "\n".join(_block(block) for block in message.get("blocks", ()))
    head = '<div class="face">N</div><div><span class="who">news-monitor</span><span class="when">APP</span>'
    return f"<article{' class=reply' if reply else ''}>{head}\n{blocks}\n</div></article>"


def _block(block: Mapping[str, Any]) -> str:
    match block["type"]:
        case "divider":
            return "<hr>"
        case "header":
            return f'<div class="header">{_plain(block["text"]["text"])}</div>'
        case "section":
            return f'<div class="section" dir="auto">{_mrkdwn(block["text"]["text"])}</div>'
        case "context":
            lines = "".join(f'<p dir="auto">{_mrkdwn(element["text"])}</p>' for element in block["elements"])
            return f'<div class="context">{lines}</div>'
        case other:
            return f"<p>(a block of type {escape(str(other))}, which this page cannot draw)</p>"


def _plain(text: str) -> str:
    """Slack's escapes are those of HTML; everything else is escaped."""
    return escape(_unescaped(text))


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _mrkdwn(text: str) -> str:
    """Links, bold, italic, code, quotes and emoji of ours. Whatever else stands in angle brackets shows as it is."""
    drawn, at = [], 0
    for found in re.finditer(r"<(https?://[^|>\s]+)\|([^<>]*)>", text):
        drawn.append(_marks(text[at : found.start()]))
        address = escape(_unescaped(found[1]))
        drawn.append(f'<a href="{address}">{_marks(found[2])}</a>')
        at = found.end()
    drawn.append(_marks(text[at:]))
    whole = "".join(drawn)
    # Bold may hold a link, so it is found when links are drawn; only where a line or a space surrounds it, as in Slack.
    whole = re.sub(r"(?m)(^|\s)\*(\S(?:[^\n]*?\S)?)\*(?=\s|$)", r"\1<b>\2</b>", whole)
    whole = re.sub(r"(?m)(^|\s)_(\S(?:[^\n]*?\S)?)_(?=\s|$)", r"\1<i>\2</i>", whole)
    whole = re.sub(r"(?m)\n?^&gt; (.*)\n?", r"<q>\1</q>", whole)
    return whole.replace("\n", "<br>")


def _marks(text: str) -> str:
    shown = _plain(text).replace(":warning:", "⚠️")
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", shown)
