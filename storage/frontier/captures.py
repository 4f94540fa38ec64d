"""Captures: the row beside each WARC record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, func, select, update
from sqlalchemy.orm import Session, aliased

from storage.database.opening import reading, writing, writing_rows
from storage.database.upsert import inserted
from storage.models import CaptureRow
from storage.models.base import table_of
from storage.records import Capture, FetchSignals, WarcPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCapture:
    """A capture with its number, and what it was made for."""

    id: int
    address_id: int | None
    run_id: int
    capture: Capture
    processed_at: datetime | None
    read_attempts: int
    removed: str | None = None
    """Why its bytes were removed from the WARC file: ``takedown``, ``retention``. None: they were not."""
    superseded: bool = False
    """A later answer of its address has been judged: this one would only put back what was."""


_TABLE = table_of(CaptureRow)
_AT_PLACE = select(_TABLE.c.id, _TABLE.c.url, _TABLE.c.payload_digest).where(
    _TABLE.c.warc_file == bindparam("file"), _TABLE.c.warc_offset == bindparam("offset")
)


def record_capture(
    engine: Engine, capture: Capture, run_id: int, address_id: int | None, read_attempts: int = 0
) -> int:
    """Store the row of a WARC record and give its number; the same record again gives the same.

    ``read_attempts``: 1 for a page that is handed to a reading process at once, which saves a
    transaction for each page.

    Raises ValueError when another capture is already stored at that place.
    """
    with writing_rows(engine) as connection:
        return capture_row(connection, capture, capture_values(capture, run_id, address_id, read_attempts))


def capture_row(connection: Connection, capture: Capture, values: Mapping[str, Any]) -> int:
    """The same in the caller's transaction; ``values``: the row's columns."""
    number = inserted(connection, CaptureRow, values, CaptureRow.id)
    if number is not None:
        return number
    place = {"file": capture.warc.file, "offset": capture.warc.offset}
    row = connection.execute(_AT_PLACE, place).one()
    if (row.url, row.payload_digest) != (capture.url, capture.payload_digest):
        raise ValueError(f"{capture.warc.file} at {capture.warc.offset} already holds {row.url}")
    return int(row.id)


def capture_values(
    capture: Capture, run_id: int, address_id: int | None, read_attempts: int
) -> dict[str, Any]:
    """The columns of a capture's row."""
    signals = capture.signals
    return {
        "address_id": address_id,
        "run_id": run_id,
        "url": capture.url,
        "fetched_at": capture.fetched_at,
        "processed_at": None if address_id is not None else capture.fetched_at,  # a list is not judged
        "http_status": capture.http_status,
        "final_url": capture.final_url,
        "content_type": capture.content_type,
        "etag": capture.etag,
        "last_modified": capture.last_modified,
        "payload_digest": capture.payload_digest,
        "payload_length": capture.payload_length,
        "warc_file": capture.warc.file,
        "warc_offset": capture.warc.offset,
        "warc_length": capture.warc.length,
        "truncated": capture.truncated,
        "robots_allowed": signals.robots_allowed,
        "robots_rule": signals.robots_rule,
        "x_robots_tag": signals.x_robots_tag,
        "tdm_reservation": signals.tdm_reservation,
        "tdm_policy": signals.tdm_policy,
        "read_attempts": read_attempts,
    }


def count_reading(engine: Engine, capture_id: int) -> int:
    """Say, before it happens, that a capture's page is handed to a reading process; how often by now."""
    counted = update(CaptureRow).where(CaptureRow.id == capture_id)
    with writing(engine) as session:
        return session.scalars(
            counted.values(read_attempts=CaptureRow.read_attempts + 1).returning(CaptureRow.read_attempts)
        ).one()


def give_up(engine: Engine, capture_id: int, reason: str) -> None:
    """Say that a capture's page ended its reading process as often as it may."""
    with writing(engine) as session:
        session.execute(update(CaptureRow).where(CaptureRow.id == capture_id).values(unreadable=reason))


def given_up(engine: Engine, capture_id: int) -> str | None:
    """Why the same bytes of the same address were given up before; None: they were not."""
    this, earlier = aliased(CaptureRow), aliased(CaptureRow)
    same = (earlier.address_id == this.address_id) & (earlier.payload_digest == this.payload_digest)
    why = select(earlier.unreadable).join(this, same).where(this.id == capture_id)
    with Session(engine) as session:
        return session.scalars(
            why.where(earlier.unreadable.is_not(None)).order_by(earlier.id).limit(1)
        ).one_or_none()


def load_capture(engine: Engine, capture_id: int) -> StoredCapture:
    """One capture by its number; sqlalchemy.exc.NoResultFound when there is none."""
    with Session(engine) as session:
        return stored_capture(session.get_one(CaptureRow, capture_id))


def rows_of(engine: Engine, file: str) -> int:
    """How many records of a WARC file have a row."""
    with reading(engine) as connection:
        of_file = select(func.count()).select_from(_TABLE).where(_TABLE.c.warc_file == file)
        return connection.scalar(of_file) or 0


def mark_processed(engine: Engine, capture_id: int, at: datetime) -> None:
    """Say that a capture without an address of its own (a seed, a robots.txt) has been judged."""
    with writing(engine) as session:
        session.execute(update(CaptureRow).where(CaptureRow.id == capture_id).values(processed_at=at))


def warc_place(row: CaptureRow) -> WarcPlace:
    """Where the record of a capture lies."""
    return WarcPlace(file=row.warc_file, offset=row.warc_offset, length=row.warc_length)


def stored_capture(row: CaptureRow) -> StoredCapture:
    """The row as records."""
    capture = Capture(
        url=row.url,
        fetched_at=row.fetched_at,
        http_status=row.http_status,
        content_type=row.content_type,
        etag=row.etag,
        last_modified=row.last_modified,
        payload_digest=row.payload_digest,
        payload_length=row.payload_length,
        warc=warc_place(row),
        final_url=row.final_url,
        truncated=row.truncated,
        signals=signals_of(row),
    )
    return StoredCapture(
        id=row.id,
        address_id=row.address_id,
        run_id=row.run_id,
        capture=capture,
        processed_at=row.processed_at,
        read_attempts=row.read_attempts,
        removed=None if row.cut_at is None else row.cut_why,
    )


def signals_of(row: CaptureRow) -> FetchSignals:
    """What was seen of rights at the fetch."""
    return FetchSignals(
        robots_allowed=row.robots_allowed,
        robots_rule=row.robots_rule,
        x_robots_tag=row.x_robots_tag,
        tdm_reservation=row.tdm_reservation,
        tdm_policy=row.tdm_policy,
    )
