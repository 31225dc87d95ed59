"""A folder to hand to somebody who has no archive: the records, the texts, a page to read, and a manifest of hashes."""

import json
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from html import escape
from pathlib import Path

from msgspec import Struct

from monitor import __version__
from monitor.evidence.checking import answers_with, changed
from monitor.evidence.vault import Vault
from monitor.evidence.warc import info
from monitor.model import Article, Exhibit, Proof
from monitor.values import as_dict

MANIFEST = "manifest.json"
_RECORDS = "records.warc.gz"
_PAGE = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body {{ font: 1.05rem/1.5 serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem }}
dl {{ font: .85rem/1.4 sans-serif; border-top: 1px solid #999; padding-top: .5rem; overflow-wrap: anywhere }}
dt {{ font-weight: bold }} dd {{ margin: 0 0 .4rem }}</style>
<h1>{title}</h1>
{paragraphs}
<dl>{facts}</dl>
</html>
"""


class Packed(Struct, frozen=True):
    """An article to be packed, and all evidence of it."""

    article: Article
    outlet: str
    exhibits: Sequence[Exhibit]


def write_pack(vault: Vault, items: Iterable[Packed], folder: Path, at: datetime) -> list[str]:
    """Write the pack into an empty or new folder; the names of its files.

    Raises OSError, before anything is written, also where evidence is not as it was: that is no proof to hand on.
    """
    items = list(items)
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(None, "is not empty; name a new folder", str(folder))
    files = {_RECORDS: _records(vault, items, at)}
    for one in items:
        files[f"{one.article.id}.txt"] = f"{one.article.title}\n{one.article.text}".encode()
        files[f"{one.article.id}.html"] = _page(one).encode()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    manifest = _manifest(items, files, at)
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2, default=_plain) + "\n", "utf-8")
    return [*files, MANIFEST]


def _records(vault: Vault, items: Sequence[Packed], at: datetime) -> bytes:
    """Copied member by member, so that each hash in the manifest can be found again in the pack."""
    pieces = [info(_RECORDS, at, f"news-monitor/{__version__}")]
    answers: set[tuple[str, int]] = set()
    for exhibit in (exhibit for one in items for exhibit in one.exhibits if exhibit.proof is not Proof.MISSING):
        shared = 0 <= exhibit.response < exhibit.start
        if shared and (exhibit.file, exhibit.response) not in answers:
            pieces.append(_shared(vault, exhibit))
        answers.add((exhibit.file, exhibit.response))
        data = vault.read(exhibit.file, exhibit.start, exhibit.end)
        if wrong := changed(data, exhibit):
            raise _damaged(vault, exhibit, exhibit.start, wrong)
        pieces.append(data)
    return b"".join(pieces)


def _damaged(vault: Vault, exhibit: Exhibit, start: int, wrong: str) -> OSError:
    what = (
        f"not as it was from byte {start} on ({wrong}; article {exhibit.article}); `monitor evidence verify` names all"
    )
    return OSError(None, f"{what} that is wrong, put back a copy of the file", str(vault.folder / exhibit.file))


def _shared(vault: Vault, exhibit: Exhibit) -> bytes:
    """The answer that an earlier exhibit of the same reading holds."""
    try:
        data = _member(vault, exhibit.file, exhibit.response, exhibit.start)
        if answers_with(data, exhibit.body_hash):
            return data
    except ValueError:
        pass  # told as any other change
    raise _damaged(vault, exhibit, exhibit.response, "its answer was changed")


def _member(vault: Vault, file: str, start: int, most: int) -> bytes:
    """The one gzip member (RFC 1952) that begins there. Raises ValueError where there is none."""
    data = vault.read(file, start, most)
    inner = zlib.decompressobj(31)
    try:
        inner.decompress(data)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    return data[: len(data) - len(inner.unused_data)]


def _page(one: Packed) -> str:
    article = one.article
    facts = {
        "Outlet": one.outlet,
        "Address": article.url,
        "Published": f"{article.published:%Y-%m-%d %H:%M} UTC" if article.published else "not stated",
        "Found": f"{article.found_at:%Y-%m-%d %H:%M} UTC",
        "Article": article.id,
    }
    for exhibit in one.exhibits:
        where = f"{exhibit.file}, bytes {exhibit.start}-{exhibit.end}" if exhibit.file else exhibit.problem
        facts[f"Evidence {exhibit.number} ({exhibit.proof})"] = f"{where}; link {exhibit.link}"
        facts[f"SHA-256 of headline and text {exhibit.number}"] = exhibit.text_hash
    return _PAGE.format(
        language=escape(article.language or "und"),
        title=escape(article.title),
        paragraphs="\n".join(f"<p>{escape(line)}</p>" for line in article.text.split("\n") if line.strip()),
        facts="".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts.items()),
    )


def _manifest(items: Sequence[Packed], files: dict[str, bytes], at: datetime) -> dict[str, object]:
    return {
        "made_at": at,
        "software": f"news-monitor/{__version__}",
        "files": {name: {"bytes": len(body), "sha256": sha256(body).hexdigest()} for name, body in files.items()},
        "articles": [
            {
                "id": one.article.id,
                "url": one.article.url,
                "title": one.article.title,
                "outlet": one.outlet,
                "found_at": one.article.found_at,
                "exhibits": [as_dict(exhibit) for exhibit in one.exhibits],
            }
            for one in items
        ],
    }


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
