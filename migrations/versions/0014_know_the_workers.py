"""Know the workers: which processes of which machines crawl for the archive, and when each was last heard.

Revision: 0014. The jobs that hand slots to them lie in a schema of their own, which no migration owns.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "worker",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("queues", sa.Text(), nullable=False),
        sa.Column("concurrency", BIG, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("beat_at", INSTANT, nullable=False),
        sa.Column("stopped_at", INSTANT),
        sa.Column("clock_ahead_s", sa.Double(), nullable=False),
        sa.Column("crawling", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_worker")),
    )
    op.create_index(op.f("ix_worker_beat_at"), "worker", ["beat_at"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index(op.f("ix_worker_beat_at"), "worker")
    op.drop_table("worker")
