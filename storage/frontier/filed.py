"""Captures that no run of this archive made: of its own files after the rows were lost, or of other archives.

Their rows are made here, block by block; then they are judged in the order of the fetches (`to_judge`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, and_, case, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from storage.database.opening import writing
from storage.database.upsert import BATCH, insert_missing
from storage.frontier.addresses import ensure_addresses
from storage.frontier.captures import StoredCapture, capture_values, stored_capture
from storage.frontier.runs import ensure_source
from storage.models import AddressRow, AddressState, AppearanceRow, CaptureRow, RunRow
from storage.records import PAGE_STATUSES, Capture
from storage.records.runs import LeasedAddress, RunSettings

FINAL = PAGE_STATUSES | {304, 404, 410}
"""Statuses that are an address's end; after others the run that asked may have asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """A run that this database has no row of, as WARC files tell of it."""

    key: str
    """What tells it from others of its source: kept as the row's owner."""
    source: str
    mode: str
    started_at: datetime

    @property
    def name(self) -> tuple[str, str]:
        return self.source, self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """One capture and what it was made for."""

    capture: Capture
    run: PastRun
    address: str | None
    """None: a list, a robots.txt."""
    site_id: str | None = None


def file_captures(engine: Engine, found: Sequence[Filed]) -> int:
    """Make the rows that these captures lack, with their runs and addresses; gives how many were new."""
    if not found:
        return 0
    with writing(engine) as session:
        runs = {one.run.name: one.run for one in reversed(found)}
        numbers = {name: _run(session, run) for name, run in runs.items()}
        addresses = _addresses(session, found)
        known = _known(session, found)
        rows = [
            capture_values(one.capture, numbers[one.run.name], addresses.get(one.address or ""), 0)
            for one in found
            if (one.capture.warc.file, one.capture.warc.offset) not in known
        ]
        insert_missing(session, CaptureRow, rows)
        return len(rows)


def _known(session: Session, found: Sequence[Filed]) -> set[tuple[str, int]]:
    """The places among these that have a row."""
    places: dict[str, list[int]] = {}
    for one in found:
        places.setdefault(one.capture.warc.file, []).append(one.capture.warc.offset)
    known: set[tuple[str, int]] = set()
    for file, offsets in places.items():
        for start in range(0, len(offsets), BATCH):
            some = CaptureRow.warc_offset.in_(offsets[start : start + BATCH])
            query = select(CaptureRow.warc_offset).where(CaptureRow.warc_file == file, some)
            known |= {(file, offset) for offset in session.scalars(query)}
    return known


def _run(session: Session, run: PastRun) -> int:
    ours = (RunRow.source == run.source, RunRow.owner == run.key)
    number = session.scalar(select(RunRow.id).where(*ours))
    if number is not None:
        return number
    ensure_source(session, run.source)
    row = RunRow(
        source=run.source,
        mode=run.mode,
        owner=run.key,
        started_at=run.started_at,
        finished_at=run.started_at,
        settings=RunSettings().to_json(),
    )
    session.add(row)
    session.flush()
    return row.id


def _addresses(session: Session, found: Sequence[Filed]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for source in dict.fromkeys(one.run.source for one in found):
        named = [one for one in found if one.run.source == source and one.address]
        first: dict[datetime, dict[str, str | None]] = {}
        for one in sorted(named, key=lambda filed: filed.capture.fetched_at, reverse=True):
            first.setdefault(one.capture.fetched_at, {})[one.address or ""] = one.site_id
        for seen_at in sorted(first):
            rows = ensure_addresses(session, source, first[seen_at], seen_at, AddressState.SETTLED)
            numbers |= {url: row.id for url, row in rows.items()}
    return numbers


def end_past_runs(engine: Engine, prefix: str, reason: str) -> None:
    """Let the runs whose keys begin so span their captures; how they ended is not known."""
    of_run = CaptureRow.run_id == RunRow.id
    first, last, asked, size = (
        select(one).where(of_run).scalar_subquery()
        for one in (
            func.min(CaptureRow.fetched_at),
            func.max(CaptureRow.fetched_at),
            func.count(),
            func.sum(CaptureRow.payload_length),
        )
    )
    ours = update(RunRow).where(RunRow.owner.startswith(prefix, autoescape=True))
    with writing(engine) as session:
        session.execute(
            ours.values(
                started_at=case((first < RunRow.started_at, first), else_=RunRow.started_at),
                finished_at=func.coalesce(last, RunRow.started_at),
                reason=reason,
                requests=asked,
                bytes=size,
            ).execution_options(synchronize_session=False)
        )


def others(engine: Engine, prefix: str) -> int:
    """Runs whose keys begin otherwise: an archive of its own."""
    with Session(engine) as session:
        own = RunRow.owner.startswith(prefix, autoescape=True)
        return session.scalar(select(func.count()).select_from(RunRow).where(~own)) or 0


# --- judging --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A capture to be judged."""

    stored: StoredCapture
    address_id: int
    url: str
    """The address asked for."""
    source: str
    asked_again: bool
    """The same run asked the address once more: this answer is not its end."""


def to_judge(engine: Engine, runs: Sequence[int] | None = None) -> list[int]:
    """The captures of addresses that nobody has judged, in the order of their fetch.

    Args:
        runs: of these only.
    """
    waiting = select(CaptureRow.id).where(
        CaptureRow.processed_at.is_(None), CaptureRow.address_id.is_not(None)
    )
    if runs is not None:
        waiting = waiting.where(CaptureRow.run_id.in_(runs))
    with Session(engine) as session:
        return list(session.scalars(waiting.order_by(CaptureRow.fetched_at, CaptureRow.id)))


def waiting(engine: Engine, numbers: Sequence[int]) -> list[Waiting]:
    """These captures, in this order; at most BATCH of them."""
    if len(numbers) > BATCH:
        raise ValueError(f"at most {BATCH} captures at once")
    later = aliased(CaptureRow)
    again = exists().where(
        and_(
            later.address_id == CaptureRow.address_id,
            later.run_id == CaptureRow.run_id,
            later.fetched_at > CaptureRow.fetched_at,
        )
    )
    query = (
        select(CaptureRow, AddressRow.url, AddressRow.source, again)
        .join(AddressRow, AddressRow.id == CaptureRow.address_id)
        .where(CaptureRow.id.in_(numbers))
    )
    with Session(engine) as session:
        found = {
            row.id: Waiting(
                stored=stored_capture(row),
                address_id=row.address_id or 0,
                url=url,
                source=source,
                asked_again=bool(repeated) and (row.http_status not in FINAL or row.truncated is not None),
            )
            for row, url, source, repeated in session.execute(query)
        }
    return [found[number] for number in numbers if number in found]


def address_now(engine: Engine, address_id: int) -> LeasedAddress:
    """An address as it stands now; leased to nobody."""
    with Session(engine) as session:
        row = session.get_one(AddressRow, address_id)
        shown = select(AppearanceRow.published_at).where(AppearanceRow.address_id == address_id)
        return LeasedAddress(
            id=row.id,
            url=row.url,
            source=row.source,
            attempts=row.attempts,
            first_seen_at=row.first_seen_at,
            published_at=session.scalar(shown),
            etag=row.etag,
            last_modified=row.last_modified,
        )
