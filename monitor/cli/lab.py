"""`lab`: each stage alone. JSON Lines on standard input, one answer line per input line, flushed at once.

The very functions of the daemon are called; docs/lab.md states the format, which is stable.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

import click

from monitor.cli.common import Group, Paths
from monitor.errors import MonitorError, StoreError
from monitor.model import Article, Copy, Entry, Feed, FeedPage, Fresh, How, Joins, Opens, Placement, Request, Unreadable
from monitor.values import as_dict

Answer = dict[str, Any]
Stage = Callable[[Mapping[str, Any]], Answer]


class BadLineError(MonitorError):
    """An input line that cannot be answered; its text is the answer's `error`."""


@click.group(cls=Group)
def lab() -> None:
    """Each stage alone: JSON Lines in, one answer line per input line, flushed at once.

    What fails answers {"id", "error"} and the next line is read.
    """


@lab.command("parse", short_help="A feed document from a file.")
def parse_stage() -> None:
    """A feed document from a file.

    \b
    {"id","file","url"?,"content_type"?} → {"id","feed":{…},"entries":[…]}
    """
    converse(parse)


@lab.command("extract", short_help="An article from a page in a file.")
def extract_stage() -> None:
    """An article from a page in a file.

    \b
    {"id","file","url"} → {"id","title","authors","date","language","text","how"}
    """
    converse(extract_page)


@lab.command("judge", short_help="What the topics make of a text.")
@click.option("--config", "folder", type=str, metavar="DIR", help="Topics from this folder instead.")
@click.pass_obj
def judge_stage(paths: Paths, folder: str | None) -> None:
    """What the topics make of a text.

    \b
    {"id","title","text","language"?,"date"?,"source"?} → {"id","topics","scores","evidence"}
    """
    from monitor.settings import load_topic_files

    topics = load_topic_files(Path(folder) if folder else paths.config)

    def judge(line: Mapping[str, Any]) -> Answer:
        from monitor.extract.language import detect

        title, text = _text(line, "title"), _text(line, "text")
        language = _text(line, "language") or detect(f"{title}\n{text}")
        verdicts = topics.judge(title, text, language=language, source=_text(line, "source"), url=_text(line, "url"))
        return {
            "topics": [verdict.topic for verdict in verdicts if verdict.matched],
            "scores": {verdict.topic: round(verdict.score, 4) for verdict in verdicts},
            "evidence": {verdict.topic: [as_dict(found) for found in verdict.evidence] for verdict in verdicts},
        }

    converse(judge)


@lab.command("group", short_help="Which texts belong to one story.")
def group_stage() -> None:
    """Which texts, in order of arrival, belong to one story.

    \b
    {"id","title","text","date"?,"language"?,"url"?} → {"id","story","placement","reason","moved"}
    """
    with grouping() as group:
        converse(group)


def converse(stage: Stage) -> None:
    """Answer every line of standard input with one line on standard output until the input ends."""
    for number, line in enumerate(sys.stdin.buffer, 1):
        if line.strip():
            said = json.dumps(answer(stage, line, number), ensure_ascii=False)
            # Half of a surrogate pair, which JSON can hold and UTF-8 cannot, becomes the JSON escape it came from.
            sys.stdout.buffer.write(said.encode("utf-8", "backslashreplace") + b"\n")
            sys.stdout.buffer.flush()


def answer(stage: Stage, line: bytes, number: int) -> Answer:
    """What a stage says to one line; a trouble becomes {"id", "error"}. Raises StoreError when the archive is lost."""
    identity: object = None
    try:
        asked = _read_line(line, number)
        identity = asked.get("id")
        return {"id": identity, **stage(asked)}
    except StoreError:
        raise
    except MonitorError as error:
        return {"id": identity, "error": str(error)}


