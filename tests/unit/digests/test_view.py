"""The data object of templates, and its description for people."""

import re
from pathlib import Path

import pytest

from monitor.digests.present import present
from monitor.digests.view import CoverageView, DigestView, Match, Outlet, SectionView, StoryView, Term, TrendView
from tests.builders import a_digest, a_report, a_story, an_article

README = Path("config/templates/README.md")
VIEWS = {
    "digest": DigestView, "section": SectionView, "story": StoryView, "outlet": Outlet, "match": Match, "term": Term,
    "coverage": CoverageView, "trend": TrendView,
}  # fmt: skip


def test_the_description_names_every_field_and_nothing_else() -> None:
    described = set(re.findall(r"^\| `(\w+\.\w+)` \|", README.read_text("utf-8"), re.MULTILINE))
    existing = {f"{name}.{field}" for name, view in VIEWS.items() for field in view.__struct_fields__}
    existing |= {
        f"{name}.{key}" for name, view in VIEWS.items() for key in vars(view) if isinstance(vars(view)[key], property)
    }
    assert described == existing


@pytest.mark.parametrize(("full", "listed"), [(0, 0), (1, 1), (1, 3), (3, 4), (5, 5), (99, 99)])
def test_a_limited_view_counts_every_story_once(full: int, listed: int) -> None:
    stories = tuple(a_story(reports=(a_report(article=an_article(url=f"https://a.example/{n}")),)) for n in range(5))
    view = present(a_digest(stories=stories)).limited(full, listed)
    assert view.total == 5
    assert view.brief == max(0, min(listed, 5) - full)
    assert view.unlisted == max(0, 5 - listed)
    assert [story.rank for story in view.sections[0].stories] == list(range(1, min(full, 5) + 1))
