"""Which pages a sweep reads again: those that another reader read, and those in quarantine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, and_, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from storage.archive.past import quarantined_captures
from storage.archive.rereader import Page
from storage.frontier.captures import StoredCapture, stored_capture
from storage.models import (
    AddressRow,
    AppearanceRow,
    CaptureRow,
    OutcomeRow,
    PublisherRow,
    RevisionRow,
    SourceRow,
)
from storage.records import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a sweep is asked for; None: whatever it is."""

    reader: int
    """Today's: what it has read already is not read again."""
    source: str | None = None
    publisher: str | None = None
    since: datetime | None = None
    """First instant of publication; of first sight where no time is printed."""
    until: datetime | None = None
    """End, exclusive."""
    urls: tuple[str, ...] = ()
    """Any of them is the page's."""
    extractor: str | None = None
    """Page class that read it."""


def count(engine: Engine, wanted: Wanted, *, quarantined: bool) -> int:
    """Pages that are to be read."""
    ids = _ids(wanted, quarantined=quarantined).subquery()
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(ids)) or 0


def next_ids(
    engine: Engine, wanted: Wanted, after: int, limit: int, *, quarantined: bool, below: int | None = None
) -> list[int]:
    """The next pages in the order of their numbers."""
    key = AddressRow.id if quarantined else AppearanceRow.id
    query = _ids(wanted, quarantined=quarantined).where(key > after)
    if below is not None:
        query = query.where(key < below)
    with Session(engine) as session:
        return list(session.scalars(query.order_by(key).limit(limit)))


def _ids(wanted: Wanted, *, quarantined: bool) -> Select[int]:
    return _quarantined(wanted) if quarantined else _read_otherwise(wanted)


def _read_otherwise(wanted: Wanted) -> Select[int]:
    now = and_(AppearanceRow.reader.is_distinct_from(wanted.reader), AppearanceRow.capture_id.is_not(None))
    before = exists().where(
        RevisionRow.appearance_id == AppearanceRow.id,
        RevisionRow.reader.is_distinct_from(wanted.reader),
        RevisionRow.capture_id.is_not(None),
    )
    query = select(AppearanceRow.id).where(or_(now, before))
    if wanted.source is not None or wanted.urls:
        query = query.join(AddressRow, AddressRow.id == AppearanceRow.address_id)
    if wanted.publisher is not None:
        named = select(PublisherRow.id).where(PublisherRow.name == wanted.publisher)
        query = query.where(AppearanceRow.publisher_id.in_(named))
    if wanted.extractor is not None:
        query = query.where(AppearanceRow.extractor == wanted.extractor)
    at = func.coalesce(AppearanceRow.published_at, AppearanceRow.first_seen_at)
    return _of_address(query, wanted).where(*_within(wanted, at))


def _quarantined(wanted: Wanted) -> Select[int]:
    """Addresses whose last end was quarantine, and which today's reader has not read in vain."""
    captured = (
        select(OutcomeRow.address_id)
        .join(CaptureRow, CaptureRow.id == OutcomeRow.capture_id)
        .where(
            OutcomeRow.address_id == AddressRow.id,
            OutcomeRow.outcome == Outcome.QUARANTINED.value,
            CaptureRow.read_in_vain_by.is_distinct_from(wanted.reader),
            *_within(wanted, CaptureRow.fetched_at),
        )
    )
    query = select(AddressRow.id).where(
        AddressRow.last_outcome == Outcome.QUARANTINED.value, captured.exists()
    )
    return _of_address(query, wanted)


def _of_address(query: Select[int], wanted: Wanted) -> Select[int]:
    if wanted.source is not None:
        query = query.where(AddressRow.source == wanted.source)
    if wanted.urls:
        named = select(func.coalesce(AddressRow.alias_of_id, AddressRow.id)).where(
            AddressRow.url.in_(wanted.urls)
        )
        query = query.where(AddressRow.id.in_(named.scalar_subquery()))
    return query


def _within(wanted: Wanted, at: Any) -> list[ColumnElement[bool]]:
    bounds = []
    if wanted.since is not None:
        bounds.append(at >= wanted.since)
    if wanted.until is not None:
        bounds.append(at < wanted.until)
    return bounds


def load(
    engine: Engine, wanted: Wanted, ids: Sequence[int], *, quarantined: bool, anew: bool = False
) -> tuple[list[Page], dict[int, StoredCapture]]:
    """These pages, and their captures by number; oldest capture first.

    Args:
        anew: the captures that today's reader has read, not those that it has not.
    """
    with Session(engine) as session:
        numbers = _captures(session, wanted, ids, quarantined=quarantined, anew=anew)
        wanted_captures = {one for found in numbers.values() for one in found}
        rows = session.scalars(select(CaptureRow).where(CaptureRow.id.in_(sorted(wanted_captures)))).all()
        captures = {row.id: stored_capture(row) for row in rows}
        key = AddressRow.id if quarantined else AppearanceRow.id
        places = select(key, AddressRow.id, AddressRow.url, AddressRow.source)
        if not quarantined:
            places = places.join(AppearanceRow, AppearanceRow.address_id == AddressRow.id)
        pages = [
            Page(
                id=number,
                address_id=address,
                url=url,
                source=source,
                captures=tuple(sorted(numbers[number], key=lambda one: captures[one].capture.fetched_at)),
                quarantined=quarantined,
            )
            for number, address, url, source in session.execute(places.where(key.in_(ids)).order_by(key))
        ]
    return pages, captures


def _captures(
    session: Session, wanted: Wanted, ids: Sequence[int], *, quarantined: bool, anew: bool
) -> dict[int, set[int]]:
    if quarantined:
        return {number: quarantined_captures(session, {number}) for number in ids}
    found: dict[int, set[int]] = {number: set() for number in ids}
    shown = select(AppearanceRow.id, AppearanceRow.capture_id).where(
        AppearanceRow.id.in_(ids), _by(AppearanceRow.reader, wanted.reader, anew=anew)
    )
    revised = select(RevisionRow.appearance_id, RevisionRow.capture_id).join(
        AppearanceRow, AppearanceRow.id == RevisionRow.appearance_id
    )
    revised = revised.where(
        RevisionRow.appearance_id.in_(ids), _by(RevisionRow.reader, wanted.reader, anew=anew)
    )
    for query in (shown, revised):
        for number, capture in session.execute(query):
            if capture is not None:
                found[number].add(capture)
    return found


def _by(column: Any, reader: int, *, anew: bool) -> ColumnElement[bool]:
    """Read by another reader; ``anew``: by today's.

    A page whose re-reading was taken back says on purpose what today's reader does not read.
    """
    differs: ColumnElement[bool] = column.is_distinct_from(reader)
    return not_(differs) & AppearanceRow.pinned_at.is_(None) if anew else differs


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the archive knows by name."""

    sources: frozenset[str]
    publishers: frozenset[str]
    extractors: frozenset[str]


def known_names(engine: Engine) -> Names:
    """Sources, publishers and page classes of what is stored."""
    with Session(engine) as session:
        return Names(
            sources=frozenset(session.scalars(select(SourceRow.name))),
            publishers=frozenset(session.scalars(select(PublisherRow.name))),
            extractors=frozenset(session.scalars(select(AppearanceRow.extractor).distinct())),
        )


def knows_url(engine: Engine, urls: Sequence[str]) -> bool:
    """Whether the frontier has any of these addresses."""
    with Session(engine) as session:
        found = select(AddressRow.id).where(AddressRow.url.in_(urls)).limit(1)
        return session.scalar(found) is not None
