"""The views of what changed: ``changes``, ``unclear_changes``, ``rereadings`` and ``presence``."""

# ruff: noqa: S608 (the statements are put together from constants)

from __future__ import annotations

from storage.query.kst import shown
from storage.query.views.spelling import whole, worded
from storage.records import LOOKS, Cause


def change_views(backend: str) -> dict[str, str]:
    """Name -> SELECT."""
    site = f"(newer.cause IS NULL OR newer.cause = '{Cause.SITE.value}')"
    return {
        "changes": _changes(backend, site),
        "unclear_changes": _changes(backend, f"newer.cause = '{Cause.READER_OR_SITE.value}'"),
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


def _differs(*columns: str) -> str:
    """Whether a column of ``newer`` is not what it was in the revision before, NULLs compared too."""
    return " OR ".join(
        f"coalesce(newer.{name} <> older.{name}, (newer.{name} IS NULL) <> (older.{name} IS NULL))"
        for name in columns
    )


def _changes(backend: str, which: str) -> str:
    said = {
        "headline": _differs("title", "subtitle"),
        "body": _differs("text_id"),
        "notice": _differs("notice"),
        "byline": _differs("byline_line"),
        "quiet": f"({_differs('text_id')}) AND NOT ({_differs('modified_at')})",
    }
    flags = ",\n  ".join(
        f"{whole(f'CASE WHEN {condition} THEN 1 ELSE 0 END', backend)} AS {name}"
        for name, condition in said.items()
    )
    # The revision before is looked up for each that is asked for: a window over all revisions would be made
    # whole before the first row is given.
    return f"""
SELECT newer.id AS revision_id, older.id AS revision_before, newer.appearance_id, appearance.article_id,
  address.url, {shown("newer.valid_from", backend)} AS changed_at, {flags},
  older.title AS title_before, newer.title AS title_now,
  {shown("older.modified_at", backend)} AS modified_before,
  {shown("newer.modified_at", backend)} AS modified_now
FROM revision AS newer
JOIN revision AS older ON older.id = (
  SELECT earlier.id FROM revision AS earlier
  WHERE earlier.appearance_id = newer.appearance_id AND earlier.valid_from < newer.valid_from
  ORDER BY earlier.valid_from DESC LIMIT 1
)
JOIN appearance ON appearance.id = newer.appearance_id
JOIN address ON address.id = appearance.address_id
WHERE {which}"""


_LOOKS = ", ".join(f"'{one.value}'" for one in LOOKS)


def _presence(backend: str) -> str:
    """From the looks that found a page gone, which are few and have an index of their own.

    Gone: the look before it did not find it so. Returned: the next look after a gone one that did not.
    """
    before = f"""SELECT past.outcome FROM outcome AS past
    WHERE past.address_id = seen.address_id AND past.outcome IN ({_LOOKS})
      AND (past.at < seen.at OR (past.at = seen.at AND past.id < seen.id))
    ORDER BY past.at DESC, past.id DESC LIMIT 1"""
    after = f"""SELECT later.id FROM outcome AS later
    WHERE later.address_id = lost.address_id AND later.outcome IN ({_LOOKS})
      AND (later.at > lost.at OR (later.at = lost.at AND later.id > lost.id))
    ORDER BY later.at, later.id LIMIT 1"""
    state = worded("CASE WHEN seen.id = lost.id THEN 'gone' ELSE 'returned' END", backend)
    return f"""
SELECT appearance.article_id, appearance.id AS appearance_id, address.url, {state} AS state,
  {shown("seen.at", backend)} AS at, seen.reason, seen.run_id
FROM outcome AS lost
JOIN outcome AS seen ON seen.id IN (lost.id, ({after})) AND seen.address_id = lost.address_id
JOIN address ON address.id = seen.address_id
JOIN appearance ON appearance.address_id = coalesce(address.alias_of_id, address.id)
WHERE lost.outcome = 'gone' AND (
  (seen.id = lost.id AND coalesce(({before}), '') <> 'gone')
  OR (seen.id <> lost.id AND seen.outcome <> 'gone')
)"""
