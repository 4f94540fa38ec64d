"""How many rows a question leaves: what PostgreSQL counts of what views show beside what tables hold.

A flag is a truth value in a table and a number in a view. Of that expression the planner knows nothing, and
takes one row in two hundred to have it: two sides of 96,000 and 24,000 rows were held against each other row
by row (recipe 12, over 90 s in 120,000 articles, 1 s by a hash; 2026-11-28).
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from storage.query.views.people import FLAGS

_COUNTED = {"appearance": ("syndicated",), "appearance_rights": FLAGS}
_SINCE = (14,)
"""PostgreSQL's first version that counts expressions; one before plans as it did."""


_THERE = text("SELECT stxname FROM pg_statistic_ext WHERE pg_statistics_obj_is_visible(oid)")


def count_flags(connection: Connection) -> None:
    """Have PostgreSQL count the flags now, and whenever it looks at their tables; nothing on SQLite."""
    if connection.dialect.name != "postgresql" or (connection.dialect.server_version_info or ()) < _SINCE:
        return
    there = set(connection.scalars(_THERE))
    for table, flags in _COUNTED.items():
        lacking = [flag for flag in flags if f"st_{table}_{flag}" not in there]
        for flag in lacking:
            counted = rf"st_{table}_{flag} ON ({flag}\:\:integer) FROM {table}"
            connection.execute(text(f"CREATE STATISTICS {counted}"))
        if lacking:
            connection.execute(text(f"ANALYZE {table}"))
