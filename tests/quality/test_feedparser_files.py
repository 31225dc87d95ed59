"""feedparser's own test files, read by us: what they expect of a field that we have must come out, either way.

The files belong to feedparser and are not ours to carry. Its source distribution has them:

    pip download --no-binary :all: --no-deps feedparser && tar xzf feedparser-*.tar.gz
    FEEDPARSER_TESTS=$PWD/feedparser-6.0.14/tests .venv/bin/pytest tests/quality/test_feedparser_files.py

Compared is what a reader sees: texts without markup, since we neither sanitise nor rewrite HTML. `DIFFERS` names each
file where we mean to differ, with the reason.
"""

import ast
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.model import Entry, FeedPage
from monitor.sources.fields import absolute, headline
from monitor.sources.syndication import Syndication
from monitor.words import plain
from tests.builders import a_feed, a_fresh

FOLDER = Path(os.environ.get("FEEDPARSER_TESTS", ""))
BASE = "http://127.0.0.1:8097/"
_RAW = "an id stays as the feed states it (RFC 4287 section 4.2.6.1)"
_LOCATION = "Content-Location is no base any more (RFC 7231 appendix B)"
_UNSANITISED = "HTML is kept as it came; what shows it escapes it"
_UNKNOWN = "Python knows no such charset"
DIFFERS = {
    "wellformed/base/http_entry_id_base_content_location.xml": _RAW,
    "wellformed/base/http_entry_id_base_docuri.xml": _RAW,
    "wellformed/base/http_channel_link_base_content_location.xml": _LOCATION,
    "wellformed/base/http_item_link_base_content_location.xml": _LOCATION,
    "wellformed/atom10/entry_content_base64.xml": "a content of a binary type is no text (RFC 4287 section 4.1.3.3)",
    "wellformed/atom10/entry_content_base64_2.xml": "a content of a binary type is no text (RFC 4287 section 4.1.3.3)",
    "wellformed/lang/entry_content_xml_lang_blank_3.xml": "its second entry repeats the first word for word",
    "wellformed/rss/item_description_not_a_doctype.xml": _UNSANITISED,
    "wellformed/sanitize/item_content_encoded_script_nested_cdata.xml": _UNSANITISED,
    "wellformed/sanitize/xml_malicious_comment.xml": _UNSANITISED,
    "wellformed/sanitize/xml_unclosed_comment.xml": _UNSANITISED,
    "wellformed/atom/entry_title_base64_2.xml": "a title of type text is shown as the text it is",
    "encoding/bozo_linenoise.xml": "unguessable by its own word; we keep the UTF-8 it claims to be",
    **{f"encoding/x80_{name}.xml": _UNKNOWN for name in ("tcvn", "tcvn-5712", "tcvn5712-1", "viscii")},
}

pytestmark = pytest.mark.skipif(
    not os.environ.get("FEEDPARSER_TESTS"), reason="FEEDPARSER_TESTS names no folder with feedparser's test files"
)


def _comment(body: bytes) -> str:
    for codec in ("utf-8", "utf-16", "utf-32", "cp037", "iso-8859-1"):
        try:
            text = body.decode(codec)
        except UnicodeError:
            continue
        if "Expect:" in text:
            return text.split("-->")[0]
    return ""


def _expected(comment: str) -> Iterator[tuple[list[str | int], Any]]:
    """(path, value) of each `path == literal` that the test file states."""
    stated = re.search(r"Expect:\s*(.*)", comment, re.DOTALL)
    try:
        tree = ast.parse(stated[1].strip() if stated else "", mode="eval")
    except SyntaxError:
        return
    pending: list[ast.expr] = [tree.body]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
            pending += node.values
        elif isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq):
            path = _path(node.left)
            try:
                value = ast.literal_eval(node.comparators[0])
            except ValueError:
                continue
            if path:
                yield path, value


