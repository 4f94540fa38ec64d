"""Addresses on their way to a worker, each with what the archive knows of it: three questions for all."""

from __future__ import annotations

from collections import Counter
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
UNSEEN_BEFORE_WHOLE = 3
"""So many answers 304 in a row since a page came whole, and the next look asks for it without a condition
(our choice: one look of the six that a page gets). A server that says "unmodified" whatever it holds, by a
template's date or an ETag that never changes, would hide every later edit for ever."""
_NOT_MODIFIED = 304
_PAGES = (
    select(_PAGE.address_id, _PAGE.url, _PAGE.fetched_at, _PAGE.payload_digest, _PAGE.http_status)
    .where(_PAGE.address_id.in_(_IDS), _PAGE.http_status.in_([*sorted(PAGE_STATUSES), _NOT_MODIFIED]))
    .order_by(_PAGE.fetched_at, _PAGE.id)
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
    (held, unseen), listed = _held(connection, addresses), _listed(connection, run_id, ids)
    return [
        LeasedAddress(
            id=row.id,
            url=row.url,
            source=row.source,
            attempts=row.attempts,
            first_seen_at=row.first_seen_at,
            published_at=shown.get(row.id),
            etag=None if row.id in unseen else row.etag,
            last_modified=None if row.id in unseen else row.last_modified,
            held=held.get(row.id),
            listed=listed.get(row.id),
            unknown=row.id not in shown and _is_unknown(row),
        )
        for row in addresses
    ]


def _is_unknown(row: Row[Any]) -> bool:
    ended = row.last_outcome is not None or row.last_fetched_at is not None
    return not ended and row.alias_of_id is None


def _held(connection: Connection, addresses: Sequence[Row[Any]]) -> tuple[dict[int, Held], set[int]]:
    """Address -> the newest page that it has, where its next request is conditional; and the addresses that
    are asked for whole, after so many answers that there was nothing new."""
    asked = [row.id for row in addresses if row.etag or row.last_modified]
    if not asked:
        return {}, set()
    held: dict[int, Held] = {}
    unseen: Counter[int] = Counter()
    for address_id, url, fetched_at, digest, status in connection.execute(_PAGES, {"ids": asked}):
        if status == _NOT_MODIFIED:
            unseen[address_id] += 1
        else:
            unseen[address_id] = 0
            held[address_id] = Held(url=url, fetched_at=fetched_at, payload_digest=digest)
    whole = {address_id for address_id, times in unseen.items() if times >= UNSEEN_BEFORE_WHOLE}
    return {one: page for one, page in held.items() if one not in whole}, whole


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
