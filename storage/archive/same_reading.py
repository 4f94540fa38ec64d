"""Pages of which today's reader reads what is stored: most of them, told apart for a block at once.

To set a page to what was read of it takes some twenty statements, each for one page. Here a block is loaded
by one statement for each table and compared in memory; what differs in anything, or has a history, is left to
`storage.archive.rereading`, which does the same page by page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, insert, select, update
from sqlalchemy.orm import Session

from storage.archive.appearances import image_values, plain_columns, rights_columns
from storage.archive.people import ReporterKey, byline_values, is_reporter
from storage.archive.revisions import content_values
from storage.archive.rules import rules_of
from storage.archive.texts import body_of, text_digest
from storage.frontier.addresses import names_of
from storage.models import (
    AppearanceRow,
    BylineRow,
    CaptureRow,
    DeclaredAddressRow,
    ImageRow,
    PublisherRow,
    ReporterRow,
    RereadingRow,
    RevisionRow,
    RightsRow,
    RuleSetRow,
    TextRow,
    storable,
)
from storage.models.base import cleaned
from storage.records import Article, FetchSignals, PageKind

_BYLINE = ("name", "role", "email", "organisation", "place", "desk", "raw")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One page to be compared: what was read of its captures."""

    appearance_id: int
    address_id: int
    url: str
    readings: Mapping[int, Article]


@dataclass(frozen=True, slots=True, kw_only=True)
class Same:
    """A page that today's reader reads as it is stored."""

    appearance_id: int
    article_id: int
    noted: tuple[tuple[int | None, int, int | None], ...]
    """(revision; None: the appearance, its capture, its former reader) of each row that was read again."""


class SameReading:
    """One block of pages, loaded."""

    def __init__(self, session: Session, pages: Sequence[Shown], reader: int) -> None:
        self._reader = reader
        ids = [one.appearance_id for one in pages]
        self._appearances = {
            row.id: row for row in session.execute(_of(AppearanceRow, AppearanceRow.id, ids))
        }
        shown = self._appearances.values()
        self._revisions = _grouped(session, RevisionRow, ids, RevisionRow.valid_from)
        self._bylines = _grouped(session, BylineRow, ids, BylineRow.position)
        self._images = _grouped(session, ImageRow, ids, ImageRow.position)
        self._declared = _grouped(session, DeclaredAddressRow, ids, DeclaredAddressRow.id)
        self._rights = _grouped(session, RightsRow, ids, RightsRow.appearance_id)
        self._names = names_of(session, [one.address_id for one in pages])
        captures = {row.capture_id for row in shown if row.capture_id is not None}
        self._signals = _signals(session, captures)
        self._publishers = _publishers(session, {row.publisher_id for row in shown if row.publisher_id})
        people = (one for rows in self._bylines.values() for one in rows)
        self._reporters = _reporters(session, {one.reporter_id for one in people if one.reporter_id})

    def same(self, page: Shown) -> Same | None:
        """The page, where all that was read of it is what is stored; None: it must be looked at alone."""
        row, revisions = self._appearances.get(page.appearance_id), self._revisions[page.appearance_id]
        if row is None or row.pinned_at is not None or len(revisions) != 1:
            return None
        if any(one.kind is not PageKind.ARTICLE for one in page.readings.values()):
            return None
        noted: list[tuple[int | None, int, int | None]] = []
        for number, stored in ((revisions[0].id, revisions[0]), (None, row)):
            if stored.reader == self._reader or stored.capture_id is None:
                continue
            article = page.readings.get(stored.capture_id)
            if article is None or not self._says(number, stored, article, page):
                return None
            noted.append((number, stored.capture_id, stored.reader))
        return Same(appearance_id=row.id, article_id=row.article_id, noted=tuple(noted))

    def _says(self, revision: int | None, stored: Row[Any], article: Article, page: Shown) -> bool:
        if revision is not None:
            return _says(stored, content_values(article)) and _has_text(stored, article)
        return self._same_page(stored, article, page)

    def _same_page(self, row: Row[Any], article: Article, page: Shown) -> bool:
        if article.url not in self._names[page.address_id]:  # as storage.archive.observed.as_shown has it
            article = replace(article, url=page.url, site_id=None, declared=(article.url, *article.declared))
        columns = plain_columns(article)
        columns["site_id"] = columns["site_id"] or row.site_id
        publisher = cleaned(article.publisher)
        return (
            _says(row, columns)
            and row.rules == rules_of(article)
            and _has_text(row, article)
            and self._publishers.get(row.publisher_id) == publisher
            and self._same_parts(row, article)
        )

    def _same_parts(self, row: Row[Any], article: Article) -> bool:
        rights = self._rights[row.id]
        images = [(one.url, one.caption, one.credit) for one in self._images[row.id]]
        declared = [one.url for one in self._declared[row.id]]
        return (
            len(rights) == 1
            and _says(rights[0], rights_columns(article, self._signals[row.capture_id]))
            and images == image_values(article)
            and declared == [storable(url) for url in article.declared]
            and self._same_people(row, article)
        )

    def _same_people(self, row: Row[Any], article: Article) -> bool:
        stored = self._bylines[row.id]
        return len(stored) == len(article.bylines) and all(
            tuple(getattr(one, name) for name in _BYLINE) == byline_values(person)
            and is_reporter(person, row.publisher_id, self._reporters.get(one.reporter_id))
            for one, person in zip(stored, article.bylines, strict=True)
        )


