"""Past runs, as later judgements need them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from sqlalchemy import Engine, ScalarSelect, func, select
from sqlalchemy.orm import Session

from storage.frontier.runs import listed_of
from storage.models import OutcomeRow, RunRow, SlotRow, SlotState
from storage.models.base import table_of
from storage.records import Outcome, Verdict

_RUNS, _OUTCOMES = table_of(RunRow), table_of(OutcomeRow)
_RUN = _RUNS.c


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """What one finished run found."""

    id: int
    started_at: datetime
    verdict: Verdict
    listed: int
    new: int
    """Articles stored for the first time, duplicates included."""


def run_of_slot(engine: Engine, source: str, mode: str, due_at: datetime) -> int | None:
    """The newest run that was opened for a slot; None when none was."""
    ours = select(func.max(RunRow.id)).where(
        RunRow.source == source, RunRow.mode == mode, RunRow.slot == due_at
    )
    with Session(engine) as session:
        return session.scalar(ours)


def broken_off(engine: Engine, run_id: int) -> str | None:
    """Why a run ended before its work was done; None: it came to its end."""
    with engine.connect() as connection:
        verdict, reason = connection.execute(select(_RUN.verdict, _RUN.reason).where(_RUN.id == run_id)).one()
    if verdict is None:
        return f"run {run_id} was not closed"
    return f"run {run_id} was interrupted: {reason}" if verdict == Verdict.INTERRUPTED.value else None


def broken_off_in_a_row(engine: Engine, source: str, mode: str, until: datetime, atmost: int) -> int:
    """How many of the newest slots that were crawled, up to ``until``, had their crawl broken off: counted
    back to the first that was not, and no further than ``atmost``."""
    crawled = (
        select(SlotRow.run_id)
        .where(SlotRow.source == source, SlotRow.mode == mode, SlotRow.due_at <= until)
        .where(SlotRow.state.in_([SlotState.RAN.value, SlotState.LATE.value]))
        .order_by(SlotRow.due_at.desc())
        .limit(atmost)
    )
    with Session(engine) as session:
        runs = list(session.scalars(crawled))
    broken = (run is not None and broken_off(engine, run) is not None for run in runs)
    return len(list(takewhile(bool, broken)))


def ended_run_of_slot(engine: Engine, source: str, mode: str, due_at: datetime) -> int | None:
    """The newest run of a slot that came to its end; None when none was opened, or was only broken off."""
    ended = select(func.max(RunRow.id)).where(
        RunRow.source == source,
        RunRow.mode == mode,
        RunRow.slot == due_at,
        RunRow.finished_at.is_not(None),
        RunRow.verdict != Verdict.INTERRUPTED.value,
    )
    with Session(engine) as session:
        return session.scalar(ended)


def _new() -> ScalarSelect[int]:
    """Articles that a run stored for the first time."""
    first = _OUTCOMES.c.outcome.in_([Outcome.STORED.value, Outcome.DUPLICATE.value])
    counted = select(func.count()).select_from(_OUTCOMES).where(_OUTCOMES.c.run_id == _RUN.id, first)
    return counted.correlate(_RUNS).scalar_subquery()


def run_counts(engine: Engine, run_id: int) -> tuple[int, int]:
    """Addresses that a run listed, and articles that it stored for the first time."""
    with engine.connect() as connection:
        new = connection.scalar(select(_new()).where(_RUN.id == run_id)) or 0
        return listed_of(connection, [run_id]).get(run_id, 0), new


def requests_of(engine: Engine, run_id: int) -> int:
    """Requests that a finished run sent; 0 while it goes on."""
    with Session(engine) as session:
        return session.scalar(select(RunRow.requests).where(RunRow.id == run_id)) or 0


def past_runs(engine: Engine, source: str, mode: str, since: datetime, until: datetime) -> list[PastRun]:
    """The finished runs that started in ``[since, until)``, oldest first."""
    finished = (
        select(_RUN.id, _RUN.started_at, _RUN.verdict, _new())
        .where(_RUN.source == source, _RUN.mode == mode, _RUN.verdict.is_not(None))
        .where(_RUN.started_at >= since, _RUN.started_at < until)
        .order_by(_RUN.started_at, _RUN.id)
    )
    with engine.connect() as connection:
        rows = connection.execute(finished).all()
        listed = listed_of(connection, [row[0] for row in rows])
        return [
            PastRun(id=run, started_at=at, verdict=Verdict(verdict), listed=listed.get(run, 0), new=found)
            for run, at, verdict, found in rows
            if verdict is not None
        ]


def first_run_at(engine: Engine) -> datetime | None:
    """When the archive's first run began; None: there was none. The first by number may have seen 2099."""
    with Session(engine) as session:
        return session.scalar(select(func.min(RunRow.started_at)))
