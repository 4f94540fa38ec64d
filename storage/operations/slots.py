"""Slots: the moments at which a source should be crawled, and what became of each.

A slot is one row for (source, mode, due moment), whoever writes it first. It is claimed by one UPDATE,
so that two schedulers, or a scheduler and cron, never crawl it twice. While it is crawled its process keeps a
lease on it (``slot:NUMBER``): from another machine, where the process cannot be seen, that tells its death.

Where a call takes ``now``, None is the archive's present, read behind the writers' lock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, and_, delete, func, literal, or_, select, update
from sqlalchemy.orm import Session

from storage.database.opening import writing
from storage.database.present import present
from storage.database.upsert import insert_missing
from storage.frontier.leases import crawl_of, owner_lives, renew
from storage.frontier.runs import ensure_source
from storage.models import LeaseRow, SlotRow, SlotState, UtcDateTime

MAX_ATTEMPTS = 2
"""A slot whose process was killed is crawled once more; a second death is the crawl's own fault."""

BEAT_S = 15.0
LEASE_S = 90.0
"""A beat and a half longer than a crawl's lease of 60 s (crawler.run.lease): who takes the slot over from a
machine that died then finds the crawl's lease ended too, and is not turned away."""

_LEASES = "slot:"
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
    held: bool
    """Whether the lease of a running slot stands, by the archive's clock."""

    @property
    def dead(self) -> bool:
        """Whether the process that crawls it is gone: seen from here, or told by its lease's end."""
        return self.state is SlotState.RUNNING and _gone(self.owner, held=self.held)


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


def _gone(owner: str | None, *, held: bool) -> bool:
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


def _slot(row: SlotRow, held: frozenset[str]) -> Slot:
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
        return None if row is None else _slot(row, _held(session))


def open_slots(engine: Engine, now: datetime | None = None) -> list[Slot]:
    """Slots that are due or running, oldest first."""
    still_open = select(SlotRow).where(SlotRow.state.in_([_DUE, _RUNNING])).order_by(SlotRow.due_at)
    with Session(engine) as session:
        held = _held(session, now)
        return [_slot(row, held) for row in session.scalars(still_open)]


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
        insert_missing(session, SlotRow, [_values(source, mode, one, now) for one in planned])
        rows = _rows(session, source, mode, [one.due_at for one in planned])
        newest = rows[max(rows)]
        for one in planned:
            row = rows[one.due_at]
            if row.planned_at > now + AHEAD and row.attempts == 0:
                row.state, row.reason, row.planned_at = one.state.value, one.reason, now
                row.ended_at = row.coalesced_into_id = None
            ended = one.state is not SlotState.DUE
            if ended and row.id != newest.id and row.state in (_DUE, one.state.value) and not row.ended_at:
                row.state, row.reason, row.ended_at = one.state.value, one.reason, now
                row.coalesced_into_id = newest.id
        session.flush()
        held = _held(session)
        return {due: _slot(row, held) for due, row in rows.items()}


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


def claim(
    engine: Engine, source: str, mode: str, due_at: datetime, owner: str, now: datetime | None
) -> Slot | None:
    """Take a slot to crawl it: the slot when it is ours now, None when somebody else has or had it.

    One UPDATE decides. A running slot whose process is known to be dead may be taken over, at most
    ``MAX_ATTEMPTS`` claims in all. A slot that nobody planned is written first. Its lease stands for
    ``LEASE_S``: whoever crawls keeps it (:func:`keep`).
    """
    with writing(engine) as session:
        at = present(session, now)
        ensure_source(session, source)
        fresh = PlannedSlot(due_at=due_at, origin="command line")
        insert_missing(session, SlotRow, [_values(source, mode, fresh, at)])
        this = (SlotRow.source == source, SlotRow.mode == mode, SlotRow.due_at == due_at)
        running = session.scalars(select(SlotRow).where(*this, SlotRow.state == _RUNNING)).one_or_none()
        dead = [running.owner] if running is not None and _is_gone(session, running, at) else []
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
                started_at=func.coalesce(SlotRow.started_at, literal(at, UtcDateTime())),
            )
            .returning(SlotRow.id)
            .execution_options(synchronize_session=False)
        ).scalar_one_or_none()
        if taken is None:
            return None
        until = at + timedelta(seconds=LEASE_S)
        session.merge(LeaseRow(name=lease_of(taken), owner=owner, until=until))
        row = session.get_one(SlotRow, taken, populate_existing=True)
        return _slot(row, frozenset([lease_of(taken)]))


def _is_gone(session: Session, row: SlotRow, at: datetime) -> bool:
    lease = session.get(LeaseRow, lease_of(row.id), populate_existing=True)
    return _gone(row.owner, held=lease is not None and lease.until > at)


def keep(engine: Engine, slot_id: int, owner: str) -> bool:
    """The heart-beat of whoever crawls a slot; False when it is another's by now, or has ended."""
    return renew(engine, lease_of(slot_id), owner, None, LEASE_S)


def forsake(engine: Engine, slot: Slot) -> None:
    """Give up the leases of a slot, and of its source's crawl, whose process was seen to be dead here.

    Another machine cannot see that, and would wait for their end.
    """
    with writing(engine) as session:
        row = session.get_one(SlotRow, slot.id)
        if row.owner != slot.owner or not slot.dead:
            return
        _let_go(session, slot.id)
        crawl = session.get(LeaseRow, crawl_of(slot.source))
        if crawl is not None and owner_lives(crawl.owner) is False:
            session.delete(crawl)


