"""Keep which appearances were put back to a former reader, what was read in vain, and what was verified.

Revision: 0007. Going down loses the three; no page is lost, and re-readings stay.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Two columns and a table."""
    op.add_column("appearance", sa.Column("pinned_at", sa.DateTime(timezone=True)))
    op.add_column("capture", sa.Column("read_in_vain_by", BIG))
    op.create_table(
        "verification",
        sa.Column("id", BIG, nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("captures", BIG, nullable=False),
        sa.Column("found", BIG, nullable=False),
        sa.Column("mended", BIG, nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_table("verification")
    op.drop_column("capture", "read_in_vain_by")
    op.drop_column("appearance", "pinned_at")
