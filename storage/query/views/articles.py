"""The views ``articles``, ``appearances`` and ``revisions``."""

# ruff: noqa: S608 (the statements are put together from constants)

from __future__ import annotations

from storage.query.kst import shown
from storage.query.views.spelling import flag, joined, whole


def article_views(backend: str) -> dict[str, str]:
    """Name -> SELECT."""
    return {
        "articles": _articles(backend),
        "appearances": _appearances(backend),
        "revisions": revisions_query(backend, shown("revision.valid_to", backend)),
    }


def _articles(backend: str) -> str:
    sources = joined(
        "SELECT DISTINCT source FROM appearance WHERE article_id = article.id AND source IS NOT NULL",
        "source",
        backend,
    )
    shows = "(SELECT count(shows.id) FROM appearance AS shows WHERE shows.article_id = article.id)"
    return f"""
SELECT article.id AS article_id, address.url, publisher.name AS publisher, article.title, article.subtitle,
  text.body, article.section, article.language, article.dateline_place, article.dateline_agency,
  {shown("article.published_at", backend)} AS published_at, appearance.published_precision,
  {shown("article.modified_at", backend)} AS modified_at, appearance.modified_precision,
  {whole(shows, backend)} AS appearances,
  {sources} AS sources,
  appearance_rights.notice AS copyright_notice, appearance_rights.holder AS rights_holder,
  group_member.group_id AS duplicate_group
FROM article
JOIN appearance ON appearance.id = article.preferred_appearance_id
JOIN address ON address.id = appearance.address_id
LEFT JOIN publisher ON publisher.id = article.publisher_id
LEFT JOIN text ON text.id = article.text_id
LEFT JOIN appearance_rights ON appearance_rights.appearance_id = appearance.id
LEFT JOIN group_member ON group_member.article_id = article.id"""


def _appearances(backend: str) -> str:
    preferred = "CASE WHEN article.preferred_appearance_id = appearance.id THEN 1 ELSE 0 END"
    return f"""
SELECT appearance.id AS appearance_id, appearance.article_id, address.url, appearance.source,
  appearance.site_id, publisher.name AS publisher, appearance.title, appearance.subtitle, text.body,
  appearance.section, appearance.tags, appearance.language, appearance.byline_line,
  appearance.dateline_place, appearance.dateline_agency, appearance.dateline_raw,
  {shown("appearance.published_at", backend)} AS published_at, appearance.published_precision,
  appearance.published_raw, {shown("appearance.modified_at", backend)} AS modified_at,
  appearance.modified_precision, appearance.modified_raw, appearance.original_url,
  {flag("appearance.syndicated", backend)}, appearance.summary, appearance.extractor, rule_set.rules,
  appearance.match_rule, appearance.match_score,
  {shown("appearance.first_seen_at", backend)} AS first_seen_at,
  {whole(preferred, backend)} AS preferred,
  {shown("capture.fetched_at", backend)} AS fetched_at, capture.warc_file, capture.warc_offset,
  appearance.reader
FROM appearance
JOIN article ON article.id = appearance.article_id
JOIN address ON address.id = appearance.address_id
LEFT JOIN publisher ON publisher.id = appearance.publisher_id
JOIN rule_set ON rule_set.id = appearance.rules_id
LEFT JOIN text ON text.id = appearance.text_id
LEFT JOIN capture ON capture.id = appearance.capture_id"""


def revisions_query(backend: str, valid_to: str) -> str:
    """The view ``revisions``, which as_of asks too, with another end of the validity."""
    return f"""
SELECT revision.id AS revision_id, revision.appearance_id, appearance.article_id, address.url,
  revision.title, revision.subtitle, text.body, revision.byline_line, revision.notice,
  {shown("revision.valid_from", backend)} AS valid_from, {valid_to} AS valid_to,
  {shown("revision.modified_at", backend)} AS modified_at, revision.reader, revision.cause
FROM revision
JOIN appearance ON appearance.id = revision.appearance_id
JOIN address ON address.id = appearance.address_id
LEFT JOIN text ON text.id = revision.text_id"""
