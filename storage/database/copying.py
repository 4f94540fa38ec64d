"""PostgreSQL's COPY: many rows in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError


def copy_in(into: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Put rows into a table of PostgreSQL; values as the driver takes them, an array as text (``{1,2}``).

    Raises:
        IntegrityError: a row breaks a constraint.
    """
    driver: Any = into.connection.driver_connection
    refused: Any = into.dialect.loaded_dbapi
    named = ", ".join(f'"{name}"' for name in columns)
    statement = f'COPY "{table}" ({named}) FROM STDIN'
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except refused.IntegrityError as error:
        raise IntegrityError(statement, None, error) from error
