"""Indexes, and tables of the search, that are lacking, or that CREATE INDEX CONCURRENTLY left unfinished.

Nobody misses them: each page is looked for through whole tables then, and what was unique may be there twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import Connection, Index, PrimaryKeyConstraint, UniqueConstraint, inspect, text

from migrations.keys_of_fingerprint import KEYS
from migrations.whole import SEARCH_INDEX, tables_of
from storage.query.kst import INDEXES
from storage.query.views.estimates import count_flags
from storage.search.key import VERSIONS
from storage.search.spans import OF_WORDS

REINDEX = "run: newsarchive db reindex"
_THERE = {
    "sqlite": text("SELECT name FROM sqlite_master WHERE type = 'index'"),
    "postgresql": text(
        "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        "WHERE i.indisvalid AND pg_table_is_visible(i.indrelid)"
    ),
}
_OWN: dict[str, dict[str, str]] = {
    "sqlite": {},
    "postgresql": {
        "ix_keys_of_fingerprint_keys": next(one for one in KEYS if one.startswith("CREATE INDEX"))
    },
}
"""Of tables that are no model: name -> how it is made."""


def lacking_indexes(connection: Connection) -> list[str]:
    """The indexes, and on PostgreSQL the keys, that the tables are to have and have not, by name."""
    backend = connection.dialect.name
    wanted = {str(index.name) for index in _indexes(backend)}
    return sorted({*wanted, *_OWN[backend], *_keys(backend), *_of_views(backend)} - _there(connection))


def make_search(connection: Connection, say: Callable[[str], None]) -> None:
    """Make the tables of the search that are lacking, empty: articles are not indexed then, which is said."""
    there = inspect(connection).get_table_names()
    for name, statement in SEARCH_INDEX[connection.dialect.name].items():
        if name not in there:
            say(f"the table {name} is lacking, and is made anew: no article is indexed; {REINDEX}")
            connection.execute(text(statement))
            connection.execute(text("DELETE FROM search_entry"))


def make_lacking(connection: Connection, say: Callable[[str], None]) -> None:
    """Make the indexes that are lacking. A key is not made: rows that break it may be there by now.

    Those that go with the views are made with them; PostgreSQL's statistics of flags also here.
    """
    there = _there(connection)
    for index in _indexes(connection.dialect.name):
        if index.name not in there:
            say(f"the index {index.name} is lacking, and is made anew")
            connection.execute(text(f"DROP INDEX IF EXISTS {index.name}"))
            index.create(connection)
    for name, statement in _OWN[connection.dialect.name].items():
        if name not in there:
            say(f"the index {name} is lacking, and is made anew")
            connection.execute(text(f"DROP INDEX IF EXISTS {name}"))
            connection.execute(text(statement))
    count_flags(connection)


def _there(connection: Connection) -> set[str]:
    return set(connection.scalars(_THERE[connection.dialect.name]))


def _indexes(backend: str) -> Iterator[Index]:
    for table in tables_of(backend).tables.values():
        yield from table.indexes


def _of_views(backend: str) -> Iterator[str]:
    yield from (named.format(older=VERSIONS[backend]) for named in INDEXES)
    if backend == "postgresql":
        yield OF_WORDS


def _keys(backend: str) -> Iterator[str]:
    """SQLite keeps them in the table's own words, from which none can be dropped."""
    tables = tables_of(backend).tables.values() if backend == "postgresql" else ()
    for table in tables:
        for held in table.constraints:
            if isinstance(held, (PrimaryKeyConstraint, UniqueConstraint)):
                yield str(held.name)
