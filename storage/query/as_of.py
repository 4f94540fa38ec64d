"""The archive as it was known at an instant: the same statement over views of that day.

A reading connection cannot make views, so the statement is given the names ``articles``,
``appearances`` and ``revisions`` as WITH queries of the same columns, which stand before the views of
these names. What is kept in revisions (title, subtitle, text, byline line, notice, time of
modification) is as it was seen then; section, tags, dateline and which articles were found to be one
are as known today.
"""

# ruff: noqa: S608 (the statements are put together from this file's constants and one formatted instant)

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache

from storage.query.dictionary import entries
from storage.query.kst import shown
from storage.query.views.articles import revisions_query

_WITH = re.compile(r"\A(?:\s|--[^\n]*\n|/\*.*?\*/)*with\s+(recursive\s+)?", re.IGNORECASE | re.DOTALL)


def as_of(statement: str, instant: datetime, backend: str) -> str:
    """The statement over the archive as it was known at an instant.

    Args:
        statement: one reading statement that names the views ``articles``, ``appearances`` or
            ``revisions``; other views and tables are today's.
        instant: aware.
        backend: ``sqlite`` or ``postgresql``.

    Raises:
        ValueError: the instant has no zone.
    """
    if instant.tzinfo is None:
        raise ValueError("the instant has no zone: whose clock it is cannot be guessed")
    queries = ",\n".join(f"{name} AS ({query})" for name, query in _queries(instant, backend).items())
    begins = _WITH.match(statement)
    if begins is None:
        return f"WITH {queries}\n{statement}"
    recursive = "RECURSIVE " if begins[1] else ""
    return f"WITH {recursive}{queries},\n{statement[begins.end() :]}"


def of_today(statement: str) -> list[str]:
    """Views and tables that a statement names and that are today's, whatever the instant.

    Among them what is named with its schema (``main.articles``): it is the view itself, before which no WITH
    stands.
    """
    bare = re.sub(r'["`\[\]]', "", _TEXTS.sub(" ", statement).lower())
    named = {
        re.sub(r"\s", "", schema) + name
        for before, schema, name in _NAMED.findall(bare)
        if name in entries() and not (before == "," and name in _columns())
    }
    return sorted(named - {"articles", "appearances", "revisions"})


_TEXTS = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)
_NAMED = re.compile(r"(\bfrom\b|\bjoin\b|,)[\s(]*(?:only\s+)?((?:\w+\s*\.\s*)*)(\w+)")
"""What is read: the word or sign before it, its schema, its name."""


@cache
def _columns() -> frozenset[str]:
    """Behind a comma such a name (``publisher``) is a column, not a table."""
    return frozenset(column for entry in entries().values() for column in entry.columns)


def _queries(instant: datetime, backend: str) -> dict[str, str]:
    # Both databases compare this text with what they store: SQLite as text of the same form,
    # PostgreSQL (whose session is in UTC) as an instant.
    then = f"'{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}'"
    return {
        "appearance_then": _appearance_then(then),
        "source_then": _source_then(backend),
        "articles": _articles(backend),
        "appearances": _appearances(backend),
        "revisions": _revisions(then, backend),
    }


def _appearance_then(then: str) -> str:
    """Each appearance with the content that was the newest one seen at the time, the article's own
    page before the others."""
    return f"""
SELECT appearance.*, address.url, revision.title AS then_title, revision.subtitle AS then_subtitle,
  revision.text_id AS then_text, revision.byline_line AS then_byline, revision.notice AS then_notice,
  revision.modified_at AS then_modified, revision.capture_id AS then_capture,
  row_number() OVER (
    PARTITION BY appearance.article_id
    ORDER BY appearance.syndicated,
      CASE WHEN appearance.published_at IS NULL THEN 1 ELSE 0 END, appearance.published_at, address.url
  ) AS place,
  count(*) OVER (PARTITION BY appearance.article_id) AS places
FROM appearance
JOIN address ON address.id = appearance.address_id
JOIN revision ON revision.appearance_id = appearance.id
  AND revision.valid_from <= {then} AND (revision.valid_to IS NULL OR revision.valid_to > {then})"""


def _source_then(backend: str) -> str:
    """The sources that showed an article, in order, with commas between."""
    joined = "group_concat(source, ',')" if backend == "sqlite" else "string_agg(source, ',' ORDER BY source)"
    return f"""
SELECT article_id, {joined} AS sources
FROM (
  SELECT DISTINCT article_id, source FROM appearance_then WHERE source IS NOT NULL ORDER BY article_id, source
) AS listed
GROUP BY article_id"""


_MODIFIED_PRECISION = (
    "CASE WHEN known.then_modified = known.modified_at THEN known.modified_precision END "
    "AS modified_precision"
)
"""Revisions keep no precision: of the time that the page tells today it is known."""


def _articles(backend: str) -> str:
    return f"""
SELECT known.article_id, known.url, publisher.name AS publisher, known.then_title AS title,
  known.then_subtitle AS subtitle, text.body, known.section, known.language, known.dateline_place,
  known.dateline_agency, {shown("known.published_at", backend)} AS published_at, known.published_precision,
  {shown("known.then_modified", backend)} AS modified_at, {_MODIFIED_PRECISION},
  known.places AS appearances, source_then.sources,
  known.then_notice AS copyright_notice, appearance_rights.holder AS rights_holder,
  group_member.group_id AS duplicate_group
FROM appearance_then AS known
LEFT JOIN source_then ON source_then.article_id = known.article_id
LEFT JOIN publisher ON publisher.id = known.publisher_id
LEFT JOIN text ON text.id = known.then_text
LEFT JOIN appearance_rights ON appearance_rights.appearance_id = known.id
LEFT JOIN group_member ON group_member.article_id = known.article_id
WHERE known.place = 1"""


def _appearances(backend: str) -> str:
    syndicated = "known.syndicated" if backend == "sqlite" else "known.syndicated::integer"
    return f"""
SELECT known.id AS appearance_id, known.article_id, known.url, known.source, known.site_id,
  publisher.name AS publisher, known.then_title AS title, known.then_subtitle AS subtitle, text.body,
  known.section, known.tags, known.language, known.then_byline AS byline_line, known.dateline_place,
  known.dateline_agency, known.dateline_raw, {shown("known.published_at", backend)} AS published_at,
  known.published_precision, known.published_raw, {shown("known.then_modified", backend)} AS modified_at,
  {_MODIFIED_PRECISION}, known.modified_raw, known.original_url, {syndicated} AS syndicated,
  known.summary, known.extractor, rule_set.rules, known.match_rule, known.match_score,
  {shown("known.first_seen_at", backend)} AS first_seen_at,
  CASE WHEN known.place = 1 THEN 1 ELSE 0 END AS preferred,
  {shown("capture.fetched_at", backend)} AS fetched_at, capture.warc_file, capture.warc_offset, known.reader
FROM appearance_then AS known
JOIN rule_set ON rule_set.id = known.rules_id
LEFT JOIN publisher ON publisher.id = known.publisher_id
LEFT JOIN text ON text.id = known.then_text
LEFT JOIN capture ON capture.id = known.then_capture"""


def _revisions(then: str, backend: str) -> str:
    ended = f"CASE WHEN revision.valid_to <= {then} THEN {shown('revision.valid_to', backend)} END"
    return f"{revisions_query(backend, ended)}\nWHERE revision.valid_from <= {then}"
