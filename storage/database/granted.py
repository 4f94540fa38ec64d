"""What the database lets this role do: the rows of every table, or a sentence that says which not."""

from __future__ import annotations

from sqlalchemy import Connection, text

from storage.database.opening import open_database
from storage.database.refusal import DatabaseRefused, describe, refusals


def refuse_unwritable(url: str) -> None:
    """Raise DatabaseRefused where no row could be written: by this role, at this server, in this file."""
    engine = open_database(url, make=False)
    nothing = "UPDATE alembic_version SET version_num = version_num WHERE version_num IS NULL"
    try:
        with refusals(engine.url), engine.begin() as connection:
            connection.execute(text(nothing))  # refused as one of a row would be
            if connection.dialect.name == "postgresql":
                _refuse_partly_granted(connection)
    finally:
        engine.dispose()


_NOT_GRANTED = text(
    """SELECT relname FROM pg_class
    WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
    AND (relkind = 'r' AND relname = ANY(:tables) AND NOT (has_table_privilege(oid, 'SELECT')
         AND has_table_privilege(oid, 'INSERT') AND has_table_privilege(oid, 'UPDATE'))
      OR relkind = 'S' AND relname = ANY(:sequences) AND NOT has_sequence_privilege(oid, 'USAGE'))
    ORDER BY relname"""
)


def _refuse_partly_granted(connection: Connection) -> None:
    """Raise DatabaseRefused where the role may write some tables and not others: a crawl ends at them."""
    from migrations.whole import tables_of

    tables = list(tables_of(connection.dialect.name).tables)
    known = {"tables": tables, "sequences": [f"{name}_id_seq" for name in tables]}
    if lacking := list(connection.execute(_NOT_GRANTED, known).scalars()):
        url = connection.engine.url
        raise DatabaseRefused(
            f"{describe(url)} does not let the role {url.username} read and write {', '.join(lacking)}: "
            "GRANT it SELECT, INSERT and UPDATE on tables, USAGE on sequences, or name their owner"
        )
