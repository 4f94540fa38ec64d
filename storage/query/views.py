"""The archive's views: their SQL, written here once. An upgrade drops them first and makes them anew.

They are the public face of the archive: columns and values are kept compatible (docs/data-dictionary.md).
Migrations change tables only; the SQL of views in 0001 to 0003 is history.
"""

# ruff: noqa: S608 (the statements are put together from the constants of this file)

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, inspect, text

from storage.query.korean import create_function, drop_function
from storage.query.kst import create_indexes, create_kst, shown
from storage.query.permissions import permissions
from storage.records import Cause, Outcome

OUTCOMES = (*(outcome.value for outcome in Outcome), "pending")
"""What became of an address, in the order of the columns; pending: nothing yet."""


def create_views(connection: Connection) -> None:
    """Make every view, and the indexes on what they show; none of the views may exist."""
    create_kst(connection)
    for name, select in views(connection.dialect.name).items():
        connection.execute(text(f"CREATE VIEW {name} AS {select}".replace(":", r"\:")))
    create_function(connection)
    create_indexes(connection)


def drop_views(connection: Connection) -> None:
    """Drop the archive's views, those of earlier versions too; views of the operator's own are kept."""
    drop_function(connection)
    there = set(inspect(connection).get_view_names())
    for name in reversed(list(views(connection.dialect.name))):
        if name in there:
            connection.execute(text(f"DROP VIEW {name}"))


def views(backend: str) -> Mapping[str, str]:
    """Name -> SELECT of every view.

    Args:
        backend: ``sqlite`` or ``postgresql``.
    """
    return (
        _article_views(backend)
        | _people_and_rights_views(backend)
        | _ledger_views(backend)
        | _link_views(backend)
        | _change_views(backend)
        | _reporter_views(backend)
    )


# --- words that both databases spell differently --------------------------------------------------


def flag(column: str, backend: str) -> str:
    """A truth value as 1, 0 or NULL, under its own name."""
    cast = "" if backend == "sqlite" else "::integer"
    return f"{column}{cast} AS {column.split('.')[1]}"


def joined(select: str, column: str, backend: str) -> str:
    """The distinct values of a query's column, in order, with commas between."""
    made = (
        f"group_concat({column}, ',')"
        if backend == "sqlite"
        else f"string_agg({column}, ',' ORDER BY {column})"
    )
    return f"(SELECT {made} FROM ({select} ORDER BY {column}) AS listed)"


def _differs(column: str, backend: str) -> str:
    """1 where a column of ``later`` is not what it was in the revision before, NULLs compared too."""
    unlike = "IS NOT" if backend == "sqlite" else "IS DISTINCT FROM"
    return f"CASE WHEN later.{column} {unlike} before.{column} THEN 1 ELSE 0 END"


# --- articles -------------------------------------------------------------------------------------


def _article_views(backend: str) -> dict[str, str]:
    sources = joined(
        "SELECT DISTINCT source FROM appearance WHERE article_id = article.id AND source IS NOT NULL",
        "source",
        backend,
    )
    return {
        "articles": f"""
SELECT article.id AS article_id, address.url, publisher.name AS publisher, article.title, article.subtitle,
  text.body, article.section, article.language, article.dateline_place, article.dateline_agency,
  {shown("article.published_at", backend)} AS published_at,
  {shown("article.modified_at", backend)} AS modified_at,
  (SELECT count(*) FROM appearance WHERE appearance.article_id = article.id) AS appearances,
  {sources} AS sources,
  appearance_rights.notice AS copyright_notice, appearance_rights.holder AS rights_holder,
  group_member.group_id AS duplicate_group
FROM article
JOIN appearance ON appearance.id = article.preferred_appearance_id
JOIN address ON address.id = appearance.address_id
LEFT JOIN publisher ON publisher.id = article.publisher_id
LEFT JOIN text ON text.digest = article.text_digest
LEFT JOIN appearance_rights ON appearance_rights.appearance_id = appearance.id
LEFT JOIN group_member ON group_member.article_id = article.id""",
        "appearances": f"""
SELECT appearance.id AS appearance_id, appearance.article_id, address.url, appearance.source,
  appearance.site_id, publisher.name AS publisher, appearance.title, appearance.subtitle, text.body,
  appearance.section, appearance.tags, appearance.language, appearance.byline_line,
  appearance.dateline_place, appearance.dateline_agency, appearance.dateline_raw,
  {shown("appearance.published_at", backend)} AS published_at, appearance.published_precision,
  appearance.published_raw, {shown("appearance.modified_at", backend)} AS modified_at,
  appearance.modified_precision, appearance.modified_raw, appearance.original_url,
  {flag("appearance.syndicated", backend)}, appearance.summary, appearance.extractor, appearance.rules,
  appearance.match_rule, appearance.match_score,
  {shown("appearance.first_seen_at", backend)} AS first_seen_at,
  CASE WHEN article.preferred_appearance_id = appearance.id THEN 1 ELSE 0 END AS preferred,
  {shown("capture.fetched_at", backend)} AS fetched_at, capture.warc_file, capture.warc_offset,
  appearance.reader
FROM appearance
JOIN article ON article.id = appearance.article_id
JOIN address ON address.id = appearance.address_id
LEFT JOIN publisher ON publisher.id = appearance.publisher_id
LEFT JOIN text ON text.digest = appearance.text_digest
LEFT JOIN capture ON capture.id = appearance.capture_id""",
        "revisions": revisions_query(backend, shown("revision.valid_to", backend)),
    }


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
LEFT JOIN text ON text.digest = revision.text_digest"""


def _people_and_rights_views(backend: str) -> dict[str, str]:
    names = ("no_reproduction", "no_redistribution", "no_ai_training", "no_collection", "robots_allowed")
    flags = ", ".join(flag(f"appearance_rights.{name}", backend) for name in names)
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
        "permissions": permissions(),
    }


# --- runs and the ledger --------------------------------------------------------------------------


def _ledger_views(backend: str) -> dict[str, str]:
    return {"runs": _runs(backend), "coverage": _coverage(backend)}


def _runs(backend: str) -> str:
    words = [word for word in OUTCOMES if word != "pending"]
    counts = ", ".join(
        f"coalesce(sum(CASE WHEN outcome.outcome = '{word}' THEN 1 ELSE 0 END), 0) AS {word}"
        for word in words
    )
    counted = ", ".join(f"counted.{word}" for word in words)
    return f"""
