"""An appearance's revisions: its distinct contents in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from storage.archive.appearances import content_digest
from storage.archive.causes import cause_of, explain_new
from storage.archive.texts import body_of, ensure_text
from storage.archive.timeline import Span, observe
from storage.database.prepared import Prepared
from storage.models import RevisionRow
from storage.models.base import cleaned, table_of
from storage.records import Article

_REVISION = Prepared(insert(table_of(RevisionRow)))


def revisions_of(session: Session, appearance_id: int) -> list[RevisionRow]:
    """The appearance's revisions, oldest first."""
    ours = select(RevisionRow).where(RevisionRow.appearance_id == appearance_id)
    return list(session.scalars(ours.order_by(RevisionRow.valid_from)))


def write_revisions(
    session: Session,
    appearance_id: int,
    stored: list[RevisionRow],
    article: Article,
    at: datetime,
    capture_id: int | None,
    reader: int | None,
) -> bool:
    """Take one observation into the appearance's revisions; True when a content came or went.

    ``reader``: who read the page. A revision of the same content by another reader, whose capture could
    not be read again, is this one's from then on.
    """
    if not stored:
        add_revision(session, appearance_id, content_of(session, article), at, capture_id, reader)
        return True
    before = [
        Span(digest=row.content_digest, first=row.valid_from, last=row.last_seen_at, row=row.id)
        for row in stored
    ]
    after = observe(before, content_digest(article), at)
    rows = {row.id: row for row in stored}
    covering = next(span for span in after if span.first <= at <= span.last)
    if reader is not None and covering.row is not None:
        rows[covering.row].reader = reader
    if after == before:
        return False
    for gone in rows.keys() - {span.row for span in after}:
        session.delete(rows[gone])
    session.flush()  # before a neighbour takes the place in time of the one that went
    new: dict[str, Any] = {"reader": reader, "capture_id": capture_id}
    if any(span.row is None for span in after):
        new |= content_of(session, article)
    written = _laid_out(session, appearance_id, after, rows, new)
    explain_new(written, stored)
    session.flush()
    return [span.digest for span in after] != [span.digest for span in before]


def add_revision(
    session: Session,
    appearance_id: int,
    content: Mapping[str, Any],
    at: datetime,
    capture_id: int | None,
    reader: int | None,
) -> None:
    """Write the first revision of an appearance.

    Args:
        content: its columns that the page decides.
    """
    when = {"appearance_id": appearance_id, "valid_from": at, "last_seen_at": at, "valid_to": None}
    told = {"reader": reader, "capture_id": capture_id, "cause": cause_of(None, reader)}
    _REVISION.run(session.connection(), {**content, **when, **told})


def _laid_out(
    session: Session,
    appearance_id: int,
    spans: Sequence[Span],
    rows: Mapping[int, RevisionRow],
    new: Mapping[str, Any],
) -> list[RevisionRow]:
    """A row for each span of time: its own, where it has one, or one of the ``new`` content."""
    used: set[int] = set()
    written = []
    for index, span in enumerate(spans):
        if span.row is not None and span.row not in used:
            row = rows[span.row]
            used.add(span.row)
            row.capture_id = new["capture_id"] if span.first < row.valid_from else row.capture_id
        else:  # the second half of a span that was cut: its own capture shows it
            content = new if span.row is None else _copied(rows[span.row])
            row = RevisionRow(appearance_id=appearance_id, **content)
            session.add(row)
        row.valid_from, row.last_seen_at = span.first, span.last
        row.valid_to = spans[index + 1].first if index + 1 < len(spans) else None
        written.append(row)
    return written


_CONTENT = (
    "capture_id",
    "content_digest",
    "title",
    "subtitle",
    "text_id",
    "notice",
    "byline_line",
    "modified_at",
    "reader",
    "cause",
)


def content_of(session: Session, article: Article) -> dict[str, Any]:
    """The revision's columns that the page decides; its body is stored."""
    return {**content_values(article), "text_id": ensure_text(session, body_of(article))}


def content_values(article: Article) -> dict[str, Any]:
    """Those of the columns that refer to no other row."""
    return {
        "content_digest": content_digest(article),
        "title": cleaned(article.title),
        "subtitle": cleaned(article.subtitle),
        "byline_line": cleaned(article.byline_line),
        "modified_at": None if article.modified is None else article.modified.at,
        "notice": cleaned(article.rights.notice),
    }


def content_of_columns(article: Article, columns: Mapping[str, Any]) -> dict[str, Any]:
    """The same as ``content_of``, of a page whose appearance's columns are made."""
    return {name: columns[name] for name in _SHARED} | {"notice": cleaned(article.rights.notice)}


_SHARED = ("content_digest", "title", "subtitle", "text_id", "byline_line", "modified_at")
"""Columns that a revision has in common with its appearance."""


def _copied(row: RevisionRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _CONTENT}
