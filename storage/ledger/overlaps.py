"""Consecutive readings of one list: what the newer shares with the older.

A list that shares nothing with what it was at the last look has moved on wholly in between: articles
came and went unseen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, case, func, insert, select
from sqlalchemy.orm import Session

from storage.database.opening import writing_rows
from storage.database.prepared import Prepared
from storage.models import DiscoveryRow, ListOverlapRow, RunRow, SeedRow, SeedVisitRow
from storage.models.base import table_of
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
    with writing_rows(engine) as connection:
        run = connection.execute(select(_RUN.id, _RUN.source, _RUN.mode).where(_RUN.id == run_id)).one()
        if run.mode != RunMode.LATEST:
            return []
        read = (_VISIT.run_id == run_id, _VISIT.outcome == Outcome.STORED.value, _VISIT.listed > 0)
        seeds = connection.scalars(select(_VISIT.seed).where(*read)).all()
        found = [one for seed in seeds if (one := _compare(connection, run, seed)) is not None]
        kept = set(connection.scalars(select(_OVERLAP.c.seed).where(_OVERLAP.c.run_id == run_id)))
        _KEEP.run_all(connection, [asdict(one) for one in found if one.seed not in kept])
        return found


# Made once, and asked for each list at a run's end, behind the writers' lock.
_RUN, _VISIT = table_of(RunRow).c, table_of(SeedVisitRow).c
_DISCOVERY, _SEED = table_of(DiscoveryRow).c, table_of(SeedRow).c
_OWN = bindparam("own", type_=_RUN.id.type)
_OF_SEED = _DISCOVERY.seed_id == _SEED.id
_OVERLAP = table_of(ListOverlapRow)
_KEEP = Prepared(insert(_OVERLAP))
_TRACES = Prepared(
    select(
        _SEED.id,
        select(func.max(_DISCOVERY.last_run_id))
        .where(_OF_SEED, _DISCOVERY.last_run_id < _OWN)
        .scalar_subquery()
        .label("left"),
        select(func.max(_DISCOVERY.previous_run_id))
        .where(_OF_SEED, _DISCOVERY.last_run_id == _OWN)
        .scalar_subquery()
        .label("again"),
        select(func.max(_DISCOVERY.last_run_id)).where(_OF_SEED).scalar_subquery().label("newest"),
    ).where(_SEED.url == bindparam("of_seed"))
)
"""What the runs that read a list have left in its discoveries: the newest before this one."""
_READINGS = (
    select(_RUN.id)
    .join_from(table_of(RunRow), table_of(SeedVisitRow), _VISIT.run_id == _RUN.id)
    .where(
        _RUN.source == bindparam("of_source"),
        _RUN.mode == bindparam("of_mode"),
        _RUN.id < _OWN,
        _VISIT.seed == bindparam("of_seed"),
        _VISIT.outcome == Outcome.STORED.value,
        _VISIT.listed > 0,
    )
    .order_by(_RUN.id.desc())
    .limit(1)
)
"""From the newest run on: the last poll read most lists, whatever years are behind it."""
_IS_READING = Prepared(_READINGS.where(_RUN.id == bindparam("candidate")))
_LAST_READING = Prepared(_READINGS)
_SHARED = func.coalesce(func.sum(case((_DISCOVERY.previous_run_id >= bindparam("previous"), 1), else_=0)), 0)
_COUNTED = Prepared(
    select(func.count(), _SHARED).where(
        _DISCOVERY.seed_id == bindparam("seed_id"), _DISCOVERY.last_run_id == _OWN
    )
)


def _compare(connection: Connection, run: Any, seed: str) -> ListOverlap | None:
    asked = {"own": run.id, "of_seed": seed, "of_source": run.source, "of_mode": run.mode}
    traces = _TRACES.run(connection, asked).first() or NO_TRACES
    previous = _previous(connection, asked, traces)
    if previous is None:
        return None
    counted = {"own": run.id, "seed_id": traces[0], "previous": previous}
    listed, shared = _COUNTED.run(connection, counted).one()
    return ListOverlap(run_id=run.id, seed=seed, previous_run_id=previous, listed=listed, shared=shared)


NO_TRACES = (None, None, None, None)
"""Of a list that names no address: one of channels."""


def _previous(connection: Connection, asked: Mapping[str, Any], traces: Sequence[Any]) -> int | None:
    """The last reading before this one, in a run of its kind.

    To look through the source's runs for it, list by list, grows with them. It is nearly always the newest
    that left a trace; where that is one of another kind, where a later run has covered the traces, or where
    there are none at all, it is looked for.
    """
    _, left, again, newest = traces
    candidate = max((number for number in (left, again) if number is not None), default=None)
    whole = newest == asked["own"]
    if whole and candidate is None:
        return None  # read for the first time
    if whole and _IS_READING.run(connection, {**asked, "candidate": candidate}).scalar() is not None:
        return candidate
    found: int | None = _LAST_READING.run(connection, asked).scalar()
    return found


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
