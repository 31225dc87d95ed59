"""A file of the configuration written anew: right as a whole afterwards, or as it was before. A copy can be kept.

Its line ends, a mark at its beginning (BOM), its rights and its owner stay what they were.
"""

import os
import shutil
from codecs import BOM_UTF8
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from stat import S_IMODE
from threading import Lock

import monitor
from monitor.errors import ConfigError, MonitorError
from monitor.settings.load import Settings, load_settings

KEPT = 50  # copies of each file

_one_at_a_time = Lock()


def rewrite(
    file: Path, before: str, after: str, environ: Mapping[str, str], archive: Path | None, keep: datetime | None = None
) -> Settings:
    """Write `after` into a file of a configuration that holds `before`; the settings as they are then.

    A file that is not there yet holds "". `keep`: copy the file as it was into the archive's folder `former`, under
    this moment. Raises MonitorError, saying what to do, where somebody else changed the file meanwhile, it cannot be
    written, or the configuration would be wrong; nothing is changed then.
    """
    folder = file.parent
    if is_shipped(folder):
        raise MonitorError(
            "the configuration is the program's own; copy it to a folder of yours first, then change that"
        )
    with _one_at_a_time:
        is_new = not file.exists()
        if ("" if is_new else text_of(file)) != before:
            raise MonitorError(f"{file.name} was changed meanwhile by somebody else; look at it anew, then try again")
        try:
            if keep is not None and not is_new:
                _keep(file, load_settings(folder, environ, archive=archive).archive.folder / "former", keep)
            old = b"" if is_new else file.read_bytes()
            _replace(file, _in_form_of(old, after))
        except OSError as error:
            what = f"{error.filename or file} cannot be written: {error.strerror}"
            raise MonitorError(f"{what}; correct its rights, or change {file.name} by hand") from error
        try:
            return load_settings(folder, environ, archive=archive)
        except ConfigError as error:
            if is_new:
                file.resolve().unlink()
            else:
                _replace(file, old)
            raise MonitorError(f"{file.name} is as it was, for with this it would be wrong. {error}") from error


def text_of(file: Path) -> str:
    """A file as `rewrite` takes it: without a mark at its beginning, each line ended by a line feed alone.

    Raises OSError, UnicodeDecodeError.
    """
    return file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")


def _in_form_of(old: bytes, text: str) -> bytes:
    if old.partition(b"\n")[0].endswith(b"\r"):
        text = text.replace("\n", "\r\n")
    return (BOM_UTF8 if old.startswith(BOM_UTF8) else b"") + text.encode()


def is_shipped(folder: Path) -> bool:
    """Whether a folder is the configuration inside the installed package, which the next version writes over."""
    return folder.resolve() == (Path(monitor.__file__).parent / "shipped").resolve()


def _keep(file: Path, folder: Path, at: datetime) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy2(file, folder / f"{file.stem}-{at:%Y%m%dT%H%M%S%f}{file.suffix}")
    for old in sorted(folder.glob(f"{file.stem}-*{file.suffix}"))[:-KEPT]:
        old.unlink()


def _replace(file: Path, content: bytes) -> None:
    file = file.resolve()  # a link stays one
    beside = file.with_name(f".{file.name}.new")
    with beside.open("wb") as written:
        if file.exists():
            was = file.stat()
            with suppress(PermissionError):  # only root may give a file to somebody else
                os.chown(beside, was.st_uid, was.st_gid)
            os.chmod(beside, S_IMODE(was.st_mode))
        written.write(content)
        written.flush()
        os.fsync(written.fileno())
    os.replace(beside, file)
