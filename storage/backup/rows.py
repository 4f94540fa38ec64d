"""All rows of an archive, copied into an empty one of either kind, and compared."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Engine, Table, func, select, text
from sqlalchemy.exc import IntegrityError

from storage.backup.bare import bare, filling, refers_to_nothing
from storage.backup.keys import passed_on_keys, read_keys
from storage.backup.passing import of_source, passed_on, read_rows
from storage.database.refusal import DatabaseRefused, describe, refusals
from storage.database.waiting import NO_LIMITS
from storage.models import Base, FingerprintKeyRow
from storage.models.base import table_of
from storage.search.index import fill

_KEYS = table_of(FingerprintKeyRow)
_INDEX = frozenset({"search_entry"})
"""Made anew in the copy, from its texts: what is looked up differs between the databases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What a table holds: equal tables have equal sums on both databases."""

    rows: int
    digest: str


class NotEqual(Exception):
    """The copy does not hold, or may not hold, what the archive holds; the message names the tables."""


def copy_rows(
    source: Connection, target: Engine, say: Callable[[str], None], *, searched: bool = True
) -> dict[str, Sum]:
    """Copy every row into an archive that has tables and no rows; what was copied, and read back to compare.

    One transaction: interrupted, the target is as it was. Where it holds the very same rows already it was
    interrupted behind that, and nothing is left to do.

    Args:
        source: inside a transaction that sees one state of the archive throughout.
        say: told how far it is.
        searched: make the search index too, which takes most of the time.

    Raises:
        DatabaseRefused: the target holds other rows, or is the archive itself; either of the two refuses, a
            full disk among the reasons.
        NotEqual: what is read back is not what was written, or the archive holds rows that refer to none,
            which another database refuses; nothing was kept.
    """
    try:
        with refusals(target.url):
            return _copied_whole(source, target, say, searched=searched)
    except IntegrityError as error:  # rows that another program deleted: SQLite lets it, unless it is told
        said = str(error.orig).splitlines()[0]
        raise NotEqual(_CONTRADICT.format(said)) from error


_CONTRADICT = (
    "the archive's rows contradict each other ({}): nothing was copied; newsarchive verify names them"
)


def _copied_whole(
    source: Connection, target: Engine, say: Callable[[str], None], *, searched: bool
) -> dict[str, Sum]:
    with filling(target) as into:
        full = _filled(into)
        sums = _all_copied(source, into, say, searched) if full is None else _same(source, into, say)
        if sums is None:
            raise DatabaseRefused(
                f"{describe(target.url)} holds an archive already ({full}): nothing was copied"
            )
    _gather(target)
    return sums


def _all_copied(
    source: Connection, into: Connection, say: Callable[[str], None], searched: bool
) -> dict[str, Sum]:
    with bare(into):
        sums = {table.name: _copied(source, into, table, say) for table in tables()}
        _continue_numbers(source, into)
        if searched:
            say("the search index is made anew")
            fill(into, say)
        say("indexes are made")
    if (contradiction := refers_to_nothing(into)) is not None:
        raise NotEqual(_CONTRADICT.format(contradiction))
    say("comparing")
    differing = [name for name, one in sums.items() if sum_of(into, _table(name)) != one]
    if differing:
        raise NotEqual(f"the copy differs in {', '.join(differing)}: nothing was kept")
    return sums


def same_rows(one: Connection, other: Connection, say: Callable[[str], None]) -> bool:
    """Whether two archives, which are not one, hold the same rows; ``say``: told that all are read."""
    return _same(one, other, say) is not None


def _same(source: Connection, into: Connection, say: Callable[[str], None]) -> dict[str, Sum] | None:
    """What both hold; None: they differ. The numbers of rows first, which costs little where they do."""
    with refusals(source.engine.url):
        if _are_one(source, into) or counts(source) != counts(into):
            return None
    say("it holds as many rows already: comparing")
    sums = {}
    for table in tables():
        sums[table.name] = _summed(of_source(source, _read(source, table)), table)
        if sum_of(into, table) != sums[table.name]:
            return None
    return sums


def _are_one(source: Connection, into: Connection) -> bool:
    """Whether both are one database, whatever its addresses are: it is no copy of itself."""
    if source.dialect.name != into.dialect.name:
        return False
    if source.dialect.name == "sqlite":
        return Path(str(source.engine.url.database)).samefile(str(into.engine.url.database))
    key = {"key": secrets.randbits(62)}  # a lock of one database of one server, which no other program takes
    source.execute(text("SELECT pg_advisory_xact_lock(:key)"), key)
    schema = text("SELECT current_schema()")
    elsewhere = into.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), key)
    return not elsewhere and source.scalar(schema) == into.scalar(schema)


def _gather(target: Engine) -> None:
    """Have PostgreSQL know what its tables hold.

    Until its own daemon looks it takes them for empty: a question of the recipes took 16 s in 20,000
    articles, and 0.1 s a minute later (2026-11-28).
    """
    if target.dialect.name == "postgresql":
        with target.begin() as connection:
            connection.execute(NO_LIMITS)
            connection.execute(text("ANALYZE"))


def tables() -> Sequence[Table]:
    """The tables whose rows are copied, those that others refer to first."""
    return [table for table in Base.metadata.sorted_tables if table.name not in _INDEX]


def counts(connection: Connection) -> dict[str, int]:
    """Table -> its rows, of those that are copied."""
    return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables()}


def sum_of(connection: Connection, table: Table) -> Sum:
    """Rows and digest of a table; it is read once, in pieces."""
    return _summed(_read(connection, table), table)


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _filled(connection: Connection) -> str | None:
    """A table that holds a row."""
    found = (table.name for table in Base.metadata.sorted_tables if _has_row(connection, table))
    return next(found, None)


def _has_row(connection: Connection, table: Table) -> bool:
    return connection.execute(select(next(iter(table.primary_key))).limit(1)).first() is not None


def _read(connection: Connection, table: Table) -> Iterator[list[Any]]:
    return read_keys(connection) if table is _KEYS else read_rows(connection, table)


def _summed(pieces: Iterable[list[Any]], table: Table) -> Sum:
    """Of values as Python has them: instants in UTC, truth as truth, whatever the database."""
    count, digest = 0, hashlib.sha256()
    for piece in pieces:
        count += sum(len(keys) for _, keys in piece) if table is _KEYS else len(piece)
        for row in piece:
            digest.update(repr(row).encode("utf-8", "surrogatepass"))
    return Sum(rows=count, digest=digest.hexdigest())


def _copied(source: Connection, into: Connection, table: Table, say: Callable[[str], None]) -> Sum:
    pieces = of_source(source, _read(source, table))
    stored = passed_on_keys(pieces, into) if table is _KEYS else passed_on(pieces, into, table)
    copied = _summed(stored, table)
    say(f"{table.name}: {copied.rows:,} rows")
    return copied


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
