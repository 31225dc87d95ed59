"""A digest as Slack messages in Block Kit, within Slack's limits; more than one where it is long.

Limits (Slack's Block Kit reference): 50 blocks a message; header 150 characters of plain text; section 3,000; context
10 elements of 3,000 each. Slack also refuses messages whose blocks hold too much text, without saying how much, so a
message is closed well before. `&`, `<` and `>` are escaped: `<!channel>` in a headline is a headline and pings nobody.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from monitor.digests.view import CoverageView, DigestView, SectionView, StoryView, Term

Block = dict[str, Any]

_BLOCKS = 48  # of 50: one is kept for the notice that it goes on
_CHARACTERS = 11_000  # of a message
_SECTION = 2_900
_HEADER = 150
_ELEMENTS = 10
_WHOLE = 40  # stories; the others follow as one line each
_LINK = 1_000  # an address that is longer is left out rather than cut


def payloads(view: DigestView) -> tuple[str, ...]:
    """The messages to post in order, as JSON {"text", "blocks"}; `text` is what notifications show."""
    messages = list(_packed(_blocks(view.limited(_WHOLE, view.total))))
    texts = [escape(view.subject, 300)]
    texts += [f"{texts[0]} ({number} of {len(messages)})" for number in range(2, len(messages) + 1)]
    return tuple(
        json.dumps({"text": text, "blocks": blocks}, ensure_ascii=False)
        for text, blocks in zip(texts, messages, strict=True)
    )


def escape(text: str, most: int) -> str:
    """`text` with Slack's three special characters escaped, cut to `most` characters without splitting an escape."""
    whole = text.translate(_ESCAPES)
    if len(whole) <= most:
        return whole
    head = whole[: most - 1]
    ampersand = head.rfind("&")
    return (head if ";" in head[ampersand:] or ampersand < 0 else head[:ampersand]) + "…"


_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def link(url: str, label: str, most: int) -> str:
    """A Slack link; the label alone where the address is missing or too long. A bar would end the label's address."""
    shown = escape(label.replace("|", "¦"), most)
    address = url.replace("&", "&amp;").replace("|", "%7C").replace(">", "%3E").replace("<", "%3C")
    return f"<{address}|{shown}>" if address and len(address) <= _LINK else shown


