"""Index no places: which parts of words an article has, and no longer where they stand, for SQLite.

Revision: 0015. Additive. What is indexed stays unfound until ``newsarchive db reindex``, as searches say:
the entries keep the version of the rules that they were indexed by. ``search_index`` of 0005 is left to
crawls of an earlier version that are at work; ``db reindex`` empties it, a later revision may drop it.
"""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index, empty; PostgreSQL's stays as it is."""
    if op.get_bind().dialect.name == "sqlite":
        # detail=none: of every part the articles alone. Otherwise as in 0005.
        op.execute(
            "CREATE VIRTUAL TABLE search_index_grams USING "
            "fts5(words, content='', columnsize=0, detail=none, tokenize='ascii')"
        )
        op.execute("DROP INDEX IF EXISTS ix_search_entry_before_2")


def downgrade() -> None:
    """Drop it, and have the entries' version tell that the earlier index has to be made anew."""
    if op.get_bind().dialect.name == "sqlite":
        op.drop_table("search_index_grams")
        op.execute("UPDATE search_entry SET version = 0")
