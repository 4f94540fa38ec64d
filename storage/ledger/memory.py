"""How far back a source's lists go, as its newest backfill saw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from storage.models import AppearanceRow, DiscoveryRow, RunRow, SeedRow, SeedVisitRow
from storage.records import RunMode, Verdict
from storage.records.runs import RunSettings
from storage.seoul import day_of, day_start


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """How far back a source's lists went, as the newest backfill saw it."""

    run_id: int
    seen_on: date
    asked_since: date
    oldest: date
    """The oldest day that the lists still named."""

    @property
    def ended(self) -> bool:
        """The lists ended before the backfill's first day."""
        return self.oldest > self.asked_since

    @property
    def reach(self) -> timedelta:
        """Age of the oldest day listed: a list's memory moves with time."""
        return self.seen_on - self.oldest


def memory_of(engine: Engine, source: str) -> Memory | None:
    """How far back the source's lists went at the newest finished backfill; None when there was none."""
    backfills = (
        select(RunRow)
        .where(RunRow.source == source, RunRow.mode == RunMode.BACKFILL, RunRow.verdict.is_not(None))
        .where(RunRow.verdict != Verdict.INTERRUPTED.value)
        .order_by(RunRow.id.desc())
    )
    with Session(engine) as session:
        for run in session.scalars(backfills):
            since = RunSettings.from_json(run.settings).since
            oldest = _oldest_listed(session, run.id, since) if since else None
            if since is not None and oldest is not None:
                return Memory(
                    run_id=run.id,
                    seen_on=day_of(run.started_at),
                    asked_since=since,
                    oldest=oldest,
                )
    return None


def _oldest_listed(session: Session, run_id: int, since: date) -> date | None:
    """The oldest day, not before ``since``, of what a run's lists named."""
    published = func.coalesce(AppearanceRow.published_at, DiscoveryRow.time_hint)
    visited = SeedVisitRow.seed == SeedRow.url
    read = select(SeedRow.id).join(SeedVisitRow, visited).where(SeedVisitRow.run_id == run_id)
    oldest = (
        select(published)
        .select_from(DiscoveryRow)
        .outerjoin(AppearanceRow, AppearanceRow.address_id == DiscoveryRow.address_id)
        .where(DiscoveryRow.seed_id.in_(read))
        .where(DiscoveryRow.last_run_id >= run_id, DiscoveryRow.first_run_id <= run_id)
        .where(published >= day_start(since))
        .order_by(published)
        .limit(1)
    )
    at = session.scalar(oldest)
    return None if at is None else day_of(at)
