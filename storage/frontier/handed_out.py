"""Addresses on their way to a worker, each with what the archive knows of it: three questions for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, select

from storage.models import AddressRow, AppearanceRow, CaptureRow, DiscoveryRow, SeedRow
from storage.models.base import table_of
from storage.records import PAGE_STATUSES
from storage.records.runs import Held, LeasedAddress, Listed

# Made once: building a statement costs SQLAlchemy more than the database needs to answer it.
_ADDRESS, _SHOWN = table_of(AddressRow), table_of(AppearanceRow).c
_PAGE, _SEEN = table_of(CaptureRow).c, table_of(DiscoveryRow).c
_SEED = table_of(SeedRow).c
_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_OF_NUMBER = select(_ADDRESS).where(_ADDRESS.c.id == bindparam("number"))
_APPEARANCES = select(_SHOWN.address_id, _SHOWN.published_at).where(_SHOWN.address_id.in_(_IDS))
_PAGES = (
    select(_PAGE.address_id, _PAGE.url, _PAGE.fetched_at, _PAGE.payload_digest)
    .where(_PAGE.address_id.in_(_IDS), _PAGE.http_status.in_(sorted(PAGE_STATUSES)))
    .order_by(_PAGE.fetched_at)
)
_LISTED = (
    select(
        _SEEN.address_id,
        _SEED.url.label("seed"),
        _SEEN.title_hint,
        _SEEN.time_raw,
        _SEEN.section_hint,
        _SEEN.publisher_hint,
    )
    .join_from(table_of(DiscoveryRow), table_of(SeedRow), _SEED.id == _SEEN.seed_id)
    .where(_SEEN.address_id.in_(_IDS), _SEEN.last_run_id == bindparam("run"))
    .order_by(_SEEN.last_seen_at.desc(), _SEEN.id.desc())
)


def address_row(connection: Connection, address_id: int) -> Row[Any]:
    """The columns of one address. sqlalchemy.exc.NoResultFound when there is none."""
    return connection.execute(_OF_NUMBER, {"number": address_id}).one()


def handed_out(connection: Connection, run_id: int, addresses: Sequence[Row[Any]]) -> list[LeasedAddress]:
    """The addresses in their order, as a worker of this run gets them.

    Args:
        addresses: their columns.
    """
    ids = [row.id for row in addresses]
    if not ids:
        return []
    shown: dict[int, datetime | None] = {}
    for address_id, at in connection.execute(_APPEARANCES, {"ids": ids}):
        shown[address_id] = at or shown.get(address_id)
    held, listed = _held(connection, addresses), _listed(connection, run_id, ids)
    return [
        LeasedAddress(
            id=row.id,
            url=row.url,
            source=row.source,
            attempts=row.attempts,
            first_seen_at=row.first_seen_at,
            published_at=shown.get(row.id),
            etag=row.etag,
            last_modified=row.last_modified,
            held=held.get(row.id),
            listed=listed.get(row.id),
            unknown=row.id not in shown and _is_unknown(row),
        )
        for row in addresses
    ]


def _is_unknown(row: Row[Any]) -> bool:
    ended = row.last_outcome is not None or row.last_fetched_at is not None
    return not ended and row.alias_of_id is None


def _held(connection: Connection, addresses: Sequence[Row[Any]]) -> dict[int, Held]:
    """Address -> the newest page that it has, where its next request is conditional."""
    asked = [row.id for row in addresses if row.etag or row.last_modified]
    if not asked:
        return {}
    return {
        address_id: Held(url=url, fetched_at=fetched_at, payload_digest=digest)
        for address_id, url, fetched_at, digest in connection.execute(_PAGES, {"ids": asked})
    }


def _listed(connection: Connection, run_id: int, ids: Sequence[int]) -> Mapping[int, Listed]:
    """Address -> where this run saw it first, and what was said of it there."""
    return {
        address_id: Listed(
            seed=seed, title_hint=title, time_raw=time, section_hint=section, publisher_hint=publisher
        )
        for address_id, seed, title, time, section, publisher in connection.execute(
            _LISTED, {"ids": ids, "run": run_id}
        )
    }
