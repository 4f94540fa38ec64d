"""Add the search index.

Revision: 0005. Additive. Articles stored before are indexed by ``newsarchive db reindex``.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the entries and what is looked up."""
    op.create_table(
        "search_entry",
        sa.Column("id", BIG, nullable=False, autoincrement=False),
        sa.Column("article_id", BIG, nullable=False),
        sa.Column("minute", BIG, nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("subtitle", sa.Text()),
        sa.Column("text_digest", sa.Text()),
        sa.Column("version", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_search_entry_article_id_article")
        ),
        sa.ForeignKeyConstraint(
            ["text_digest"], ["text.digest"], name=op.f("fk_search_entry_text_digest_text")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("article_id", name=op.f("uq_search_entry_article_id")),
    )
    op.create_index(op.f("ix_search_entry_text_digest"), "search_entry", ["text_digest"])
    if op.get_bind().dialect.name == "sqlite":
        # ascii: whatever is no ASCII sign belongs to a token. unicode61 knows the letters of Unicode 6.1.
        # Contentless: the texts are in their own table. columnsize: only bm25 needs it.
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING "
            "fts5(title, body, content='', columnsize=0, tokenize='ascii')"
        )
        return
    op.create_table(
        "search_index",
        sa.Column("id", BIG, nullable=False, autoincrement=False),
        sa.Column("title", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("words", sa.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_index"),
    )
    op.create_index("ix_search_index_title", "search_index", ["title"], postgresql_using="gin")
    op.create_index("ix_search_index_words", "search_index", ["words"], postgresql_using="gin")


def downgrade() -> None:
    """Drop the index; it can be made anew from the texts."""
    op.drop_table("search_index")
    op.drop_table("search_entry")
