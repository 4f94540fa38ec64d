"""An article that nobody knew: it and its one appearance are written as rows, without objects.

Almost every page of a crawl is one. SQLAlchemy's objects and their flushes cost it three times what the
database needs; whatever was seen before, or belongs to something, goes through the objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm import Session

from storage.archive.articles import COPIED
from storage.models import AppearanceRow, ArticleRow
from storage.search.index import index_new, wanted_of

_ARTICLES = cast(Table, ArticleRow.__table__)
_APPEARANCES = cast(Table, AppearanceRow.__table__)
_NEW_ARTICLE = insert(_ARTICLES).returning(_ARTICLES.c.id)
_NEW_APPEARANCE = insert(_APPEARANCES).returning(_APPEARANCES.c.id)
_SPEAKS = (
    update(_ARTICLES)
    .where(_ARTICLES.c.id == bindparam("number"))
    .values(preferred_appearance_id=bindparam("appearance"), byline_appearance_id=bindparam("appearance"))
)


def add_article(session: Session, appearance: Mapping[str, Any], at: datetime) -> tuple[int, int]:
    """Make an article and its only appearance; their numbers.

    Args:
        appearance: its columns, without the article's number.
        at: when the article was first seen.
    """
    article = {name: appearance[name] for name in COPIED}
    number: int = session.scalars(_NEW_ARTICLE, {**article, "created_at": at}).one()
    shown: int = session.scalars(_NEW_APPEARANCE, {**appearance, "article_id": number}).one()
    return number, shown


def let_speak(session: Session, article_id: int, appearance: AppearanceRow, at: datetime) -> None:
    """Let the appearance, the article's only one, speak for it, and let it be found by its words."""
    session.execute(_SPEAKS, {"number": article_id, "appearance": appearance.id})
    index_new(session, article_id, wanted_of(appearance, at))
