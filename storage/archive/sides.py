"""Articles as sides of links: their texts, and what is asked of texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.database.places import placed, places, several
from storage.database.prepared import Prepared
from storage.likeness import Side
from storage.models import AppearanceRow, ArticleRow, PublisherRow, RevisionRow, TextRow
from storage.models.base import table_of

MOST_TEXTS = 8
"""Contents of one article that are looked up, the newest first: two sites, and some edits of each."""
_APPEARANCES, _REVISIONS = table_of(AppearanceRow), table_of(RevisionRow)
_TEXTS = table_of(TextRow)
_NUMBERED, _PUBLISHERS = table_of(ArticleRow), table_of(PublisherRow)
_OF_PAGE = _REVISIONS.c.appearance_id == _APPEARANCES.c.id


@cache
def _texts_of(count: int) -> Prepared:
    return Prepared(
        select(_APPEARANCES.c.article_id, _TEXTS.c.id, _TEXTS.c.body)
        .join(_REVISIONS, _OF_PAGE)
        .join(_TEXTS, _TEXTS.c.id == _REVISIONS.c.text_id)
        .where(_APPEARANCES.c.article_id.in_(several("article", count)))
        .order_by(_REVISIONS.c.valid_from.desc(), _TEXTS.c.digest)
    )


@cache
def _named(count: int) -> Prepared:
    return Prepared(
        select(
            _NUMBERED.c.id,
            _NUMBERED.c.title,
            _NUMBERED.c.dateline_agency,
            _NUMBERED.c.published_at,
            _PUBLISHERS.c.name.label("publisher"),
        )
        .outerjoin(_PUBLISHERS, _PUBLISHERS.c.id == _NUMBERED.c.publisher_id)
        .where(_NUMBERED.c.id.in_(several("article", count)))
    )


@cache
def _with_texts(count: int) -> Prepared:
    having = select(_APPEARANCES.c.article_id).join(_REVISIONS, _OF_PAGE)
    return Prepared(having.where(_REVISIONS.c.text_id.in_(several("text", count))))


def bodies_of(session: Session, article_ids: Sequence[int]) -> dict[int, dict[int, str]]:
    """Article -> number -> text of every content that its appearances have or had, newest first."""
    found: dict[int, dict[int, str]] = {number: {} for number in article_ids}
    session.flush()  # a question to tables, not to objects, is asked of what is written
    rows = _texts_of(places(article_ids)).run(session.connection(), placed("article", article_ids))
    for number, text_id, body in rows:
        if len(found[number]) < MOST_TEXTS:
            found[number][text_id] = body
    return found


def articles_with(session: Session, texts: Iterable[int]) -> set[int]:
    """The articles of whose pages one has or had one of these texts."""
    session.flush()
    wanted = sorted(texts)
    if not wanted:
        return set()
    rows = _with_texts(places(wanted)).run(session.connection(), placed("text", wanted))
    return {row[0] for row in rows}


def sides_of(session: Session, article_ids: Sequence[int], *, texts: bool) -> dict[int, Side]:
    """Article -> it as a side of a link; ``texts``: with its texts."""
    bodies = bodies_of(session, article_ids) if texts else {}
    session.flush()
    return {
        row.id: Side(
            article_id=row.id,
            publisher=row.publisher,
            title=row.title,
            agency=row.dateline_agency,
            published_at=row.published_at,
            texts=tuple(sorted(bodies.get(row.id, {}).values())),
        )
        for row in _named(places(article_ids)).run(session.connection(), placed("article", article_ids))
    }


def side_of(session: Session, article_id: int) -> Side:
    """One article as a side of a link, with its texts."""
    return sides_of(session, [article_id], texts=True)[article_id]
