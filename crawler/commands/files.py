"""Rows to files: Parquet, JSON lines, CSV. A file is there whole or not at all."""

from __future__ import annotations

import csv
import errno
import glob
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.commands.output import WRITERS as TEXTS
from crawler.commands.output import cell
from crawler.commands.parquet import write_parquet
from crawler.configuration.environment import WrongSetting
from storage.named_faults import UNWRITABLE, raise_the_disks
from storage.query.exports import LISTS, Kind


def ending(path: Path) -> str:
    """What a file's name says of its format, in small letters: ``X.CSV`` is one of Windows."""
    return path.suffix.removeprefix(".").lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A file that was written."""

    name: str
    rows: int
    bytes: int
    sha256: str
    mtime_ns: int


Kinds = Sequence[Kind] | None
"""Of the columns; None: as the values show."""
Write = Callable[[Path, Sequence[str], Iterable[Sequence[Any]], Kinds], int]


def write_file(
    form: str,
    path: Path,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    kinds: Kinds,
) -> Written:
    """Write rows beside the place and move the file there when it is whole.

    Args:
        kinds: of the columns; None: those that the first rows show to Parquet, else each value's own.

    Raises:
        WrongSetting: the place cannot be written, or what the format needs is not installed.
        OSError: the disk is full, or faulty.
    """
    with whole_file(path) as unfinished:
        count = WRITERS[form](unfinished, columns, rows, kinds)
        hashed = digest(unfinished)
        found = unfinished.stat()
    return Written(name=path.name, rows=count, bytes=found.st_size, sha256=hashed, mtime_ns=found.st_mtime_ns)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A place to write a file aside, which takes its own place when it is whole. Raises as `write_file`."""
    path = _place(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _clear_forsaken(path)
        yield unfinished
        with unfinished.open("rb") as whole:
            os.fsync(whole.fileno())  # before its name is: a power cut would leave an empty file under it
        unfinished.replace(path)
    except OSError as error:
        raise_the_disks(error, path, UNWRITABLE)
        raise WrongSetting(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        unfinished.unlink(missing_ok=True)


FORSAKEN_S = 86_400.0
"""Nobody writes a file for a day without adding to it (our choice)."""


def _clear_forsaken(path: Path) -> None:
    """Remove what killed ones left of the same file: texts that no takedown would name."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.unfinished"):
        with suppress(FileNotFoundError):  # another export of the same name clears too
            if time.time() - left.stat().st_mtime > FORSAKEN_S:
                left.unlink()


def _place(path: Path) -> Path:
    """Where a symbolic link leads, which stays one. Raises WrongSetting: what is there is no file."""
    if str(path) == "-":
        raise WrongSetting(
            "- is no file: name one (newsarchive sql writes to standard output without --output)"
        )
    try:
        # What a link of /proc to a pipe says is no path: asked for by that, the pipe would not be there.
        if path.is_file() or not path.exists():
            return _not_an_archives(_led_to(path))
        kind = "a folder" if path.is_dir() else "no file, and would be replaced by one"
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle, before Python 3.13
        raise WrongSetting(f"{path} cannot be written: {error}") from error
    raise WrongSetting(f"{path} cannot be written: it is {kind}")


def _led_to(path: Path) -> Path:
    """Raises OSError, RuntimeError: links in a circle, of which Python 3.13 gives one."""
    place = path.resolve()
    if place.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return place


def _not_an_archives(path: Path) -> Path:
    """Raises WrongSetting, OSError."""
    from storage.backup.own_files import own  # what only prints needs none of it

    if (what := own(path)) is not None:
        raise WrongSetting(f"{path} is {what}, and would be replaced: name another file")
    return path


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_text(form: str, path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Rows as they would be printed, to a file that is there whole or not at all; how many."""
    counted = _Counted(rows)
    with whole_file(path) as unfinished, unfinished.open("w", encoding="utf-8", newline="\n") as file:
        TEXTS[form](columns, counted, file)
    return counted.count


class _Counted:
    """Rows, and how many of them have passed."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for row in self._rows:
            self.count += 1
            yield row


def _write_jsonl(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]], kinds: Kinds) -> int:
    counted = _Counted(_nested(rows, kinds))
    with path.open("w", encoding="utf-8", newline="\n") as file:
        TEXTS["jsonl"](columns, counted, file)
    return counted.count


def _nested(rows: Iterable[Sequence[Any]], kinds: Kinds) -> Iterator[Sequence[Any]]:
    """Rows whose JSON is lists, not text: a reader of JSON lines would have to read JSON in JSON, and each
    database spaces it in its own way."""
    places = [place for place, kind in enumerate(kinds or ()) if kind in LISTS]
    for row in rows:
        values = list(row)
        for place in places:
            values[place] = None if values[place] is None else json.loads(values[place])
        yield values


_FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")
"""What a spreadsheet takes for the beginning of a formula, in full width too where people write in it (OWASP,
CSV injection; ASVS 1.2.10)."""


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]], kinds: Kinds) -> int:
    """For a spreadsheet: with a byte order mark, and no cell that it would run."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([_guarded(name) for name in columns])
        for count, row in enumerate(_nested(rows, kinds), start=1):  # noqa: B007
            writer.writerow([_guarded(value) for value in row])
    return count


def _guarded(value: Any) -> Any:
    text = cell(value)
    return f"'{text}" if isinstance(text, str) and text.startswith(_FORMULA) else text


WRITERS: dict[str, Write] = {"parquet": write_parquet, "jsonl": _write_jsonl, "csv": _write_csv}
