"""What may be stored, and how the outcome of storing it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.archive.observed import Observed
from storage.archive.rereading import Reread
from storage.frontier.addresses import fits
from storage.models import AppearanceRow, OutcomeRow, RevisionRow
from storage.records import ARTICLES, Article, Cause, Outcome, PageKind
from storage.records.matching import Stored
from storage.tombstones import Refusal

MAX_PUBLISHER = 300
"""Characters. The longest name of a Korean outlet has about 20; more than this is no name."""


class NotStorable(ValueError):
    """The record is no article that can be stored; the message says why."""


class NotThisPage(NotStorable):
    """The answer is not the page of the address: the message says what it is. It is asked by its age."""


class TakenDown(NotStorable):
    """The page was taken down, or is nearly what was."""

    def __init__(self, refusal: Refusal, urls: Sequence[str]) -> None:
        super().__init__(refusal.words)
        self.tombstone = refusal.stone.id
        self.urls = tuple(urls)
        """Every address that the page is known by."""


def check_storable(article: Article) -> None:
    """Raise NotStorable where the record is no article, or a name or address in it cannot be one."""
    if article.kind is not PageKind.ARTICLE:
        raise NotStorable(f"{article.url} is no article but {article.kind.value}")
    if not fits(article.url):
        raise NotStorable(f"the canonical address has {len(article.url)} characters")
    if article.publisher is not None and len(article.publisher) > MAX_PUBLISHER:
        raise NotStorable(f"the publisher's name has {len(article.publisher)} characters")


def told_cause(revisions: list[RevisionRow]) -> str:
    """How the content came to be another one."""
    newest = revisions[-1]
    if newest.cause == Cause.READER_OR_SITE.value:
        return "reader or site: what was stored was read by another reader and cannot be read again"
    return "the content has changed"


def unchanged(beside: str, reread: Reread) -> str:
    """What is told of a page whose content is the same."""
    told = f"same content; changed beside it: {beside}" if beside else "same content"
    return f"{told}; read again, other now: {', '.join(reread.fields)}" if reread.fields else told


def stored_as(outcome: Outcome, reason: str, appearance: AppearanceRow) -> Stored:
    """The outcome of an appearance that was there before."""
    return Stored(
        outcome=outcome, reason=reason, article_id=appearance.article_id, appearance_id=appearance.id
    )


def as_before(
    session: Session, stored: Stored, run_id: int, address_id: int, capture_id: int | None, at: datetime
) -> Stored:
    """The outcome that this very observation had the first time: a repeated call reports no other."""
    if stored.outcome not in {Outcome.UNCHANGED, Outcome.DUPLICATE}:
        return stored
    key = (OutcomeRow.run_id == run_id, OutcomeRow.address_id == address_id)
    before = session.scalars(select(OutcomeRow).where(*key)).one_or_none()
    if before is None or Outcome(before.outcome) not in ARTICLES:
        return stored  # it had none, or could not be stored then
    if before.capture_id != capture_id or (capture_id is None and before.at != at):
        return stored
    return replace(stored, outcome=Outcome(before.outcome), reason=before.reason)


def show_earliest(
    page: Observed, appearance: AppearanceRow, columns: Mapping[str, object], revisions: Sequence[RevisionRow]
) -> None:
    """A look before the first that was stored: two at work at a time are stored in either order."""
    appearance.first_seen_at = page.seen_at
    alone = len(revisions) == 1
    if alone and all(getattr(appearance, name) == value for name, value in columns.items()):
        appearance.capture_id = page.capture_id
