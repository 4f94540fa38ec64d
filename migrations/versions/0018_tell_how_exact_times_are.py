"""Tell how exact times are: the views of articles say beside a time whether the page gives the day alone.

Revision: 0018. Views are made anew after every migration (``storage.query.views``); this one makes that
happen in an archive of before. And an index of the visits that prove a way in: of a way that none ever
proved, each crawl looked through all visits of its source. And one of the slots that are not over, in place
of one of all their states: where somebody gave ANALYZE, SQLite read every slot for each source at each look
of a scheduler.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

PROVES = "way IS NOT NULL AND outcome = 'stored' AND listed > 0"


OPEN = "state IN ('due', 'running')"


def upgrade() -> None:
    """Create the indexes; the one that is replaced goes."""
    op.create_index(
        "ix_seed_visit_proves",
        "seed_visit",
        ["way", "run_id"],
        sqlite_where=sa.text(PROVES),
        postgresql_where=sa.text(PROVES),
    )
    where = sa.text(OPEN)
    op.create_index("ix_slot_open", "slot", ["source", "due_at"], sqlite_where=where, postgresql_where=where)
    op.drop_index("ix_slot_state", "slot")


def downgrade() -> None:
    """Bring the old index back."""
    op.create_index("ix_slot_state", "slot", ["state"])
    op.drop_index("ix_slot_open", "slot")
    op.drop_index("ix_seed_visit_proves", "seed_visit")
