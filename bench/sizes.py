"""Bytes a page on disk, by table: dbstat's pages on SQLite, indexes with the table that they belong to."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

_OF_TABLES = """
SELECT coalesce(m.tbl_name, s.name), m.type = 'index', sum(s.pgsize)
FROM dbstat AS s LEFT JOIN sqlite_master AS m ON m.name = s.name GROUP BY 1, 2
"""
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
    rows: Counter[str] = Counter()
    indexes: Counter[str] = Counter()
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as archive:
        for table, is_index, taken in archive.execute(_OF_TABLES):
            name = "search" if table.startswith(_SEARCH) else table
            (indexes if is_index else rows)[name] += taken
    archive.close()
    both = sorted(rows.keys() | indexes.keys(), key=lambda name: -(rows[name] + indexes[name]))
    return {name: Size(rows=rows[name] / pages, indexes=indexes[name] / pages) for name in both}
