"""Past runs, as later judgements need them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from storage.models import DiscoveryRow, OutcomeRow, RunRow
from storage.records import Outcome, Verdict


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


def past_runs(engine: Engine, source: str, mode: str, since: datetime, until: datetime) -> list[PastRun]:
    """The finished runs that started in ``[since, until)``, oldest first."""
    listed = (
        select(func.count(DiscoveryRow.address_id.distinct()))
        .where(DiscoveryRow.run_id == RunRow.id)
        .scalar_subquery()
    )
    new = (
        select(func.count())
        .where(OutcomeRow.run_id == RunRow.id, OutcomeRow.outcome.in_([Outcome.STORED, Outcome.DUPLICATE]))
        .scalar_subquery()
    )
    finished = (
        select(RunRow.id, RunRow.started_at, RunRow.verdict, listed, new)
        .where(
            RunRow.source == source,
            RunRow.mode == mode,
            RunRow.started_at >= since,
            RunRow.started_at < until,
            RunRow.verdict.is_not(None),
        )
        .order_by(RunRow.started_at, RunRow.id)
    )
    with Session(engine) as session:
        return [
            PastRun(id=run, started_at=at, verdict=Verdict(verdict), listed=seen, new=found)
            for run, at, verdict, seen, found in session.execute(finished)
        ]
