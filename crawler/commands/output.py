"""Rows to text: a table for people, CSV and JSON lines for programs. Nothing is cut off in the latter."""

from __future__ import annotations

import csv
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import chain, islice
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import typer

from crawler.commands.streams import for_its_reader
from crawler.configuration.environment import WrongSetting
from crawler.counted import counted
from storage.query.columns import apart
from storage.seoul import shown, written

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

Rows = Iterable[Sequence[Any]]
Row = TypeVar("Row")


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    """The text as a terminal may be given it: without what would colour it, move in it or turn it round.

    Files and pipes get every letter (csv, jsonl). A file's name that is no UTF-8 is spelled with escapes.
    """
    return _CONTROL.sub("", text.encode("utf-8", "backslashreplace").decode("utf-8"))


def say(said: str) -> None:
    """A word beside the answer, on standard error."""
    typer.echo(f"newsarchive: {said}", err=True)


def answering_console(**how: Any) -> Console:
    """A console for standard output, whose reader may go away: rich's own would end the program with 1."""
    from rich.console import Console

    class Answering(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return Answering(**how)


def write_table(columns: Sequence[str], rows: Rows, out: TextIO) -> None:
    """A table that folds long cells; as wide as the terminal, or as it needs where there is none.

    Of many rows several tables, one below the other. More columns than can be read side by side stand below
    each other, row by row.
    """
    screen = answering_console(file=out, width=None if out.isatty() else 160)
    told = (["" if value is None else harmless(str(cell(value))) for value in row] for row in rows)
    pieces = in_pieces(told)
    first = next(pieces)
    narrow = len(columns) > 1 and screen.width < _COLUMN * len(columns)
    lines = len(first) * (len(columns) + 1 if narrow else 1) + _AROUND
    number = 0
    with _paged(screen, lines):
        for piece in chain([first], pieces):
            for part in _upright(columns, piece, number) if narrow else [_table(columns, piece)]:
                screen.print(part)
            number += len(piece)
        screen.print(counted(number, "row"), highlight=False)


def in_pieces(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Of at most PIECE rows; one without any where there are none."""
    left = iter(rows)
    yield list(islice(left, PIECE))
    yield from iter(lambda: list(islice(left, PIECE)), [])


PIECE = 1000
"""Rows of one table (our choice): Rich lays out all of it before its first line, 10 kB of memory a row."""
_COLUMN = 10
"""Letters that a column needs at least, its frame included: a day, or five syllables of Hangul."""
_AROUND = 6
"""Lines of a table that are no rows: its frame and head, the count, and the next prompt."""


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for column in columns:
        table.add_column(Text(column), overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _upright(columns: Sequence[str], rows: Sequence[Sequence[str]], before: int) -> Iterator[Table]:
    from rich.table import Table
    from rich.text import Text

    for number, row in enumerate(rows, start=before + 1):
        table = Table(title=f"row {number}", title_justify="left", show_header=False, box=None)
        table.add_column(style="dim", overflow="fold")
        table.add_column(overflow="fold")
        for column, value in zip(columns, row, strict=True):
            table.add_row(Text(column), Text(value))
        yield table


@contextmanager
def _paged(console: Console, lines: int) -> Iterator[None]:
    """What is longer than the screen goes through the pager of whoever reads (``PAGER``, else ``less``).

    Off where no person looks: a pipe, a file, a terminal that cannot move, or ``PAGER=cat``.
    """
    if (
        not (console.is_terminal and sys.stdin.isatty())
        or console.is_dumb_terminal
        or lines <= console.height
    ):
        yield
        return
    os.environ.setdefault("LESS", "FRX")  # colours; ends by itself where all fits; leaves it on the screen
    with console.pager(styles=True):
        yield


def write_csv(columns: Sequence[str], rows: Rows, out: TextIO, separator: str = ",") -> None:
    writer = csv.writer(_PlainLines(out), delimiter=separator)
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in rows)


class _PlainLines:
    """Ends each row with a line feed. The writer, which thinks that it ends them with both, quotes a value
    with either in it: before Python 3.13 it quotes only what is in its own line end, and a lone CR broke
    the row.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, row: str) -> int:
        return self._out.write(row.removesuffix("\r\n") + "\n")


def write_tsv(columns: Sequence[str], rows: Rows, out: TextIO) -> None:
    """As CSV, with tabs between; a value that holds one is quoted."""
    write_csv(columns, rows, out, separator="\t")


def write_jsonl(columns: Sequence[str], rows: Rows, out: TextIO) -> None:
    for line in _objects(columns, rows):
        print(line, file=out)


def write_json(columns: Sequence[str], rows: Rows, out: TextIO) -> None:
    """One list of objects, written as the rows come."""
    before = "["
    for line in _objects(columns, rows):
        out.write(f"{before}\n{line}")
        before = ","
    out.write("[]\n" if before == "[" else "\n]\n")


def _objects(columns: Sequence[str], rows: Rows) -> Iterator[str]:
    names = apart(columns)
    for row in rows:
        named = dict(zip(names, map(_finite, row), strict=True))
        yield json.dumps(named, ensure_ascii=False, default=plain).translate(_ENDS)


_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}
"""What many readers end a line at, and JSON may hold as it is: within texts alone, so it is spelt there."""


def _finite(value: Any) -> Any:
    """JSON has no infinity; as PostgreSQL writes it."""
    if isinstance(value, list):
        return [_finite(one) for one in value]
    if isinstance(value, dict):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, float) and not isfinite(value):
        return "NaN" if isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def cell(value: Any) -> Any:
    """A value as one cell of text: lists and objects as JSON, bytes in hexadecimal."""
    if isinstance(value, (list, dict)):
        return json.dumps(_finite(value), ensure_ascii=False, default=plain)
    return plain(value) if isinstance(value, (bytes, memoryview, datetime, date)) else value


def plain(value: object) -> str:
    """A value that JSON has no form for."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return bytes(value).hex() if isinstance(value, (bytes, memoryview)) else str(value)


WRITERS: Mapping[str, Callable[[Sequence[str], Rows, TextIO], None]] = {
    "table": write_table,
    "csv": write_csv,
    "tsv": write_tsv,
    "json": write_json,
    "jsonl": write_jsonl,
}


@contextmanager
def read_enough() -> Iterator[None]:
    """Whoever reads our answer may go away (``| head``): that is no error, and nothing more is written."""
    try:
        with for_its_reader():
            yield
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit from None


def write_report(output: str, columns: Sequence[str], rows: Rows) -> None:
    """Rows of our own: instants as people read them in a table, with their zone for programs."""
    said = shown if output == "table" else written
    told = ([said(one) if isinstance(one, datetime) else one for one in row] for row in rows)
    write_rows(output, columns, told)


def write_rows(output: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Rows to standard output."""
    if output not in WRITERS:
        raise WrongSetting(f"--format is one of {', '.join(WRITERS)}; got {output!r}")
    with read_enough():
        WRITERS[output](columns, rows, sys.stdout)
