"""Insert unless it is there: the same statement for both databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.models import Base

BATCH = 500
"""Rows in one statement: SQLite takes 32,766 values, and no table here has 65 columns."""


def insert_missing(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows that break no unique constraint; leave the others as they are."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    for start in range(0, len(rows), BATCH):
        batch = [dict(row) for row in rows[start : start + BATCH]]
        session.execute(insert(table).values(batch).on_conflict_do_nothing())