def _read_line(line: bytes, number: int) -> Mapping[str, Any]:
    try:
        asked = json.loads(line.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise BadLineError(f"line {number} is not UTF-8: byte {error.start + 1} is {line[error.start]:#04x}") from None
    except json.JSONDecodeError as error:
        raise BadLineError(f"line {number} is not JSON: {error.msg} at column {error.colno}") from None
    except (ValueError, RecursionError) as error:  # a number or a nesting that no honest line has
        raise BadLineError(f"line {number} cannot be read: {error}") from None
    if not isinstance(asked, dict):
        raise BadLineError(f"line {number}: want a JSON object, found {type(asked).__name__}")
    return asked


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def parse(line: Mapping[str, Any]) -> Answer:
    """A feed document read from a file."""
    from monitor.sources import KINDS

    url = _text(line, "url") or "https://lab.invalid/feed"
    visit = _visit(line, url, _text(line, "content_type"))
    page = KINDS["feed"].read(Feed("lab", url), visit)
    if isinstance(page, Unreadable):
        raise BadLineError(str(page))
    return {"feed": _feed_facts(page), "entries": [_entry_facts(entry) for entry in page.entries]}


def _feed_facts(page: FeedPage) -> Answer:
    ttl = page.ttl.total_seconds() if page.ttl else None
    return {
        "title": page.title,
        "link": page.link,
        "description": page.description,
        "language": page.language,
        "ttl": ttl,
        "remark": page.remark,
    }


def _entry_facts(entry: Entry) -> Answer:
    facts = as_dict(entry)
    del facts["feed"]
    return facts | {"published": _iso(entry.published), "updated": _iso(entry.updated)}


def extract_page(line: Mapping[str, Any]) -> Answer:
    """An article made from a page in a file."""
    from monitor.extract import extract

    url = _text(line, "url")
    visit = _visit(line, url or "https://lab.invalid/page", "")
    entry = Entry(feed="lab", id="", link=url, title="")
    article = extract(entry, visit, identity=url, found_at=visit.at)
    return {
        "title": article.title,
        "authors": list(article.authors),
        "date": _iso(article.published),
        "language": article.language,
        "text": article.text,
        "how": str(article.how),
        "url": article.url,
        "problem": article.problem,
        "image": article.image,
        "section": article.section,
        "dateline": article.dateline,
        "live": article.live,
    }


@contextmanager
def grouping() -> Iterator[Stage]:
    """A stage that places articles one after the other in an archive of its own, kept in memory."""
    from monitor.app import COPIES_WITHIN
    from monitor.jobs.placing import place_article
    from monitor.links import article_id, canonical
    from monitor.store import open_store

    store = open_store("sqlite://")
    numbers = count(1)
    asked: dict[str, object] = {}  # article → the id of its line

    def group(line: Mapping[str, Any]) -> Answer:
        url, at, number = canonical(_text(line, "url")), _date(line), str(next(numbers))
        published = at if _text(line, "date") else None
        entry = Entry(feed="lab", id=number, link=url, title=_text(line, "title"))
        article = Article(
            id=article_id("", "lab", number),  # two lines of one address or id are two all the same
            entry=entry,
            url=url,
            title=entry.title,
            text=_text(line, "text"),
            language=_text(line, "language"),
            how=How.FEED_CONTENT,
            found_at=at,
            published=published,
        )
        with store.begin() as shelves:
            shelves.articles.add(article, "", ())
            placed = place_article(shelves, article, "", at, COPIES_WITHIN)
        placement = placed.placement
        moved = [{"id": asked[one], "story": story} for one, story in placed.moved.items() if one in asked]
        asked[article.id] = line.get("id")
        said = {"story": placement.story, "placement": _placement_word(placement), "reason": placement.reason}
        return said | {"moved": moved}

    try:
        yield group
    finally:
        store.close()


def _placement_word(placement: Placement) -> str:
    match placement:
        case Opens():
            return "opens"
        case Joins():
            return "joins"
        case Copy():
            return "copy"


def _visit(line: Mapping[str, Any], url: str, content_type: str) -> Fresh:
    name = _text(line, "file")
    if not name:
        raise BadLineError('"file" is missing: the path of the body to read')
    try:
        body = Path(name).read_bytes()
    except OSError as error:
        raise BadLineError(f"{name} cannot be read: {error.strerror}") from None
    except ValueError as error:  # a path with a NUL in it
        raise BadLineError(f"{name!r} is no path: {error}") from None
    headers = {"content-type": content_type} if content_type else {}
    return Fresh(Request(url, "feed", "lab"), url, 200, headers, body, at=datetime.now(UTC))


def _text(line: Mapping[str, Any], key: str) -> str:
    value = line.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadLineError(f'"{key}" must be a text, found {type(value).__name__}')
    return value


def _date(line: Mapping[str, Any]) -> datetime:
    """The line's date; without one the time of asking. A bare year or month counts as its first day."""
    value = _text(line, "date")
    if not value:
        return datetime.now(UTC)
    whole = value + {4: "-01-01", 7: "-01"}.get(len(value), "")
    try:
        moment = datetime.fromisoformat(whole)
        if not 1900 <= moment.year <= 9000:
            raise ValueError
    except ValueError:
        raise BadLineError(f'"date" must be an ISO 8601 date of this age, found {value!r}') from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
