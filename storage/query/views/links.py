"""The views ``near_duplicates``, ``duplicate_groups`` and ``declared_addresses``."""

# ruff: noqa: S608 (the statements are put together from constants)

from __future__ import annotations

from storage.query.kst import shown
from storage.query.views.spelling import whole, worded


def link_views(backend: str) -> dict[str, str]:
    """Name -> SELECT."""
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
        "declared_addresses": _declared_addresses(backend),
        "duplicate_groups": f"""
SELECT group_member.group_id AS duplicate_group, article.id AS article_id, address.url,
  publisher.name AS publisher, article.title,
  {shown("article.published_at", backend)} AS published_at, appearance.published_precision
FROM group_member
JOIN article ON article.id = group_member.article_id
JOIN appearance ON appearance.id = article.preferred_appearance_id
JOIN address ON address.id = appearance.address_id
LEFT JOIN publisher ON publisher.id = article.publisher_id""",
    }


def _declared_addresses(backend: str) -> str:
    """Both kinds of declaration, held against what is stored at the address."""
    believed = (
        "CASE WHEN there.id IS NULL THEN NULL WHEN there.article_id = appearance.article_id THEN 1 ELSE 0 END"
    )
    return f"""
SELECT appearance.id AS appearance_id, appearance.article_id, address.url,
  {worded("named.kind", backend)} AS kind, {worded("named.url", backend)} AS declared_url,
  {whole(believed, backend)} AS believed
FROM (
  SELECT appearance_id, 'canonical' AS kind, url FROM declared_address
  UNION ALL
  SELECT id, 'original', original_url FROM appearance WHERE original_url IS NOT NULL
) AS named
JOIN appearance ON appearance.id = named.appearance_id
JOIN address ON address.id = appearance.address_id
LEFT JOIN address AS target ON target.url = named.url
LEFT JOIN appearance AS there ON there.address_id = coalesce(target.alias_of_id, target.id)"""
