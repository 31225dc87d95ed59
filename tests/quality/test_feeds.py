"""Real feeds with known results, read through our own source; the figure may not fall."""

from pathlib import Path
from typing import Any

import pytest

from monitor.model import FeedPage
from monitor.sources import KINDS
from tests.builders import a_feed, a_fresh

EVAL = Path(__file__).resolve().parents[3] / "shared" / "eval"


def _read(data: bytes, url: str, _content_type: None) -> dict[str, Any]:
    page = KINDS["feed"].read(a_feed(), a_fresh(url=url, body=data, headers={}))
    assert isinstance(page, FeedPage), page
    fields = ("id", "link", "title", "published", "updated", "summary", "content")
    return {
        "feed": {"title": page.title, "link": page.link, "description": page.description},
        "entries": [{name: getattr(entry, name) for name in fields} for entry in page.entries],
    }


@pytest.mark.skipif(not (EVAL / "feeds").is_dir(), reason="no evaluation data beside the project")
def test_real_feeds_are_read_as_expected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(EVAL)
    import score_feeds  # type: ignore[import-not-found, unused-ignore]

    figures = score_feeds.evaluate(_read)
    assert figures["failures"] == []
    assert (figures["feeds_right"], figures["errors"]) == (28, 0)
