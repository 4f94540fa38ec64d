"""Which lists were read when, and which may not be read: what is known of a source's ways into past days."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, Select, func, select
from sqlalchemy.orm import Session

from storage.ledger.days import Reading
from storage.models import AddressRow, RunRow, SeedVisitRow
from storage.models.base import table_of
from storage.records import Outcome, RunMode, Verdict
from storage.seoul import day_of, day_start

READ = (Outcome.STORED.value, Outcome.UNCHANGED.value)
READ_LISTS = (RunMode.LATEST, RunMode.BACKFILL, RunMode.FILL)
"""Modes whose runs read lists."""
BATCH = 500
"""Values in one IN list: SQLite takes 32,766, and short statements are cached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The newest run that asked for lists and was refused all of them."""

    reading: Reading
    reason: str


def refusal_of(engine: Engine, source: str, kinds: Collection[str]) -> Refusal | None:
    """Whether the newest run that asked for any list of these kinds was refused each of them."""
    asked = SeedVisitRow.run_id == RunRow.id, SeedVisitRow.kind.in_(kinds)
    newest = (
        select(RunRow)
        .where(RunRow.source == source, select(SeedVisitRow.id).where(*asked).exists())
        .order_by(RunRow.id.desc())
        .limit(1)
    )
    with Session(engine) as session:
        run = session.scalar(newest)
        if run is None:
            return None
        visits = session.scalars(
            select(SeedVisitRow).where(SeedVisitRow.run_id == run.id, SeedVisitRow.kind.in_(kinds))
        ).all()
        if any(visit.outcome != Outcome.BLOCKED.value for visit in visits):
            return None
        reading = Reading(run_id=run.id, on=day_of(run.started_at))
        return Refusal(reading=reading, reason=visits[0].reason)


def readings_of_days(
    engine: Engine, source: str, seeds_of: Mapping[date, frozenset[str]]
) -> dict[date, Reading]:
    """Day -> the newest whole run that read all lists of that day again after it was over.

    Args:
        seeds_of: day -> the addresses of its lists, which are of that day alone.
    """
    if not seeds_of:
        return {}
    runs = _whole_runs(source).where(
        RunRow.mode.in_((RunMode.BACKFILL, RunMode.FILL)), RunRow.started_at >= day_start(min(seeds_of))
    )
    found: dict[date, Reading] = {}
    with Session(engine) as session:
        for run in session.scalars(runs.order_by(RunRow.id)):
            read = _read_in(session, run.id)
            over = day_of(run.started_at)
            for day, seeds in seeds_of.items():
                if day < over and seeds and seeds <= read:
                    found[day] = Reading(run_id=run.id, on=over)
    return found


def newest_reading(engine: Engine, source: str, seeds: frozenset[str]) -> Reading | None:
    """The newest whole run that read all of these lists that could be read, and failed at none."""
    runs = _whole_runs(source).order_by(RunRow.id.desc()).limit(RUNS_LOOKED_AT)
    with Session(engine) as session:
        for run in session.scalars(runs.where(RunRow.mode.in_(READ_LISTS))):
            visits = dict(
                session.execute(
                    select(SeedVisitRow.seed, SeedVisitRow.outcome).where(SeedVisitRow.run_id == run.id)
                ).all()
            )
            ends = {visits.get(seed) for seed in seeds}
            if ends & set(READ) and not ends & {None, Outcome.FAILED.value}:
                return Reading(run_id=run.id, on=day_of(run.started_at))
    return None


RUNS_LOOKED_AT = 20
"""Our choice: one that read its lists is among so many, or the source is ill and nothing is known of it."""


def closed_lists(engine: Engine, source: str, run_id: int) -> list[str]:
    """The lists that refused a run and that an earlier one in mode ``latest`` could read."""
    runs, visits = table_of(RunRow), table_of(SeedVisitRow)
    run, visit, earlier = runs.c, visits.c, visits.alias("earlier")
    read_before = (
        select(earlier.c.id)
        .join_from(earlier, runs, run.id == earlier.c.run_id)
        .where(run.source == source, run.mode == RunMode.LATEST, run.id < run_id)
        .where(earlier.c.seed == visit.seed, earlier.c.outcome.in_(READ))
    )
    refused = select(visit.seed).where(
        visit.run_id == run_id, visit.outcome == Outcome.BLOCKED.value, read_before.exists()
    )
    with engine.connect() as connection:
        return list(connection.scalars(refused.order_by(visit.id)))


def lists_in_vain(engine: Engine, source: str) -> set[str]:
    """Lists of past days that could not be read when they were asked last: no answer, or not understood.

    A refused list is not among them: it is not this archive's to read.
    """
    visits = (
        select(SeedVisitRow.seed, SeedVisitRow.outcome)
        .join(RunRow, RunRow.id == SeedVisitRow.run_id)
        .where(RunRow.source == source, RunRow.mode.in_((RunMode.BACKFILL, RunMode.FILL)))
        .order_by(RunRow.id)
    )
    with Session(engine) as session:
        newest = dict(session.execute(visits).all())
    return {seed for seed, outcome in newest.items() if outcome in IN_VAIN}


IN_VAIN = (Outcome.FAILED.value, Outcome.QUARANTINED.value)


def unread_since(
    engine: Engine, source: str, mode: str, since: datetime, seeds: Collection[str]
) -> dict[str, str] | None:
    """List -> why the newest run of the mode did not read it; None where none has started since then."""
    newest = select(func.max(RunRow.id)).where(
        RunRow.source == source, RunRow.mode == mode, RunRow.started_at >= since
    )
    visits = select(SeedVisitRow.seed, SeedVisitRow.outcome, SeedVisitRow.reason)
    with Session(engine) as session:
        run_id = session.scalar(newest)
        if run_id is None:
            return None
        asked = {
            seed: (end, why)
            for seed, end, why in session.execute(visits.where(SeedVisitRow.run_id == run_id))
        }
    unread = {seed: asked.get(seed, (None, "not asked for")) for seed in seeds}
    return {seed: why for seed, (end, why) in unread.items() if end not in READ}


def _whole_runs(source: str) -> Select[RunRow]:
    return select(RunRow).where(
        RunRow.source == source, RunRow.verdict.is_not(None), RunRow.verdict != Verdict.INTERRUPTED.value
    )


def _read_in(session: Session, run_id: int) -> set[str]:
    visits = select(SeedVisitRow.seed).where(SeedVisitRow.run_id == run_id, SeedVisitRow.outcome.in_(READ))
    return set(session.scalars(visits))


def ended_among(engine: Engine, urls: Collection[str]) -> set[str]:
    """Those of the addresses that need no fetch: they have an end other than failed, or are aliases."""
    wanted, found = list(urls), set()
    ended = AddressRow.last_outcome.is_not(None) & (AddressRow.last_outcome != Outcome.FAILED.value)
    with Session(engine) as session:
        for start in range(0, len(wanted), BATCH):
            known = select(AddressRow.url).where(AddressRow.url.in_(wanted[start : start + BATCH]))
            found |= set(session.scalars(known.where(ended | AddressRow.alias_of_id.is_not(None))))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyList:
    """A list that was understood and named nothing."""

    seed: str
    readings: int
    """How often it was read before, up to READINGS_LOOKED_AT times."""
    full: int
    """How often of these it named something."""
    seldom: bool
    """It was empty before, and named something again: nothing is wrong with it."""

    def __str__(self) -> str:
        if not self.full:
            return f"{self.seed} (it has never named anything)"
        return f"{self.seed} (it named something in {self.full} of {self.readings} readings before)"


READINGS_LOOKED_AT = 500
"""Three weeks of a poll each hour, our choice."""


def empty_list(engine: Engine, source: str, run_id: int, seed: str) -> EmptyList:
    """What earlier runs in mode ``latest`` found in a list that is empty now."""
    earlier = (
        select(SeedVisitRow.listed)
        .join(RunRow, RunRow.id == SeedVisitRow.run_id)
        .where(RunRow.source == source, RunRow.mode == RunMode.LATEST, RunRow.id < run_id)
        .where(SeedVisitRow.seed == seed, SeedVisitRow.outcome.in_(READ))
        .order_by(RunRow.id.desc())
        .limit(READINGS_LOOKED_AT)
    )
    with Session(engine) as session:
        listed = list(session.scalars(earlier))
    full = [index for index, count in enumerate(listed) if count]
    # Those newer than its last full reading are the same silence; one between two full ones is a habit.
    seldom = bool(full) and any(not count for count in listed[full[0] : full[-1]])
    return EmptyList(seed=seed, readings=len(listed), full=len(full), seldom=seldom)
