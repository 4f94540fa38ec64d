"""Tell how exact times are: the views of articles say beside a time whether the page gives the day alone.

Revision: 0018. Views are made anew after every migration (``storage.query.views``); this one makes that
happen in an archive of before. And an index of the visits that prove a way in: of a way that none ever
proved, each crawl looked through all visits of its source.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

PROVES = "way IS NOT NULL AND outcome = 'stored' AND listed > 0"


def upgrade() -> None:
    """Create the index."""
    op.create_index(
        "ix_seed_visit_proves",
        "seed_visit",
        ["way", "run_id"],
        sqlite_where=sa.text(PROVES),
        postgresql_where=sa.text(PROVES),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_seed_visit_proves", "seed_visit")
