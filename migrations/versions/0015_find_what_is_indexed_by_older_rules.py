"""Find an entry of the search index that older rules made: each search asks for one.

Revision: 0015. Without an index the question read every entry of the archive where all are new.
"""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index(op.f("ix_search_entry_version"), "search_entry", ["version"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index(op.f("ix_search_entry_version"), "search_entry")
