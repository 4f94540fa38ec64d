"""Keep with the rows what views ask for: an address's day and section, the article of a byline.

Revision: 0013. The database fills and keeps the columns by triggers, which are made with the views.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add them, empty: storage/query/kept.py fills them."""
    op.add_column("address", sa.Column("day", sa.Text()))
    op.add_column("address", sa.Column("section", sa.Text()))
    op.add_column("byline", sa.Column("article_id", BIG))
    op.create_index(op.f("ix_address_day"), "address", ["day"])
    op.create_index(op.f("ix_byline_article_id"), "byline", ["article_id"])


def downgrade() -> None:
    """Take them away."""
    op.drop_index(op.f("ix_byline_article_id"), "byline")
    op.drop_index(op.f("ix_address_day"), "address")
    for table, name in (("byline", "article_id"), ("address", "section"), ("address", "day")):
        op.drop_column(table, name)
