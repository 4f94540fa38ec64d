"""Record how often a capture was given to a reader.

Revision: 0004. From here on migrations change tables only: the views are made anew after every upgrade from
storage/query/views.py (migrations/env.py). The views that 0003 left are dropped here, before tables change.
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


def upgrade() -> None:
    """Drop the views, change the tables."""
    drop_views(op.get_bind())
    op.add_column("capture", sa.Column("read_attempts", BIG, nullable=False, server_default="0"))


def downgrade() -> None:
    """Bring the tables and the views of 0003 back."""
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
