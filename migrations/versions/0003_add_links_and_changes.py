"""Add fingerprints, links between articles, and what changed when.

Revision: 0003. Additive: new tables, one column of ``revision``, an index, new views; ``articles`` and
``revisions`` gain a column each at their end. Articles stored before are given fingerprints by
``newsarchive relink``.
"""

# ruff: noqa: S608 (the statements are put together from the constants of this file)

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
KINDS = "'near_duplicate', 'second_edition', 'press_release', 'syndication'"
NEW_VIEWS = ("near_duplicates", "duplicate_groups", "changes", "presence", "reporters", "reporter_articles")


def upgrade() -> None:
    """Create the tables, the column and the views."""
    _create_fingerprints()
    _create_links()
    op.create_table(
        "reporter_alias",
        sa.Column("reporter_id", BIG, nullable=False),
        sa.Column("same_as_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["reporter_id"], ["reporter.id"], name=op.f("fk_reporter_alias_reporter_id_reporter")
        ),
        sa.ForeignKeyConstraint(
            ["same_as_id"], ["reporter.id"], name=op.f("fk_reporter_alias_same_as_id_reporter")
        ),
        sa.PrimaryKeyConstraint("reporter_id", name=op.f("pk_reporter_alias")),
    )
    op.create_index(op.f("ix_reporter_alias_same_as_id"), "reporter_alias", ["same_as_id"])
    op.create_index(op.f("ix_byline_name"), "byline", ["name"], postgresql_using="hash")
    op.execute("DROP VIEW revisions")  # before its table changes
    op.execute("DROP VIEW articles")
    op.add_column("revision", sa.Column("modified_at", INSTANT))
    op.execute(f"CREATE VIEW revisions AS {_revisions(modified=True)}")
    op.execute(f"CREATE VIEW articles AS {_articles(group=True)}")
    for name, select in (_link_views() | _change_views() | _reporter_views()).items():
        op.execute(f"CREATE VIEW {name} AS {select}")


def downgrade() -> None:
    """Bring the old views back. Links are lost; they can be found again from the texts."""
    for name in (*NEW_VIEWS, "articles", "revisions"):
        op.execute(f"DROP VIEW {name}")
    op.drop_column("revision", "modified_at")
    op.execute(f"CREATE VIEW revisions AS {_revisions(modified=False)}")
    op.execute(f"CREATE VIEW articles AS {_articles(group=False)}")
    op.drop_index(op.f("ix_byline_name"), "byline")
    for name in ("reporter_alias", "group_member", "article_link", "fingerprint_key", "fingerprint"):
        op.drop_table(name)


