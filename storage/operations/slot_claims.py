"""Who crawls a slot: it is claimed before, kept meanwhile, and ended or given back after.

It is claimed by one UPDATE, so that two schedulers, or a scheduler and cron, never crawl it twice. While
it is crawled its process keeps a lease on it (``slot:NUMBER``): from another machine, where the process
cannot be seen, that tells its death.

Where a call takes ``now``, None is the archive's present, read behind the writers' lock.
"""

from __future__ import annotations

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
from storage.operations.slots import DUE, RUNNING, PlannedSlot, Slot, gone, lease_of, planned_values, slot_of

MAX_ATTEMPTS = 2
"""A slot whose process was killed is crawled once more; a second death is the crawl's own fault."""

BEAT_S = 15.0
LEASE_S = 90.0
"""A beat and a half longer than a crawl's lease of 60 s (crawler.run.lease): who takes the slot over from a
machine that died then finds the crawl's lease ended too, and is not turned away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotEnd:
    """How a claimed slot ended."""

    state: SlotState
    reason: str | None = None
    run_id: int | None = None
    exit_code: int | None = None


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
        insert_missing(session, SlotRow, [planned_values(source, mode, fresh, at)])
        this = (SlotRow.source == source, SlotRow.mode == mode, SlotRow.due_at == due_at)
        running = session.scalars(select(SlotRow).where(*this, SlotRow.state == RUNNING)).one_or_none()
        dead = [running.owner] if running is not None and _is_gone(session, running, at) else []
        free = or_(
            SlotRow.state == DUE,
            and_(SlotRow.state == RUNNING, SlotRow.owner.in_(dead), SlotRow.attempts < MAX_ATTEMPTS),
        )
        taken = session.execute(
            update(SlotRow)
            .where(*this, free)
            .values(
                state=RUNNING,
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
        return slot_of(row, frozenset([lease_of(taken)]))


def _is_gone(session: Session, row: SlotRow, at: datetime) -> bool:
    lease = session.get(LeaseRow, lease_of(row.id), populate_existing=True)
    return gone(row.owner, held=lease is not None and lease.until > at)


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
        mine = update(SlotRow).where(SlotRow.id == slot_id, SlotRow.owner == owner, SlotRow.state == RUNNING)
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
        mine = update(SlotRow).where(SlotRow.id == slot_id, SlotRow.owner == owner, SlotRow.state == RUNNING)
        due = mine.values(state=DUE, owner=None, started_at=None, attempts=SlotRow.attempts - int(not tried))
        given = session.execute(due.returning(SlotRow.id)).first() is not None
        if given:
            _let_go(session, slot_id)
        return given


def crawl_again(engine: Engine, slot_id: int) -> bool:
    """Let a slot be due whose crawl was cut short, by whoever has seen its process end.

    False where it stays as it is: it was claimed ``MAX_ATTEMPTS`` times.
    """
    crawled = SlotRow.state.in_([RUNNING, SlotState.RAN.value, SlotState.LATE.value])
    left = or_(SlotRow.state == DUE, and_(crawled, SlotRow.attempts < MAX_ATTEMPTS))
    nobodys = dict.fromkeys(("owner", "started_at", "ended_at", "run_id", "exit_code", "reason"))
    with writing(engine) as session:
        due = update(SlotRow).where(SlotRow.id == slot_id, left).values(state=DUE, **nobodys)
        again = session.execute(due.returning(SlotRow.id)).first() is not None
        if again:
            _let_go(session, slot_id)
        return again


def end_open(engine: Engine, slot_id: int, end: SlotEnd, now: datetime | None) -> bool:
    """End a slot that nobody living holds: still due, or running in a dead process. False otherwise."""
    with writing(engine) as session:
        row, at = session.get_one(SlotRow, slot_id), present(session, now)
        held = row.state == RUNNING and not _is_gone(session, row, at)
        if row.state not in (DUE, RUNNING) or held:
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
