"""Headlines and authors against what pages state of themselves in JSON-LD, read here in another, simpler way.

The labelled sets hold no headlines and no authors, so this measures agreement: wherever a page says who wrote it, the
article says the same, free of "By" and of names that are no person's.
"""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from monitor.extract import extract
from monitor.model import Article
from tests.builders import NOW, a_fresh, an_entry

EVAL = Path(__file__).resolve().parents[3] / "shared" / "eval"

_SCRIPT = re.compile(r"<script[^>]*ld\+json[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_BY = re.compile(r"^by\s+", re.IGNORECASE)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for part in value:
            yield from _objects(part)
    elif isinstance(value, dict):
        if any(kind in str(value.get("@type")) for kind in ("Article", "BlogPosting", "Report")):
            yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(value.get(key))


def _stated(html: str) -> tuple[str, list[str]]:
    """(headline, authors) by the first objects of the page that state them."""
    headline, authors = "", list[str]()
    for script in _SCRIPT.findall(html):
        try:
            found = list(_objects(json.loads(script.strip(), strict=False)))
        except ValueError:
            continue
        for one in found:
            headline = headline or (one["headline"] if isinstance(one.get("headline"), str) else "")
            people = one.get("author")
            names = [
                person.get("name") if isinstance(person, dict) else person
                for person in (people if isinstance(people, list) else [people])
            ]
            authors = authors or [name for name in names if isinstance(name, str) and name.strip()]
    return headline.strip(), authors


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", unescape(unescape(text))).casefold()


def _article(body: bytes, url: str) -> Article:
    entry = an_entry(title="", summary="", content="", link=url, authors=())
    return extract(entry, a_fresh(url=url, body=body, headers={}), identity="id:1", found_at=NOW)


@pytest.mark.skipif(not (EVAL / "extraction").is_dir(), reason="no evaluation data beside the project")
@pytest.mark.parametrize(
    ("name", "headlines", "authors", "differ"),
    [("aeb", 97, 88, 2), ("np4k", 12, 11, 0)],  # pages that state one; authors that are not theirs, as measured
)
def test_what_pages_state_for_machines_comes_first(
    name: str, headlines: int, authors: int, differ: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(EVAL)
    import score_extraction  # type: ignore[import-not-found, unused-ignore]

    seen = [0, 0]
    untitled, wrong_headlines, wrong_authors = [], [], []
    for page in score_extraction.load(name):
        article = _article(page.raw, page.url or "https://courier.example/news/a-page.html")
        headline, names = _stated(score_extraction.decode(page.raw))
        seen = [seen[0] + bool(headline), seen[1] + bool(names)]
        if not article.title:
            untitled.append(page.id)
        if headline and _letters(headline) != _letters(article.title):
            wrong_headlines.append((headline, article.title))
        said = "".join(_letters(_BY.sub("", one)) for one in names)
        if names and said != "".join(map(_letters, article.authors)):
            wrong_authors.append((names, article.authors))
    assert seen == [headlines, authors]
    assert untitled == wrong_headlines == []
    assert len(wrong_authors) <= differ, wrong_authors  # "admin" is left out, and one page states two sets of people
