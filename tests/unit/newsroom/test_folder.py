"""A plain folder of texts becomes an outlet: titles, marked dates, whole texts, and nothing invented."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.newsroom.articles import ArticleError
from monitor.newsroom.folder import parse_text, read_folder

LONG = "A government that nobody had expected to last " + "and last " * 20 + "fell at dawn. It was raining."


@pytest.mark.parametrize(
    ("text", "title", "first"),
    [
        ("\n\nA short headline\nThe text follows.", "A short headline", "The text follows."),
        ("# Título: A headline\n\nText.", "A headline", "Text."),
        ("Title: A headline\nText.", "A headline", "Text."),
        ("## Markdown\nText.", "Markdown", "Text."),
        ("Is this a headline?\nYes, it is.", "Is this a headline?", "Yes, it is."),
        ("It rained. Then it stopped.", "It rained. Then it stopped.", "It rained. Then it stopped."),
        (LONG, LONG[:99].rstrip() + "…", LONG),
        ("Only a headline", "Only a headline", "Only a headline"),
    ],
)
def test_title(text: str, title: str, first: str) -> None:
    article = parse_text(text, "slug")
    assert (article.title, article.paragraphs[0]) == (title, first)


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("Headline\n>Data: 2023-12-07 05:00:00-03:00\nText.", datetime(2023, 12, 7, 8, tzinfo=UTC)),
        (" date 2024-10-03 Luxembourg joined the coalition. More.", datetime(2024, 10, 3, tzinfo=UTC)),
        ("Headline\n>Date: 2024-02-31\nText.", None),
        ("Headline\n>Date: 0001-01-01T00:00:00+05:00\nText.", None),
        ("Headline\nIt happened on 2024-10-03 in Kyiv.", None),
    ],
)
def test_only_a_marked_date_is_a_date(text: str, published: datetime | None) -> None:
    assert parse_text(text, "slug").published == published


def test_nothing_of_the_text_is_lost() -> None:
    article = parse_text("# Headline\n>Data: 2023-12-07\n>URL: https://example.org/a\n\n### Part\nOne.\nTwo.", "slug")
    assert article.paragraphs == ("Part", "One.", "Two.")
    assert article.details == ("Data: 2023-12-07", "URL: https://example.org/a")
    assert (article.language, article.author) == ("", "")


def test_files_get_addresses_of_their_own(tmp_path: Path) -> None:
    for name in ("a b.txt", "a-b.txt", "новина.txt", "ще.txt"):
        (tmp_path / name).write_text(f"Headline of {name}\nText.", "utf-8")
    (tmp_path / "empty.txt").write_text("\n")
    (tmp_path / "picture.jpg").write_bytes(b"\xff\xd8")
    edition = read_folder(tmp_path)
    assert sorted(article.slug for article in edition.first) == ["a-b", "a-b-2", "article", "article-2"]
    assert edition.first == edition.corrected


def test_a_text_in_another_charset_is_still_read(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_bytes("Überschrift\nText.".encode("latin-1"))
    (article,) = read_folder(tmp_path).first
    assert article.title.endswith("berschrift")


def test_a_folder_without_texts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match=r"no \.txt file with text"):
        read_folder(tmp_path)
    with pytest.raises(ArticleError, match="no such folder"):
        read_folder(tmp_path / "missing")
