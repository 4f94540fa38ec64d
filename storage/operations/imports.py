"""The ledger of imports: which file was read how far, and what became of each page in it."""

from __future__ import annotations

import json
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, Update, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from storage.database.opening import writing
from storage.database.upsert import insert_missing
from storage.frontier.addresses import canonical, ensure_addresses
from storage.frontier.captures import StoredCapture, stored_capture
from storage.models import (
    AddressRow,
    AddressState,
    CaptureRow,
    Fate,
    ImportEntryRow,
    ImportFileRow,
    OutcomeRow,
    RunRow,
)
from storage.records import PAGE_STATUSES, Outcome

IMPORT = "import"
"""The mode of a run that takes captures of others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What became of one page of a file."""

    position: str
    fate: Fate
    reason: str | None = None
    record: str | None = None
    url: str | None = None
    fetched_at: datetime | None = None
    digest: str | None = None
    """Of the payload, as the file says it: a later revisit names it."""
    capture_id: int | None = None
    outcome: Outcome | None = None


NOT_TAKEN = frozenset({Fate.LEFT, Fate.UNREADABLE})
"""Given again, such a page is looked at again: another source, ``--generic`` or a repair may take it now."""


@dataclass(frozen=True, slots=True)
class Former:
    """What became of one place of a file when it was given before."""

    fate: Fate
    failed: bool
    """It was taken, and could not be stored."""
    capture_id: int | None = None


def begin_file(engine: Engine, name: str, kind: str, sha256: str, size: int, now: datetime) -> int:
    """The number of a file in the ledger; the same bytes again are the same file."""
    values = {"name": name, "kind": kind, "sha256": sha256, "size": size, "started_at": now}
    with writing(engine) as session:
        insert_missing(session, ImportFileRow, [values])
        ours = (ImportFileRow.sha256 == sha256, ImportFileRow.kind == kind)
        return session.scalars(select(ImportFileRow.id).where(*ours)).one()


def end_file(
    engine: Engine, file_id: int, beside: Mapping[str, int], problems: Sequence[str], now: datetime
) -> None:
    """Say that a file was read to its end, what was counted in it, and what was wrong with it as a whole.

    Args:
        beside: records that are no answers, by their type. Fates are counted in the ledger, which has those
            of an import that was interrupted too.
    """
    with writing(engine) as session:
        row = session.get_one(ImportFileRow, file_id)
        row.finished_at = now
        row.counts = _counts(session, file_id, beside)
        row.problems = json.dumps(list(problems), ensure_ascii=False) if problems else None


def count_again(engine: Engine, files: Iterable[int]) -> None:
    """Say what is in files of which pages became another thing since they were read to their end."""
    with writing(engine) as session:
        for file_id in sorted(set(files)):
            row = session.get_one(ImportFileRow, file_id)
            if row.counts is not None:
                found: dict[str, int] = json.loads(row.counts)
                beside = {kind: number for kind, number in found.items() if kind not in set(Fate)}
                row.counts = _counts(session, file_id, beside)


def _counts(session: Session, file_id: int, beside: Mapping[str, int]) -> str:
    fates = select(ImportEntryRow.fate, func.count()).where(ImportEntryRow.file_id == file_id)
    found = dict(session.execute(fates.group_by(ImportEntryRow.fate)).all())
    return json.dumps({**beside, **found}, sort_keys=True)


def former(engine: Engine, file_id: int) -> dict[str, Former]:
    """Place -> what became of it before: an import that was interrupted goes on, one given again mends."""
    columns = (
        ImportEntryRow.position,
        ImportEntryRow.fate,
        ImportEntryRow.outcome,
        ImportEntryRow.capture_id,
    )
    query = select(*columns).where(ImportEntryRow.file_id == file_id)
    with Session(engine) as session:
        return {
            position: Former(fate=Fate(fate), failed=outcome == Outcome.FAILED.value, capture_id=capture_id)
            for position, fate, outcome, capture_id in session.execute(query)
        }


def enter(
    engine: Engine, file_id: int, entries: Sequence[Entry], now: datetime, again: Container[str] = ()
) -> None:
    """Write what became of pages; a place that is there stays as it is.

    Args:
        again: places that were not taken before: what became of them now is written over it.
    """
    rows = [
        {
            "file_id": file_id,
            "position": one.position,
            "record": one.record,
            "url": one.url,
            "fetched_at": one.fetched_at,
            "fate": one.fate.value,
            "reason": one.reason,
            "digest": one.digest,
            "capture_id": one.capture_id,
            "at": now,
        }
        for one in entries
    ]
    if rows:
        with writing(engine) as session:
            insert_missing(session, ImportEntryRow, rows)
            for row in rows:
                if row["position"] in again:
                    session.execute(_again(row))


def _again(row: Mapping[str, object]) -> Update:
    place = (ImportEntryRow.file_id == row["file_id"], ImportEntryRow.position == row["position"])
    values = {name: value for name, value in row.items() if name not in ("file_id", "position")}
    return update(ImportEntryRow).where(*place, ImportEntryRow.fate.in_(NOT_TAKEN)).values(**values)


def judged(engine: Engine, capture_id: int, outcome: Outcome | None, reason: str) -> None:
    """Say how a capture ended; at once: a later one of its address may settle the address otherwise."""
    values = {"outcome": None if outcome is None else outcome.value, "reason": reason}
    ours = (ImportEntryRow.capture_id == capture_id, ImportEntryRow.fate == Fate.TAKEN.value)
    with writing(engine) as session:
        session.execute(update(ImportEntryRow).where(*ours).values(**values))


