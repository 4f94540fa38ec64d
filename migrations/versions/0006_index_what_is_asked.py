"""Index what is asked for each article, so that it costs the same in ten years; and every reference.

Revision: 0006. Indexes only. A lease walks one partial index a state; an index on every foreign key lets
a row be taken away without reading the tables that may refer to it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PARTIAL = {
    "ix_address_waiting": (
        "address",
        ["source", sa.text("listed_at DESC"), "id"],
        "state = 'pending'",
    ),
    "ix_address_leased": ("address", ["source", "lease_owner"], "state = 'leased'"),
    "ix_address_again": (
        "address",
        ["source", "next_fetch_at"],
        "state = 'settled' AND next_fetch_at IS NOT NULL",
    ),
    "ix_capture_unprocessed": ("capture", ["id"], "processed_at IS NULL"),
}
KEYS = (
    ("article", "preferred_appearance_id"),
    ("article", "byline_appearance_id"),
    ("article", "text_digest"),
    ("appearance", "capture_id"),
    ("revision", "capture_id"),
    ("rereading", "capture_id"),
    ("seed_visit", "capture_id"),
    ("outcome", "capture_id"),
)


def upgrade() -> None:
    """Create the indexes; the one that they replace goes."""
    op.drop_index("ix_address_source_state_next_fetch_at", "address")
    for name, (table, columns, where) in PARTIAL.items():
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    for table, column in KEYS:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    """Bring the old index back."""
    for table, column in reversed(KEYS):
        op.drop_index(op.f(f"ix_{table}_{column}"), table)
    for name, (table, _, _) in reversed(PARTIAL.items()):
        op.drop_index(name, table)
    op.create_index("ix_address_source_state_next_fetch_at", "address", ["source", "state", "next_fetch_at"])
