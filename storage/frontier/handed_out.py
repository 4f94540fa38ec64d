"""Addresses on their way to a worker, each with what the archive knows of it: three questions for all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models import AddressRow, AppearanceRow, CaptureRow, DiscoveryRow, SeedRow
from storage.records.runs import Held, LeasedAddress, Listed


def handed_out(session: Session, run_id: int, addresses: Sequence[AddressRow]) -> list[LeasedAddress]:
    """The addresses in their order, as a worker of this run gets them."""
    ids = [row.id for row in addresses]
    published, held, listed = (
        _published(session, ids),
        _held(session, addresses),
        _listed(session, run_id, ids),
    )
    return [
        LeasedAddress(
            id=row.id,
            url=row.url,
            source=row.source,
            attempts=row.attempts,
            first_seen_at=row.first_seen_at,
            published_at=published.get(row.id),
            etag=row.etag,
            last_modified=row.last_modified,
            held=held.get(row.id),
            listed=listed.get(row.id),
        )
        for row in addresses
    ]


def _published(session: Session, address_ids: Sequence[int]) -> dict[int, datetime]:
    """Address -> when the article that it shows was published, where that is known."""
    shown = select(AppearanceRow.address_id, AppearanceRow.published_at)
    known = shown.where(AppearanceRow.address_id.in_(address_ids), AppearanceRow.published_at.is_not(None))
    return {address_id: at for address_id, at in session.execute(known) if at is not None}


def _held(session: Session, addresses: Sequence[AddressRow]) -> dict[int, Held]:
    """Address -> the newest page that it has, where its next request is conditional."""
    asked = [row.id for row in addresses if row.etag or row.last_modified]
    if not asked:
        return {}
    pages = select(CaptureRow).where(CaptureRow.address_id.in_(asked), CaptureRow.http_status == 200)
    return {
        row.address_id: Held(url=row.url, fetched_at=row.fetched_at, payload_digest=row.payload_digest)
        for row in session.scalars(pages.order_by(CaptureRow.fetched_at))
        if row.address_id is not None
    }


def _listed(session: Session, run_id: int, address_ids: Sequence[int]) -> dict[int, Listed]:
    """Address -> where this run saw it first, and what was said of it there."""
    rows = session.execute(
        select(DiscoveryRow, SeedRow.url)
        .join(SeedRow, SeedRow.id == DiscoveryRow.seed_id)
        .where(DiscoveryRow.address_id.in_(address_ids), DiscoveryRow.last_run_id == run_id)
        .order_by(DiscoveryRow.last_seen_at.desc(), DiscoveryRow.id.desc())
    )
    return {
        row.address_id: Listed(
            seed=seed,
            title_hint=row.title_hint,
            time_raw=row.time_raw,
            section_hint=row.section_hint,
            publisher_hint=row.publisher_hint,
        )
        for row, seed in rows
    }
