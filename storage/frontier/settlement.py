"""The single end of an address in a run, written inside a transaction of the caller."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table, bindparam, delete, select
from sqlalchemy.orm import Session

from storage.database.upsert import BATCH, inserted
from storage.frontier.discovering import count, owe
from storage.frontier.known import KNOWN_ENDS, seen_in_run
from storage.models import AddressRow, AddressState, CaptureRow, OutcomeRow, UnendedRow
from storage.records import Outcome
from storage.records.runs import Settled

_ERRORS = frozenset({Outcome.BLOCKED, Outcome.FAILED, Outcome.QUARANTINED})


# Made once: building a statement costs SQLAlchemy more than SQLite needs to answer it.
_OUTCOME = select(OutcomeRow).where(
    OutcomeRow.run_id == bindparam("run"), OutcomeRow.address_id == bindparam("address")
)
_OWED = cast(Table, UnendedRow.__table__)
_PAY = (
    delete(_OWED)
    .where(_OWED.c.run_id == bindparam("run"), _OWED.c.address_id == bindparam("address"))
    .returning(_OWED.c.address_id)
)


def carry_over(session: Session, run_id: int, address_ids: list[int]) -> None:
    """Count the addresses that the run takes on without having listed them as to be asked.

    This keeps "listed = the sum of the outcomes" true for a run that finishes what others left, or asks
    again what it had counted as known.
    """
    if not address_ids:
        return
    taken_on = set(address_ids)
    for row in (OutcomeRow, UnendedRow):
        counted = select(row.address_id).where(row.run_id == run_id, row.address_id.in_(address_ids))
        taken_on -= set(session.scalars(counted))
    if taken_on:
        known = len(seen_in_run(session, run_id, taken_on))
        count(session, run_id, listed=len(taken_on) - known, known=-known)
        owe(session, run_id, sorted(taken_on))


def settle(session: Session, end: Settled) -> None:
    """Write the outcome and the address's state. The same end again changes nothing."""
    address = session.get_one(AddressRow, end.address_id)
    capture = None if end.capture_id is None else session.get_one(CaptureRow, end.capture_id)
    if not _pay(session, end):
        carry_over(session, end.run_id, [end.address_id])
        _pay(session, end)
    if _write_outcome(session, end) and not end.asked:
        address.attempts = max(0, address.attempts - 1)
    address.state = AddressState.SETTLED.value
    address.lease_owner = address.lease_until = None
    address.last_outcome = end.outcome.value
    address.last_error = end.reason if end.outcome in _ERRORS else None
    address.next_fetch_at = end.next_fetch_at
    if end.outcome not in _ERRORS:
        address.attempts = 0
    if capture is not None:
        capture.processed_at = capture.processed_at or end.at
        _learn(address, capture, end.outcome)


def _pay(session: Session, end: Settled) -> bool:
    """The run owes the address no end any more; whether it did."""
    return session.execute(_PAY, {"run": end.run_id, "address": end.address_id}).first() is not None


def settle_known(session: Session, run_id: int) -> None:
    """What a run was to ask and another, beside it, has asked since is known: nothing is left to ask."""
    owed = select(UnendedRow.address_id).where(UnendedRow.run_id == run_id)
    elsewhere = select(AddressRow.id).where(
        AddressRow.id.in_(owed),
        AddressRow.state == AddressState.SETTLED.value,
        AddressRow.last_outcome.in_(KNOWN_ENDS),
    )
    asked = session.scalars(elsewhere).all()
    for start in range(0, len(asked), BATCH):
        batch = asked[start : start + BATCH]
        session.execute(
            delete(UnendedRow).where(UnendedRow.run_id == run_id, UnendedRow.address_id.in_(batch))
        )
    count(session, run_id, listed=0, known=len(asked))


def _write_outcome(session: Session, end: Settled) -> bool:
    """Write it; whether it is the first of this address in this run."""
    values = {"outcome": end.outcome.value, "reason": end.reason, "at": end.at, "capture_id": end.capture_id}
    owner = {"run_id": end.run_id, "address_id": end.address_id}
    if inserted(session, OutcomeRow, values | owner, OutcomeRow.id) is not None:
        return True
    row = session.scalars(_OUTCOME, {"run": end.run_id, "address": end.address_id}).one()
    for name, value in values.items():
        setattr(row, name, value)
    return False


def _learn(address: AddressRow, capture: CaptureRow, outcome: Outcome) -> None:
    """Keep what the next conditional request needs, and only where a 304 would lose nothing."""
    if address.last_fetched_at is not None and capture.fetched_at < address.last_fetched_at:
        return
    address.last_fetched_at = capture.fetched_at
    # What is not understood is asked for again whole: of what it would not send again nothing is kept.
    whole = capture.truncated is None and outcome in KNOWN_ENDS
    if capture.http_status == 304 and outcome is Outcome.FAILED:
        return  # it answered a condition that nobody sent: what it names is not held
    if capture.http_status == 304:
        address.etag = capture.etag or address.etag
        address.last_modified = capture.last_modified or address.last_modified
    elif capture.http_status == 200 and whole:
        address.etag, address.last_modified = capture.etag, capture.last_modified
    elif capture.http_status == 200:
        address.etag = address.last_modified = None
