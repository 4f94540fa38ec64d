"""Know the publishers' channels, how well each way in is proven, and where a long list was left.

Revision: 0012. Columns and one table; nothing that is there changes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
ADDED = (
    ("seed_visit", "way"),
    ("seed_visit", "grade"),
    ("seed_visit", "next_url"),
    ("discovery", "author_hint"),
)


def upgrade() -> None:
    """Add them, empty."""
    op.create_table(
        "channel",
        sa.Column("id", BIG, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["source.name"], name=op.f("fk_channel_source_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
        sa.UniqueConstraint("source", "number", name=op.f("uq_channel_source_number")),
    )
    for table, column in ADDED:
        op.add_column(table, sa.Column(column, sa.Text()))


def downgrade() -> None:
    """Forget them."""
    for table, column in reversed(ADDED):
        op.drop_column(table, column)
    op.drop_table("channel")
