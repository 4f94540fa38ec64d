"""How PostgreSQL keeps the keys of fingerprints, as revision 0017 made it: for it, and for a new archive.

A later revision that changes this writes what it changes itself, and leaves this as it is.
"""

from __future__ import annotations

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
