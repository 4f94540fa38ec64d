"""Addresses that a page declares, held against what is stored there."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from storage.database.prepared import Prepared
from storage.models import AddressRow, AppearanceRow
from storage.models.base import table_of
from storage.records import Article, Declared

_ADDRESSES, _APPEARANCES = table_of(AddressRow), table_of(AppearanceRow)
# Made once: building a statement costs SQLAlchemy more than SQLite needs to answer it.
_ARTICLE_AT = Prepared(
    select(_APPEARANCES.c.article_id)
    .join(
        _ADDRESSES,
        _APPEARANCES.c.address_id == func.coalesce(_ADDRESSES.c.alias_of_id, _ADDRESSES.c.id),
    )
    .where(_ADDRESSES.c.url == bindparam("url"))
)


def unbelieved(session: Session, article_id: int, article: Article) -> Iterator[tuple[Declared, str]]:
    """The addresses that a page of this article declares and nothing bears out, with their kinds.

    One of its own at which nothing is stored is among them (the home page, a section); one of its original's
    is not, for most originals are not crawled.
    """
    for url in article.declared:
        if _article_at(session, url) != article_id:
            yield Declared.CANONICAL, url
    if article.original_url is not None:
        there = _article_at(session, article.original_url)
        if there not in {None, article_id}:
            yield Declared.ORIGINAL, article.original_url


def _article_at(session: Session, url: str) -> int | None:
    session.flush()  # a question to tables, not to objects, is asked of what is written
    found: int | None = _ARTICLE_AT.run(session.connection(), {"url": url}).scalar()
    return found
