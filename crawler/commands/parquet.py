"""Rows to Parquet: with the types of an export's columns, or those that a statement's rows show."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from crawler.commands.output import cell, plain
from crawler.configuration.environment import WrongSetting
from storage.query.columns import apart
from storage.query.exports import LISTS, PERSON, Kind

PIECE = 1_000
"""Rows held at once: some 3 MB of articles; a Parquet row group."""
ZONE = "Asia/Seoul"


def write_parquet(
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]], kinds: Sequence[Kind] | None
) -> int:
    """Write the file; how many rows. Raises WrongSetting: no pyarrow, or a column of two types."""
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError as error:
        raise WrongSetting("Parquet needs pyarrow: pip install 'newsarchive[export]'") from error
    waiting = iter(rows)
    piece = list(islice(waiting, PIECE))
    kinds = shown_by(columns, piece) if kinds is None else kinds
    names = apart(columns)
    types = _types(arrow)
    schema = arrow.schema([(name, types[kind]) for name, kind in zip(names, kinds, strict=True)])
    count = 0
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while piece:
            values = [
                [_typed(row[place], kind, names[place]) for row in piece] for place, kind in enumerate(kinds)
            ]
            arrays = [arrow.array(column, field.type) for column, field in zip(values, schema, strict=True)]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))
            count += len(piece)
            piece = list(islice(waiting, PIECE))
    return count


def _types(arrow: Any) -> dict[Kind, Any]:
    text = arrow.string()
    return {
        Kind.NUMBER: arrow.int64(),
        Kind.FRACTION: arrow.float64(),
        Kind.TEXT: text,
        Kind.TIME: arrow.timestamp("us", tz=ZONE),  # microseconds: what every reader takes
        Kind.TEXTS: arrow.list_(text),
        Kind.PEOPLE: arrow.list_(arrow.struct([(name, text) for name in PERSON])),
    }


def shown_by(columns: Sequence[str], piece: Sequence[Sequence[Any]]) -> list[Kind]:
    """The kind of each column: whole numbers, numbers, or text, also of numbers that no column holds."""
    kinds: list[Kind] = []
    for place in range(len(columns)):
        found = {type(row[place]) if _fits(row[place]) else None for row in piece if row[place] is not None}
        numbers = Kind.NUMBER if found == {int} else Kind.FRACTION
        kinds.append(numbers if found and found <= {int, float} else Kind.TEXT)
    return kinds


def _fits(value: Any) -> bool:
    """Whether it is no whole number of more than 64 bits, as PostgreSQL's ``numeric`` may be."""
    return not isinstance(value, int) or -(2**63) <= value < 2**63


def _typed(value: Any, kind: Kind, column: str) -> Any:
    if value is None:
        return None
    if kind is Kind.TEXT:
        return value if isinstance(value, str) else str(cell(value))
    if kind is Kind.TIME:
        return datetime.fromisoformat(value)
    if kind in LISTS:
        return json.loads(value)
    if (isinstance(value, int) and _fits(value)) or (kind is Kind.FRACTION and isinstance(value, float)):
        return int(value) if kind is Kind.NUMBER else float(value)
    raise WrongSetting(f"the column {column} held numbers, then {plain(value)[:40]!r}: CAST it to one type")
