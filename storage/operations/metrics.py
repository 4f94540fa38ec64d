"""Numbers that are watched from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, literal_column, select
from sqlalchemy.orm import Session

from storage.frontier.runs import listed_of, outcomes_of
from storage.ledger.days import PENDING
from storage.models import AddressRow, RunRow
from storage.records import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """The newest finished run of a source and mode."""

    source: str
    mode: str
    started_at: datetime
    finished_at: datetime
    verdict: str
    listed: int
    requests: int
    bytes: int
    counts: Mapping[str, int]


def last_runs(engine: Engine) -> list[LastRun]:
    """The newest finished run of each source and mode."""
    newest = select(func.max(RunRow.id)).where(RunRow.finished_at.is_not(None))
    rows = select(RunRow).where(RunRow.id.in_(newest.group_by(RunRow.source, RunRow.mode)))
    with Session(engine) as session:
        runs = session.scalars(rows.order_by(RunRow.source, RunRow.mode)).all()
        ids = [run.id for run in runs]
        counts, listed = outcomes_of(session.connection(), ids), listed_of(session.connection(), ids)
    return [_last_run(run, listed.get(run.id, 0), counts.get(run.id, {})) for run in runs]


def _last_run(run: RunRow, listed: int, counts: Mapping[str, int]) -> LastRun:
    assert run.finished_at is not None
    assert run.verdict is not None
    return LastRun(
        source=run.source,
        mode=run.mode,
        started_at=run.started_at,
        finished_at=run.finished_at,
        verdict=run.verdict,
        listed=listed,
        requests=run.requests or 0,
        bytes=run.bytes or 0,
        counts=counts,
    )


def last_success(engine: Engine) -> dict[tuple[str, str], datetime]:
    """(source, mode) -> the end of its newest healthy run."""
    ends = select(RunRow.source, RunRow.mode, func.max(RunRow.finished_at)).where(
        RunRow.verdict == Verdict.HEALTHY.value
    )
    with Session(engine) as session:
        rows = session.execute(ends.group_by(RunRow.source, RunRow.mode))
        return {(source, mode): at for source, mode, at in rows if at is not None}


def address_counts(engine: Engine) -> dict[tuple[str, str], int]:
    """(source, newest outcome or ``pending``) -> addresses."""
    # As a literal: PostgreSQL does not see that two parameters of one value are the same expression.
    outcome = func.coalesce(AddressRow.last_outcome, literal_column(f"'{PENDING}'"))
    grouped = select(AddressRow.source, outcome, func.count()).group_by(AddressRow.source, outcome)
    with Session(engine) as session:
        return {(source, name): count for source, name, count in session.execute(grouped)}
