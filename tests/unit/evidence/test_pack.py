"""A pack holds all that is needed to check it without the archive."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from msgspec.structs import replace
from warcio.archiveiterator import ArchiveIterator

from monitor.evidence import Vault
from monitor.evidence.pack import MANIFEST, Packed, write_pack
from tests.builders import NOW, an_article
from tests.unit.evidence.keeping import HTML, a_deposit, an_answer

NASTY = 'Two <launchers> & "more"'


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Of the second of two articles that share an answer."""
    vault = Vault(tmp_path / "evidence")
    held = vault.hold(an_answer())
    article = an_article(title=NASTY, text="First.\nSecond <b>.")
    deposits = [
        replace(a_deposit(vault), answer=held),
        replace(a_deposit(vault), article=article.id, title=article.title, text=article.text, answer=held),
    ]
    _, second = vault.append(deposits, NOW, None, 0)
    write_pack(vault, [Packed(article, "Northern Courier", [second])], tmp_path / "pack", NOW)
    return tmp_path / "pack"


def test_records_hold_the_shared_answer_too(pack: Path) -> None:
    with (pack / "records.warc.gz").open("rb") as stream:
        found = [(one.rec_type, one.content_stream().read()) for one in ArchiveIterator(stream, check_digests="raise")]
    assert [kind for kind, _ in found] == ["warcinfo", "response", "conversion"]
    assert found[1][1] == HTML
    assert found[2][1] == f"{NASTY}\nFirst.\nSecond <b>.".encode()


def test_the_manifest_states_every_file_and_hash(pack: Path) -> None:
    manifest = json.loads((pack / MANIFEST).read_text("utf-8"))
    assert manifest["files"].keys() | {MANIFEST} == {path.name for path in pack.iterdir()}
    for name, stated in manifest["files"].items():
        assert sha256((pack / name).read_bytes()).hexdigest() == stated["sha256"]
    (article,) = manifest["articles"]
    (exhibit,) = article["exhibits"]
    assert exhibit["text_hash"] == sha256((pack / f"{article['id']}.txt").read_bytes()).hexdigest()


def test_the_page_is_escaped(pack: Path) -> None:
    (page,) = pack.glob("*.html")
    html = page.read_text("utf-8")
    assert "<h1>Two &lt;launchers&gt; &amp; &quot;more&quot;</h1>" in html
    assert "<p>Second &lt;b&gt;.</p>" in html
    assert "SHA-256" in html


def test_a_folder_with_something_in_it_is_left_alone(pack: Path) -> None:
    before = sorted(pack.iterdir())
    with pytest.raises(FileExistsError):
        write_pack(Vault(pack), [], pack, NOW)
    assert sorted(pack.iterdir()) == before


@pytest.mark.parametrize("which", [0, 1])
def test_what_is_not_as_it_was_is_not_handed_on(tmp_path: Path, which: int) -> None:
    """Neither an article's own records nor the answer that it shares with another."""
    vault = Vault(tmp_path / "evidence")
    held = vault.hold(an_answer())
    article = an_article()
    mine = replace(a_deposit(vault), article=article.id, title=article.title, text=article.text, answer=held)
    exhibits = vault.append([replace(a_deposit(vault), answer=held), mine], NOW, None, 0)
    path = vault.folder / exhibits[1].file
    data = bytearray(path.read_bytes())
    data[(exhibits[1].response + exhibits[0].end, exhibits[1].start + exhibits[1].end)[which] // 2] ^= 1
    path.write_bytes(data)

    with pytest.raises(OSError, match="not as it was") as raised:
        write_pack(vault, [Packed(article, "Northern Courier", exhibits[1:])], tmp_path / "pack", NOW)
    assert raised.value.filename == str(path)
    assert not any((tmp_path / "pack").iterdir())
