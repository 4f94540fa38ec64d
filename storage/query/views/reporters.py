"""The views ``reporters`` and ``reporter_articles``."""

# ruff: noqa: S608 (the statements are put together from constants)

from __future__ import annotations

from storage.query.kst import shown
from storage.query.views.spelling import joined, whole, worded

_WHO = "coalesce(reporter_alias.same_as_id, byline.reporter_id)"
_CREDITED = f"""
SELECT DISTINCT {_WHO} AS reporter_id, appearance.article_id, appearance.publisher_id
FROM byline
JOIN appearance ON appearance.id = byline.appearance_id
LEFT JOIN reporter_alias ON reporter_alias.reporter_id = byline.reporter_id
WHERE byline.reporter_id IS NOT NULL"""
_PUBLISHERS = """SELECT DISTINCT publisher.name AS publisher
    FROM byline
    JOIN appearance ON appearance.id = byline.appearance_id
    JOIN publisher ON publisher.id = appearance.publisher_id
    WHERE byline.reporter_id = reporter.id"""


def reporter_views(backend: str) -> dict[str, str]:
    """Name -> SELECT."""
    publishers = f"coalesce(publisher.name, {joined(_PUBLISHERS, 'publisher', backend)})"
    return {
        "reporters": f"""
SELECT reporter.id AS reporter_id, reporter.name, reporter.email,
  {worded(publishers, backend)} AS publishers, {whole("counted.articles", backend)} AS articles
FROM reporter
JOIN (
  SELECT reporter_id, count(DISTINCT article_id) AS articles FROM ({_CREDITED}) AS credits
  GROUP BY reporter_id
) AS counted ON counted.reporter_id = reporter.id
LEFT JOIN publisher ON publisher.id = reporter.publisher_id""",
        "reporter_articles": f"""
SELECT reporter.id AS reporter_id, reporter.name AS reporter, reporter.email, article.id AS article_id,
  address.url, publisher.name AS publisher, article.title,
  {shown("article.published_at", backend)} AS published_at
FROM (SELECT DISTINCT reporter_id, article_id FROM ({_CREDITED}) AS credits) AS credited
JOIN reporter ON reporter.id = credited.reporter_id
JOIN article ON article.id = credited.article_id
JOIN appearance ON appearance.id = article.preferred_appearance_id
JOIN address ON address.id = appearance.address_id
LEFT JOIN publisher ON publisher.id = article.publisher_id""",
    }
