"""Bytes a page on disk, by table, indexes beside the table that they belong to.

SQLite tells by dbstat. PostgreSQL's are a copy's of the same archive; what empty tables take is left out.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, text

from bench.lookup import databases
from storage.backup.rows import copy_rows
from storage.database.opening import open_database, open_readonly
from storage.database.upgrading import upgrade
from storage.models import ARRAYS_IN_POSTGRESQL

_OF_TABLES = """
SELECT coalesce(m.tbl_name, s.name), m.type = 'index', sum(s.pgsize)
FROM dbstat AS s LEFT JOIN sqlite_master AS m ON m.name = s.name GROUP BY 1, 2
"""
_OF_TABLES_POSTGRESQL = text("""
SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace""")
_SEARCH = "search_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What a table takes for each page, in bytes."""

    rows: float
    indexes: float


def sizes(database: Path, pages: int) -> dict[str, Size]:
    """Table -> bytes a page, the largest first; the search index's own tables are one row, ``search``.

    Raises:
        sqlite3.OperationalError: this SQLite was built without dbstat.
    """
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as archive, archive:
        found = archive.execute(_OF_TABLES).fetchall()
    archive.close()
    return _a_page(
        ((table, 0, taken) if index else (table, taken, 0) for table, index, taken in found), pages
    )


def sizes_on_postgresql(database: Path, pages: int) -> dict[str, Size]:
    """The same of a copy on a server that is started for it.

    Raises:
        RuntimeError: there is no server to be started here.
    """
    with databases([pages], postgresql=True) as urls:
        upgrade(urls[pages])
        target, source = open_database(urls[pages]), open_readonly(f"sqlite:///{database}")
        empty = _sizes_of(target)
        with source.connect() as reading:
            copy_rows(reading, target, lambda _said: None)
        with target.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            # What waits to be put into the search index takes 4 MB there, three times what the index does.
            # The keys' index has no such list; made anew in the order of its keys it is left half empty.
            for name in empty.keys() - set(ARRAYS_IN_POSTGRESQL.values()):
                connection.execute(text(f'VACUUM FULL "{name}"'))
        full = _sizes_of(target)
        source.dispose()
        target.dispose()
    taken = (
        (name, rows - empty[name][0], indexes - empty[name][1]) for name, (rows, indexes) in full.items()
    )
    return _a_page(taken, pages)


def _sizes_of(engine: Engine) -> dict[str, tuple[int, int]]:
    """Table -> bytes of its rows and of its indexes."""
    with engine.connect() as connection:
        return {name: (rows, indexes) for name, rows, indexes in connection.execute(_OF_TABLES_POSTGRESQL)}


def _a_page(found: Iterable[tuple[str, int, int]], pages: int) -> dict[str, Size]:
    rows: Counter[str] = Counter()
    indexes: Counter[str] = Counter()
    for table, of_rows, of_indexes in found:
        name = "search" if table.startswith(_SEARCH) else table
        rows[name] += of_rows
        indexes[name] += of_indexes
    both = sorted(rows.keys() | indexes.keys(), key=lambda name: -(rows[name] + indexes[name]))
    return {name: Size(rows=rows[name] / pages, indexes=indexes[name] / pages) for name in both}
