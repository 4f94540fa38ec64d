"""Create the archive: its tables, and the views that are its public interface.

Revision: 0001, the first. Longer than 300 lines because a revision is frozen whole: it uses nothing
of today's models, which will move on.
"""

# ruff: noqa: S608 (the statements are put together from the constants of this file)

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
OUTCOMES = (
    "stored", "unchanged", "revised", "duplicate", "not_article", "blocked", "gone", "failed", "quarantined",
)  # fmt: skip
PREFERRED = ("preferred_appearance_id", "byline_appearance_id")
VIEWS = ("articles", "appearances", "revisions", "bylines", "rights", "runs", "coverage")


def upgrade() -> None:
    """Create tables, then views."""
    _create_ledger()
    _create_pages()
    _create_parts()
    if not _on_sqlite():
        for column in PREFERRED:
            op.create_foreign_key(
                op.f(f"fk_article_{column}_appearance"), "article", "appearance", [column], ["id"]
            )
    for name, select in _views().items():
        op.execute(f"CREATE VIEW {name} AS {select}")


def downgrade() -> None:
    """Drop views, then tables. Everything stored is lost; the WARC files stay."""
    for name in VIEWS:
        op.execute(f"DROP VIEW {name}")
    if not _on_sqlite():
        for column in PREFERRED:
            op.drop_constraint(op.f(f"fk_article_{column}_appearance"), "article", type_="foreignkey")
    for name in (
        "revision", "image", "byline", "appearance_rights", "seed_visit", "outcome", "appearance",
        "discovery", "capture", "run", "reporter", "article", "address", "text", "source", "publisher",
        "lease", "host",
    ):  # fmt: skip
        op.drop_table(name)


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def _preferred_keys() -> list[sa.ForeignKeyConstraint]:
    """article and appearance name each other: SQLite takes that at once, PostgreSQL afterwards."""
    if not _on_sqlite():
        return []
    return [
        sa.ForeignKeyConstraint([column], ["appearance.id"], name=op.f(f"fk_article_{column}_appearance"))
        for column in PREFERRED
    ]


