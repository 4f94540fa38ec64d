"""Keep takedowns, and which captures have no bytes any more.

Revision: 0009. Going down loses the log of takedowns; tombstones and cut records stay as they are.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Two columns and a table."""
    op.add_column("capture", sa.Column("cut_at", INSTANT))
    op.add_column("capture", sa.Column("cut_why", sa.Text()))
    op.create_table(
        "takedown",
        sa.Column("id", BIG, nullable=False),
        sa.Column("tombstone", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT),
        sa.Column("done", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takedown")),
        sa.UniqueConstraint("tombstone", name=op.f("uq_takedown_tombstone")),
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_table("takedown")
    op.drop_column("capture", "cut_why")
    op.drop_column("capture", "cut_at")
