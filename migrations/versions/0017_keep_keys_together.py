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

from migrations.keys_of_fingerprint import KEYS, SHOWN

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


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