def _path(node: ast.expr) -> list[str | int]:
    steps: list[str | int] = []
    while True:
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            steps.append(node.slice.value)  # type: ignore[arg-type]
            node = node.value
        elif isinstance(node, ast.Attribute):
            steps.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Name):
            return [node.id, *reversed(steps)]
        else:
            return []


def _differences(page: FeedPage, comment: str) -> Iterator[str]:
    for path, value in _expected(comment):
        match path:
            case ["feed", *rest]:
                ours = _of_feed(page, rest, value)
            case ["entries", int(at), *rest] if at < len(page.entries):
                ours = _of_entry(page.entries[at], rest, value)
            case ["entries", int(at), *_]:
                ours = ("no such entry", at)
            case _:
                continue
        if ours is not None and ours[0] != ours[1]:
            yield f"{path}: {ours[0]!r}, not {ours[1]!r}"


def _either(title: str, value: str) -> tuple[str, str]:
    """A title as a reader sees it: `value` is HTML, or text (RFC 4287 section 3.1.1.1) that says so of itself."""
    return title, title if title == " ".join(value.split()) else headline(value)


def _of_feed(page: FeedPage, path: list[Any], value: Any) -> tuple[Any, Any] | None:
    match path:
        case ["title"] | ["title_detail", "value"]:
            return _either(page.title, value)
        case ["tagline" | "subtitle" | "description"] | ["subtitle_detail" | "tagline_detail", "value"]:
            return plain(page.description), plain(value)
        case ["link"]:
            return page.link, absolute(value, BASE)
        case ["language"]:
            return page.language, value[:2].lower()
    return None


def _of_entry(entry: Entry, path: list[Any], value: Any) -> tuple[Any, Any] | None:
    match path:
        case ["title"] | ["title_detail", "value"]:
            return _either(entry.title, value)
        case ["summary" | "description"] | ["summary_detail", "value"] | ["content", 0, "value"]:
            texts = [plain(entry.summary), plain(entry.content)]
            return (texts if plain(value) not in texts and " ".join(value.split()) not in texts else value), value
        case ["link"]:
            return entry.link, absolute(value, BASE)
        case ["id" | "guid"]:
            return entry.id, value
        case ["author_detail", "name"] | ["authors", 0, "name"]:
            return (entry.authors or ("",))[0], value
        case ["tags", int(at), "term"]:
            return (entry.tags[at] if at < len(entry.tags) else None), " ".join(value.split())
        case ["published_parsed" | "updated_parsed" | "created_parsed"]:
            moments = [moment for moment in (entry.published, entry.updated) if moment]
            return (1 if datetime(*value[:6]).replace(tzinfo=UTC) in moments else moments), 1  # noqa: DTZ001
        case ["source", "title"]:
            return entry.outlet or value, value
    return None


def _wrong(body: bytes, comment: str, *, quick: bool) -> list[str]:
    stated = re.findall(r"^Header:\s*([\w-]+):\s*(.*)$", comment, re.MULTILINE)
    headers = {name.lower(): value for name, value in stated}
    page = Syndication(quick=quick).read(a_feed(), a_fresh(body=body, headers=headers, url=BASE))
    if isinstance(page, FeedPage):
        return list(_differences(page, comment))
    wanted = any(steps[0] in ("feed", "entries") for steps, _ in _expected(comment))
    return [f"unreadable: {page}"] if wanted else []


@pytest.mark.parametrize("quick", [True, False], ids=["short way", "feedparser"])
def test_feedparsers_own_files_are_read_as_they_expect(quick: bool) -> None:
    found, files = [], 0
    for path in sorted(FOLDER.rglob("*.xml")):
        body = path.read_bytes()
        comment = _comment(body)
        if not comment or path.parts[-2] in ("http", "compression"):
            continue
        files += 1
        name = "/".join(path.relative_to(FOLDER).parts)
        found += [f"{name}: {one}" for one in _wrong(body, comment, quick=quick) if name not in DIFFERS]
    assert files > 2_000
    assert found == [], "\n".join(found)
