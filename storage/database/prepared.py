"""Statements that run with every page: compiled once, then handed to the driver as they are.

SQLAlchemy looks up, binds and describes each execution anew, for 13 to 31 us of CPU where the driver needs 5
(2026-11-26); a page is stored by some twenty of them. So the driver's own cursor is asked. What is heard of
a statement stays SQLAlchemy's: who listens to its events is told, and errors arrive as its own.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Delete,
    Dialect,
    Insert,
    Select,
    TextClause,
    Update,
)
from sqlalchemy.exc import NoResultFound
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from storage.models.base import StorableText, UtcDateTime, cleaned, printed_utc

Statement = Insert | Update | Delete | Select[*tuple[Any, ...]] | CompoundSelect[Any] | TextClause
Bind = Callable[[Any], Any]
Bound = tuple[Any, ...] | dict[str, Any]
Rows = Callable[[Sequence[tuple[Any, ...]]], list[Any]]
"""What the driver gives -> rows whose values have names and are those of their columns' types."""


class Answer:
    """What a statement gave: its rows, all of them, and how many it changed."""

    __slots__ = ("_rows", "lastrowid", "rowcount")

    def __init__(self, rows: list[Any], rowcount: int, lastrowid: int | None) -> None:
        self._rows = rows
        self.rowcount, self.lastrowid = rowcount, lastrowid

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def all(self) -> list[Any]:
        """Every row."""
        return self._rows

    def first(self) -> Any:
        """The first row; None: there is none."""
        return self._rows[0] if self._rows else None

    def one(self) -> Any:
        """The first row. Raises NoResultFound."""
        if not self._rows:
            raise NoResultFound("no row was found where one was required")
        return self._rows[0]

    def scalar(self) -> Any:
        """The first value of the first row; None: there is none."""
        return self._rows[0][0] if self._rows else None


class _Made:
    """A statement in the words of one database."""

    def __init__(self, statement: Statement, dialect: Dialect, values: Mapping[str, Any]) -> None:
        keys = list(values) if isinstance(statement, Insert) and statement.select is None else None
        compiled = statement.compile(dialect=dialect, column_keys=keys)
        assert isinstance(compiled, SQLCompiler)
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        names = compiled.positiontup if compiled.positional else list(binds)
        assert names is not None
        self.text = str(compiled)
        self._places = tuple((name, _bind_of(binds[name].type, dialect)) for name in names)
        """Names of what is bound, in order, and how each is."""
        self._by_name = not compiled.positional
        self._fixed = {name: bind.effective_value for name, bind in binds.items() if not bind.required}
        """What the statement itself says."""
        self._dialect = dialect
        self._types = () if isinstance(statement, TextClause) else _types_of(statement)
        self._rows: Rows | None = None
        """Made with the first answer, which describes its columns."""

    def bound(self, values: Mapping[str, Any]) -> Bound:
        """The values as the driver takes them."""
        if self._fixed:
            values = {**self._fixed, **values}
        if self._by_name:
            return {name: values[name] if bind is None else bind(values[name]) for name, bind in self._places}
        return tuple([values[name] if bind is None else bind(values[name]) for name, bind in self._places])

    def ask(self, connection: Connection, bound: Bound | list[Bound], *, many: bool) -> Answer:
        """Execute it by the driver's cursor, as SQLAlchemy does. Raises DBAPIError."""
        if not connection.in_transaction():
            connection.begin()
        return by_driver(connection, self.text, bound, self._read, many=many)

    def _read(self, cursor: Any) -> list[Any]:
        if self._rows is None:
            self._rows = _rows_of(cursor.description, self._types, self._dialect)
        return self._rows(cursor.fetchall())