def _create_ledger() -> None:
    op.create_table(
        "host",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text()),
        sa.Column("hold_until", INSTANT),
        sa.Column("next_turn_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_host")),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "source",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("homepage", sa.Text()),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_source")),
    )
    op.create_table(
        "address",
        sa.Column("id", BIG, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Text()),
        sa.Column("alias_of_id", BIG),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("listed_at", INSTANT),
        sa.Column("next_fetch_at", INSTANT),
        sa.Column("attempts", BIG, nullable=False),
        sa.Column("lease_owner", sa.Text()),
        sa.Column("lease_until", INSTANT),
        sa.Column("last_outcome", sa.Text()),
        sa.Column("last_error", sa.Text()),
        sa.Column("last_fetched_at", INSTANT),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.CheckConstraint(_one_of("last_outcome", OUTCOMES), name=op.f("ck_address_last_outcome")),
        sa.CheckConstraint("state IN ('pending', 'leased', 'settled')", name=op.f("ck_address_state")),
        sa.ForeignKeyConstraint(["alias_of_id"], ["address.id"], name=op.f("fk_address_alias_of_id_address")),
        sa.ForeignKeyConstraint(["source"], ["source.name"], name=op.f("fk_address_source_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
        sa.UniqueConstraint("url", name=op.f("uq_address_url")),
    )
    op.create_index(op.f("ix_address_alias_of_id"), "address", ["alias_of_id"])
    op.create_index(op.f("ix_address_lease_owner"), "address", ["lease_owner"])
    op.create_index(op.f("ix_address_source_site_id"), "address", ["source", "site_id"])
    op.create_index(
        op.f("ix_address_source_state_next_fetch_at"), "address", ["source", "state", "next_fetch_at"]
    )
    op.create_table(
        "run",
        sa.Column("id", BIG, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("slot", INSTANT),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT),
        sa.Column("verdict", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text()),
        sa.Column("stats", sa.Text()),
        sa.Column("requests", BIG),
        sa.Column("bytes", BIG),
        sa.CheckConstraint(
            "verdict IN ('healthy', 'degraded', 'empty', 'blocked', 'interrupted')",
            name=op.f("ck_run_verdict"),
        ),
        sa.ForeignKeyConstraint(["source"], ["source.name"], name=op.f("fk_run_source_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_index(op.f("ix_run_source_started_at"), "run", ["source", "started_at"])
    op.create_table(
        "capture",
        sa.Column("id", BIG, nullable=False),
        sa.Column("address_id", BIG),
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("fetched_at", INSTANT, nullable=False),
        sa.Column("http_status", BIG, nullable=False),
        sa.Column("final_url", sa.Text()),
        sa.Column("content_type", sa.Text()),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("payload_digest", sa.Text(), nullable=False),
        sa.Column("payload_length", BIG, nullable=False),
        sa.Column("warc_file", sa.Text(), nullable=False),
        sa.Column("warc_offset", BIG, nullable=False),
        sa.Column("warc_length", BIG, nullable=False),
        sa.Column("truncated", sa.Text()),
        sa.Column("robots_allowed", sa.Boolean()),
        sa.Column("robots_rule", sa.Text()),
        sa.Column("x_robots_tag", sa.Text()),
        sa.Column("tdm_reservation", sa.Text()),
        sa.Column("tdm_policy", sa.Text()),
        sa.Column("processed_at", INSTANT),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_capture_address_id_address")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_capture_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capture")),
        sa.UniqueConstraint("warc_file", "warc_offset", name=op.f("uq_capture_warc_file_warc_offset")),
    )
    op.create_index(op.f("ix_capture_address_id"), "capture", ["address_id"])
    op.create_index(op.f("ix_capture_run_id"), "capture", ["run_id"])
    op.create_table(
        "discovery",
        sa.Column("id", BIG, nullable=False),
        sa.Column("address_id", BIG, nullable=False),
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("title_hint", sa.Text()),
        sa.Column("time_hint", INSTANT),
        sa.Column("time_raw", sa.Text()),
        sa.Column("section_hint", sa.Text()),
        sa.Column("publisher_hint", sa.Text()),
        sa.Column("position", BIG),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_discovery_address_id_address")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_discovery_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discovery")),
        sa.UniqueConstraint("run_id", "address_id", "seed", name=op.f("uq_discovery_run_id_address_id_seed")),
    )
    op.create_index(op.f("ix_discovery_address_id"), "discovery", ["address_id"])
    op.create_table(
        "outcome",
        sa.Column("id", BIG, nullable=False),
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("address_id", BIG, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("capture_id", BIG),
        sa.CheckConstraint(_one_of("outcome", OUTCOMES), name=op.f("ck_outcome_outcome")),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_outcome_address_id_address")),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("fk_outcome_capture_id_capture")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_outcome_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
        sa.UniqueConstraint("run_id", "address_id", name=op.f("uq_outcome_run_id_address_id")),
    )
    op.create_index(op.f("ix_outcome_address_id"), "outcome", ["address_id"])
    op.create_table(
        "seed_visit",
        sa.Column("id", BIG, nullable=False),
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("section", sa.Text()),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("listed", BIG, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("capture_id", BIG),
        sa.CheckConstraint(_one_of("outcome", OUTCOMES), name=op.f("ck_seed_visit_outcome")),
        sa.ForeignKeyConstraint(
            ["capture_id"], ["capture.id"], name=op.f("fk_seed_visit_capture_id_capture")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_seed_visit_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seed_visit")),
        sa.UniqueConstraint("run_id", "seed", name=op.f("uq_seed_visit_run_id_seed")),
    )


def _create_pages() -> None:
    op.create_table(
        "publisher",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publisher")),
        sa.UniqueConstraint("name", name=op.f("uq_publisher_name")),
    )
    op.create_table(
        "text",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_text")),
    )
    op.create_table(
        "article",
        sa.Column("id", BIG, nullable=False),
        sa.Column("publisher_id", BIG),
        sa.Column("title", sa.Text()),
        sa.Column("subtitle", sa.Text()),
        sa.Column("text_digest", sa.Text()),
        sa.Column("section", sa.Text()),
        sa.Column("language", sa.Text()),
        sa.Column("dateline_place", sa.Text()),
        sa.Column("dateline_agency", sa.Text()),
        sa.Column("dateline_raw", sa.Text()),
        sa.Column("published_at", INSTANT),
        sa.Column("modified_at", INSTANT),
        sa.Column("title_key", sa.Text()),
        sa.Column("preferred_appearance_id", BIG),
        sa.Column("byline_appearance_id", BIG),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["publisher_id"], ["publisher.id"], name=op.f("fk_article_publisher_id_publisher")
        ),
        sa.ForeignKeyConstraint(["text_digest"], ["text.digest"], name=op.f("fk_article_text_digest_text")),
        *_preferred_keys(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_article_published_at"), "article", ["published_at"])
    op.create_index(op.f("ix_article_publisher_id"), "article", ["publisher_id"])
    op.create_table(
        "reporter",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("email", sa.Text()),
        sa.Column("publisher_id", BIG),
        sa.CheckConstraint(
            "email IS NOT NULL OR (name IS NOT NULL AND publisher_id IS NOT NULL)",
            name=op.f("ck_reporter_known_by"),
        ),
        sa.ForeignKeyConstraint(
            ["publisher_id"], ["publisher.id"], name=op.f("fk_reporter_publisher_id_publisher")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporter")),
        sa.UniqueConstraint("email", name=op.f("uq_reporter_email")),
    )
    op.create_index(
        "uq_reporter_publisher_id_name",
        "reporter",
        ["publisher_id", "name"],
        unique=True,
        sqlite_where=sa.text("email IS NULL"),
        postgresql_where=sa.text("email IS NULL"),
    )
    op.create_table(
        "appearance",
        sa.Column("id", BIG, nullable=False),
        sa.Column("address_id", BIG, nullable=False),
        sa.Column("article_id", BIG, nullable=False),
        sa.Column("source", sa.Text()),
        sa.Column("site_id", sa.Text()),
        sa.Column("publisher_id", BIG),
        sa.Column("title", sa.Text()),
        sa.Column("title_key", sa.Text()),
        sa.Column("subtitle", sa.Text()),
        sa.Column("text_digest", sa.Text()),
        sa.Column("byline_line", sa.Text()),
        sa.Column("section", sa.Text()),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("language", sa.Text()),
        sa.Column("published_at", INSTANT),
        sa.Column("published_precision", sa.Text()),
        sa.Column("published_raw", sa.Text()),
        sa.Column("modified_at", INSTANT),
        sa.Column("modified_precision", sa.Text()),
        sa.Column("modified_raw", sa.Text()),
        sa.Column("dateline_place", sa.Text()),
        sa.Column("dateline_agency", sa.Text()),
        sa.Column("dateline_raw", sa.Text()),
        sa.Column("original_url", sa.Text()),
        sa.Column("syndicated", sa.Boolean(), nullable=False),
        sa.Column("summary", sa.Text()),
        sa.Column("extractor", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("content_digest", sa.Text(), nullable=False),
        sa.Column("match_rule", sa.Text()),
        sa.Column("match_score", sa.Double()),
        sa.Column("capture_id", BIG),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["address_id"], ["address.id"], name=op.f("fk_appearance_address_id_address")
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_appearance_article_id_article")
        ),
        sa.ForeignKeyConstraint(
            ["capture_id"], ["capture.id"], name=op.f("fk_appearance_capture_id_capture")
        ),
        sa.ForeignKeyConstraint(
            ["publisher_id"], ["publisher.id"], name=op.f("fk_appearance_publisher_id_publisher")
        ),
        sa.ForeignKeyConstraint(["source"], ["source.name"], name=op.f("fk_appearance_source_source")),
        sa.ForeignKeyConstraint(
            ["text_digest"], ["text.digest"], name=op.f("fk_appearance_text_digest_text")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appearance")),
        sa.UniqueConstraint("address_id", name=op.f("uq_appearance_address_id")),
    )
    op.create_index(op.f("ix_appearance_article_id"), "appearance", ["article_id"])
    op.create_index(
        op.f("ix_appearance_original_url"), "appearance", ["original_url"], postgresql_using="hash"
    )
    op.create_index(
        op.f("ix_appearance_publisher_id_published_at"), "appearance", ["publisher_id", "published_at"]
    )
    op.create_index(op.f("ix_appearance_publisher_id_title_key"), "appearance", ["publisher_id", "title_key"])
    op.create_index(op.f("ix_appearance_text_digest"), "appearance", ["text_digest"])


def _create_parts() -> None:
    op.create_table(
        "appearance_rights",
        sa.Column("appearance_id", BIG, nullable=False),
        sa.Column("notice", sa.Text()),
        sa.Column("holder", sa.Text()),
        sa.Column("year", BIG),
        sa.Column("no_reproduction", sa.Boolean(), nullable=False),
        sa.Column("no_redistribution", sa.Boolean(), nullable=False),
        sa.Column("no_ai_training", sa.Boolean(), nullable=False),
        sa.Column("no_collection", sa.Boolean(), nullable=False),
        sa.Column("robots_meta", sa.Text()),
        sa.Column("x_robots_tag", sa.Text()),
        sa.Column("tdm_reservation", sa.Text()),
        sa.Column("tdm_policy", sa.Text()),
        sa.Column("robots_allowed", sa.Boolean()),
        sa.Column("robots_rule", sa.Text()),
        sa.ForeignKeyConstraint(
            ["appearance_id"], ["appearance.id"], name=op.f("fk_appearance_rights_appearance_id_appearance")
        ),
        sa.PrimaryKeyConstraint("appearance_id", name=op.f("pk_appearance_rights")),
    )
    op.create_table(
        "byline",
        sa.Column("id", BIG, nullable=False),
        sa.Column("appearance_id", BIG, nullable=False),
        sa.Column("position", BIG, nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("role", sa.Text()),
        sa.Column("email", sa.Text()),
        sa.Column("organisation", sa.Text()),
        sa.Column("place", sa.Text()),
        sa.Column("desk", sa.Text()),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("reporter_id", BIG),
        sa.ForeignKeyConstraint(
            ["appearance_id"], ["appearance.id"], name=op.f("fk_byline_appearance_id_appearance")
        ),
        sa.ForeignKeyConstraint(
            ["reporter_id"], ["reporter.id"], name=op.f("fk_byline_reporter_id_reporter")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_byline")),
        sa.UniqueConstraint("appearance_id", "position", name=op.f("uq_byline_appearance_id_position")),
    )
    op.create_index(op.f("ix_byline_reporter_id"), "byline", ["reporter_id"])
    op.create_table(
        "image",
        sa.Column("id", BIG, nullable=False),
        sa.Column("appearance_id", BIG, nullable=False),
        sa.Column("position", BIG, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("caption", sa.Text()),
        sa.Column("credit", sa.Text()),
        sa.ForeignKeyConstraint(
            ["appearance_id"], ["appearance.id"], name=op.f("fk_image_appearance_id_appearance")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_image")),
        sa.UniqueConstraint("appearance_id", "position", name=op.f("uq_image_appearance_id_position")),
    )
    op.create_table(
        "revision",
        sa.Column("id", BIG, nullable=False),
        sa.Column("appearance_id", BIG, nullable=False),
        sa.Column("content_digest", sa.Text(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("subtitle", sa.Text()),
        sa.Column("text_digest", sa.Text()),
        sa.Column("notice", sa.Text()),
        sa.Column("byline_line", sa.Text()),
        sa.Column("valid_from", INSTANT, nullable=False),
        sa.Column("valid_to", INSTANT),
        sa.Column("last_seen_at", INSTANT, nullable=False),
        sa.Column("capture_id", BIG),
        sa.ForeignKeyConstraint(
            ["appearance_id"], ["appearance.id"], name=op.f("fk_revision_appearance_id_appearance")
        ),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("fk_revision_capture_id_capture")),
        sa.ForeignKeyConstraint(["text_digest"], ["text.digest"], name=op.f("fk_revision_text_digest_text")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("appearance_id", "valid_from", name=op.f("uq_revision_appearance_id_valid_from")),
    )
    op.create_index(op.f("ix_revision_text_digest"), "revision", ["text_digest"])


def _shown(column: str) -> str:
    """An instant as text in Korean time: ``2026-11-22T09:00:00+09:00``."""
    if _on_sqlite():
        return f"strftime('%Y-%m-%dT%H:%M:%S+09:00', {column}, '+9 hours')"
    return f"""to_char({column} AT TIME ZONE INTERVAL '+09:00', 'YYYY-MM-DD"T"HH24:MI:SS"+09:00"')"""


def _flag(column: str) -> str:
    """A truth value as 1, 0 or NULL on both databases."""
    return (
        f"{column} AS {column.split('.')[1]}"
        if _on_sqlite()
        else f"{column}::integer AS {column.split('.')[1]}"
    )


def _sources(article: str) -> str:
    """The sources that show an article, in order, with commas between."""
    select = f"SELECT DISTINCT source FROM appearance WHERE article_id = {article} AND source IS NOT NULL"
    joined = "group_concat(source, ',')" if _on_sqlite() else "string_agg(source, ',' ORDER BY source)"
    return f"(SELECT {joined} FROM ({select} ORDER BY source) AS shown)"


def _views() -> dict[str, str]:
    return {**_article_views(), **_people_and_rights_views(), **_ledger_views()}


def _article_views() -> dict[str, str]:
    return {
        "articles": f"""
SELECT article.id AS article_id, address.url, publisher.name AS publisher, article.title, article.subtitle,
  text.body, article.section, article.language, article.dateline_place, article.dateline_agency,
  {_shown("article.published_at")} AS published_at, {_shown("article.modified_at")} AS modified_at,
  (SELECT count(*) FROM appearance WHERE appearance.article_id = article.id) AS appearances,
  {_sources("article.id")} AS sources,
  appearance_rights.notice AS copyright_notice, appearance_rights.holder AS rights_holder
FROM article
JOIN appearance ON appearance.id = article.preferred_appearance_id
JOIN address ON address.id = appearance.address_id
LEFT JOIN publisher ON publisher.id = article.publisher_id
LEFT JOIN text ON text.digest = article.text_digest
LEFT JOIN appearance_rights ON appearance_rights.appearance_id = appearance.id""",
        "appearances": f"""
SELECT appearance.id AS appearance_id, appearance.article_id, address.url, appearance.source,
  appearance.site_id, publisher.name AS publisher, appearance.title, appearance.subtitle, text.body,
  appearance.section, appearance.tags, appearance.language, appearance.byline_line,
  appearance.dateline_place, appearance.dateline_agency, appearance.dateline_raw,
  {_shown("appearance.published_at")} AS published_at, appearance.published_precision,
  appearance.published_raw, {_shown("appearance.modified_at")} AS modified_at,
  appearance.modified_precision, appearance.modified_raw, appearance.original_url,
  {_flag("appearance.syndicated")}, appearance.summary, appearance.extractor, appearance.rules,
  appearance.match_rule, appearance.match_score, {_shown("appearance.first_seen_at")} AS first_seen_at,
  CASE WHEN article.preferred_appearance_id = appearance.id THEN 1 ELSE 0 END AS preferred,
  {_shown("capture.fetched_at")} AS fetched_at, capture.warc_file, capture.warc_offset
FROM appearance
JOIN article ON article.id = appearance.article_id
JOIN address ON address.id = appearance.address_id
LEFT JOIN publisher ON publisher.id = appearance.publisher_id
LEFT JOIN text ON text.digest = appearance.text_digest
LEFT JOIN capture ON capture.id = appearance.capture_id""",
        "revisions": f"""
SELECT revision.id AS revision_id, revision.appearance_id, appearance.article_id, address.url,
  revision.title, revision.subtitle, text.body, revision.byline_line, revision.notice,
  {_shown("revision.valid_from")} AS valid_from, {_shown("revision.valid_to")} AS valid_to
FROM revision
JOIN appearance ON appearance.id = revision.appearance_id
JOIN address ON address.id = appearance.address_id
LEFT JOIN text ON text.digest = revision.text_digest""",
    }


def _people_and_rights_views() -> dict[str, str]:
    flags = ", ".join(
        _flag(f"appearance_rights.{name}")
        for name in (
            "no_reproduction",
            "no_redistribution",
            "no_ai_training",
            "no_collection",
            "robots_allowed",
        )
    )
    return {
        "bylines": """
SELECT article.id AS article_id, address.url, publisher.name AS publisher, byline.position, byline.name,
  byline.role, byline.email, byline.organisation, byline.place, byline.desk, byline.raw, byline.reporter_id
FROM article
JOIN byline ON byline.appearance_id = article.byline_appearance_id
JOIN appearance ON appearance.id = article.byline_appearance_id
JOIN address ON address.id = appearance.address_id
LEFT JOIN publisher ON publisher.id = article.publisher_id""",
        "rights": f"""
SELECT appearance.id AS appearance_id, appearance.article_id, address.url, appearance.source,
  publisher.name AS publisher, appearance_rights.notice, appearance_rights.holder,
  appearance_rights.year, {flags}, appearance_rights.robots_rule, appearance_rights.robots_meta,
  appearance_rights.x_robots_tag, appearance_rights.tdm_reservation, appearance_rights.tdm_policy
FROM appearance_rights
JOIN appearance ON appearance.id = appearance_rights.appearance_id
JOIN address ON address.id = appearance.address_id
LEFT JOIN publisher ON publisher.id = appearance.publisher_id""",
    }


def _ledger_views() -> dict[str, str]:
    counts = ", ".join(
        f"coalesce(sum(CASE WHEN outcome.outcome = '{word}' THEN 1 ELSE 0 END), 0) AS {word}"
        for word in OUTCOMES
    )
    counted = ", ".join(f"counted.{word}" for word in OUTCOMES)
    day = _shown("coalesce(appearance.published_at, address.first_seen_at)")
    return {
        "runs": f"""
SELECT run.id AS run_id, run.source, run.mode, {_shown("run.started_at")} AS started_at,
  {_shown("run.finished_at")} AS finished_at, run.verdict, run.reason,
  (SELECT count(DISTINCT address_id) FROM discovery WHERE discovery.run_id = run.id) AS listed,
  {counted}, run.requests, run.bytes
FROM run
JOIN (
  SELECT run.id AS run_id, {counts}
  FROM run LEFT JOIN outcome ON outcome.run_id = run.id GROUP BY run.id
) AS counted ON counted.run_id = run.id""",
        "coverage": f"""
SELECT source, day, section, outcome, count(*) AS addresses
FROM (
  SELECT address.source, substr({day}, 1, 10) AS day,
    coalesce(appearance.section, (
      SELECT section_hint FROM discovery
      WHERE discovery.address_id = address.id AND section_hint IS NOT NULL
      ORDER BY discovery.seen_at DESC, discovery.id DESC LIMIT 1
    )) AS section,
    coalesce(address.last_outcome, 'pending') AS outcome
  FROM address
  LEFT JOIN appearance ON appearance.address_id = address.id
  WHERE address.alias_of_id IS NULL OR address.last_outcome IS NOT NULL
) AS fates
GROUP BY source, day, section, outcome""",
    }
