"""Today's tables in an empty database, made in one go from the models.

Equal to what the migrations make one after the other, which tests/migrations/test_whole.py holds for both
databases, the order of columns too. A new archive is there after 0.04 s of the processor instead of 0.2 s
(2026-11-26).
"""

from __future__ import annotations

from sqlalchemy import Connection, MetaData, text

from storage.database.revisions import REVISIONS
from storage.models import ARRAYS_IN_POSTGRESQL, Base
from storage.models.base import whole_metadata
from storage.query.views import create_views

# Alembic's own table, as it makes it.
_VERSION = """
CREATE TABLE IF NOT EXISTS alembic_version
(version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"""

SEARCH_INDEX = {
    # ascii: whatever is no ASCII sign belongs to a token. unicode61 knows the letters of Unicode 6.1.
    # Contentless: the texts are in their own table. columnsize: only bm25 needs it.
    "sqlite": (
        "CREATE VIRTUAL TABLE search_index USING "
        "fts5(title, body, content='', columnsize=0, tokenize='ascii')",  # of 0005; asked by none since 0015
        "CREATE VIRTUAL TABLE search_index_grams USING "
        "fts5(words, content='', columnsize=0, detail=none, tokenize='ascii')",
    ),
    "postgresql": (
        "CREATE TABLE search_index (id BIGINT NOT NULL, words INTEGER[] NOT NULL, "
        "CONSTRAINT pk_search_index PRIMARY KEY (id))",
    ),
}
"""What the search looks words up in: no model, each database has its own."""
KEYS = {
    "sqlite": (),
    "postgresql": (
        "CREATE TABLE keys_of_fingerprint (fingerprint_id BIGINT NOT NULL, keys BIGINT[] NOT NULL, "
        "CONSTRAINT pk_keys_of_fingerprint PRIMARY KEY (fingerprint_id), "
        "CONSTRAINT fk_keys_of_fingerprint_fingerprint_id_fingerprint FOREIGN KEY (fingerprint_id) "
        "REFERENCES fingerprint (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED)",
        # Statistics of random numbers say nothing, and are dear to gather.
        "ALTER TABLE keys_of_fingerprint ALTER COLUMN keys SET STATISTICS 0",
        # Without a list of what waits to be put into the index: every look-up would read it from end to end.
        "CREATE INDEX ix_keys_of_fingerprint_keys ON keys_of_fingerprint USING gin (keys) "
        "WITH (fastupdate = off)",
        "CREATE VIEW fingerprint_key (key, fingerprint_id) AS "
        "SELECT key, fingerprint_id FROM keys_of_fingerprint CROSS JOIN LATERAL unnest(keys) AS one (key)",
        # As if the table were not there: a crawl of an earlier version says that the tables are another's.
        """
CREATE FUNCTION kept_together() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE undefined_table USING MESSAGE = 'fingerprint_key shows keys_of_fingerprint, where they are written';
END $$""",
        "CREATE TRIGGER kept_together INSTEAD OF INSERT OR DELETE ON fingerprint_key "
        "FOR EACH ROW EXECUTE FUNCTION kept_together()",
        # A function, for its setting: while the table is small or unknown to the planner, it would compare
        # every row's keys with those asked for, and go on so with thousands of rows.
        """
CREATE FUNCTION postings_of(asked bigint[]) RETURNS TABLE (key bigint, fingerprint_id bigint)
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
  RETURN QUERY SELECT one.key, found.fingerprint_id FROM unnest(asked) AS one (key)
    CROSS JOIN LATERAL (
      SELECT held.fingerprint_id FROM keys_of_fingerprint AS held WHERE held.keys @> ARRAY[one.key]
    ) AS found;
END $$""",
    ),
}
"""What the keys of fingerprints are found by, where it is no table of rows (storage/models/likeness.py)."""


def make_whole(connection: Connection) -> None:
    """Make tables, indexes and views, and say that all migrations have been made."""
    tables_of(connection.dialect.name).create_all(connection, checkfirst=False)
    backend = connection.dialect.name
    for statement in (*SEARCH_INDEX[backend], *KEYS[backend], _VERSION):
        connection.execute(text(statement))
    connection.execute(
        text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": REVISIONS[-1]}
    )
    create_views(connection)


def tables_of(backend: str) -> MetaData:
    """The tables of a database.

    On PostgreSQL copies: the keys that go round are added last there, and SQLAlchemy marks them so that no
    later table of this process gets them.
    """
    if backend == "sqlite":
        return Base.metadata
    copies = MetaData(naming_convention=Base.metadata.naming_convention)
    for name, table in whole_metadata().tables.items():
        if name not in ARRAYS_IN_POSTGRESQL:
            table.to_metadata(copies)
    return copies
