"""Addresses that a page declares, held against what is stored there."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.models import AddressRow, AppearanceRow
from storage.records import Article, Declared


def unbelieved(
    session: Session, appearance: AppearanceRow, article: Article
) -> Iterator[tuple[Declared, str]]:
    """The addresses that the page declares and nothing bears out, with their kinds.

    One of its own at which nothing is stored is among them (the home page, a section); one of its original's
    is not, for most originals are not crawled.
    """
    for url in article.declared:
        if _article_at(session, url) != appearance.article_id:
            yield Declared.CANONICAL, url
    if article.original_url is not None:
        there = _article_at(session, article.original_url)
        if there not in {None, appearance.article_id}:
            yield Declared.ORIGINAL, article.original_url


def _article_at(session: Session, url: str) -> int | None:
    canonical = func.coalesce(AddressRow.alias_of_id, AddressRow.id)
    shown = select(AppearanceRow.article_id).join(AddressRow, AppearanceRow.address_id == canonical)
    return session.scalar(shown.where(AddressRow.url == url))
