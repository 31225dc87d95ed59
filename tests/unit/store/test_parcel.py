"""Parcels: a folder or one file, whole or not at all, opened only when every byte is as it was packed."""

import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.errors import StoreError
from monitor.store import open_store
from monitor.store.dump import dumping
from monitor.store.migrate import HEAD
from monitor.store.parcel import Parcel, opened, pack
from tests.builders import NOW, an_article
from tests.unit.store.searched import holding

Packed = Callable[[str], Path]


@pytest.fixture
def packed(tmp_path: Path) -> Packed:
    """`packed("house.tar.gz")`: an archive of one article and two files."""
    store = open_store(f"sqlite:///{tmp_path}/monitor.db")
    with store.begin() as shelves:
        shelves.articles.add(an_article(), "hash", [])
    store.close()
    (tmp_path / "one.warc.gz").write_bytes(b"\x1f\x8b evidence")

    def make(name: str) -> Path:
        files: dict[str, Path | bytes] = {"config/feeds.toml": b"[[feed]]\n", "evidence/one": tmp_path / "one.warc.gz"}
        with dumping(f"sqlite:///{tmp_path}/monitor.db") as dump:
            parcel = pack(dump, files, tmp_path / name, NOW, "1.2.3")
        assert parcel.files == ("config/feeds.toml", "evidence/one")
        return parcel.place

    return make


def _open(place: Path, work: Path) -> Parcel:
    with opened(place, work) as parcel:
        parcel.load(work / "new.db")
        assert (parcel.place / "evidence/one").read_bytes() == b"\x1f\x8b evidence"
        return parcel


@pytest.mark.parametrize("name", ["house", "house.tar.gz", "house.tgz"])
def test_what_was_packed_comes_out(packed: Packed, tmp_path: Path, name: str) -> None:
    place = packed(name)
    work = tmp_path / "work"
    work.mkdir()
    parcel = _open(place, work)
    assert (parcel.schema, parcel.rows["articles"], parcel.rows["told"]) == (HEAD, 1, 0)
    assert set(parcel.files) == {"config/feeds.toml", "evidence/one"}
    store = open_store(f"sqlite:///{work / 'new.db'}")
    with store.read() as shelves:
        assert len(holding(shelves, "launchers")) == 1
    store.close()
    assert [one.name for one in work.iterdir()] == ["new.db"]
    assert not [one for one in tmp_path.iterdir() if one.name.startswith(".")]


def test_what_is_there_already_is_not_written_over(packed: Packed, tmp_path: Path) -> None:
    (tmp_path / "house.tar.gz").write_text("mine")
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "mine").touch()
    for name in ("house.tar.gz", "house"):
        with pytest.raises(StoreError, match="is there already; name another"):
            packed(name)
    (tmp_path / "empty").mkdir()
    packed("empty")


def test_one_that_fails_leaves_nothing(packed: Packed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: Path) -> None:
        raise OSError(28, "No space left on device", "monitor")

    monkeypatch.setattr("monitor.store.parcel.flush", full)
    for name in ("house", "house.tar.gz"):
        with pytest.raises(StoreError, match="No space left on device; make room"):
            packed(name)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["monitor.db", "one.warc.gz"]


@pytest.mark.parametrize("name", ["tables/articles.jsonl", "config/feeds.toml", "evidence/one"])
@pytest.mark.parametrize("change", ["changed", "missing"])
def test_a_file_that_is_not_as_it_was_packed_is_told(packed: Packed, tmp_path: Path, name: str, change: str) -> None:
    place = packed("house")
    if change == "changed":
        (place / name).write_bytes((place / name).read_bytes() + b" ")
    else:
        (place / name).unlink()
    with pytest.raises(StoreError, match=f"not as it was made: {name}"), opened(place, tmp_path):
        pass


def test_a_file_cut_short_is_told(packed: Packed, tmp_path: Path) -> None:
    place = packed("house.tar.gz")
    place.write_bytes(place.read_bytes()[:-200])
    with pytest.raises(StoreError, match=r"no whole \.tar\.gz|not as it was made|no export"), opened(place, tmp_path):
        pass
    place.write_text("something else")
    with pytest.raises(StoreError, match=r"no whole \.tar\.gz"), opened(place, tmp_path):
        pass


def test_a_parcel_that_reaches_outside_is_refused(packed: Packed, tmp_path: Path) -> None:
    place = packed("house")
    manifest = json.loads((place / "manifest.json").read_text())
    (tmp_path / "outside").write_bytes(b"[[feed]]\n")
    manifest["files"]["../outside"] = manifest["files"]["config/feeds.toml"]
    (place / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(StoreError, match=r"not as it was made: \.\./outside"), opened(place, tmp_path):
        pass
    with tarfile.open(tmp_path / "evil.tar.gz", "w:gz") as tar:
        tar.add(tmp_path / "outside", "../../outside-of-all")
    with pytest.raises(StoreError, match="outside"), opened(tmp_path / "evil.tar.gz", tmp_path):
        pass


def test_what_is_no_parcel_is_told(packed: Packed, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no export of this program"), opened(tmp_path, tmp_path):
        pass
    place = packed("house")
    manifest = json.loads((place / "manifest.json").read_text())
    (place / "manifest.json").write_text(json.dumps(manifest | {"format": 2}))
    with pytest.raises(StoreError, match="of a newer form"), opened(place, tmp_path):
        pass
