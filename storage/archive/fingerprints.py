"""Fingerprints in SQL: stored once for each text, found by their keys with one indexed query.

What a look-up costs does not depend on how much is stored: about sixty places of one tree are read,
and no key is read beyond its 300th posting. On SQLite the tree is the table ``fingerprint_key``; on
PostgreSQL the index of ``keys_of_fingerprint``, which has a row for each fingerprint
(storage/models/likeness.py).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    Row,
    String,
    any_,
    bindparam,
    column,
    delete,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.orm import Session

from storage.database.bodies import is_new
from storage.database.prepared import Prepared, by_driver
from storage.likeness import Fingerprint, Resembles
from storage.models import FingerprintKeyRow, FingerprintRow, TextRow
from storage.models.base import table_of

COMMON = 300
"""Postings from which a key says nothing any more (boilerplate sentences): it is not read and not
written again (shared measurement of November 2026)."""
TELLING = 4
"""Postings up to which one shared key alone is worth a look. At a million articles one text in ten shares
a band of everyday words with five others and more; versions of one text share ten keys and more."""
NEAREST = 32
"""Texts whose signatures are looked at, those with the most shared keys first: it bounds what a daily
bulletin costs, which resembles a thousand others. A release printed by more outlets is still one group,
through those that all of them are held against."""

_KEYS = table_of(FingerprintKeyRow)
_PRINTS = table_of(FingerprintRow)
# Made once: building a statement costs SQLAlchemy more than SQLite needs to answer it.
_OF_TEXT = select(_PRINTS.c.id).where(
    _PRINTS.c.text_id == bindparam("text"), _PRINTS.c.version == bindparam("scheme")
)
# One value to the database: a list of sixty is another statement for every length, and is planned anew each
# time; sixty rows cost sixty times what one does.
_LIST = func.json_each(bindparam("keys", type_=String)).table_valued(column("value", BigInteger)).c.value
_ARRAY = bindparam("keys", type_=ARRAY(BigInteger))
_OF_KEYS = {
    "sqlite": Prepared(select(_KEYS.c.key, _KEYS.c.fingerprint_id).where(_KEYS.c.key.in_(select(_LIST)))),
    "postgresql": Prepared(text("SELECT key, fingerprint_id FROM postings_of(CAST(:keys AS bigint[]))")),
}
_ADD_KEY = "INSERT INTO fingerprint_key (key, fingerprint_id) VALUES (?, ?)"
"""SQLite, row by row: one statement of many rows keeps every page that it changes until its end, some
140 kB in a file of /var/tmp that is made and deleted for each article: 0.1 ms (2026-11-26)."""
_ADD_KEYS = Prepared(
    text("INSERT INTO keys_of_fingerprint (fingerprint_id, keys) VALUES (:number, CAST(:keys AS bigint[]))")
)
"""PostgreSQL."""
_NUMBERED = {
    "sqlite": Prepared(select(_PRINTS).where(_PRINTS.c.id.in_(select(_LIST)))),
    "postgresql": Prepared(select(_PRINTS).where(_PRINTS.c.id == any_(_ARRAY))),
}
_ADD_PRINT = Prepared(insert(_PRINTS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A stored text that shares keys with the one looked up."""

    fingerprint_id: int
    text_id: int
    shared: int
    """Keys in common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Postings:
    """What the keys of one text are already found under."""

    shared: Counter[int]
    """Fingerprint -> keys in common."""
    common: frozenset[int]
    """Keys that have too many postings to say anything."""


def look_up(session: Session, wanted: Fingerprint, resembles: Resembles) -> list[Found]:
    """The stored texts that may be nearly the same, the most alike first; equal texts included."""
    return _nearest(session, wanted, _postings(session, wanted.keys), resembles)


def ensure(
    session: Session, text_id: int, wanted: Fingerprint, resembles: Resembles
) -> tuple[int, list[Found]]:
    """Store a text's fingerprint unless it is stored; its number, and what ``look_up`` finds beside it."""
    postings = _postings(session, wanted.keys)
    found = _nearest(session, wanted, postings, resembles)
    known = next((row.fingerprint_id for row in found if row.text_id == text_id), None)
    if known is None and not is_new(session, text_id):
        known = session.connection().scalar(_OF_TEXT, {"text": text_id, "scheme": wanted.version})
    if known is None:
        known = _store(session, text_id, wanted, postings.common)
    return known, [row for row in found if row.fingerprint_id != known]