def _packed(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """Blocks in messages: none too long, and no story parted from its own small print."""
    message: list[Block] = []
    size = 0
    for group in _groups(blocks):
        weight = sum(len(json.dumps(block, ensure_ascii=False)) for block in group)
        if message and (len(message) + len(group) > _BLOCKS or size + weight > _CHARACTERS):
            yield message
            message, size = [], 0
        message += group
        size += weight
    yield message


def _groups(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """A block with the context blocks that follow it; a topic's heading goes with its first story."""
    group: list[Block] = []
    for block in blocks:
        heading = bool(group) and all(each["type"] != "section" for each in group)
        if group and (block["type"] == "divider" or (block["type"] != "context" and not heading)):
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _blocks(view: DigestView) -> Iterator[Block]:
    yield _header(f"{view.title} · {view.date}")
    yield _context([_counts(view)])
    if view.notice:
        yield _section(f"*{escape(view.notice, 500)}*")
    if view.warning:
        yield _section(f":warning: {escape(view.warning, 500)}")
    if view.nothing:
        yield _section(escape(view.nothing, 1_000))
    for section in view.sections:
        yield {"type": "divider"}
        yield _header(f"{section.title} · {section.total}" if section.total else section.title)
        if section.note:
            yield _context([escape(section.note, 300)])
        for story in section.stories:
            yield from _story(story)
        yield from _brief(section)
        if section.elsewhere:
            yield _context([escape(section.elsewhere, 1_000)])
    if view.trends:
        yield {"type": "divider"}
        lines = [f"`{trend.bars}`  {escape(trend.title, 100)}: {trend.words}" for trend in view.trends]
        yield from _lines(["*The last 14 days*", *lines])
    yield {"type": "divider"}
    yield from _coverage(view.coverage)


def _story(story: StoryView) -> Iterator[Block]:
    tag = f"  _[{escape(story.language_name, 40)}]_" if story.language_name else ""
    tag += "  _[live blog]_" if story.live else ""
    text = f"*{link(story.url, story.headline, 300)}*{tag}"
    if story.update:
        text += f"\n> *Update*  {_told_before(story)}"
    for change in story.corrections:
        text += f"\n> *Correction*  {escape(change, 1_200)}"
    if story.extract:
        text += f"\n{escape(story.extract, 1_200)}"
    yield from _lines(text.split("\n"))
    topic = f" on {escape(story.match.topic, 100)}" if story.late else ""
    why = f"Why: {story.match.strength}, {story.match.percent} %{topic}"
    if story.terms:
        why += ": " + ", ".join(_term(term) for term in story.terms)
    archive = link(story.archive, "In the archive", 100) if story.archive else ""
    lines = [*_joined(_reported(story), ", ")] or [""]
    if archive and len(lines[-1]) + len(archive) < _SECTION:
        lines[-1] += f" · {archive}" if lines[-1] else archive
    elif archive:
        lines.append(archive)
    lines.append(why)
    if story.at_once:
        lines.append(f"At once: {escape(story.at_once, 300)}")
    if story.also:
        also = [f"{escape(match.topic, 100)} {match.percent} %" for match in story.also]
        lines += _joined([f"Also: {also[0]}", *also[1:]], ", ")
    yield _context(lines[:_ELEMENTS])


def _told_before(story: StoryView) -> str:
    told_as = f"; told as “{escape(story.told_as, 200)}”" if story.told_as else ""
    return f"{escape(story.update, 600)}{told_as}"


def _term(term: Term) -> str:
    return f"“{escape(term.words, 80)}” ({', '.join(term.places)})"


def _reported(story: StoryView) -> list[str]:
    """Who reported it, one after the other; who repeats the text stands with the last."""
    outlets = [
        f"{link(outlet.url, outlet.name, 100)} {outlet.when}{' (first)' if outlet.first else ''}"
        for outlet in story.outlets
    ] or [""]
    if story.more_outlets:
        outlets[-1] += f" and {story.more_outlets} more"
    if story.copies:
        outlets[-1] += f"{' · ' if outlets[-1] else ''}same text in "
        outlets[-1] += ", ".join(escape(name, 100) for name in story.copies)
        outlets[-1] += f" and {story.more_copies} more" if story.more_copies else ""
    return outlets


def _brief(section: SectionView) -> Iterator[Block]:
    return _lines([f"• {link(story.url, story.headline, 160)}{_first_outlet(story)}" for story in section.brief])


def _lines(lines: Iterable[str]) -> Iterator[Block]:
    """As few sections as the lines fit into."""
    return map(_section, _joined(lines, "\n"))


def _joined(parts: Iterable[str], between: str) -> Iterator[str]:
    """The parts joined into as few texts as hold them: Slack takes 3,000 characters of each, links and all."""
    text = ""
    for part in parts:
        if text and len(text) + len(between) + len(part) > _SECTION:
            yield text
            text = ""
        text = f"{text}{between}{part}" if text else part
    if text:
        yield text


def _first_outlet(story: StoryView) -> str:
    return f" – {escape(story.outlets[0].name, 80)}" if story.outlets else ""


def _coverage(coverage: CoverageView) -> Iterator[Block]:
    lines = [coverage.period, coverage.longer, coverage.feeds, coverage.entries]
    text = escape(" ".join(line for line in lines if line), 1_500)
    elements = [f"*How this digest was made.* {text}"]
    if coverage.remark:
        elements.append(escape(coverage.remark, 800))
    if coverage.failed:
        failed = [f"{outlet}: {problem}" for outlet, problem in coverage.failed]
        elements.append("Not read: " + escape("; ".join(failed), 2_500) + _more(coverage.more_failed))
    if coverage.unvisited:
        elements.append("Not visited: " + escape(", ".join(coverage.unvisited), 1_500) + _more(coverage.more_unvisited))
    if coverage.silent:
        elements.append("Unusually silent: " + escape(", ".join(coverage.silent), 1_500) + _more(coverage.more_silent))
    if coverage.noticed:
        noticed = "; ".join(f"{outlet}: {words}" for outlet, words in coverage.noticed)
        elements.append("Noticed: " + escape(noticed, 2_500) + _more(coverage.more_noticed))
    yield _context(elements)


def _more(number: int) -> str:
    return f" and {number} more" if number else ""


def _counts(view: DigestView) -> str:
    several = len(view.counts) > 1
    counts = escape(" · ".join(f"{title} {number}" if several else title for title, number in view.counts), 2_000)
    return f"{view.summary}: {counts}" if counts else view.summary


def _header(text: str) -> Block:
    return {"type": "header", "text": {"type": "plain_text", "text": escape(text, _HEADER), "emoji": False}}


def _section(text: str) -> Block:
    return {"type": "section", "text": _mrkdwn(text)}


def _context(lines: list[str]) -> Block:
    return {"type": "context", "elements": [_mrkdwn(line) for line in lines if line]}


def _mrkdwn(text: str) -> Block:
    """`verbatim` keeps Slack from making links and mentions of words such as @channel by itself."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}
