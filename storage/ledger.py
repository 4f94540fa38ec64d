"""The ledger: for each source and day what was listed, what became of it, and what there was to list it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from storage.models import AppearanceRow, DiscoveryRow, ListOverlapRow, RunRow, SlotRow
from storage.overlaps import MOVED_ON
from storage.records import Outcome, Verdict
from storage.seoul import SEOUL

PENDING = "pending"
OUTCOMES = (*(outcome.value for outcome in Outcome), PENDING)
"""The columns of the view ``coverage``, whose sum is ``listed``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRow:
    """One row of the view ``coverage``."""

    source: str
    day: date
    """Asia/Seoul."""
    section: str | None
    listed: int
    counts: Mapping[str, int]
    """Outcome or ``pending`` -> addresses; only those above zero."""


@dataclass(slots=True)
class DayFacts:
    """What happened on one day that could have listed articles."""

    verdicts: dict[str, int] = field(default_factory=dict)
    """Verdict of the runs that started on the day -> runs."""
    slots: dict[str, int] = field(default_factory=dict)
    """State of the slots due on the day -> slots."""
    missed_lists: int = 0
    """Lists read on the day that shared nothing with their last reading."""


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


def day_of(instant: datetime) -> date:
    """The day in Asia/Seoul."""
    return instant.astimezone(SEOUL).date()


def day_start(day: date) -> datetime:
    """Its first moment in Asia/Seoul."""
    return datetime.combine(day, time(), SEOUL).astimezone(UTC)


def coverage_rows(engine: Engine, since: date, until: date) -> list[CoverageRow]:
    """The view ``coverage`` from the first day to the last, both included."""
    columns = ", ".join(OUTCOMES)
    rows = text(
        f"SELECT source, day, section, listed, {columns} FROM coverage "  # noqa: S608 our own column names
        "WHERE day >= :since AND day <= :until ORDER BY source, day, section"
    )
    with Session(engine) as session:
        found = session.execute(rows, {"since": since.isoformat(), "until": until.isoformat()})
        return [
            CoverageRow(
                source=source,
                day=date.fromisoformat(day),
                section=section,
                listed=int(listed),
                counts={name: int(n) for name, n in zip(OUTCOMES, counts, strict=True) if n},
            )
            for source, day, section, listed, *counts in found
        ]


def first_days(engine: Engine) -> dict[str, date]:
    """Source -> the day of its first run, or of its oldest backfill where that lies before."""
    with Session(engine) as session:
        started = select(RunRow.source, func.min(RunRow.started_at)).group_by(RunRow.source)
        days = {source: day_of(at) for source, at in session.execute(started)}
        backfills = select(RunRow.source, RunRow.settings).where(RunRow.mode == "backfill")
        for source, settings in session.execute(backfills):
            since = json.loads(settings).get("since")
            if since:
                days[source] = min(days[source], date.fromisoformat(since))
    return days


def day_facts(engine: Engine, since: date, until: date) -> dict[tuple[str, date], DayFacts]:
    """(source, day) -> runs, slots and lists of that day; days without any are not in it."""
    facts: dict[tuple[str, date], DayFacts] = {}
    low, high = day_start(since), day_start(until + timedelta(days=1))
    with Session(engine) as session:
        runs = select(RunRow.source, RunRow.started_at, RunRow.verdict).where(
            RunRow.started_at >= low, RunRow.started_at < high
        )
        for source, at, verdict in session.execute(runs):
            one = facts.setdefault((source, day_of(at)), DayFacts()).verdicts
            one[verdict or "running"] = one.get(verdict or "running", 0) + 1
        slots = select(SlotRow.source, SlotRow.due_at, SlotRow.state).where(
            SlotRow.due_at >= low, SlotRow.due_at < high
        )
        for source, at, state in session.execute(slots):
            states = facts.setdefault((source, day_of(at)), DayFacts()).slots
            states[state] = states.get(state, 0) + 1
        missed = (
            select(RunRow.source, RunRow.started_at)
            .join(ListOverlapRow, ListOverlapRow.run_id == RunRow.id)
            .where(RunRow.started_at >= low, RunRow.started_at < high)
            .where(*MOVED_ON)
        )
        for source, at in session.execute(missed):
            facts.setdefault((source, day_of(at)), DayFacts()).missed_lists += 1
    return facts


def memory_of(engine: Engine, source: str) -> Memory | None:
    """How far back the source's lists went at the newest finished backfill; None when there was none."""
    backfills = (
        select(RunRow)
        .where(RunRow.source == source, RunRow.mode == "backfill", RunRow.verdict.is_not(None))
        .where(RunRow.verdict != Verdict.INTERRUPTED.value)
        .order_by(RunRow.id.desc())
    )
    with Session(engine) as session:
        for run in session.scalars(backfills):
            since = json.loads(run.settings).get("since")
            oldest = _oldest_listed(session, run.id, date.fromisoformat(since)) if since else None
            if oldest is not None:
                return Memory(
                    run_id=run.id,
                    seen_on=day_of(run.started_at),
                    asked_since=date.fromisoformat(since),
                    oldest=oldest,
                )
    return None


def _oldest_listed(session: Session, run_id: int, since: date) -> date | None:
    """The oldest day, not before ``since``, of what a run's lists named."""
    published = func.coalesce(AppearanceRow.published_at, DiscoveryRow.time_hint)
    oldest = (
        select(published)
        .select_from(DiscoveryRow)
        .outerjoin(AppearanceRow, AppearanceRow.address_id == DiscoveryRow.address_id)
        .where(DiscoveryRow.run_id == run_id, published >= day_start(since))
        .order_by(published)
        .limit(1)
    )
    at = session.scalar(oldest)
    return None if at is None else day_of(at)
