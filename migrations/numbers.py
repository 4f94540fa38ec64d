"""Sequences of PostgreSQL that give numbers which rows have already.

Rows that were put in by others (logical replication, a copy of rows alone) bring their numbers and move none.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, Table, func, select, text

from migrations.whole import tables_of

_SEQUENCE = text("SELECT pg_get_serial_sequence(:name, 'id')")
_LAST = text("SELECT pg_sequence_last_value(:sequence)")
_GO_ON = text("SELECT setval(:sequence, :highest)")


def go_on_behind_rows(connection: Connection, say: Callable[[str], None]) -> None:
    """Let each sequence go on behind the highest number of its table."""
    if connection.dialect.name == "sqlite":
        return  # it looks at the rows itself
    for table in tables_of("postgresql").tables.values():
        sequence = connection.scalar(_SEQUENCE, {"name": table.name}) if "id" in table.c else None
        if sequence is not None and (highest := _behind(connection, table, sequence)) is not None:
            say(f"{table.name}: new rows are numbered from {highest + 1:,}")
            connection.execute(_GO_ON, {"sequence": sequence, "highest": highest})


def _behind(connection: Connection, table: Table, sequence: str) -> int | None:
    """The highest number of a table whose sequence has not come so far; None: it has."""
    highest: int | None = connection.scalar(select(func.max(table.c.id)))
    last = connection.scalar(_LAST, {"sequence": sequence}) or 0
    return highest if highest is not None and highest > last else None
