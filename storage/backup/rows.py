"""All rows of an archive, copied into an empty one of either kind, and compared."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Column, Connection, Engine, Table, bindparam, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from storage.archive.fingerprints import add_keys
from storage.database.refusal import DatabaseRefused, describe, refusals
from storage.models import Base, FingerprintKeyRow
from storage.models.base import table_of
from storage.query.kept import create_triggers, drop_triggers
from storage.search.index import rebuild

PIECE = 1000
"""Rows that are held at once."""
_KEYS = table_of(FingerprintKeyRow)
_ORDERED = {_KEYS.name: ("fingerprint_id", "key")}
"""PostgreSQL keeps all keys of a fingerprint in one row."""
_INDEX = frozenset({"search_entry"})
"""Made anew in the copy, from its texts: what is looked up differs between the databases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What a table holds, whatever the order: equal tables have equal sums on both databases."""

    rows: int
    digest: str


class NotEqual(Exception):
    """The copy does not hold, or may not hold, what the archive holds; the message names the tables."""


def copy_rows(source: Connection, target: Engine, say: Callable[[str], None]) -> dict[str, Sum]:
    """Copy every row into an archive that has tables and no rows; what was copied, and read back to compare.

    One transaction: interrupted, the target is as it was. The search index is made anew behind it.

    Args:
        source: inside a transaction that sees one state of the archive throughout.
        say: told how far it is.

    Raises:
        DatabaseRefused: the target holds rows; either of the two refuses, a full disk among the reasons.
        NotEqual: what is read back is not what was written, or the archive holds rows that refer to none,
            which another database refuses; nothing was kept.
    """
    try:
        with refusals(target.url):
            return _copied_whole(source, target, say)
    except IntegrityError as error:  # rows that another program deleted: SQLite lets it, unless it is told
        said = str(error.orig).splitlines()[0]
        raise NotEqual(_CONTRADICT.format(said)) from error


_CONTRADICT = (
    "the archive's rows contradict each other ({}): nothing was copied; newsarchive verify names them"
)


def _copied_whole(source: Connection, target: Engine, say: Callable[[str], None]) -> dict[str, Sum]:
    with target.begin() as into:
        if (full := _filled(into)) is not None:
            raise DatabaseRefused(
                f"{describe(target.url)} holds an archive already ({full}): nothing was copied"
            )
        if into.dialect.name == "sqlite":
            into.execute(text("PRAGMA defer_foreign_keys = ON"))
        drop_triggers(into)  # what they keep is copied; they would look for it again row by row
        sums = {table.name: _copied(source, into, table, say) for table in tables()}
        for table in tables():
            for column in _postponed(table):
                _fill_in(source, into, table, column)
        _continue_numbers(source, into)
        create_triggers(into)
        say("comparing")
        differing = [name for name, one in sums.items() if sum_of(into, _table(name)) != one]
        if differing:
            raise NotEqual(f"the copy differs in {', '.join(differing)}: nothing was kept")
    say("the search index is made anew")
    rebuild(target)
    _gather(target)
    return sums


def _gather(target: Engine) -> None:
    """Have PostgreSQL know what its tables hold.

    Until its own daemon looks it takes them for empty: a question of the recipes took 16 s in 20,000
    articles, and 0.1 s a minute later (2026-11-28).
    """
    if target.dialect.name == "postgresql":
        with target.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))


def tables() -> Sequence[Table]:
    """The tables whose rows are copied, those that others refer to first."""
    return [table for table in Base.metadata.sorted_tables if table.name not in _INDEX]


def counts(connection: Connection) -> dict[str, int]:
    """Table -> its rows, of those that are copied."""
    return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables()}


def sum_of(connection: Connection, table: Table) -> Sum:
    """Rows and digest of a table; it is read once, in pieces."""
    return _summed(_read(connection, table))


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _filled(connection: Connection) -> str | None:
    """A table that holds a row."""
    found = (table.name for table in Base.metadata.sorted_tables if _has_row(connection, table))
    return next(found, None)


def _has_row(connection: Connection, table: Table) -> bool:
    return connection.execute(select(next(iter(table.primary_key))).limit(1)).first() is not None


def _read(connection: Connection, table: Table, order: Iterable[str] = ()) -> Iterator[dict[str, Any]]:
    names = [column.name for column in table.columns]
    asked = select(table).order_by(*(table.c[name] for name in order))
    with refusals(connection.engine.url):  # of the archive's own, not of what its rows go to
        for row in connection.execute(asked.execution_options(yield_per=PIECE)):
            yield dict(zip(names, row, strict=True))


def _summed(rows: Iterator[dict[str, Any]]) -> Sum:
    count = total = 0
    for row in rows:
        count += 1
        total = (total + _hash(row)) % (1 << 256)
    return Sum(rows=count, digest=f"{total:064x}")


def _hash(row: dict[str, Any]) -> int:
    """Of one row's values as Python has them: instants in UTC, truth as truth, whatever the database."""
    said = repr([(name, _plain(row[name])) for name in sorted(row)])
    return int.from_bytes(hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest())