def complete(engine: Engine) -> None:
    """Say how a page ended that was judged last, where an import died before it could say so."""
    settled = (
        select(ImportEntryRow.id, OutcomeRow.outcome, OutcomeRow.reason)
        .join(OutcomeRow, OutcomeRow.capture_id == ImportEntryRow.capture_id)
        .where(ImportEntryRow.fate == Fate.TAKEN.value, ImportEntryRow.reason.is_(None))
    )
    with writing(engine) as session:
        for number, outcome, reason in session.execute(settled).all():
            row = session.get_one(ImportEntryRow, number)
            row.outcome, row.reason = outcome, reason


def unfinished_runs(engine: Engine) -> list[int]:
    """Runs of imports that left captures unjudged."""
    waiting = select(CaptureRow.run_id).where(
        CaptureRow.processed_at.is_(None), CaptureRow.address_id.is_not(None)
    )
    with Session(engine) as session:
        return list(session.scalars(select(RunRow.id).where(RunRow.mode == IMPORT, RunRow.id.in_(waiting))))


def address_of(engine: Engine, source: str, url: str, site_id: str | None, seen_at: datetime) -> int:
    """The address of an imported page, made where there is none: nobody is to ask for it."""
    with writing(engine) as session:
        rows = ensure_addresses(session, source, {url: site_id}, seen_at, AddressState.SETTLED)
        return rows[url].id


def same_capture(engine: Engine, url: str, fetched_at: datetime, payload_digest: str | None) -> int | None:
    """The capture that the archive has of this very fetch.

    Args:
        payload_digest: None: the answer was a 304.
    """
    with Session(engine) as session:
        address = session.scalars(select(AddressRow).where(AddressRow.url == url)).one_or_none()
        if address is None:
            return None
        named = {address.id, canonical(session, address).id}
        page = CaptureRow.payload_digest == payload_digest
        answered = CaptureRow.http_status == 304 if payload_digest is None else page
        same = (CaptureRow.fetched_at == fetched_at, answered)
        found = select(CaptureRow.id).where(CaptureRow.address_id.in_(named), *same)
        return session.scalar(found.order_by(CaptureRow.id).limit(1))


def was_not_entered(engine: Engine, capture_id: int, but: Collection[int]) -> bool:
    """Whether an import took this capture and ended, killed, before it entered that in its file's ledger.

    Args:
        but: runs that go on: theirs is entered with the rest of its block.
    """
    entered = select(ImportEntryRow.id).where(ImportEntryRow.capture_id == CaptureRow.id).exists()
    query = (
        select(CaptureRow.id)
        .join(RunRow, RunRow.id == CaptureRow.run_id)
        .where(CaptureRow.id == capture_id, RunRow.mode == IMPORT, RunRow.id.not_in(but), ~entered)
    )
    with Session(engine) as session:
        return session.scalar(query) is not None


def capture_of_digest(engine: Engine, digest: str) -> StoredCapture | None:
    """The imported capture whose file said that its payload has this digest."""
    with Session(engine) as session:
        query = (
            select(CaptureRow)
            .join(ImportEntryRow, ImportEntryRow.capture_id == CaptureRow.id)
            .where(ImportEntryRow.digest == digest, CaptureRow.http_status.in_(sorted(PAGE_STATUSES)))
            .order_by(CaptureRow.id)
            .limit(1)
        )
        row = session.scalars(query).one_or_none()
        return None if row is None else stored_capture(row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A revisit that was left, and whose page is here now."""

    id: int
    file_id: int
    file: str
    entry: Entry


def now_named(engine: Engine, reason: str, after: int, limit: int) -> list[Waiting]:
    """Revisits that were left with this reason, of any file, and whose digest an imported page has now.

    Args:
        after: the entry behind which to look.
        limit: how many at most, in the order of their numbers.
    """
    page = aliased(ImportEntryRow)
    named = (page.digest == ImportEntryRow.digest, page.capture_id.is_not(None))
    query = (
        select(ImportEntryRow, ImportFileRow.name)
        .join(ImportFileRow, ImportFileRow.id == ImportEntryRow.file_id)
        .where(ImportEntryRow.fate == Fate.LEFT.value, ImportEntryRow.reason == reason)
        .where(ImportEntryRow.id > after, exists().where(*named))
        .order_by(ImportEntryRow.id)
        .limit(limit)
    )
    with Session(engine) as session:
        return [
            Waiting(id=row.id, file_id=row.file_id, file=file, entry=_entry(row))
            for row, file in session.execute(query)
        ]


def _entry(row: ImportEntryRow) -> Entry:
    return Entry(
        position=row.position,
        fate=Fate(row.fate),
        reason=row.reason,
        record=row.record,
        url=row.url,
        fetched_at=row.fetched_at,
        digest=row.digest,
    )


def end_run(engine: Engine, run_id: int, reason: str, requests: int, now: datetime) -> None:
    """Close the run of an import: nothing is expected of it, so it has no verdict."""
    with writing(engine) as session:
        row = session.get_one(RunRow, run_id)
        row.finished_at, row.reason = max(now, row.started_at), reason
        row.requests = row.bytes = 0
        row.counts = json.dumps({"taken": requests})
