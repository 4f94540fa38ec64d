"""Captures of a takedown: whose bytes go, and where else its words may lie."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from storage.database.upsert import BATCH
from storage.frontier.captures import warc_place
from storage.models import AddressRow, CaptureRow, DiscoveryRow, ImportEntryRow, ImportFileRow, RunRow
from storage.records import WarcPlace

HAS_BYTES = and_(CaptureRow.cut_at.is_(None), CaptureRow.payload_length > 0)
"""Of a capture: a body came, and was not removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A capture whose bytes go."""

    capture_id: int
    url: str
    fetched_at: datetime
    place: WarcPlace


class Named:
    """Captures by the address that was asked, whosever they are: no index finds them.

    All rows are read once for many addresses; what was captured since is found by its number.
    """

    def __init__(self) -> None:
        self._found: dict[str, list[int]] = {}
        self._read_to = sys.maxsize

    def of(self, session: Session, urls: Sequence[str]) -> list[int]:
        """The numbers of their captures; reads all rows where one of the addresses is new to it."""
        if unread := [url for url in urls if url not in self._found]:
            self._read(session, unread)
        known = {number for url in urls for number in self._found[url]}
        for piece in _pieces(urls):
            since = select(CaptureRow.id).where(CaptureRow.id > self._read_to, CaptureRow.url.in_(piece))
            known.update(session.scalars(since))
        return sorted(known)

    def _read(self, session: Session, urls: Sequence[str]) -> None:
        last = session.scalar(select(func.max(CaptureRow.id))) or 0
        self._read_to = min(self._read_to, last - _UNSEEN)
        for piece in _pieces(urls):
            self._found |= {url: [] for url in piece}
            for number, url in session.execute(
                select(CaptureRow.id, CaptureRow.url).where(CaptureRow.url.in_(piece))
            ):
                self._found[url].append(number)


_UNSEEN = 1000
"""Captures below the last that are read again: PostgreSQL numbers them before they are committed, and each
process writes one at a time. Our choice, far more than processes crawl."""


def own_captures(session: Session, addresses: dict[int, str], named: Named) -> tuple[Taken, ...]:
    """The answers of these addresses that still have bytes, by number and by name."""
    by_name = named.of(session, sorted(addresses.values()))
    mine = or_(CaptureRow.address_id.in_(addresses), CaptureRow.id.in_(by_name))
    query = select(CaptureRow).where(mine, HAS_BYTES)
    return tuple(taken(row) for row in session.scalars(query.order_by(CaptureRow.id)))


def of_numbers(session: Session, captures: Sequence[int]) -> tuple[Taken, ...]:
    """These captures, where they have bytes."""
    found: list[Taken] = []
    for piece in _pieces(captures):
        query = select(CaptureRow).where(CaptureRow.id.in_(piece), HAS_BYTES)
        found += [taken(row) for row in session.scalars(query)]
    return tuple(found)


def bare_captures(session: Session, addresses: dict[int, str]) -> tuple[Taken, ...]:
    """The answers of these addresses that never had bytes (304): what was noted beside them has."""
    query = select(CaptureRow).where(CaptureRow.address_id.in_(addresses), CaptureRow.payload_length == 0)
    return tuple(taken(row) for row in session.scalars(query.order_by(CaptureRow.id)))


def beside_it(session: Session, addresses: dict[int, str]) -> list[Taken]:
    """Lists and other pages of the runs that saw it listed: what may carry its lead or its headline."""
    while_listed = RunRow.id.between(DiscoveryRow.first_run_id, DiscoveryRow.last_run_id)
    runs = (
        select(RunRow.id)
        .join(DiscoveryRow, while_listed)
        .join(AddressRow, AddressRow.id == DiscoveryRow.address_id)
        .where(DiscoveryRow.address_id.in_(addresses), RunRow.source == AddressRow.source)
    )
    query = select(CaptureRow).where(
        CaptureRow.run_id.in_(runs),
        HAS_BYTES,
        or_(CaptureRow.address_id.is_(None), CaptureRow.address_id.not_in(addresses)),
    )
    return [taken(row) for row in session.scalars(query.order_by(CaptureRow.id))]


def imported_from(session: Session, addresses: dict[int, str]) -> list[str]:
    """Files of others that the pages were imported from: they lie where they lay."""
    captured = select(CaptureRow.id).where(CaptureRow.address_id.in_(addresses))
    named = or_(ImportEntryRow.url.in_(sorted(addresses.values())), ImportEntryRow.capture_id.in_(captured))
    query = select(ImportFileRow.name).join(ImportEntryRow, ImportEntryRow.file_id == ImportFileRow.id)
    return sorted(set(session.scalars(query.where(named))))


def lists_among(session: Session, captures: Iterable[int]) -> set[int]:
    """Those that are no page of an address: lists, feeds, robots.txt."""
    found: set[int] = set()
    for piece in _pieces(list(captures)):
        query = select(CaptureRow.id).where(CaptureRow.id.in_(piece), CaptureRow.address_id.is_(None))
        found.update(session.scalars(query))
    return found


T = TypeVar("T")


def _pieces(numbers: Sequence[T]) -> Iterator[Sequence[T]]:
    """SQLite takes 32,766 values in one statement."""
    return (numbers[start : start + BATCH] for start in range(0, len(numbers), BATCH))


def taken(row: CaptureRow) -> Taken:
    """The capture of a row, which must be loaded."""
    return Taken(
        capture_id=row.id,
        url=row.url,
        fetched_at=row.fetched_at,
        place=warc_place(row),
    )