def by_driver(
    connection: Connection,
    text: str,
    bound: Bound | list[Bound] = (),
    read: Callable[[Any], list[Any]] = lambda cursor: list(cursor),
    *,
    many: bool = False,
) -> Answer:
    """Execute by the driver's cursor as SQLAlchemy does, which tells who listens, and of errors as its own.

    Args:
        read: the rows of a cursor that has some.
        many: ``bound`` has the values of several executions.

    Raises DBAPIError.
    """
    cursor: Any = connection.connection.cursor()
    # A connection's own dispatch joins its engine's anew, a dozen calls: asked where it has listeners itself.
    heard = None
    if connection._has_events or connection.engine._has_events:
        heard = connection.dispatch if connection._has_events else connection.engine.dispatch
        for hear in heard.before_cursor_execute:
            text, bound = hear(connection, cursor, text, bound, None, many)
    try:
        (cursor.executemany if many else cursor.execute)(text, bound)
        rows = [] if cursor.description is None else read(cursor)
    except BaseException as error:  # noqa: BLE001 (it is raised again there, a driver's as SQLAlchemy's)
        told = text if isinstance(error, connection.dialect.loaded_dbapi.Error) else None
        connection._handle_dbapi_exception(error, told, bound, cursor, None)
    if heard is not None:
        heard.after_cursor_execute(connection, cursor, text, bound, None, many)
    answer = Answer(rows, cursor.rowcount, getattr(cursor, "lastrowid", None))
    cursor.close()
    return answer


class Prepared:
    """One statement, always with the same parameters; those of an INSERT are the keys of its rows.

    What is bound and what is given goes through its column's type, as ever. A ``text`` has no types.
    """

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._made: dict[str, _Made] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> Answer:
        """Execute it once."""
        made = self._in(connection.dialect, values)
        return made.ask(connection, made.bound(values), many=False)

    def run_all(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Execute it for each row, of which there may be none."""
        if len(rows) == 1:
            self.run(connection, rows[0])
        elif rows:
            made = self._in(connection.dialect, rows[0])
            made.ask(connection, [made.bound(row) for row in rows], many=True)

    def number(self, connection: Connection, row: Mapping[str, Any]) -> int:
        """Insert a row that breaks no constraint; the number that it is given."""
        answer = self.run(connection, row)
        returned = answer.scalar()
        return int(answer.lastrowid if returned is None else returned)  # type: ignore[arg-type]

    def _in(self, dialect: Dialect, values: Mapping[str, Any]) -> _Made:
        made = self._made.get(dialect.name)
        if made is None:
            made = self._made[dialect.name] = _Made(self._statement, dialect, values)
        return made


def _bind_of(kind: TypeEngine[Any], dialect: Dialect) -> Bind | None:
    """How values of a type are bound; None: as they are."""
    if isinstance(kind, StorableText) and kind.impl_instance.bind_processor(dialect) is None:
        return cleaned  # most of what a page has: three calls less for each
    if isinstance(kind, UtcDateTime) and dialect.name == "sqlite":
        return printed_utc
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _types_of(
    statement: Insert | Update | Delete | Select[*tuple[Any, ...]] | CompoundSelect[Any],
) -> tuple[Any, ...]:
    return tuple(column.type for column in statement.exported_columns)


def _rows_of(described: Sequence[Any], types: Sequence[TypeEngine[Any]], dialect: Dialect) -> Rows:
    """How the rows are made of which the driver describes the columns."""
    kind: Any = namedtuple("Row", [one[0] for one in described], rename=True)  # type: ignore[misc]
    made = kind._make
    reads = [
        (place, read)
        for place, (type_, one) in enumerate(zip(types, described, strict=False))
        if (read := type_.dialect_impl(dialect).result_processor(dialect, one[1])) is not None
    ]
    if not reads:
        return lambda rows: list(map(made, rows))

    def read_each(rows: Iterable[tuple[Any, ...]]) -> list[Any]:
        given = []
        for row in map(list, rows):
            for place, read in reads:
                row[place] = read(row[place])
            given.append(made(row))
        return given

    return read_each
