"""An appearance that is new, written as rows, without objects; and the article that nobody knew.

Almost every page of a crawl is one. SQLAlchemy's objects and their flushes cost it three times what the
database needs; whatever was seen before goes through the objects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from storage.archive.articles import COPIED
from storage.archive.reporters import Credit
from storage.database.prepared import Prepared
from storage.models import AppearanceRow, ArticleRow
from storage.models.base import table_of
from storage.search.index import Indexed, index_new
from storage.search.place import minute_of

_ARTICLES = table_of(ArticleRow)
_NEW_ARTICLE = Prepared(insert(_ARTICLES))
_NEW_APPEARANCE = Prepared(insert(table_of(AppearanceRow)))
_SPEAKS = Prepared(
    update(_ARTICLES)
    .where(_ARTICLES.c.id == bindparam("number"))
    .values(preferred_appearance_id=bindparam("appearance"), byline_appearance_id=bindparam("appearance"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAppearance:
    """An appearance whose rows were just written."""

    id: int
    article_id: int
    columns: Mapping[str, Any]
    credited: Sequence[Credit] = ()


def add_article(session: Session, appearance: Mapping[str, Any], at: datetime) -> int:
    """Make the article of an appearance that nobody knew, before that; its number.

    Args:
        appearance: its columns.
        at: when the article was first seen.
    """
    article = {name: appearance[name] for name in COPIED}
    return _NEW_ARTICLE.number(session.connection(), {**article, "created_at": at})


def add_appearance(session: Session, columns: Mapping[str, Any], article_id: int) -> int:
    """Make an appearance of an article; its number."""
    return _NEW_APPEARANCE.number(session.connection(), {**columns, "article_id": article_id})


def let_speak(session: Session, appearance: NewAppearance, at: datetime) -> None:
    """Let the appearance, its article's only one, speak for it, and let it be found by its words."""
    said = {"number": appearance.article_id, "appearance": appearance.id}
    _SPEAKS.run(session.connection(), said)
    columns = appearance.columns
    wanted = Indexed(
        minute=minute_of(columns["published_at"] or at),
        title=columns["title"],
        subtitle=columns["subtitle"],
        text_id=columns["text_id"],
    )
    index_new(session, appearance.article_id, wanted)
