"""Keys of fingerprints, copied: SQLite has a row for each, PostgreSQL an array for each fingerprint.

Both are handled as arrays: fifty rows for each article, one by one through this process, took longer than all
other tables together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, text

from storage.database.copying import copy_in

PIECE = 1000
"""Fingerprints that are held at once."""
Keys = tuple[int, list[int]]
"""A fingerprint's number, and its keys, sorted."""
_READ = {
    "sqlite": 'SELECT fingerprint_id, group_concat("key") FROM fingerprint_key '
    "GROUP BY fingerprint_id ORDER BY fingerprint_id",
    "postgresql": "SELECT fingerprint_id, array_to_string(keys, ',') FROM keys_of_fingerprint "
    "WHERE cardinality(keys) > 0 ORDER BY fingerprint_id",
}
# The table is sorted by key. Put into it by fingerprint, each row is a place of its own in a tree that no
# memory holds.
_GATHER = "CREATE TEMP TABLE gathered_key (key INTEGER NOT NULL, fingerprint_id INTEGER NOT NULL)"
_ADD = "INSERT INTO gathered_key SELECT value, ? FROM json_each(?)"
_SORT_IN = (
    'INSERT INTO fingerprint_key ("key", fingerprint_id) '
    "SELECT key, fingerprint_id FROM gathered_key ORDER BY key, fingerprint_id"
)


def read_keys(connection: Connection) -> Iterator[list[Keys]]:
    """Every key, by fingerprint, in pieces."""
    asked = text(_READ[connection.dialect.name]).execution_options(yield_per=PIECE)
    for piece in connection.execute(asked).partitions(PIECE):
        yield [(number, sorted(map(int, keys.split(",")))) for number, keys in piece]


def passed_on_keys(pieces: Iterable[list[Keys]], into: Connection) -> Iterator[list[Keys]]:
    """The pieces, each stored before it is given."""
    on_sqlite = into.dialect.name == "sqlite"
    if on_sqlite:
        into.execute(text(_GATHER))
    for piece in pieces:
        if on_sqlite:
            into.exec_driver_sql(_ADD, [(number, str(keys)) for number, keys in piece])
        else:
            copy_in(into, "keys_of_fingerprint", ("fingerprint_id", "keys"), _arrays(piece))
        yield piece
    if on_sqlite:
        into.execute(text(_SORT_IN))
        into.execute(text("DROP TABLE gathered_key"))


def _arrays(piece: Sequence[Keys]) -> Iterator[tuple[Any, ...]]:
    return ((number, f"{{{','.join(map(str, keys))}}}") for number, keys in piece)