def _plain(value: Any) -> Any:
    if isinstance(value, memoryview):
        return bytes(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _copied(source: Connection, into: Connection, table: Table, say: Callable[[str], None]) -> Sum:
    copied = _summed(_passed_on(_read(source, table, _ORDERED.get(table.name, ())), into, table))
    say(f"{table.name}: {copied.rows:,} rows")
    return copied


def _passed_on(rows: Iterator[dict[str, Any]], into: Connection, table: Table) -> Iterator[dict[str, Any]]:
    """The rows, each written into the table before it is given."""
    later = {column.name: None for column in _postponed(table)}
    while piece := list(islice(rows, PIECE)):
        rows_of_piece = [{**row, **later} for row in piece]
        if table is _KEYS:
            add_keys(into, rows_of_piece)
        else:
            into.execute(insert(table), rows_of_piece)
        yield from piece


def _postponed(table: Table) -> list[Column[Any]]:
    """Columns that refer to rows which are copied later: of this very table, or of one behind it."""
    order = {one.name: place for place, one in enumerate(Base.metadata.sorted_tables)}
    return [
        column
        for column in table.columns
        if any(order[key.column.table.name] >= order[table.name] for key in column.foreign_keys)
    ]


def _fill_in(source: Connection, into: Connection, table: Table, column: Column[Any]) -> None:
    (key,) = table.primary_key
    rows = source.execute(select(key, column).where(column.is_not(None)).execution_options(yield_per=PIECE))
    statement = update(table).where(key == bindparam("_key")).values({column.name: bindparam("_value")})
    for piece in rows.partitions(PIECE):
        into.execute(statement, [{"_key": number, "_value": value} for number, value in piece])


def _continue_numbers(source: Connection, into: Connection) -> None:
    """A number that was given once is not given again in the copy either."""
    for table in tables():
        column = table.autoincrement_column
        if column is None:
            continue
        highest = into.scalar(select(func.max(column))) or 0
        with refusals(source.engine.url):
            last = _last(source, table, column)
        _set_last(into, table, column, max(highest, last))


def _last(connection: Connection, table: Table, column: Column[Any]) -> int:
    """The last number that was given; 0 where the database does not keep it."""
    if connection.dialect.name == "sqlite":
        kept = "SELECT seq FROM sqlite_sequence WHERE name = :name"
        return int(connection.scalar(text(kept), {"name": table.name}) or 0)
    name = connection.scalar(_SEQUENCE, {"table": table.name, "column": column.name})
    if name is None:
        return 0
    return int(connection.scalar(text("SELECT pg_sequence_last_value(:name)"), {"name": name}) or 0)


_SEQUENCE = text("SELECT pg_get_serial_sequence(:table, :column)")


def _set_last(connection: Connection, table: Table, column: Column[Any], last: int) -> None:
    if connection.dialect.name == "sqlite":
        if not table.dialect_options["sqlite"]["autoincrement"]:
            return
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
        kept = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)")
        connection.execute(kept, {"name": table.name, "last": last})
        return
    name = connection.scalar(_SEQUENCE, {"table": table.name, "column": column.name})
    if name is not None and last:
        connection.execute(text("SELECT setval(:name, :last)"), {"name": name, "last": last})