def _let_go(session: Session, slot_id: int) -> None:
    session.execute(delete(LeaseRow).where(LeaseRow.name == lease_of(slot_id)))


def end_slot(engine: Engine, slot_id: int, owner: str, end: SlotEnd, now: datetime | None) -> bool:
    """End a slot that ``owner`` claimed; False when it is another's or has ended already."""
    with writing(engine) as session:
        mine = update(SlotRow).where(SlotRow.id == slot_id, SlotRow.owner == owner, SlotRow.state == _RUNNING)
        values = _end_values(end, present(session, now))
        ended = session.execute(mine.values(**values).returning(SlotRow.id)).first() is not None
        if ended:
            _let_go(session, slot_id)
        return ended


def end_after_all(engine: Engine, slot_id: int, end: SlotEnd, now: datetime | None) -> bool:
    """End a slot that was taken over while its crawl stood still and then went on to its end.

    Whoever took it over found the source being crawled, and called the slot blocked. False where that is
    not how it stands.
    """
    with writing(engine) as session:
        blocked = update(SlotRow).where(SlotRow.id == slot_id, SlotRow.state == SlotState.BLOCKED.value)
        values = _end_values(end, present(session, now))
        return session.execute(blocked.values(**values).returning(SlotRow.id)).first() is not None


def give_back(engine: Engine, slot_id: int, owner: str, *, tried: bool = False) -> bool:
    """Let a slot that ``owner`` claimed be due again; False when it is not theirs.

    Args:
        tried: it counts as an attempt; else it is as if nobody had come.
    """
    with writing(engine) as session:
        mine = update(SlotRow).where(SlotRow.id == slot_id, SlotRow.owner == owner, SlotRow.state == _RUNNING)
        due = mine.values(state=_DUE, owner=None, started_at=None, attempts=SlotRow.attempts - int(not tried))
        given = session.execute(due.returning(SlotRow.id)).first() is not None
        if given:
            _let_go(session, slot_id)
        return given


def crawl_again(engine: Engine, slot_id: int) -> bool:
    """Let a slot be due whose crawl was cut short, by whoever has seen its process end.

    False where it stays as it is: it was claimed ``MAX_ATTEMPTS`` times.
    """
    crawled = SlotRow.state.in_([_RUNNING, SlotState.RAN.value, SlotState.LATE.value])
    left = or_(SlotRow.state == _DUE, and_(crawled, SlotRow.attempts < MAX_ATTEMPTS))
    nobodys = dict.fromkeys(("owner", "started_at", "ended_at", "run_id", "exit_code", "reason"))
    with writing(engine) as session:
        due = update(SlotRow).where(SlotRow.id == slot_id, left).values(state=_DUE, **nobodys)
        again = session.execute(due.returning(SlotRow.id)).first() is not None
        if again:
            _let_go(session, slot_id)
        return again


def end_open(engine: Engine, slot_id: int, end: SlotEnd, now: datetime | None) -> bool:
    """End a slot that nobody living holds: still due, or running in a dead process. False otherwise."""
    with writing(engine) as session:
        row, at = session.get_one(SlotRow, slot_id), present(session, now)
        held = row.state == _RUNNING and not _is_gone(session, row, at)
        if row.state not in (_DUE, _RUNNING) or held:
            return False
        for name, value in _end_values(end, at).items():
            setattr(row, name, value)
        _let_go(session, slot_id)
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
        return _slot(session.get_one(SlotRow, slot_id), _held(session))


def last_slots(engine: Engine, now: datetime) -> dict[tuple[str, str], Slot]:
    """(source, mode) -> its newest slot, up to the present, that has ended or is running."""
    newest = (
        select(SlotRow.source, SlotRow.mode, func.max(SlotRow.due_at).label("due_at"))
        .where(SlotRow.state != _DUE, SlotRow.due_at <= now + AHEAD)
        .group_by(SlotRow.source, SlotRow.mode)
        .subquery()
    )
    same = and_(
        SlotRow.source == newest.c.source, SlotRow.mode == newest.c.mode, SlotRow.due_at == newest.c.due_at
    )
    with Session(engine) as session:
        held = _held(session)
        return {
            (row.source, row.mode): _slot(row, held)
            for row in session.scalars(select(SlotRow).join(newest, same))
        }


def slots_between(engine: Engine, since: datetime, until: datetime) -> list[Slot]:
    """Slots due in ``[since, until)``, oldest first."""
    due = select(SlotRow).where(SlotRow.due_at >= since, SlotRow.due_at < until)
    with Session(engine) as session:
        held = _held(session)
        return [_slot(row, held) for row in session.scalars(due.order_by(SlotRow.due_at, SlotRow.id))]


def count_states(engine: Engine) -> Mapping[tuple[str, str, str], int]:
    """(source, mode, state) -> slots, over all time."""
    grouped = select(SlotRow.source, SlotRow.mode, SlotRow.state, func.count())
    with Session(engine) as session:
        rows = session.execute(grouped.group_by(SlotRow.source, SlotRow.mode, SlotRow.state))
        return {(source, mode, state): count for source, mode, state, count in rows}
