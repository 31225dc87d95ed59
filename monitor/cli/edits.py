"""`diff`: what an article said before and says now, word by word."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import click

from monitor.cli.common import Exit, Paths, read_settings, reading
from monitor.cli.output import console, counted, echo_json, say
from monitor.extract.edits import Piece, changed_lines, pieces
from monitor.store import Refetch, Version

_STYLE = {"gone": "red strike", "new": "bold green", "same": ""}
_PLAIN = {"gone": ("[-", "-]"), "new": ("{+", "+}"), "same": ("", "")}  # as wdiff(1) writes it


@click.command()
@click.argument("item")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def diff(paths: Paths, item: str, as_json: bool) -> int:
    """How the article ITEM (its address or id) was edited: every version against the one before, word by word.

    In a pipe, words that went stand in [-…-], words that came in {+…+}. Ends with code 1 when ITEM is not known.
    """
    with reading(read_settings(paths)) as store, store.read() as shelves:
        ids = dict.fromkeys(one.item.article for one in shelves.articles.history(item) if one.item.article)
        found = [(shelves.versions.of(one), shelves.versions.standing(one)) for one in ids]
    if as_json:
        echo_json([_facts(versions, standing) for versions, standing in found])
    for versions, standing in found if not as_json else []:
        _show(versions, standing)
    if not found and not as_json:
        click.echo(f"{item} is no article of this archive; `monitor search` shows ids and addresses", err=True)
    return Exit.OK if found else Exit.NOT_WELL


def _facts(versions: Sequence[Version], standing: Refetch | None) -> dict[str, Any]:
    def change(old: Version, new: Version) -> dict[str, Any]:
        return {"title": pieces(old.title, new.title), "text": pieces(old.text, new.text)}

    changes = [{}, *(change(old, new) for old, new in pairwise(versions))]
    seen = [
        {"seen_at": one.seen_at, "title": one.title, "text": one.text, "reason": one.reason, "changed": changed}
        for one, changed in zip(versions, changes, strict=True)
    ]
    page: dict[str, Any] = {"checked_at": None, "due_at": None, "deleted_at": None}
    if standing:
        page = {"checked_at": standing.checked_at, "due_at": standing.due_at, "deleted_at": standing.gone_at}
    return {"article": versions[0].article, "versions": seen, "page": page}


def _show(versions: Sequence[Version], standing: Refetch | None) -> None:
    say(f"“{versions[-1].title}”", style="bold")
    say(f"article {versions[-1].article}: {counted(len(versions), 'version')}{_standing(standing)}")
    for old, new in pairwise(versions):
        say()
        say(f"{new.seen_at:%Y-%m-%d %H:%M} UTC: {new.reason or 'edited in the feed'}", style="bold cyan")
        if old.title != new.title:
            _print(pieces(old.title, new.title))
            say()
        for paragraph in changed_lines(pieces(old.text, new.text)):
            _print(
                [("same", f"… {counted(paragraph, 'paragraph')} unchanged …")]
                if isinstance(paragraph, int)
                else paragraph
            )


def _standing(standing: Refetch | None) -> str:
    if standing is None or standing.checked_at is None:
        return ", its page was not looked at again yet"
    if standing.gone_at:
        return f"; its page was deleted, found out {standing.gone_at:%Y-%m-%d %H:%M} UTC"
    again = f", next {standing.due_at:%Y-%m-%d %H:%M} UTC" if standing.due_at else ", no more"
    trouble = f" ({standing.problem})" if standing.problem else ""
    return f"; its page was looked at again {standing.checked_at:%Y-%m-%d %H:%M} UTC{trouble}{again}"


def _print(line: Sequence[Piece]) -> None:
    from rich.text import Text

    out = console()
    is_plain = not out.is_terminal or out.no_color or out.color_system is None
    shown = Text()
    before = ""
    for kind, text in line:
        kept = text.rstrip() if kind != "same" else text
        left, right = _PLAIN[kind] if is_plain else ("", "")
        if (before, kind) == ("gone", "new") and not shown.plain.endswith(" "):
            shown.append(" ")  # where a line ends no space follows what went
        shown.append(f"{left}{kept}{right}", style=_STYLE[kind])
        shown.append(text[len(kept) :])
        before = kind
    say(shown, after="  ")
