"""One page through time, and why two pages are or are not one article: read only."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.archive.articles import record_of
from storage.archive.described import describe
from storage.archive.sides import side_of
from storage.likeness import Side
from storage.models import AddressRow, AppearanceRow, ArticleLinkRow, ArticleRow, RevisionRow, TextRow
from storage.records import Article
from storage.records.matching import Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContent:
    """One content of a page."""

    title: str | None
    subtitle: str | None
    body: str | None
    notice: str | None
    byline_line: str | None
    modified_at: datetime | None
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A stored page, with what two pages are compared by."""

    appearance_id: int
    article_id: int
    url: str
    preferred: bool
    match_rule: str | None
    """Why it belongs to its article; None for the preferred page."""
    match_score: float | None
    record: Article
    candidate: Candidate
    """The page as a candidate, with its newest content."""
    side: Side
    """Its article as a side of a link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLink:
    """The link between two articles."""

    kind: str
    wire: str | None
    score: float
    evidence: Mapping[str, Any]


def shown_at(session: Session, urls: Sequence[str]) -> Shown | None:
    """The stored page at the first of these addresses that is known; an alias leads to its page."""
    for url in urls:
        address = session.scalars(select(AddressRow).where(AddressRow.url == url)).one_or_none()
        if address is None:
            continue
        where = AppearanceRow.address_id == (address.alias_of_id or address.id)
        row = session.scalars(select(AppearanceRow).where(where)).one_or_none()
        if row is not None:
            return _shown(session, row)
    return None


def _shown(session: Session, row: AppearanceRow) -> Shown:
    article = session.get_one(ArticleRow, row.article_id)
    return Shown(
        appearance_id=row.id,
        article_id=row.article_id,
        url=session.get_one(AddressRow, row.address_id).url,
        preferred=article.preferred_appearance_id == row.id,
        match_rule=row.match_rule,
        match_score=row.match_score,
        record=record_of(session, row),
        candidate=describe(session, [row.id])[-1],
        side=side_of(session, row.article_id),
    )


def link_between(session: Session, article_id: int, other_id: int) -> StoredLink | None:
    """The stored link of two articles."""
    row = session.scalars(
        select(ArticleLinkRow).where(
            ArticleLinkRow.article_id == min(article_id, other_id),
            ArticleLinkRow.other_id == max(article_id, other_id),
        )
    ).one_or_none()
    if row is None:
        return None
    return StoredLink(kind=row.kind, wire=row.wire, score=row.score, evidence=json.loads(row.evidence))


def contents(session: Session, appearance_id: int) -> list[PageContent]:
    """The contents of a page, oldest first."""
    query = (
        select(RevisionRow, TextRow.body)
        .outerjoin(TextRow, TextRow.id == RevisionRow.text_id)
        .where(RevisionRow.appearance_id == appearance_id)
        .order_by(RevisionRow.valid_from)
    )
    return [
        PageContent(
            title=row.title,
            subtitle=row.subtitle,
            body=body,
            notice=row.notice,
            byline_line=row.byline_line,
            modified_at=row.modified_at,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row, body in session.execute(query)
    ]
