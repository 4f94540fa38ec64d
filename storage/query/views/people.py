"""The views ``bylines``, ``rights`` and ``permissions``."""

# ruff: noqa: S608 (the statements are put together from constants)

from __future__ import annotations

from storage.query.views.permissions import permissions
from storage.query.views.spelling import flag, worded

FLAGS = ("no_reproduction", "no_redistribution", "no_ai_training", "no_collection", "robots_allowed")
"""Truth values of ``appearance_rights`` that ``rights`` shows."""


def people_views(backend: str) -> dict[str, str]:
    """Name -> SELECT."""
    flags = ", ".join(flag(f"appearance_rights.{name}", backend) for name in FLAGS)
    return {
        "bylines": _bylines(backend),
        "rights": f"""
SELECT appearance.id AS appearance_id, appearance.article_id, address.url, appearance.source,
  publisher.name AS publisher, appearance_rights.notice, appearance_rights.holder,
  appearance_rights.year, {flags}, appearance_rights.robots_rule, appearance_rights.robots_meta,
  appearance_rights.x_robots_tag, appearance_rights.tdm_reservation, appearance_rights.tdm_policy
FROM appearance_rights
JOIN appearance ON appearance.id = appearance_rights.appearance_id
JOIN address ON address.id = appearance.address_id
LEFT JOIN publisher ON publisher.id = appearance.publisher_id""",
        "permissions": permissions(backend),
    }


def _bylines(backend: str) -> str:
    """One table and look-ups: a join could not be looked up from the other side of a LEFT JOIN."""
    url = """(SELECT address.url FROM appearance JOIN address ON address.id = appearance.address_id
    WHERE appearance.id = byline.appearance_id)"""
    publisher = """(SELECT publisher.name FROM article JOIN publisher ON publisher.id = article.publisher_id
    WHERE article.id = byline.article_id)"""
    return f"""
SELECT byline.article_id, {worded(url, backend)} AS url, {worded(publisher, backend)} AS publisher,
  byline.position, byline.name, byline.role, byline.email, byline.organisation, byline.place, byline.desk,
  byline.raw, byline.reporter_id
FROM byline
WHERE byline.article_id IS NOT NULL"""
