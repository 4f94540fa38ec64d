"""Whether articles are not indexed, or by older rules: a search must say so, and not answer with silence."""

# ruff: noqa: S608 (the statement is put together from a number of ours)

from __future__ import annotations

import re

from sqlalchemy import Connection, text

from storage.search.key import VERSIONS


def any_outdated(backend: str) -> str:
    """A SELECT that gives a row where an article is indexed by older rules, or the oldest has no entry: the
    archive is from before there was an index, or that is being made anew, the newest articles first, or was
    left so. Two look-ups, however large the archive."""
    return f"""
SELECT 1 WHERE EXISTS (SELECT 1 FROM search_entry WHERE version < {VERSIONS[backend]:d})
OR EXISTS (SELECT 1 FROM (SELECT id FROM article ORDER BY id LIMIT 1) AS oldest
  WHERE NOT EXISTS (SELECT 1 FROM search_entry WHERE article_id = oldest.id))"""


OUTDATED = "articles that are not indexed, or by older rules, may not be found; run: newsarchive db reindex"
_MATCHES = re.compile(r"\bkorean_match\s*\(", re.IGNORECASE)


def outdated(connection: Connection) -> bool:
    """Whether articles are not indexed, or by older rules, so that a search may not find them."""
    return connection.execute(text(any_outdated(connection.dialect.name))).first() is not None


def asks_the_index(statement: str) -> bool:
    """Whether a statement of a user calls ``korean_match``."""
    return _MATCHES.search(statement) is not None
