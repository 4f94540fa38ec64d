"""The pure decisions about near-duplicates, bound to the archive that keeps them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from crawler.deduplicate.fingerprint import fingerprint, resembles
from crawler.deduplicate.link import compare, name_kinds
from storage.database import writing
from storage.groups import Likenesses, link_article

LIKENESSES = Likenesses(fingerprint=fingerprint, resembles=resembles, compare=compare, name_kinds=name_kinds)


def index_text(where: Session | Engine, article_id: int, at: datetime) -> int:
    """Index an article's texts and link it with those nearly the same; how many links are new.

    The writer does this itself when it is given ``LIKENESSES``. Idempotent; a session must be one of
    ``storage.database.writing``.
    """
    if isinstance(where, Session):
        return link_article(where, article_id, at, LIKENESSES)
    with writing(where) as session:
        return link_article(session, article_id, at, LIKENESSES)