def _create_fingerprints() -> None:
    op.create_table(
        "fingerprint",
        sa.Column("id", BIG, nullable=False),
        sa.Column("text_digest", sa.Text(), nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("letters", BIG, nullable=False),
        sa.Column("shingles", BIG, nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["text_digest"], ["text.digest"], name=op.f("fk_fingerprint_text_digest_text")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fingerprint")),
        sa.UniqueConstraint("text_digest", "version", name=op.f("uq_fingerprint_text_digest_version")),
    )
    op.create_table(
        "fingerprint_key",
        sa.Column("key", BIG, nullable=False, autoincrement=False),
        sa.Column("fingerprint_id", BIG, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("key", "fingerprint_id", name=op.f("pk_fingerprint_key")),
        sqlite_with_rowid=False,
    )


def _create_links() -> None:
    op.create_table(
        "article_link",
        sa.Column("id", BIG, nullable=False),
        sa.Column("article_id", BIG, nullable=False),
        sa.Column("other_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("wire", sa.Text()),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("linked_at", INSTANT, nullable=False),
        sa.CheckConstraint("article_id < other_id", name=op.f("ck_article_link_order")),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_article_link_kind")),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_article_link_article_id_article"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["article.id"], name=op.f("fk_article_link_other_id_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_link")),
        sa.UniqueConstraint("article_id", "other_id", name=op.f("uq_article_link_article_id_other_id")),
    )
    op.create_index(op.f("ix_article_link_other_id"), "article_link", ["other_id"])
    op.create_table(
        "group_member",
        sa.Column("article_id", BIG, nullable=False),
        sa.Column("group_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_group_member_article_id_article"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_group_member")),
    )
    op.create_index(op.f("ix_group_member_group_id"), "group_member", ["group_id"])


# --- views --------------------------------------------------------------------------------------


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _shown(column: str) -> str:
    """An instant as text in Korean time: ``2026-11-22T09:00:00+09:00``."""
    if _on_sqlite():
        return f"strftime('%Y-%m-%dT%H:%M:%S+09:00', {column}, '+9 hours')"
    return f"""to_char({column} AT TIME ZONE INTERVAL '+09:00', 'YYYY-MM-DD"T"HH24:MI:SS"+09:00"')"""


def _joined(select: str, column: str) -> str:
    """The distinct values of a query's column, in order, with commas between."""
    joined = (
        f"group_concat({column}, ',')" if _on_sqlite() else f"string_agg({column}, ',' ORDER BY {column})"
    )
    return f"(SELECT {joined} FROM ({select} ORDER BY {column}) AS listed)"


def _differs(column: str) -> str:
    """1 where a column of ``now`` is not what it was in ``now``'s predecessor, NULLs compared too."""
    unlike = "IS NOT" if _on_sqlite() else "IS DISTINCT FROM"
    return f"CASE WHEN now.{column} {unlike} now.{column}_before THEN 1 ELSE 0 END"


def _articles(*, group: bool) -> str:
    shown_at = _joined(
        "SELECT DISTINCT source FROM appearance WHERE article_id = article.id AND source IS NOT NULL",
        "source",
    )
    column = ", group_member.group_id AS duplicate_group" if group else ""
    join = "LEFT JOIN group_member ON group_member.article_id = article.id" if group else ""
    return f"""
SELECT article.id AS article_id, address.url, publisher.name AS publisher, article.title, article.subtitle,
  text.body, article.section, article.language, article.dateline_place, article.dateline_agency,
  {_shown("article.published_at")} AS published_at, {_shown("article.modified_at")} AS modified_at,
  (SELECT count(*) FROM appearance WHERE appearance.article_id = article.id) AS appearances,
  {shown_at} AS sources,
  appearance_rights.notice AS copyright_notice, appearance_rights.holder AS rights_holder{column}
FROM article
JOIN appearance ON appearance.id = article.preferred_appearance_id
JOIN address ON address.id = appearance.address_id
LEFT JOIN publisher ON publisher.id = article.publisher_id
LEFT JOIN text ON text.digest = article.text_digest
LEFT JOIN appearance_rights ON appearance_rights.appearance_id = appearance.id
{join}"""


def _revisions(*, modified: bool) -> str:
    column = f", {_shown('revision.modified_at')} AS modified_at" if modified else ""
    return f"""
SELECT revision.id AS revision_id, revision.appearance_id, appearance.article_id, address.url,
  revision.title, revision.subtitle, text.body, revision.byline_line, revision.notice,
  {_shown("revision.valid_from")} AS valid_from, {_shown("revision.valid_to")} AS valid_to{column}
FROM revision
JOIN appearance ON appearance.id = revision.appearance_id
JOIN address ON address.id = appearance.address_id
LEFT JOIN text ON text.digest = revision.text_digest"""


def _link_views() -> dict[str, str]:
    return {
        "near_duplicates": f"""
SELECT link.article_id, here.url, publisher.name AS publisher, article.title,
  link.other_id AS other_article_id, there.url AS other_url, other_publisher.name AS other_publisher,
  other.title AS other_title, link.kind, link.wire, link.score, link.evidence,
  group_member.group_id AS duplicate_group, {_shown("link.linked_at")} AS linked_at
FROM article_link AS link
JOIN article ON article.id = link.article_id
JOIN article AS other ON other.id = link.other_id
JOIN appearance ON appearance.id = article.preferred_appearance_id
JOIN appearance AS other_appearance ON other_appearance.id = other.preferred_appearance_id
JOIN address AS here ON here.id = appearance.address_id
JOIN address AS there ON there.id = other_appearance.address_id
LEFT JOIN publisher ON publisher.id = article.publisher_id
LEFT JOIN publisher AS other_publisher ON other_publisher.id = other.publisher_id
LEFT JOIN group_member ON group_member.article_id = link.article_id""",
        "duplicate_groups": f"""
SELECT group_member.group_id AS duplicate_group, article.id AS article_id, address.url,
  publisher.name AS publisher, article.title, {_shown("article.published_at")} AS published_at
FROM group_member
JOIN article ON article.id = group_member.article_id
JOIN appearance ON appearance.id = article.preferred_appearance_id
JOIN address ON address.id = appearance.address_id
LEFT JOIN publisher ON publisher.id = article.publisher_id""",
    }


def _change_views() -> dict[str, str]:
    before = ", ".join(
        f"lag(revision.{name}) OVER earlier AS {name}_before"
        for name in ("id", "title", "subtitle", "text_digest", "notice", "byline_line", "modified_at")
    )
    headline = f"CASE WHEN {_differs('title')} + {_differs('subtitle')} > 0 THEN 1 ELSE 0 END"
    quiet = f"CASE WHEN {_differs('text_digest')} = 1 AND {_differs('modified_at')} = 0 THEN 1 ELSE 0 END"
    kept = "'gone', 'stored', 'unchanged', 'revised', 'duplicate'"
    return {
        "changes": f"""
SELECT now.id AS revision_id, now.id_before AS revision_before, now.appearance_id, appearance.article_id,
  address.url, {_shown("now.valid_from")} AS changed_at, {headline} AS headline,
  {_differs("text_digest")} AS body, {_differs("notice")} AS notice, {_differs("byline_line")} AS byline,
  {quiet} AS quiet, now.title_before, now.title AS title_now,
  {_shown("now.modified_at_before")} AS modified_before, {_shown("now.modified_at")} AS modified_now
FROM (
  SELECT revision.*, {before}
  FROM revision
  WINDOW earlier AS (PARTITION BY revision.appearance_id ORDER BY revision.valid_from)
) AS now
JOIN appearance ON appearance.id = now.appearance_id
JOIN address ON address.id = appearance.address_id
WHERE now.id_before IS NOT NULL""",
        "presence": f"""
SELECT appearance.article_id, appearance.id AS appearance_id, address.url,
  CASE WHEN seen.outcome = 'gone' THEN 'gone' ELSE 'returned' END AS state,
  {_shown("seen.at")} AS at, seen.reason, seen.run_id
FROM (
  SELECT outcome.*, lag(outcome.outcome) OVER (
    PARTITION BY outcome.address_id ORDER BY outcome.at, outcome.id
  ) AS outcome_before
  FROM outcome WHERE outcome.outcome IN ({kept})
) AS seen
JOIN address ON address.id = seen.address_id
JOIN appearance ON appearance.address_id = coalesce(address.alias_of_id, address.id)
WHERE (seen.outcome = 'gone') <> (coalesce(seen.outcome_before, '') = 'gone')
  AND (seen.outcome = 'gone' OR seen.outcome_before IS NOT NULL)""",
    }


def _reporter_views() -> dict[str, str]:
    who = "coalesce(reporter_alias.same_as_id, byline.reporter_id)"
    credited = f"""
SELECT DISTINCT {who} AS reporter_id, appearance.article_id, appearance.publisher_id
FROM byline
JOIN appearance ON appearance.id = byline.appearance_id
LEFT JOIN reporter_alias ON reporter_alias.reporter_id = byline.reporter_id
WHERE byline.reporter_id IS NOT NULL"""
    publishers = _joined(
        """SELECT DISTINCT publisher.name AS publisher
    FROM byline
    JOIN appearance ON appearance.id = byline.appearance_id
    JOIN publisher ON publisher.id = appearance.publisher_id
    WHERE byline.reporter_id = reporter.id""",
        "publisher",
    )
    return {
        "reporters": f"""
SELECT reporter.id AS reporter_id, reporter.name, reporter.email,
  coalesce(publisher.name, {publishers}) AS publishers, counted.articles
FROM reporter
JOIN (
  SELECT reporter_id, count(DISTINCT article_id) AS articles FROM ({credited}) AS credits GROUP BY reporter_id
) AS counted ON counted.reporter_id = reporter.id
LEFT JOIN publisher ON publisher.id = reporter.publisher_id""",
        "reporter_articles": f"""
SELECT reporter.id AS reporter_id, reporter.name AS reporter, reporter.email, article.id AS article_id,
  address.url, publisher.name AS publisher, article.title, {_shown("article.published_at")} AS published_at
FROM (SELECT DISTINCT reporter_id, article_id FROM ({credited}) AS credits) AS credited
JOIN reporter ON reporter.id = credited.reporter_id
JOIN article ON article.id = credited.article_id
JOIN appearance ON appearance.id = article.preferred_appearance_id
JOIN address ON address.id = appearance.address_id
LEFT JOIN publisher ON publisher.id = article.publisher_id""",
    }
