"""Rows of one table, read and put into another archive in pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from storage.database.copying import copy_in
from storage.database.refusal import refusals
from storage.models.base import HexDigest

PIECE = 1000
"""Rows that are held at once."""
Rows = list[tuple[Any, ...]]


def read_rows(connection: Connection, table: Table) -> Iterator[Rows]:
    """All rows, by the primary key, in pieces."""
    asked = select(table).order_by(*table.primary_key).execution_options(yield_per=PIECE)
    for piece in connection.execute(asked).partitions(PIECE):
        yield [tuple(row) for row in piece]


def passed_on(pieces: Iterable[Rows], into: Connection, table: Table) -> Iterator[Rows]:
    """The pieces, each stored before it is given."""
    names = [column.name for column in table.columns]
    digests = [place for place, one in enumerate(table.columns) if isinstance(one.type, HexDigest)]
    for piece in pieces:
        if into.dialect.name == "sqlite":
            into.execute(insert(table), [dict(zip(names, row, strict=True)) for row in piece])
        else:
            copy_in(into, table.name, names, _in_bytes(piece, digests) if digests else piece)
        yield piece


def _in_bytes(piece: Rows, digests: Sequence[int]) -> Iterator[list[Any]]:
    for row in piece:
        values = list(row)
        for place in digests:
            values[place] = None if row[place] is None else bytes.fromhex(row[place])
        yield values


def of_source(source: Connection, pieces: Iterator[Any]) -> Iterator[Any]:
    """The pieces; what the archive's own database refuses is told of it, not of what its rows go to."""
    with refusals(source.engine.url):
        yield from pieces
