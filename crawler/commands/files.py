"""Rows to files: Parquet, JSON lines, CSV. A file is there whole or not at all."""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from crawler.commands.output import plain
from crawler.configuration.environment import WrongSetting

PIECE = 1_000
"""Rows held at once: some 3 MB of articles; a Parquet row group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A file that was written."""

    name: str
    rows: int
    bytes: int
    sha256: str


Write = Callable[[Path, Sequence[str], Iterable[Sequence[Any]], Collection[str]], int]


def write_file(
    form: str, path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]], numbers: Collection[str]
) -> Written:
    """Write rows beside the place and move the file there when it is whole.

    Args:
        numbers: columns of whole numbers; the others are text.

    Raises:
        WrongSetting: the place cannot be written, or what the format needs is not installed.
    """
    with whole_file(path) as unfinished:
        count = WRITERS[form](unfinished, columns, rows, numbers)
        digest = _digest(unfinished)
        size = unfinished.stat().st_size
    return Written(name=path.name, rows=count, bytes=size, sha256=digest)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A place to write a file aside, which takes its own place when it is whole. Raises as `write_file`."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield unfinished
        unfinished.replace(path)
    except OSError as error:
        raise WrongSetting(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_jsonl(
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]], _numbers: Collection[str]
) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for count, row in enumerate(rows, start=1):  # noqa: B007
            file.write(json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, default=plain))
            file.write("\n")
    return count


_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection)."""


def _write_csv(
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]], _numbers: Collection[str]
) -> int:
    """For a spreadsheet: with a byte order mark, and no cell that it would run."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(columns)
        for count, row in enumerate(rows, start=1):  # noqa: B007
            writer.writerow([_guarded(value) for value in row])
    return count


def _guarded(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _write_parquet(
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]], numbers: Collection[str]
) -> int:
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError as error:
        raise WrongSetting("Parquet needs pyarrow: pip install 'newsarchive[export]'") from error
    schema = arrow.schema([(name, arrow.int64() if name in numbers else arrow.string()) for name in columns])
    count = 0
    waiting = iter(rows)
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while piece := list(islice(waiting, PIECE)):
            arrays = [
                arrow.array([_typed(row[place], field.name in numbers) for row in piece], field.type)
                for place, field in enumerate(schema)
            ]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))
            count += len(piece)
    return count


def _typed(value: Any, number: bool) -> Any:
    if value is None or number:
        return value
    return value if isinstance(value, str) else str(plain(value) if not isinstance(value, float) else value)


WRITERS: dict[str, Write] = {"parquet": _write_parquet, "jsonl": _write_jsonl, "csv": _write_csv}
