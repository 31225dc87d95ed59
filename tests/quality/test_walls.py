"""Invented walls are told by their names, and articles that look a little like them pass."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from monitor.extract import extract
from monitor.model import Article, How
from tests.builders import NOW, a_fresh, a_request, an_entry

DATA = Path(__file__).resolve().parents[1] / "data" / "walls"
URL = "https://courier.example/news/2026/a-story.html"


def _cases(file: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads((DATA / file).read_text("utf-8"))


WALLS, INNOCENT = _cases("walls.toml"), _cases("innocent.toml")


def _read(case: dict[str, Any]) -> Article:
    page = a_fresh(
        request=a_request(url=URL, purpose="page"),
        url=URL,
        headers={"content-type": "text/html; charset=utf-8"},
        body=f"<!doctype html><html><head><meta charset='utf-8'></head>{case['html']}</html>".encode(),
    )
    entry = an_entry(link=URL, title=case["headline"], summary="", language="")
    return extract(entry, page, identity="id:1", found_at=NOW)


def test_there_are_enough_of_both() -> None:
    assert len(WALLS) >= 30
    assert len(INNOCENT) >= 30


@pytest.mark.parametrize("name", WALLS)
def test_a_wall_is_told_by_its_name_and_never_read(name: str) -> None:
    article = _read(WALLS[name])
    assert article.problem == WALLS[name]["reason"]
    assert (article.how, article.text) == (How.TITLE, "")


@pytest.mark.parametrize("name", INNOCENT)
def test_an_article_is_an_article(name: str) -> None:
    article = _read(INNOCENT[name])
    assert article.problem == ""
    assert article.how is How.PAGE
