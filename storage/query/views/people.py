"""The views ``bylines``, ``rights`` and ``permissions``."""

# ruff: noqa: S608 (the statements are put together from constants)

from __future__ import annotations

from storage.query.views.permissions import permissions
from storage.query.views.spelling import flag

_FLAGS = ("no_reproduction", "no_redistribution", "no_ai_training", "no_collection", "robots_allowed")


def people_views(backend: str) -> dict[str, str]:
    """Name -> SELECT."""
    flags = ", ".join(flag(f"appearance_rights.{name}", backend) for name in _FLAGS)
    return {
        "bylines": _BYLINES,
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


_BYLINES = """
SELECT article.id AS article_id, address.url, publisher.name AS publisher, byline.position, byline.name,
  byline.role, byline.email, byline.organisation, byline.place, byline.desk, byline.raw, byline.reporter_id
FROM article
JOIN byline ON byline.appearance_id = article.byline_appearance_id
JOIN appearance ON appearance.id = article.byline_appearance_id
JOIN address ON address.id = appearance.address_id
LEFT JOIN publisher ON publisher.id = article.publisher_id"""
