"""Statements that run with every page: compiled once, then handed to the driver as they are.

SQLAlchemy looks up, binds and describes each execution anew, for 13 to 31 us of CPU where handing it over
takes 5 (2026-11-26); a page is stored by some twenty of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    CursorResult,
    Delete,
    Dialect,
    Insert,
    Select,
    TextClause,
    Update,
)
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from storage.models.base import StorableText, cleaned

Statement = Insert | Update | Delete | Select[Any] | CompoundSelect[Any] | TextClause
Bind = Callable[[Any], Any]
Bound = tuple[Any, ...] | dict[str, Any]
_OPTIONS = {"preserve_rowcount": True}


@dataclass(frozen=True, slots=True)
class _Made:
    """A statement in the words of one database."""

    text: str
    places: tuple[tuple[str, Bind | None], ...]
    """Names of what is bound, in order, and how each is."""
    by_name: bool
    fixed: Mapping[str, Any]
    """What the statement itself says."""

    def bound(self, values: Mapping[str, Any]) -> Bound:
        """The values as the driver takes them."""
        if self.fixed:
            values = {**self.fixed, **values}
        if self.by_name:
            return {name: values[name] if bind is None else bind(values[name]) for name, bind in self.places}
        return tuple([values[name] if bind is None else bind(values[name]) for name, bind in self.places])


class Prepared:
    """One statement, always with the same parameters; those of an INSERT are the keys of its rows.

    What is bound goes through its column's type, as ever; what a SELECT gives does not: numbers and texts
    alone are the same from the driver.
    """

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._made: dict[str, _Made] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> CursorResult[*tuple[Any, ...]]:
        """Execute it once."""
        made = self._in(connection.dialect, values)
        return connection.exec_driver_sql(made.text, made.bound(values), _OPTIONS)

    def run_all(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Execute it for each row, of which there may be none."""
        if rows:
            made = self._in(connection.dialect, rows[0])
            connection.exec_driver_sql(made.text, [made.bound(row) for row in rows])

    def number(self, connection: Connection, row: Mapping[str, Any]) -> int:
        """Insert a row that breaks no constraint; the number that it is given."""
        result = self.run(connection, row)
        return int(result.scalar_one() if result.returns_rows else result.lastrowid)

    def _in(self, dialect: Dialect, values: Mapping[str, Any]) -> _Made:
        made = self._made.get(dialect.name)
        if made is None:
            made = self._made[dialect.name] = _make(self._statement, dialect, values)
        return made


def _make(statement: Statement, dialect: Dialect, values: Mapping[str, Any]) -> _Made:
    keys = list(values) if isinstance(statement, Insert) and statement.select is None else None
    compiled = statement.compile(dialect=dialect, column_keys=keys)
    assert isinstance(compiled, SQLCompiler)
    binds = {name: bind for bind, name in compiled.bind_names.items()}
    names = compiled.positiontup if compiled.positional else list(binds)
    assert names is not None
    return _Made(
        text=str(compiled),
        places=tuple((name, _bind_of(binds[name].type, dialect)) for name in names),
        by_name=not compiled.positional,
        fixed={name: bind.effective_value for name, bind in binds.items() if not bind.required},
    )


def _bind_of(kind: TypeEngine[Any], dialect: Dialect) -> Bind | None:
    """How values of a type are bound; None: as they are."""
    if isinstance(kind, StorableText) and kind.impl_instance.bind_processor(dialect) is None:
        return cleaned  # most of what a page has: three calls less for each
    return kind.dialect_impl(dialect).bind_processor(dialect)
