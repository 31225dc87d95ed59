"""News pages with known body text; the floors are a little below what was measured (aeb .982, np4k .977)."""

from pathlib import Path

import pytest

from monitor.extract import extract
from tests.builders import NOW, a_fresh, an_entry

EVAL = Path(__file__).resolve().parents[3] / "shared" / "eval"


def _text(body: bytes, url: str | None) -> str:
    address = url or "https://courier.example/news/a-page.html"
    entry = an_entry(title="", summary="", content="", link=address)
    return extract(entry, a_fresh(url=address, body=body, headers={}), identity="id:1", found_at=NOW).text


@pytest.mark.skipif(not (EVAL / "extraction").is_dir(), reason="no evaluation data beside the project")
@pytest.mark.parametrize(("name", "floor"), [("aeb", 0.981), ("np4k", 0.976)])
def test_the_texts_of_pages_keep_their_floor(name: str, floor: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(EVAL)
    import score_extraction  # type: ignore[import-not-found, unused-ignore]

    figures = score_extraction.evaluate(name, _text, as_bytes=True)
    assert figures["errors"] == 0
    assert figures["empty"] == 0
    assert figures["F1"] >= floor
