"""`export matches`: what matched, as a table for other programs: JSON Lines, CSV or Parquet."""

import csv
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import IO, Any

import click

from monitor.cli.common import Exit, MisuseError, Paths, read_settings, reading, unknown
from monitor.cli.output import counted
from monitor.store.matches import Match
from monitor.values import as_dict

_COLUMNS = Match.__struct_fields__
_BATCH = 5000  # rows of a row group
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheets would compute (OWASP, CSV injection)
_LAST = datetime.max  # noqa: DTZ901 - as click gives them
_DATES = ("%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")


class _Day(click.DateTime):
    """A day or a moment; a mistake is told by an example and not by the letters of `strptime`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is no day; write one such as 2026-03-02, or 2026-03-02T08:00", param, ctx)


@click.command(short_help="What matched, as JSON Lines, CSV or Parquet.")
@click.option("--format", "form", type=click.Choice(["jsonl", "csv", "parquet"]), default="jsonl", show_default=True)
@click.option("--topic", help="Only what matches this topic.")
@click.option(
    "--since", metavar="DAY", type=_Day(_DATES), help="Only what came to match at or after this moment (UTC)."
)
@click.option(
    "--until", metavar="DAY", type=_Day(_DATES), help="Only what came to match before; a day alone counts whole."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Into this file.  [default: print]"
)
@click.pass_obj
def matches(
    paths: Paths, form: str, topic: str | None, since: datetime | None, until: datetime | None, output: Path | None
) -> int:
    """Every article that matches, a row for each topic that it matches, in the order of time.

    A file appears whole or not at all. docs/commands.md explains the columns. Parquet needs pyarrow:
    pip install 'news-monitor[parquet]'
    """
    settings = read_settings(paths)
    names = [one.name for one in settings.topics.topics]
    if topic is not None and topic not in names:
        raise unknown("topic", topic, names)
    if form == "parquet" and output is None:
        raise MisuseError("Parquet is no text; name a file with -o FILE")
    if form == "parquet":
        _want_pyarrow()
    whole = until is not None and until == until.replace(hour=0, minute=0, second=0)
    last = until + min(timedelta(days=1), _LAST - until) if until and whole else until
    if since and last and since >= last:
        raise MisuseError("no moment lies between --since and --until; give the earlier day to --since")
    with reading(settings) as store, store.read() as shelves, _sink(output) as sink:
        rows = shelves.matches.rows(topic=topic, since=_utc(since), until=_utc(last))
        count = {"jsonl": _as_lines, "csv": _as_csv, "parquet": _as_parquet}[form](rows, sink)
    if output is not None:
        click.echo(f"{counted(count, 'match', 'matches')} in {output}", err=True)
    return Exit.OK


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None


def _as_lines(rows: Iterable[Match], sink: IO[bytes]) -> int:
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 - the last one is the number of rows
        facts = {name: _plain(value) for name, value in as_dict(row).items()}
        sink.write(json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n")
    return count


def _as_csv(rows: Iterable[Match], sink: IO[bytes]) -> int:
    count = 0
    lines = csv.writer(_Encoded(sink), lineterminator="\r\n")  # RFC 4180
    lines.writerow(_COLUMNS)
    for count, row in enumerate(rows, start=1):  # noqa: B007 - the last one is the number of rows
        lines.writerow([_cell(getattr(row, name)) for name in _COLUMNS])
    return count


class _Encoded:
    """A text file over a binary one, without a buffer of its own."""

    def __init__(self, sink: IO[bytes]) -> None:
        self._sink = sink

    def write(self, text: str) -> int:
        return self._sink.write(text.encode("utf-8"))


def _cell(value: Any) -> Any:
    """A value in CSV; what a spreadsheet would take for a formula is led by an apostrophe and stays a text."""
    shown = "; ".join(value) if isinstance(value, tuple) else _plain(value)
    return f"'{shown}" if isinstance(shown, str) and shown.startswith(_FORMULA) else shown


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _want_pyarrow() -> None:
    try:
        import pyarrow.parquet  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise MisuseError(
            "Parquet needs pyarrow, which is not installed: pip install 'news-monitor[parquet]'; "
            "or choose --format jsonl or csv"
        ) from error


def _as_parquet(rows: Iterable[Match], sink: IO[bytes]) -> int:
    import pyarrow
    from pyarrow import parquet

    text, moment, texts = pyarrow.string(), pyarrow.timestamp("us", tz="UTC"), pyarrow.list_(pyarrow.string())
    kinds = {"score": pyarrow.float64(), "threshold": pyarrow.float64(), "authors": texts, "evidence": texts}
    kinds |= dict.fromkeys(("matched_at", "published", "found_at", "told_at"), moment)
    schema = pyarrow.schema([(name, kinds.get(name, text)) for name in _COLUMNS])
    count, rest = 0, iter(rows)
    with parquet.ParquetWriter(sink, schema, compression="zstd") as writer:
        while part := list(islice(rest, _BATCH)):
            count += len(part)
            columns = {name: [getattr(row, name) for row in part] for name in _COLUMNS}
            writer.write_table(pyarrow.table(columns, schema=schema))
    return count


@contextmanager
def _sink(output: Path | None) -> Iterator[IO[bytes]]:
    """Standard output, or a file that appears whole or not at all; a device or a pipe is written to as it is."""
    if output is None:
        yield sys.stdout.buffer
        return
    if output.exists() and not output.is_file():
        with output.open("wb") as file:
            yield file
        return
    handle, part = tempfile.mkstemp(dir=output.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(part, 0o644)
        os.replace(part, output)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(part)
