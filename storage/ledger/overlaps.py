"""Consecutive readings of one list: what the newer shares with the older.

A list that shares nothing with what it was at the last look has moved on wholly in between: articles
came and went unseen.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, case, func, select
from sqlalchemy.orm import Session

from storage.database.opening import writing
from storage.models import DiscoveryRow, ListOverlapRow, RunRow, SeedRow, SeedVisitRow
from storage.records import Outcome, RunMode

LEAST_LISTED = 5
"""A list of fewer may change wholly without a loss: an editor's choice, a channel that seldom publishes."""

MOVED_ON = (ListOverlapRow.shared == 0, ListOverlapRow.listed >= LEAST_LISTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOverlap:
    """One list, read in a run and in the last run before it that could read it."""

    run_id: int
    seed: str
    previous_run_id: int
    listed: int
    shared: int

    @property
    def moved_on(self) -> bool:
        """The list shares nothing with its last reading: articles came and went unseen."""
        return self.listed >= LEAST_LISTED and not self.shared


def record_overlaps(engine: Engine, run_id: int) -> list[ListOverlap]:
    """Compare each list of a run with its last reading; keep and give the result. Twice is once.

    Of runs in mode ``latest`` only: a backfill's lists are those of other days.
    """
    with writing(engine) as session:
        run = session.get_one(RunRow, run_id)
        if run.mode != RunMode.LATEST:
            return []
        seeds = session.scalars(
            select(SeedVisitRow.seed).where(
                SeedVisitRow.run_id == run_id,
                SeedVisitRow.outcome == Outcome.STORED.value,
                SeedVisitRow.listed > 0,
            )
        ).all()
        found = [one for seed in seeds if (one := _compare(session, run, seed)) is not None]
        known = select(ListOverlapRow.seed).where(ListOverlapRow.run_id == run_id)
        kept = set(session.scalars(known))
        session.add_all(
            ListOverlapRow(
                run_id=one.run_id,
                seed=one.seed,
                previous_run_id=one.previous_run_id,
                listed=one.listed,
                shared=one.shared,
            )
            for one in found
            if one.seed not in kept
        )
        return found


def _compare(session: Session, run: RunRow, seed: str) -> ListOverlap | None:
    previous = session.scalar(
        select(func.max(RunRow.id))
        .join(SeedVisitRow, SeedVisitRow.run_id == RunRow.id)
        .where(
            RunRow.source == run.source,
            RunRow.mode == run.mode,
            RunRow.id < run.id,
            SeedVisitRow.seed == seed,
            SeedVisitRow.outcome == Outcome.STORED.value,
            SeedVisitRow.listed > 0,
        )
    )
    if previous is None:
        return None
    of_run = (DiscoveryRow.last_run_id == run.id, SeedRow.url == seed)
    again = case((DiscoveryRow.previous_run_id >= previous, 1), else_=0)
    counted = select(func.count(), func.coalesce(func.sum(again), 0)).select_from(DiscoveryRow)
    listed, shared = session.execute(
        counted.join(SeedRow, SeedRow.id == DiscoveryRow.seed_id).where(*of_run)
    ).one()
    return ListOverlap(run_id=run.id, seed=seed, previous_run_id=previous, listed=listed, shared=shared)


def breaks_in_a_row(engine: Engine, source: str, limit: int = 10) -> int:
    """How many of the newest runs in mode ``latest``, without a gap, found a list that shared nothing."""
    shared_nothing = select(ListOverlapRow.id).where(ListOverlapRow.run_id == RunRow.id, *MOVED_ON).exists()
    newest = (
        select(shared_nothing)
        .where(RunRow.source == source, RunRow.mode == RunMode.LATEST, RunRow.verdict.is_not(None))
        .order_by(RunRow.id.desc())
        .limit(limit)
    )
    count = 0
    with Session(engine) as session:
        for broken in session.scalars(newest):
            if not broken:
                break
            count += 1
    return count
