"""Text in the order of code points, on PostgreSQL as on SQLite.

A PostgreSQL database sorts by the language that it was created for, and an index answers only for the order
that its column has. So every text column of ours is given the order "C" by an upgrade, unless the database
has it.
"""

from __future__ import annotations

import logging

from sqlalchemy import Connection, text

from storage.models import Base

log = logging.getLogger("newsarchive")

_SORTED_SO = text("""
SELECT datcollate IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8')
  AND coalesce(to_jsonb(pg_database) ->> 'datlocprovider', 'c') = 'c'
FROM pg_database WHERE datname = current_database()""")
_OTHERS = text(
    """
SELECT columns.table_name, columns.column_name, EXISTS (
  SELECT 1 FROM pg_depend
  JOIN pg_rewrite ON pg_rewrite.oid = pg_depend.objid AND pg_depend.classid = 'pg_rewrite'::regclass
  JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
  WHERE refobjid = to_regclass(quote_ident(columns.table_name)) AND attname = columns.column_name
) AS shown
FROM information_schema.columns AS columns
WHERE columns.table_schema = current_schema() AND columns.data_type = 'text'
  AND columns.collation_name IS DISTINCT FROM 'C' AND columns.table_name = ANY(:tables)
ORDER BY columns.table_name, columns.ordinal_position""".replace("::", r"\:\:")
)


def sort_by_code_point(connection: Connection) -> None:
    """Give our text columns the order of code points; nothing where they have it.

    A column that a view of the operator's own shows cannot be changed: it is told and left.
    """
    if connection.dialect.name != "postgresql" or connection.scalar(_SORTED_SO):
        return
    changes: dict[str, list[str]] = {}
    for table, column, shown in connection.execute(_OTHERS, {"tables": list(Base.metadata.tables)}):
        if shown:
            log.warning("%s.%s sorts by the database's language: a view of your own shows it", table, column)
            continue
        changes.setdefault(table, []).append(f'ALTER COLUMN "{column}" TYPE text COLLATE "C"')
    for table, columns in changes.items():
        connection.execute(text(f'ALTER TABLE "{table}" {", ".join(columns)}'))
