"""Keep keys together: on PostgreSQL a row for each fingerprint in place of one for each of its keys, and the
search index's bigrams as numbers, those of titles among them.

Revision: 0017. A fingerprint's 55 keys took 4.4 kB there in rows of their own, and take 2.5 in an array with
an index. What is indexed for searches stays unfound until ``newsarchive db reindex``, as searches say: the
entries keep the version of the rules that they were indexed by. SQLite's tables keep their shape.

On both databases captures of lists leave the index of those that nobody judged yet: each start of a run read
all of them, forty more after every crawl.
"""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEYS = (
    """
CREATE TABLE keys_of_fingerprint (
  fingerprint_id BIGINT NOT NULL, keys BIGINT[] NOT NULL,
  CONSTRAINT pk_keys_of_fingerprint PRIMARY KEY (fingerprint_id),
  CONSTRAINT fk_keys_of_fingerprint_fingerprint_id_fingerprint FOREIGN KEY (fingerprint_id)
    REFERENCES fingerprint (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED)""",
    # Statistics of random numbers say nothing, and are dear to gather.
    "ALTER TABLE keys_of_fingerprint ALTER COLUMN keys SET STATISTICS 0",
    # Without a list of what waits to be put into the index: every look-up would read it from end to end.
    "CREATE INDEX ix_keys_of_fingerprint_keys ON keys_of_fingerprint USING gin (keys) "
    "WITH (fastupdate = off)",
)
SHOWN = (
    "CREATE VIEW fingerprint_key (key, fingerprint_id) AS "
    "SELECT key, fingerprint_id FROM keys_of_fingerprint CROSS JOIN LATERAL unnest(keys) AS one (key)",
    # As if the table were not there: a crawl of an earlier version then says that the tables are another's.
    """
CREATE FUNCTION kept_together() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE undefined_table USING MESSAGE = 'fingerprint_key shows keys_of_fingerprint, where they are written';
END $$""",
    "CREATE TRIGGER kept_together INSTEAD OF INSERT OR DELETE ON fingerprint_key "
    "FOR EACH ROW EXECUTE FUNCTION kept_together()",
    # A function, for its setting: while the table is small or unknown to the planner, it would compare every
    # row's keys with those asked for, and go on so with thousands of rows.
    """
CREATE FUNCTION postings_of(asked bigint[]) RETURNS TABLE (key bigint, fingerprint_id bigint)
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
  RETURN QUERY SELECT one.key, found.fingerprint_id FROM unnest(asked) AS one (key)
    CROSS JOIN LATERAL (
      SELECT held.fingerprint_id FROM keys_of_fingerprint AS held WHERE held.keys @> ARRAY[one.key]
    ) AS found;
END $$""",
)


def upgrade() -> None:
    """Put the keys of each fingerprint into one row, and make the search index, empty."""
    op.execute(
        "UPDATE capture SET processed_at = fetched_at WHERE processed_at IS NULL AND address_id IS NULL"
    )
    if op.get_bind().dialect.name == "sqlite":
        return
    for statement in KEYS:
        op.execute(statement)
    # Into an index that is there: one that is made of rows that are there is left half empty (3.3 kB).
    op.execute(
        "INSERT INTO keys_of_fingerprint SELECT fingerprint_id, array_agg(key) FROM fingerprint_key "
        "JOIN fingerprint ON fingerprint.id = fingerprint_id GROUP BY fingerprint_id ORDER BY fingerprint_id"
    )
    op.drop_table("fingerprint_key")
    for statement in SHOWN:
        op.execute(statement)
    op.execute("DROP INDEX IF EXISTS ix_search_entry_before_2")
    op.drop_table("search_index")
    op.execute(
        "CREATE TABLE search_index (id BIGINT NOT NULL, words INTEGER[] NOT NULL, "
        "CONSTRAINT pk_search_index PRIMARY KEY (id))"
    )


def downgrade() -> None:
    """Give each key a row again; the search index is made anew as before."""
    if op.get_bind().dialect.name == "sqlite":
        return
    op.execute("DROP FUNCTION postings_of(bigint[])")
    op.execute("DROP VIEW fingerprint_key")
    op.execute("DROP FUNCTION kept_together()")
    op.execute(
        "CREATE TABLE fingerprint_key (key BIGINT NOT NULL, fingerprint_id BIGINT NOT NULL, "
        "CONSTRAINT pk_fingerprint_key PRIMARY KEY (key, fingerprint_id))"
    )
    op.execute(
        "INSERT INTO fingerprint_key SELECT DISTINCT key, fingerprint_id "
        "FROM keys_of_fingerprint, unnest(keys) AS one (key) ORDER BY 1, 2"
    )
    op.drop_table("keys_of_fingerprint")
    op.drop_table("search_index")
    op.execute(
        "CREATE TABLE search_index (id BIGINT NOT NULL, title TEXT[] NOT NULL, words TEXT[] NOT NULL, "
        "CONSTRAINT pk_search_index PRIMARY KEY (id))"
    )
    for column in ("title", "words"):
        op.execute(f"CREATE INDEX ix_search_index_{column} ON search_index USING gin ({column})")
    op.execute("UPDATE search_entry SET version = 0")
