"""The view ``imports``: each page of each file that was imported."""

# ruff: noqa: S608 (the statements are put together from constants)

from __future__ import annotations

from storage.query.kst import shown


def import_views(backend: str) -> dict[str, str]:
    """Name -> SELECT."""
    return {
        "imports": f"""
SELECT import_entry.id AS entry_id, import_file.name AS file, import_file.kind, import_entry.position,
  import_entry.record, import_entry.url, {shown("import_entry.fetched_at", backend)} AS fetched_at,
  import_entry.fate, import_entry.outcome, import_entry.reason, import_entry.capture_id,
  {shown("import_entry.at", backend)} AS at
FROM import_entry
JOIN import_file ON import_file.id = import_entry.file_id"""
    }
