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
from typing import Any, TextIO

import typer

from crawler.configuration.environment import WrongSetting

Rows = Iterable[Sequence[Any]]


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    """The text as a terminal may be given it: without what would colour it, move in it or turn it round.

    Files and pipes get every letter (csv, jsonl).
    """
    return _CONTROL.sub("", text)


def write_table(columns: Sequence[str], rows: Rows, out: TextIO) -> None:
    """A table that folds long cells; as wide as the terminal, or as it needs where there is none."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for column in columns:
        table.add_column(Text(column), overflow="fold")
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007
        table.add_row(*(Text("" if value is None else harmless(str(value))) for value in row))
    console = Console(file=out, width=None if out.isatty() else 160)
    console.print(table)
    console.print(f"{count} row{'' if count == 1 else 's'}", highlight=False)


def write_csv(columns: Sequence[str], rows: Rows, out: TextIO) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)


def write_jsonl(columns: Sequence[str], rows: Rows, out: TextIO) -> None:
    for row in rows:
        named = dict(zip(columns, row, strict=True))
        print(json.dumps(named, ensure_ascii=False, default=plain), file=out)


def plain(value: object) -> str:
    """A value that JSON has no form for."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value)


WRITERS: Mapping[str, Callable[[Sequence[str], Rows, TextIO], None]] = {
    "table": write_table,
    "csv": write_csv,
    "jsonl": write_jsonl,
}


@contextmanager
def read_enough() -> Iterator[None]:
    """Whoever reads our answer may go away (``| head``): that is no error, and nothing more is written."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit from None


def write_rows(output: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:

    if output not in WRITERS:
        raise WrongSetting(f"--format is one of {', '.join(WRITERS)}; got {output!r}")
    with read_enough():
        WRITERS[output](columns, rows, sys.stdout)
