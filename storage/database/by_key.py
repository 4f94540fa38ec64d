"""A row by its key, asked of its table: without the mapper, which a crawl's start need not wait for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from storage.models.base import Base, table_of


def row_of(connection: Connection, rows: type[Base], key: int | str) -> Any:
    """All columns of the row with this primary key, which is one column; None: there is none."""
    table = table_of(rows)
    (column,) = table.primary_key
    return connection.execute(select(table).where(column == key)).first()