def note(session: Session, found: Sequence[Same], reader: int, batch: str | None, at: datetime) -> None:
    """Keep that today's reader read these pages, and that nothing changed."""
    noted = [(one.appearance_id, *row) for one in found for row in one.noted]
    if not noted:
        return
    pages = [appearance for appearance, revision, _, _ in noted if revision is None]
    revisions = [revision for _, revision, _, _ in noted if revision is not None]
    for table, ids in ((AppearanceRow, pages), (RevisionRow, revisions)):
        ours = update(table).where(table.id.in_(ids)).values(reader=reader)
        session.execute(ours.execution_options(synchronize_session=False))
    rows = [
        {
            "appearance_id": appearance,
            "revision_id": revision,
            "capture_id": capture,
            "reader_before": before,
            "reader_after": reader,
            "at": at,
            "changed": "{}",
            "batch": batch,
        }
        for appearance, revision, capture, before in noted
    ]
    session.execute(insert(RereadingRow.__table__), rows)  # type: ignore[arg-type]


def _says(row: Row[Any], columns: Mapping[str, Any]) -> bool:
    stored = row._mapping
    return all(stored[name] == value for name, value in columns.items())


def _has_text(row: Row[Any], article: Article) -> bool:
    stored: str | None = row.text_digest
    return stored == text_digest(body_of(article))


def _of(table: Any, key: Any, ids: Sequence[int]) -> Select[Any]:
    """Plain rows: an object for each costs more than the comparison. Texts and rules are told with them."""
    rows = select(table.__table__).where(key.in_(ids))
    if "text_id" not in table.__table__.c:
        return rows
    digest = TextRow.digest.label("text_digest")
    rows = rows.add_columns(digest).outerjoin(TextRow, TextRow.id == table.text_id)
    if "rules_id" not in table.__table__.c:
        return rows
    return rows.add_columns(RuleSetRow.rules).join(RuleSetRow, RuleSetRow.id == table.rules_id)


def _grouped(session: Session, table: Any, ids: Sequence[int], order: Any) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(_of(table, table.appearance_id, ids).order_by(order)):
        found[row.appearance_id].append(row)
    return found


def _signals(session: Session, captures: set[int]) -> dict[int, FetchSignals]:
    names = ("robots_allowed", "robots_rule", "x_robots_tag", "tdm_reservation", "tdm_policy")
    columns = [getattr(CaptureRow, name) for name in names]
    query = select(CaptureRow.id, *columns).where(CaptureRow.id.in_(captures))
    return {
        number: FetchSignals(**dict(zip(names, values, strict=True)))
        for number, *values in session.execute(query)
    }


def _publishers(session: Session, ids: set[int]) -> dict[int | None, str | None]:
    query = select(PublisherRow.id, PublisherRow.name).where(PublisherRow.id.in_(ids))
    found: dict[int | None, str | None] = dict(session.execute(query).all())
    return {None: None} | found


def _reporters(session: Session, ids: set[int]) -> dict[int | None, ReporterKey]:
    columns = (ReporterRow.id, ReporterRow.email, ReporterRow.name, ReporterRow.publisher_id)
    query = select(*columns).where(ReporterRow.id.in_(ids))
    return {number: (email, name, publisher) for number, email, name, publisher in session.execute(query)}
