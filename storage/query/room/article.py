"""Everything that is shown of one article."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from storage.query.room.rows import Row, row, rows


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleShown:
    """One article; each list in the order in which it is shown."""

    article: Row
    """Of the view ``articles``."""
    people: list[Row]
    appearances: list[Row]
    """Of the view ``appearances``, the preferred one first, with the capture's ``payload_digest``."""
    rights: dict[int, Row]
    """By appearance, of the view ``rights``."""
    permissions: dict[int, Row]
    """By appearance, of the view ``permissions``."""
    revisions: list[Row]
    """Oldest first, without their bodies."""
    near: list[Row]
    pictures: list[Row]


def article_shown(engine: Engine, number: int) -> ArticleShown | None:
    """The article of this number; None: there is none."""
    article = row(engine, "SELECT * FROM articles WHERE article_id = :number", number=number)
    if article is None:
        return None
    asked = {name: rows(engine, statement, number=number) for name, statement in _PARTS.items()}
    return ArticleShown(
        article=article,
        people=asked["people"],
        appearances=asked["appearances"],
        rights={one["appearance_id"]: one for one in asked["rights"]},
        permissions={one["appearance_id"]: one for one in asked["permissions"]},
        revisions=asked["revisions"],
        near=asked["near"],
        pictures=asked["pictures"],
    )


_PARTS = {
    "people": "SELECT * FROM bylines WHERE article_id = :number ORDER BY position",
    "appearances": """
SELECT listed.*, capture.payload_digest
FROM appearances AS listed
JOIN appearance ON appearance.id = listed.appearance_id
LEFT JOIN capture ON capture.id = appearance.capture_id
WHERE listed.article_id = :number ORDER BY listed.preferred DESC, listed.first_seen_at, listed.url""",
    "rights": "SELECT * FROM rights WHERE article_id = :number",
    "permissions": "SELECT * FROM permissions WHERE article_id = :number",
    "revisions": """
SELECT revision_id, appearance_id, url, title, valid_from, valid_to, modified_at, cause
FROM revisions WHERE article_id = :number ORDER BY valid_from, revision_id""",
    "near": """
SELECT other_article_id AS article_id, other_publisher AS publisher, other_title AS title, kind, wire, score
FROM near_duplicates WHERE article_id = :number
UNION ALL
SELECT article_id, publisher, title, kind, wire, score FROM near_duplicates WHERE other_article_id = :number
ORDER BY score DESC, article_id LIMIT 100""",
    "pictures": """
SELECT image.url, image.caption, image.credit
FROM image JOIN article ON article.preferred_appearance_id = image.appearance_id
WHERE article.id = :number ORDER BY image.position""",
}


def article_at(engine: Engine, url: str) -> int | None:
    """The number of the article that is shown at an address or at one that is an alias of it."""
    found = row(
        engine,
        """
SELECT appearance.article_id FROM address
JOIN appearance ON appearance.address_id = coalesce(address.alias_of_id, address.id)
WHERE address.url = :url""",
        url=url,
    )
    return None if found is None else int(found["article_id"])


def revision_pair(engine: Engine, number: int) -> tuple[Row, Row | None] | None:
    """A revision, and the one of its page before it (None: it is the first); None: there is no such one."""
    newer = row(engine, "SELECT * FROM revisions WHERE revision_id = :number", number=number)
    if newer is None:
        return None
    older = row(
        engine,
        """
SELECT * FROM revisions WHERE appearance_id = :appearance
AND (valid_from < :since OR (valid_from = :since AND revision_id < :number))
ORDER BY valid_from DESC, revision_id DESC LIMIT 1""",
        appearance=newer["appearance_id"],
        since=newer["valid_from"],
        number=number,
    )
    return newer, older
