"""Slots: the moments at which a source should be crawled, and what became of each.

A slot is one row for (source, mode, due moment), whoever writes it first.

Where a call takes ``now``, None is the archive's present, read behind the writers' lock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, and_, func, select, text
from sqlalchemy.orm import Session

from storage.database.opening import writing
from storage.database.present import present
from storage.database.upsert import insert_missing
from storage.frontier.leases import owner_lives
from storage.frontier.runs import ensure_source
from storage.models import LeaseRow, SlotRow, SlotState
from storage.models.operations import OPEN

_LEASES = "slot:"
DUE, RUNNING = SlotState.DUE.value, SlotState.RUNNING.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One row of the table."""

    id: int
    source: str
    mode: str
    due_at: datetime
    origin: str
    """``cron LINE``, ``overlap`` (a list had moved on wholly), or ``command line``."""
    state: SlotState
    owner: str | None
    attempts: int
    started_at: datetime | None
    ended_at: datetime | None
    run_id: int | None
    exit_code: int | None
    coalesced_into: int | None
    reason: str | None
    held: bool
    """Whether the lease of a running slot stands, by the archive's clock."""

    @property
    def dead(self) -> bool:
        """Whether the process that crawls it is gone: seen from here, or told by its lease's end."""
        return self.state is SlotState.RUNNING and gone(self.owner, held=self.held)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSlot:
    """A slot to be written: ``due``, or the end it has already come to."""

    due_at: datetime
    origin: str
    state: SlotState = SlotState.DUE
    reason: str | None = None


def gone(owner: str | None, *, held: bool) -> bool:
    lives = None if owner is None else owner_lives(owner)
    return not held if lives is None else not lives


def lease_of(slot_id: int) -> str:
    """The name of a running slot's lease."""
    return f"{_LEASES}{slot_id}"


def _held(session: Session, now: datetime | None = None) -> frozenset[str]:
    """The names of the slots' leases that stand."""
    standing = select(LeaseRow.name).where(
        LeaseRow.name.like(f"{_LEASES}%"), LeaseRow.until > present(session, now)
    )
    return frozenset(session.scalars(standing))


def slot_of(row: SlotRow, held: frozenset[str]) -> Slot:
    return Slot(
        id=row.id,
        source=row.source,
        mode=row.mode,
        due_at=row.due_at,
        origin=row.origin,
        state=SlotState(row.state),
        owner=row.owner,
        attempts=row.attempts,
        started_at=row.started_at,
        ended_at=row.ended_at,
        run_id=row.run_id,
        exit_code=row.exit_code,
        coalesced_into=row.coalesced_into_id,
        reason=row.reason,
        held=lease_of(row.id) in held,
    )


# --- planning -------------------------------------------------------------------------------------


AHEAD = timedelta(minutes=1)
"""By so much the clocks of two machines may differ that write slots of one archive."""


def last_planned(engine: Engine, source: str, mode: str, now: datetime) -> Slot | None:
    """The newest slot of a cron line, up to the present, that anybody wrote for this source and mode.

    What a clock that was ahead has written counts for nothing until it is planned again (:func:`write_plan`):
    else nothing would be owed until the true time has passed it.
    """
    newest = (
        select(SlotRow)
        .where(SlotRow.source == source, SlotRow.mode == mode, SlotRow.origin.like("cron %"))
        .where(SlotRow.due_at <= now, SlotRow.planned_at <= now + AHEAD)
        .order_by(SlotRow.due_at.desc())
        .limit(1)
    )
    with Session(engine) as session:
        row = session.scalars(newest).one_or_none()
        return None if row is None else slot_of(row, _held(session))


def open_slots(engine: Engine, now: datetime | None = None, source: str | None = None) -> list[Slot]:
    """Slots that are due or running, oldest first; of one source, or of all."""
    still_open = select(SlotRow).where(text(OPEN)).order_by(SlotRow.due_at)
    if source is not None:
        still_open = still_open.where(SlotRow.source == source)
    with Session(engine) as session:
        held = _held(session, now)
        return [slot_of(row, held) for row in session.scalars(still_open)]


