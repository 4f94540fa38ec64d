"""Keep what was imported: each file, and what became of each page in it.

Revision: 0011.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
FATES = "'taken', 'known', 'queued', 'left', 'unreadable'"
OUTCOMES = (
    "'stored', 'unchanged', 'revised', 'duplicate', 'not_article', 'blocked', 'gone', 'failed', 'quarantined'"
)


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "import_file",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT),
        sa.Column("counts", sa.Text()),
        sa.Column("problems", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
        sa.UniqueConstraint("sha256", "kind", name=op.f("uq_import_file_sha256_kind")),
    )
    op.create_table(
        "import_entry",
        sa.Column("id", BIG, nullable=False),
        sa.Column("file_id", BIG, nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("record", sa.Text()),
        sa.Column("url", sa.Text()),
        sa.Column("fetched_at", INSTANT),
        sa.Column("fate", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("digest", sa.Text()),
        sa.Column("capture_id", BIG),
        sa.Column("outcome", sa.Text()),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint(f"fate IN ({FATES})", name=op.f("ck_import_entry_fate")),
        sa.CheckConstraint(f"outcome IN ({OUTCOMES})", name=op.f("ck_import_entry_outcome")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["import_file.id"], name=op.f("fk_import_entry_file_id_import_file")
        ),
        sa.ForeignKeyConstraint(
            ["capture_id"], ["capture.id"], name=op.f("fk_import_entry_capture_id_capture")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_entry")),
        sa.UniqueConstraint("file_id", "position", name=op.f("uq_import_entry_file_id_position")),
    )
    op.create_index(op.f("ix_import_entry_capture_id"), "import_entry", ["capture_id"])
    op.create_index(op.f("ix_import_entry_digest"), "import_entry", ["digest"], postgresql_using="hash")


def downgrade() -> None:
    """Forget what was imported; the captures stay."""
    op.drop_table("import_entry")
    op.drop_table("import_file")
