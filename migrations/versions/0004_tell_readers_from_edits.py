"""Keep which reader read what, re-readings, declared addresses, and NULL where no notice was found.

Revision: 0004. From here on migrations change tables only: the views are made anew after every upgrade from
storage/query/views (migrations/env.py). The views that 0003 left are dropped here, before tables change.

What was stored before has no reader (NULL: which one it was is not known) and no cause. Going down loses
re-readings and declarations; the flags of rights become 0 again where no notice was found.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from alembic.script import ScriptDirectory

from storage.query.views import drop_views

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAGS = ("no_reproduction", "no_redistribution", "no_ai_training", "no_collection")


def upgrade() -> None:
    """Drop the views, change the tables."""
    drop_views(op.get_bind())
    op.add_column("capture", sa.Column("read_attempts", BIG, nullable=False, server_default="0"))
    op.add_column("capture", sa.Column("unreadable", sa.Text()))
    op.add_column("appearance", sa.Column("reader", BIG))
    op.add_column("revision", sa.Column("reader", BIG))
    # By hand: Alembic would build the table anew on SQLite for a CHECK that a new column may carry itself.
    op.execute(
        "ALTER TABLE revision ADD COLUMN cause TEXT "
        "CONSTRAINT ck_revision_cause CHECK (cause IN ('site', 'reader_or_site'))"
    )
    op.add_column("alarm", sa.Column("attempts", BIG, nullable=False, server_default="0"))
    op.add_column("alarm", sa.Column("try_at", sa.DateTime(timezone=True)))
    _make_rereading()
    _make_declared_address()
    _let_flags_be_unknown()


def _make_rereading() -> None:
    op.create_table(
        "rereading",
        sa.Column("id", BIG, nullable=False),
        sa.Column("appearance_id", BIG, nullable=False),
        sa.Column("revision_id", BIG),
        sa.Column("capture_id", BIG, nullable=False),
        sa.Column("reader_before", BIG),
        sa.Column("reader_after", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("span", sa.Text()),
        sa.Column("batch", sa.Text()),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["appearance_id"], ["appearance.id"], name=op.f("fk_rereading_appearance_id_appearance")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_rereading_revision_id_revision")
        ),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("fk_rereading_capture_id_capture")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rereading")),
    )
    for column in ("appearance_id", "revision_id", "batch"):
        op.create_index(op.f(f"ix_rereading_{column}"), "rereading", [column])


def _make_declared_address() -> None:
    op.create_table(
        "declared_address",
        sa.Column("id", BIG, nullable=False),
        sa.Column("appearance_id", BIG, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appearance_id"], ["appearance.id"], name=op.f("fk_declared_address_appearance_id_appearance")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declared_address")),
    )
    op.create_index(op.f("ix_declared_address_appearance_id"), "declared_address", ["appearance_id"])
    op.create_index(op.f("ix_declared_address_url"), "declared_address", ["url"], postgresql_using="hash")


def _let_flags_be_unknown() -> None:
    """0 said "does not forbid" of pages where no notice was found at all."""
    _change_flags(nullable=True)
    for flag in FLAGS:
        op.execute(f"UPDATE appearance_rights SET {flag} = NULL WHERE notice IS NULL AND NOT {flag}")  # noqa: S608


def _change_flags(*, nullable: bool) -> None:
    with op.batch_alter_table("appearance_rights") as table:
        for flag in FLAGS:
            table.alter_column(flag, existing_type=sa.Boolean(), nullable=nullable)


def downgrade() -> None:
    """Bring the tables and the views of 0003 back."""
    for flag in FLAGS:
        op.execute(f"UPDATE appearance_rights SET {flag} = false WHERE {flag} IS NULL")  # noqa: S608
    _change_flags(nullable=False)
    op.drop_table("declared_address")
    op.drop_table("rereading")
    op.drop_column("alarm", "try_at")
    op.drop_column("alarm", "attempts")
    op.drop_column("revision", "cause")
    op.drop_column("revision", "reader")
    op.drop_column("appearance", "reader")
    op.drop_column("capture", "unreadable")
    op.drop_column("capture", "read_attempts")
    for name, select in _views_of_0003().items():
        op.execute(f"CREATE VIEW {name} AS {select}")


def _views_of_0003() -> dict[str, str]:
    config = op.get_context().config
    assert config is not None
    script = ScriptDirectory.from_config(config)
    first, second, third = (script.get_revision(name).module for name in ("0001", "0002", "0003"))
    return {
        **first._views(),
        "coverage": second._coverage(),
        "revisions": third._revisions(modified=True),
        "articles": third._articles(group=True),
        **third._link_views(),
        **third._change_views(),
        **third._reporter_views(),
    }