def write_plan(
    engine: Engine, source: str, mode: str, planned: Sequence[PlannedSlot], now: datetime
) -> dict[datetime, Slot]:
    """Write slots that nobody wrote yet, and end the waiting ones that the plan ends.

    Every slot that the plan ends points to the newest slot of the plan, which is crawled in its place.
    A slot that somebody has claimed meanwhile is left as it is; one that a clock that was ahead had ended,
    uncrawled, is planned anew. Gives the rows as they then stand.
    """
    if not planned:
        return {}
    with writing(engine) as session:
        ensure_source(session, source)
        insert_missing(session, SlotRow, [planned_values(source, mode, one, now) for one in planned])
        rows = _rows(session, source, mode, [one.due_at for one in planned])
        newest = rows[max(rows)]
        for one in planned:
            row = rows[one.due_at]
            if row.planned_at > now + AHEAD and row.attempts == 0:
                row.state, row.reason, row.planned_at = one.state.value, one.reason, now
                row.ended_at = row.coalesced_into_id = None
            ended = one.state is not SlotState.DUE
            if ended and row.id != newest.id and row.state in (DUE, one.state.value) and not row.ended_at:
                row.state, row.reason, row.ended_at = one.state.value, one.reason, now
                row.coalesced_into_id = newest.id
        session.flush()
        held = _held(session)
        return {due: slot_of(row, held) for due, row in rows.items()}


def planned_values(source: str, mode: str, planned: PlannedSlot, now: datetime) -> dict[str, object]:
    return {
        "source": source,
        "mode": mode,
        "due_at": planned.due_at,
        "origin": planned.origin,
        "state": planned.state.value,
        "planned_at": now,
        "attempts": 0,
        "reason": planned.reason,
    }


def _rows(session: Session, source: str, mode: str, dues: Sequence[datetime]) -> dict[datetime, SlotRow]:
    ours = select(SlotRow).where(
        SlotRow.source == source, SlotRow.mode == mode, SlotRow.due_at.between(min(dues), max(dues))
    )
    wanted = set(dues)
    return {row.due_at: row for row in session.scalars(ours) if row.due_at in wanted}


# --- reading --------------------------------------------------------------------------------------


def get_slot(engine: Engine, slot_id: int) -> Slot:
    """One slot; sqlalchemy.exc.NoResultFound when there is none."""
    with Session(engine) as session:
        return slot_of(session.get_one(SlotRow, slot_id), _held(session))


def last_slots(engine: Engine, now: datetime) -> dict[tuple[str, str], Slot]:
    """(source, mode) -> its newest slot, up to the present, that has ended or is running."""
    newest = (
        select(SlotRow.source, SlotRow.mode, func.max(SlotRow.due_at).label("due_at"))
        .where(SlotRow.state != DUE, SlotRow.due_at <= now + AHEAD)
        .group_by(SlotRow.source, SlotRow.mode)
        .subquery()
    )
    same = and_(
        SlotRow.source == newest.c.source, SlotRow.mode == newest.c.mode, SlotRow.due_at == newest.c.due_at
    )
    with Session(engine) as session:
        held = _held(session)
        return {
            (row.source, row.mode): slot_of(row, held)
            for row in session.scalars(select(SlotRow).join(newest, same))
        }


def slots_between(engine: Engine, since: datetime, until: datetime) -> list[Slot]:
    """Slots due in ``[since, until)``, oldest first."""
    due = select(SlotRow).where(SlotRow.due_at >= since, SlotRow.due_at < until)
    with Session(engine) as session:
        held = _held(session)
        return [slot_of(row, held) for row in session.scalars(due.order_by(SlotRow.due_at, SlotRow.id))]


def count_states(engine: Engine) -> Mapping[tuple[str, str, str], int]:
    """(source, mode, state) -> slots, over all time."""
    grouped = select(SlotRow.source, SlotRow.mode, SlotRow.state, func.count())
    with Session(engine) as session:
        rows = session.execute(grouped.group_by(SlotRow.source, SlotRow.mode, SlotRow.state))
        return {(source, mode, state): count for source, mode, state, count in rows}
