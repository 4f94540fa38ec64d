"""Instants in Korean time as the views show them, and the indexes on exactly that.

A view shows an instant as text, so ``WHERE published_at >= '2026-11-20'`` compares text that is made of
every row, unless an index holds the same expression: a day of an archive of 100,000 articles took 170 ms
without, 1 ms with (measured November 2026). PostgreSQL indexes immutable functions only, and ``to_char`` is
none: it depends on the session's language, for other patterns than ours.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from storage.search.key import VERSIONS

INDEXES = {
    "ix_article_shown": ("article", "{published_at}"),
    "ix_article_publisher_shown": ("article", "publisher_id, {published_at}"),
    "ix_appearance_shown": ("appearance", "{published_at}"),
    "ix_revision_shown": ("revision", "{valid_from}"),
    "ix_run_shown": ("run", "{started_at}"),
    "ix_byline_email": ("byline", "email"),
    "ix_search_entry_before_{older}": ("search_entry", "id) WHERE (version < {older}"),
    "ix_reporter_name": ("reporter", "name"),
    "ix_outcome_ends": ("outcome", "run_id, outcome"),
    "ix_outcome_gone": ("outcome", "{at}) WHERE (outcome = 'gone'"),
    "ix_address_quarantined": ("address", "id) WHERE (last_outcome = 'quarantined'"),
}
"""Name -> table and what is indexed; an instant in braces as the views show it. Some hold few rows only.
``{older}``: what search entries of older rules are below."""


HASHED = ("email", "name")
"""On PostgreSQL: a B-tree refuses values over 2,704 bytes, and a page may print anything."""


def shown(column: str, backend: str) -> str:
    """An instant as text in Korean time: ``2026-11-22T09:00:00+09:00``. Views and indexes say the same."""
    if backend == "sqlite":
        # The cast gives the view's column a type, which readers of views ask for (storage/query/views).
        # Without its fraction: SQLite rounds that to the next second, or day, where PostgreSQL cuts it off.
        second = f"substr({column}, 1, 19)"
        return f"CAST(strftime('%Y-%m-%dT%H:%M:%S+09:00', {second}, '+9 hours') AS TEXT)"
    return f"kst({column})"


def create_kst(connection: Connection) -> None:
    """Make PostgreSQL's ``kst(timestamptz)``, which every view shows instants by; nothing on SQLite."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(_FUNCTION.replace(":", r"\:")))


def create_indexes(connection: Connection) -> None:
    """Make those of INDEXES that are not there, or that hold what the views of an earlier version showed.

    With the views, not in a migration: Alembic's batch mode makes a table of SQLite anew without indexes on
    expressions, and says nothing.
    """
    said = _Shown(connection.dialect.name)
    for named, (table, columns) in INDEXES.items():
        name, indexed = named.format_map(said), columns.format_map(said)
        method = "USING hash " if connection.dialect.name == "postgresql" and columns in HASHED else ""
        statement = f"INDEX {name} ON {table} {method}({indexed})"
        _drop_earlier(connection, name, f"CREATE {statement}")
        connection.execute(
            text(f"CREATE {statement.replace('INDEX', 'INDEX IF NOT EXISTS', 1)}".replace(":", r"\:"))
        )


def _drop_earlier(connection: Connection, name: str, statement: str) -> None:
    """Drop SQLite's index of this name where it was made by another statement.

    On PostgreSQL the views' expression is the function ``kst``, which has always given the same.
    """
    if connection.dialect.name != "sqlite":
        return
    made = text("SELECT sql FROM sqlite_master WHERE type = 'index' AND name = :name")
    found = connection.scalar(made, {"name": name})
    if found is not None and found != statement:
        connection.execute(text(f"DROP INDEX {name}"))


class _Shown(dict[str, str]):
    """Column -> the expression that shows it."""

    def __init__(self, backend: str) -> None:
        super().__init__(older=str(VERSIONS[backend]))
        self.backend = backend

    def __missing__(self, column: str) -> str:
        return shown(column, self.backend)


_FUNCTION = """
CREATE OR REPLACE FUNCTION kst(moment timestamptz) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN to_char(moment AT TIME ZONE INTERVAL '+09:00', 'YYYY-MM-DD"T"HH24:MI:SS"+09:00"');
END $$"""