SELECT run.id AS run_id, run.source, run.mode, {shown("run.started_at", backend)} AS started_at,
  {shown("run.finished_at", backend)} AS finished_at, run.verdict, run.reason,
  (SELECT count(DISTINCT address_id) FROM discovery WHERE discovery.run_id = run.id) AS listed,
  {counted}, run.requests, run.bytes
FROM run
JOIN (
  SELECT run.id AS run_id, {counts}
  FROM run LEFT JOIN outcome ON outcome.run_id = run.id GROUP BY run.id
) AS counted ON counted.run_id = run.id"""


def _hint(column: str) -> str:
    """What the newest list that said it said of an address."""
    return (
        f"(SELECT discovery.{column} FROM discovery WHERE discovery.address_id = address.id "
        f"AND discovery.{column} IS NOT NULL ORDER BY discovery.seen_at DESC, discovery.id DESC LIMIT 1)"
    )


def _coverage(backend: str) -> str:
    counts = ", ".join(f"sum(CASE WHEN outcome = '{word}' THEN 1 ELSE 0 END) AS {word}" for word in OUTCOMES)
    born = f"coalesce(appearance.published_at, {_hint('time_hint')}, address.first_seen_at)"
    return f"""
SELECT source, day, section, count(*) AS listed, {counts}
FROM (
  SELECT address.source, substr({shown(born, backend)}, 1, 10) AS day,
    coalesce(appearance.section, {_hint("section_hint")}) AS section,
    coalesce(address.last_outcome, 'pending') AS outcome
  FROM address
  LEFT JOIN appearance ON appearance.address_id = address.id
  WHERE address.alias_of_id IS NULL OR address.last_outcome IS NOT NULL
) AS listed
GROUP BY source, day, section"""


# --- near-duplicates and changes ------------------------------------------------------------------


def _link_views(backend: str) -> dict[str, str]:
    return {
        "near_duplicates": f"""
SELECT link.article_id, here.url, publisher.name AS publisher, article.title,
  link.other_id AS other_article_id, there.url AS other_url, other_publisher.name AS other_publisher,
  other.title AS other_title, link.kind, link.wire, link.score, link.evidence,
  group_member.group_id AS duplicate_group, {shown("link.linked_at", backend)} AS linked_at
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
        "declared_addresses": _declared_addresses(),
        "duplicate_groups": f"""
SELECT group_member.group_id AS duplicate_group, article.id AS article_id, address.url,
  publisher.name AS publisher, article.title, {shown("article.published_at", backend)} AS published_at
FROM group_member
JOIN article ON article.id = group_member.article_id
JOIN appearance ON appearance.id = article.preferred_appearance_id
JOIN address ON address.id = appearance.address_id
LEFT JOIN publisher ON publisher.id = article.publisher_id""",
    }


def _declared_addresses() -> str:
    """Both kinds of declaration, held against what is stored at the address."""
    found = """SELECT appearance.id AS appearance_id, appearance.article_id, address.url, named.kind,
  named.url AS declared_url,
  CASE WHEN there.id IS NULL THEN NULL WHEN there.article_id = appearance.article_id THEN 1 ELSE 0 END
    AS believed
FROM (
  SELECT appearance_id, 'canonical' AS kind, url FROM declared_address
  UNION ALL
  SELECT id, 'original', original_url FROM appearance WHERE original_url IS NOT NULL
) AS named
JOIN appearance ON appearance.id = named.appearance_id
JOIN address ON address.id = appearance.address_id
LEFT JOIN address AS target ON target.url = named.url
LEFT JOIN appearance AS there ON there.address_id = coalesce(target.alias_of_id, target.id)"""
    return f"\n{found}"


