"""Keep what a host asked for when it refused: until when it rests, why, and since when.

Revision: 0008. ``rest_set_at`` shows a clock that was put back: a rest that was set later than now.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns; no host rests yet."""
    op.add_column("host", sa.Column("rests_until", INSTANT))
    op.add_column("host", sa.Column("rest_reason", sa.Text()))
    op.add_column("host", sa.Column("rest_set_at", INSTANT))
    op.add_column("host", sa.Column("refusals", BIG, server_default=sa.text("0"), nullable=False))


def downgrade() -> None:
    """Forget the rests."""
    for name in ("refusals", "rest_set_at", "rest_reason", "rests_until"):
        op.drop_column("host", name)
