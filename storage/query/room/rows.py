"""Rows of a statement as dictionaries."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, text

Row = dict[str, Any]


def rows(engine: Engine, statement: str, **values: Any) -> list[Row]:
    """The rows of a statement of ours; ``:name`` is a value."""
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(text(statement), values).mappings()]


def row(engine: Engine, statement: str, **values: Any) -> Row | None:
    """The first row; None: there is none."""
    found = rows(engine, statement, **values)
    return found[0] if found else None