def _change_views(backend: str) -> dict[str, str]:
    return {
        "changes": _changes(backend, f"(later.cause IS NULL OR later.cause = '{Cause.SITE.value}')"),
        "unclear_changes": _changes(backend, f"later.cause = '{Cause.READER_OR_SITE.value}'"),
        "rereadings": _rereadings(backend),
        "presence": _presence(backend),
    }


def _rereadings(backend: str) -> str:
    return f"""
SELECT rereading.id AS rereading_id, rereading.appearance_id, appearance.article_id, address.url,
  rereading.revision_id, rereading.capture_id, {shown("capture.fetched_at", backend)} AS fetched_at,
  rereading.reader_before, rereading.reader_after, {shown("rereading.at", backend)} AS at,
  rereading.changed, rereading.span, rereading.batch, {shown("rereading.undone_at", backend)} AS undone_at
FROM rereading
JOIN appearance ON appearance.id = rereading.appearance_id
JOIN address ON address.id = appearance.address_id
JOIN capture ON capture.id = rereading.capture_id"""


def _changes(backend: str, which: str) -> str:
    differs = {
        name: _differs(name, backend)
        for name in ("title", "subtitle", "text_digest", "notice", "byline_line", "modified_at")
    }
    headline = f"CASE WHEN {differs['title']} + {differs['subtitle']} > 0 THEN 1 ELSE 0 END"
    quiet = f"CASE WHEN {differs['text_digest']} = 1 AND {differs['modified_at']} = 0 THEN 1 ELSE 0 END"
    # The revision before is looked up for each that is asked for: a window over all revisions would be made
    # whole before the first row is given.
    return f"""
SELECT later.id AS revision_id, before.id AS revision_before, later.appearance_id, appearance.article_id,
  address.url, {shown("later.valid_from", backend)} AS changed_at, {headline} AS headline,
  {differs["text_digest"]} AS body, {differs["notice"]} AS notice, {differs["byline_line"]} AS byline,
  {quiet} AS quiet, before.title AS title_before, later.title AS title_now,
  {shown("before.modified_at", backend)} AS modified_before,
  {shown("later.modified_at", backend)} AS modified_now
FROM revision AS later
JOIN revision AS before ON before.id = (
  SELECT earlier.id FROM revision AS earlier
  WHERE earlier.appearance_id = later.appearance_id AND earlier.valid_from < later.valid_from
  ORDER BY earlier.valid_from DESC LIMIT 1
)
JOIN appearance ON appearance.id = later.appearance_id
JOIN address ON address.id = appearance.address_id
WHERE {which}"""


def _presence(backend: str) -> str:
    kept = "'gone', 'stored', 'unchanged', 'revised', 'duplicate'"
    return f"""
SELECT appearance.article_id, appearance.id AS appearance_id, address.url,
  CASE WHEN seen.outcome = 'gone' THEN 'gone' ELSE 'returned' END AS state,
  {shown("seen.at", backend)} AS at, seen.reason, seen.run_id
FROM (
  SELECT outcome.*, lag(outcome.outcome) OVER (
    PARTITION BY outcome.address_id ORDER BY outcome.at, outcome.id
  ) AS outcome_before
  FROM outcome WHERE outcome.outcome IN ({kept})
) AS seen
JOIN address ON address.id = seen.address_id
JOIN appearance ON appearance.address_id = coalesce(address.alias_of_id, address.id)
WHERE (seen.outcome = 'gone') <> (coalesce(seen.outcome_before, '') = 'gone')
  AND (seen.outcome = 'gone' OR seen.outcome_before IS NOT NULL)"""


# --- reporters ------------------------------------------------------------------------------------


def _reporter_views(backend: str) -> dict[str, str]:
    who = "coalesce(reporter_alias.same_as_id, byline.reporter_id)"
    credited = f"""
SELECT DISTINCT {who} AS reporter_id, appearance.article_id, appearance.publisher_id
FROM byline
JOIN appearance ON appearance.id = byline.appearance_id
LEFT JOIN reporter_alias ON reporter_alias.reporter_id = byline.reporter_id
WHERE byline.reporter_id IS NOT NULL"""
    publishers = joined(
        """SELECT DISTINCT publisher.name AS publisher
    FROM byline
    JOIN appearance ON appearance.id = byline.appearance_id
    JOIN publisher ON publisher.id = appearance.publisher_id
    WHERE byline.reporter_id = reporter.id""",
        "publisher",
        backend,
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
  address.url, publisher.name AS publisher, article.title,
  {shown("article.published_at", backend)} AS published_at
FROM (SELECT DISTINCT reporter_id, article_id FROM ({credited}) AS credits) AS credited
JOIN reporter ON reporter.id = credited.reporter_id
JOIN article ON article.id = credited.article_id
JOIN appearance ON appearance.id = article.preferred_appearance_id
JOIN address ON address.id = appearance.address_id
LEFT JOIN publisher ON publisher.id = article.publisher_id""",
    }