def forget(session: Session, text_id: int, known: Fingerprint) -> None:
    """Remove a text's fingerprints (a takedown), of other versions of the scheme too.

    Args:
        known: the one that its text has today.
    """
    stored = select(_PRINTS.c.id, _PRINTS.c.version).where(_PRINTS.c.text_id == text_id)
    versions = {row.id: row.version for row in session.execute(stored)}
    if session.connection().dialect.name == "sqlite":  # PostgreSQL's go with the fingerprint
        own = _KEYS.c.fingerprint_id.in_(list(versions))
        session.execute(delete(_KEYS).where(own, _KEYS.c.key.in_(known.keys)))
        others = [number for number, version in versions.items() if version != known.version]
        if others:  # their keys cannot be told from the text any more: the whole table is read
            session.execute(delete(_KEYS).where(_KEYS.c.fingerprint_id.in_(others)))
    session.execute(delete(_PRINTS).where(_PRINTS.c.id.in_(list(versions))))


def without_fingerprint(session: Session, version: int, limit: int) -> list[tuple[int, str]]:
    """Stored texts (number, body) that have no fingerprint of this version yet."""
    have = select(FingerprintRow.id).where(
        FingerprintRow.text_id == TextRow.id, FingerprintRow.version == version
    )
    query = select(TextRow.id, TextRow.body).where(~have.exists()).order_by(TextRow.id).limit(limit)
    return [(number, body) for number, body in session.execute(query)]


def _postings(session: Session, keys: Sequence[int]) -> _Postings:
    """Read the postings of all keys; those of common ones are not counted."""
    if not keys:
        return _Postings(shared=Counter(), common=frozenset())
    connection = session.connection()
    asked = {"keys": _as_one(connection, keys)}
    rows: Sequence[Any] = _OF_KEYS[connection.dialect.name].run(connection, asked).all()
    per_key = Counter(row[0] for row in rows)
    common = frozenset(key for key, postings in per_key.items() if postings >= COMMON)
    shared = Counter(row[1] for row in rows if row[0] not in common)
    for key, number in rows:
        if per_key[key] > TELLING and shared[number] == 1:
            del shared[number]
    return _Postings(shared=shared, common=common)


def _as_one(connection: Connection, keys: Iterable[int]) -> str | list[int]:
    """The keys as the one value that they are bound as."""
    return json.dumps(list(keys)) if connection.dialect.name == "sqlite" else list(keys)


def _nearest(session: Session, wanted: Fingerprint, postings: _Postings, resembles: Resembles) -> list[Found]:
    # sorted before it is cut: equal counts must not leave it to the database who is compared
    ranked = sorted(postings.shared.items(), key=lambda item: (-item[1], item[0]))[:NEAREST]
    if not ranked:
        return []
    connection = session.connection()
    asked = {"keys": _as_one(connection, (number for number, _ in ranked))}
    stored = {row.id: row for row in _NUMBERED[connection.dialect.name].run(connection, asked)}
    return [
        Found(fingerprint_id=number, text_id=stored[number].text_id, shared=shared)
        for number, shared in ranked
        if number in stored and resembles(wanted, _fingerprint(stored[number]))
    ]


def _fingerprint(row: Row[Any]) -> Fingerprint:
    return Fingerprint(
        version=row.version,
        letters=row.letters,
        shingles=row.shingles,
        signature=bytes(row.signature),
        keys=(),
    )


def _store(session: Session, text_id: int, wanted: Fingerprint, common: frozenset[int]) -> int:
    values = {
        "text_id": text_id,
        "version": wanted.version,
        "letters": wanted.letters,
        "shingles": wanted.shingles,
        "signature": wanted.signature,
    }
    connection = session.connection()
    number = _ADD_PRINT.number(connection, values)
    keys = sorted(set(wanted.keys) - common)
    if connection.dialect.name == "sqlite":
        by_driver(connection, _ADD_KEY, [(key, number) for key in keys], many=True)
    elif keys:
        _ADD_KEYS.run(connection, {"keys": keys, "number": number})
    return number
