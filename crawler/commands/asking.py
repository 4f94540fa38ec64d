"""A statement asked and its rows given out: to the terminal, a pipe or a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

from crawler.commands.files import write_file, write_text
from crawler.commands.output import say, write_rows
from crawler.counted import counted
from storage.query.parameters import Value
from storage.query.reader import Rows, run_select


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What is asked, and how the answer is wanted."""

    url: str
    statement: str
    form: str = "table"
    output: Path | None = None
    """None: standard output."""
    values: Mapping[str, Value]
    limit: int = 1000
    """Rows of a table on standard output."""
    seconds: float | None = None
    noting: AbstractContextManager[None] = field(default_factory=nullcontext)
    """In which the file is written: the archive knows of it then."""


def answer(asks: Asking) -> None:
    """Ask, and write the rows as they come."""
    with run_select(asks.url, asks.statement, asks.seconds, asks.values, say) as (columns, rows):
        if asks.output is not None:
            with asks.noting:
                count = _to_file(asks.form, asks.output, columns, rows)
            say(f"{counted(count, 'row')} in {asks.output}")
        elif asks.form != "table":
            write_rows(asks.form, columns, rows)
        else:
            _table(columns, rows, asks.limit)


def _table(columns: Sequence[str], rows: Rows, limit: int) -> None:
    shown = list(islice(rows, limit))
    more = next(rows, None) is not None
    write_rows("table", columns, shown)
    if more:
        say("there are more; --limit shows more, --format csv or jsonl all")


def _to_file(form: str, path: Path, columns: Sequence[str], rows: Rows) -> int:
    if form == "parquet":
        return write_file(form, path, columns, rows, None).rows
    return write_text(form, path, columns, rows)


def known_at(statement: str, day: date, url: str) -> str:
    """The statement over the archive as it was known at the end of a day in Korea; what is not is said."""
    from sqlalchemy import make_url

    from storage.query.as_of import as_of, of_today
    from storage.seoul import day_end

    if names := of_today(statement):
        say(f"--as-of holds for articles, appearances and revisions; as of today: {', '.join(names)}")
    return as_of(statement, day_end(day), make_url(url).get_backend_name())
