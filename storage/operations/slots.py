"""Slots: the moments at which a source should be crawled, and what became of each.

A slot is one row for (source, mode, due moment), whoever writes it first. It is claimed by one UPDATE,
so that two schedulers, or a scheduler and cron, never crawl it twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, and_, func, literal, or_, select, update
from sqlalchemy.orm import Session

from storage.database.opening import writing
from storage.database.upsert import insert_missing
from storage.frontier.leases import owner_is_dead
from storage.frontier.runs import ensure_source
from storage.models import SlotRow, SlotState, UtcDateTime

MAX_ATTEMPTS = 2
"""A slot whose process was killed is crawled once more; a second death is the crawl's own fault."""

_DUE, _RUNNING = SlotState.DUE.value, SlotState.RUNNING.value


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSlot:
    """A slot to be written: ``due``, or the end it has already come to."""

    due_at: datetime
    origin: str
    state: SlotState = SlotState.DUE
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotEnd:
    """How a claimed slot ended."""

    state: SlotState
    reason: str | None = None
    run_id: int | None = None
    exit_code: int | None = None


def _slot(row: SlotRow) -> Slot:
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
    )


# --- planning -------------------------------------------------------------------------------------


def last_planned(engine: Engine, source: str, mode: str) -> Slot | None:
    """The newest slot of a cron line that anybody wrote for this source and mode."""
    newest = (
        select(SlotRow)
        .where(SlotRow.source == source, SlotRow.mode == mode, SlotRow.origin.like("cron %"))
        .order_by(SlotRow.due_at.desc())
        .limit(1)
    )
    with Session(engine) as session:
        row = session.scalars(newest).one_or_none()
        return None if row is None else _slot(row)


def open_slots(engine: Engine) -> list[Slot]:
    """Slots that are due or running, oldest first."""
    still_open = select(SlotRow).where(SlotRow.state.in_([_DUE, _RUNNING])).order_by(SlotRow.due_at)
    with Session(engine) as session:
        return [_slot(row) for row in session.scalars(still_open)]


def write_plan(
    engine: Engine, source: str, mode: str, planned: Sequence[PlannedSlot], now: datetime
) -> dict[datetime, Slot]:
    """Write slots that nobody wrote yet, and end the waiting ones that the plan ends.

    Every slot that the plan ends points to the newest slot of the plan, which is crawled in its place.
    A slot that somebody has claimed meanwhile is left as it is. Gives the rows as they then stand.
    """
    if not planned:
        return {}
    with writing(engine) as session:
        ensure_source(session, source)
        insert_missing(session, SlotRow, [_values(source, mode, one, now) for one in planned])
        rows = _rows(session, source, mode, [one.due_at for one in planned])
        newest = rows[max(rows)]
        for one in planned:
            row = rows[one.due_at]
            ended = one.state is not SlotState.DUE
            if ended and row.id != newest.id and row.state in (_DUE, one.state.value) and not row.ended_at:
                row.state, row.reason, row.ended_at = one.state.value, one.reason, now
                row.coalesced_into_id = newest.id
        session.flush()
        return {due: _slot(row) for due, row in rows.items()}


def _values(source: str, mode: str, planned: PlannedSlot, now: datetime) -> dict[str, object]:
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


# --- claiming and ending --------------------------------------------------------------------------


def claim(engine: Engine, source: str, mode: str, due_at: datetime, owner: str, now: datetime) -> Slot | None:
    """Take a slot to crawl it: the slot when it is ours now, None when somebody else has or had it.

    One UPDATE decides. A running slot whose process is known to be dead may be taken over, at most
    ``MAX_ATTEMPTS`` claims in all. A slot that nobody planned is written first.
    """
    with writing(engine) as session:
        ensure_source(session, source)
        fresh = PlannedSlot(due_at=due_at, origin="command line")
        insert_missing(session, SlotRow, [_values(source, mode, fresh, now)])
        this = (SlotRow.source == source, SlotRow.mode == mode, SlotRow.due_at == due_at)
        holder = session.scalar(select(SlotRow.owner).where(*this, SlotRow.state == _RUNNING))
        dead = [holder] if holder is not None and owner_is_dead(holder) else []
        free = or_(
            SlotRow.state == _DUE,
            and_(SlotRow.state == _RUNNING, SlotRow.owner.in_(dead), SlotRow.attempts < MAX_ATTEMPTS),
        )
        taken = session.execute(
            update(SlotRow)
            .where(*this, free)
            .values(
                state=_RUNNING,
                owner=owner,
                attempts=SlotRow.attempts + 1,
                started_at=func.coalesce(SlotRow.started_at, literal(now, UtcDateTime())),
            )
            .returning(SlotRow.id)
            .execution_options(synchronize_session=False)
        ).scalar_one_or_none()
        return None if taken is None else _slot(session.get_one(SlotRow, taken, populate_existing=True))


def end_slot(engine: Engine, slot_id: int, owner: str, end: SlotEnd, now: datetime) -> bool:
    """End a slot that ``owner`` claimed; False when it is another's or has ended already."""
    with writing(engine) as session:
        mine = update(SlotRow).where(SlotRow.id == slot_id, SlotRow.owner == owner, SlotRow.state == _RUNNING)
        return session.execute(mine.values(**_end_values(end, now)).returning(SlotRow.id)).first() is not None


def give_back(engine: Engine, slot_id: int, owner: str) -> bool:
    """Let a slot that ``owner`` claimed be due again, as if nobody had come; False when it is not theirs."""
    with writing(engine) as session:
        mine = update(SlotRow).where(SlotRow.id == slot_id, SlotRow.owner == owner, SlotRow.state == _RUNNING)
        due = mine.values(state=_DUE, owner=None, started_at=None, attempts=SlotRow.attempts - 1)
        return session.execute(due.returning(SlotRow.id)).first() is not None


def end_open(engine: Engine, slot_id: int, end: SlotEnd, now: datetime) -> bool:
    """End a slot that nobody living holds: still due, or running in a dead process. False otherwise."""
    with writing(engine) as session:
        row = session.get_one(SlotRow, slot_id)
        held = row.state == _RUNNING and not (row.owner is not None and owner_is_dead(row.owner))
        if row.state not in (_DUE, _RUNNING) or held:
            return False
        for name, value in _end_values(end, now).items():
            setattr(row, name, value)
        return True


def _end_values(end: SlotEnd, now: datetime) -> dict[str, object]:
    values: dict[str, object] = {"state": end.state.value, "reason": end.reason, "ended_at": now}
    if end.run_id is not None:
        values["run_id"] = end.run_id
    if end.exit_code is not None:
        values["exit_code"] = end.exit_code
    return values


# --- reading --------------------------------------------------------------------------------------


def get_slot(engine: Engine, slot_id: int) -> Slot:
    """One slot; sqlalchemy.exc.NoResultFound when there is none."""
    with Session(engine) as session:
        return _slot(session.get_one(SlotRow, slot_id))


def last_slots(engine: Engine) -> dict[tuple[str, str], Slot]:
    """(source, mode) -> its newest slot that has ended or is running."""
    newest = (
        select(SlotRow.source, SlotRow.mode, func.max(SlotRow.due_at).label("due_at"))
        .where(SlotRow.state != _DUE)
        .group_by(SlotRow.source, SlotRow.mode)
        .subquery()
    )
    same = and_(
        SlotRow.source == newest.c.source, SlotRow.mode == newest.c.mode, SlotRow.due_at == newest.c.due_at
    )
    with Session(engine) as session:
        return {
            (row.source, row.mode): _slot(row) for row in session.scalars(select(SlotRow).join(newest, same))
        }


def slots_between(engine: Engine, since: datetime, until: datetime) -> list[Slot]:
    """Slots due in ``[since, until)``, oldest first."""
    due = select(SlotRow).where(SlotRow.due_at >= since, SlotRow.due_at < until)
    with Session(engine) as session:
        return [_slot(row) for row in session.scalars(due.order_by(SlotRow.due_at, SlotRow.id))]


def count_states(engine: Engine) -> Mapping[tuple[str, str, str], int]:
    """(source, mode, state) -> slots, over all time."""
    grouped = select(SlotRow.source, SlotRow.mode, SlotRow.state, func.count())
    with Session(engine) as session:
        rows = session.execute(grouped.group_by(SlotRow.source, SlotRow.mode, SlotRow.state))
        return {(source, mode, state): count for source, mode, state, count in rows}
