"""The ledger: for each source and day what was listed, what became of it, and what there was to list it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Engine,
    Select,
    and_,
    case,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from storage.ledger.away import refused_with_all
from storage.ledger.overlaps import MOVED_ON
from storage.models import AddressRow, AppearanceRow, ListOverlapRow, RunRow, SlotRow
from storage.records import Outcome, RunMode
from storage.records.runs import RunSettings
from storage.seoul import day_of, day_start, days_between

PENDING = "pending"
OUTCOMES = (*(outcome.value for outcome in Outcome if outcome is not Outcome.KNOWN), PENDING)
"""The columns of the view ``coverage``, whose sum is ``listed``. What is known stands under its last end."""
UNFINISHED = (PENDING, Outcome.FAILED.value, Outcome.BLOCKED.value, Outcome.QUARANTINED.value)
"""Those that gave no article and may yet."""
AS_ALL = ", as was every page then"
"""How the reason of a refusal ends in the ledger that was not meant for the one page: no other page gave an
article either after any of the times that it was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRow:
    """One row of the view ``coverage``."""

    source: str
    day: date
    """Asia/Seoul."""
    section: str | None
    listed: int
    counts: Mapping[str, int]
    """Outcome or ``pending`` -> addresses; only those above zero. ``stored``: an article is stored there,
    whatever the last look found."""


@dataclass(slots=True)
class DayFacts:
    """What happened on one day that could have listed articles."""

    verdicts: dict[str, int] = field(default_factory=dict)
    """Verdict of the runs that started on the day -> runs."""
    slots: dict[str, int] = field(default_factory=dict)
    """State of the slots due on the day -> slots."""
    missed_lists: int = 0
    """Lists that moved on wholly between two readings, of which the day lies between."""
    unfinished: dict[str, dict[str | None, int]] = field(default_factory=dict)
    """End without a result, or ``pending`` -> its reason, None where there is none -> addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """An address without a good end."""

    source: str
    day: date
    """As in the view ``coverage``."""
    url: str
    ended_as: str
    """``pending``, ``failed``, ``blocked`` or ``quarantined``."""
    reason: str | None
    """Ends in ``AS_ALL`` where that is so."""
    kept: bool
    """Its article is stored all the same: an earlier look found it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A run that read lists."""

    run_id: int
    on: date

    def __str__(self) -> str:
        return f"run {self.run_id} on {self.on}"


def coverage_rows(engine: Engine, since: date, until: date) -> list[CoverageRow]:
    """The view ``coverage`` from the first day to the last, both included: an index answers the days."""
    ended_as = case(
        (AppearanceRow.id.is_not(None), Outcome.STORED.value),
        else_=func.coalesce(AddressRow.last_outcome, PENDING),
    )
    columns = (AddressRow.source, AddressRow.day, AddressRow.section, ended_as)
    ends = (
        select(*(column.label(name) for column, name in zip(columns, ENDED_AS, strict=True)))
        .select_from(AddressRow)
        .outerjoin(AppearanceRow, AppearanceRow.address_id == AddressRow.id)
        .where(or_(AddressRow.alias_of_id.is_(None), AddressRow.last_outcome.is_not(None)))
        .where(_on_days(since, until))
        .subquery()
    )
    grouped = select(*ends.c, func.count()).group_by(*ends.c)
    counts: dict[tuple[str, str, str | None], dict[str, int]] = {}
    with Session(engine) as session:
        for source, day, name, end, count in map(tuple, session.execute(grouped)):
            counts.setdefault((source, day, name), {})[end] = count
    return [
        CoverageRow(
            source=source,
            day=date.fromisoformat(day),
            section=name,
            listed=sum(ends.values()),
            counts={end: ends[end] for end in OUTCOMES if end in ends},
        )
        for (source, day, name), ends in sorted(
            counts.items(), key=lambda row: (*row[0][:2], row[0][2] or "")
        )
    ]


ENDED_AS = ("source", "day", "section", "ended_as")


def _on_days(since: date, until: date) -> ColumnElement[bool]:
    """Of the days that the database keeps for each address (storage/query/kept.py), which are indexed."""
    return AddressRow.day.between(since.isoformat(), until.isoformat())


def first_days(engine: Engine) -> dict[str, date]:
    """Source -> the day of its first crawl, from which on its days are expected to have articles.

    Named addresses alone (``newsarchive fetch``) promise no day of a source, nor does a backfill promise the
    days that it asks for: what a site's lists no longer name was never this archive's to lose.
    """
    with Session(engine) as session:
        crawls = RunRow.mode != RunMode.FETCH
        started = select(RunRow.source, func.min(RunRow.started_at)).where(crawls).group_by(RunRow.source)
        return {source: day_of(at) for source, at in session.execute(started)}


def backfilled_since(engine: Engine) -> dict[str, date]:
    """Source -> the earliest day that a backfill asked for."""
    days: dict[str, date] = {}
    backfills = select(RunRow.source, RunRow.settings).where(RunRow.mode == RunMode.BACKFILL)
    with Session(engine) as session:
        for source, settings in session.execute(backfills):
            if since := RunSettings.from_json(settings).since:
                days[source] = min(days.get(source, since), since)
    return days


def _moved_on_between(low: datetime, high: datetime) -> Select[str, datetime, datetime]:
    """Source and the starts of two runs of which the second found a list moved on wholly."""
    run, previous = aliased(RunRow), aliased(RunRow)
    return (
        select(run.source, previous.started_at, run.started_at)
        .join(ListOverlapRow, ListOverlapRow.run_id == run.id)
        .join(previous, previous.id == ListOverlapRow.previous_run_id)
        .where(run.started_at >= low, previous.started_at < high)
        .where(*MOVED_ON)
    )


def unfinished(engine: Engine, since: date, until: date) -> Iterator[Unfinished]:
    """The addresses of the days from the first to the last that have no good end, in order."""
    rows = (
        select(
            AddressRow.id,
            AddressRow.source,
            AddressRow.day,
            AddressRow.url,
            AddressRow.last_outcome,
            AddressRow.last_error,
            AppearanceRow.id,
        )
        .outerjoin(AppearanceRow, AppearanceRow.address_id == AddressRow.id)
        .where(
            or_(
                and_(AddressRow.last_outcome.is_(None), AddressRow.alias_of_id.is_(None)),
                AddressRow.last_outcome.in_(UNFINISHED),
            )
        )
        .where(_on_days(since, until))
        .order_by(AddressRow.id)
    )
    with engine.connect() as connection:
        found = connection.execute(rows).all()
        refused = [row[0] for row in found if row[4] == Outcome.BLOCKED.value]
        with_all = refused_with_all(connection, refused)
    for number, source, day, url, outcome, error, appearance in found:
        yield Unfinished(
            source=source,
            day=date.fromisoformat(str(day)),  # none without one is between two
            url=url,
            ended_as=outcome or PENDING,
            reason=f"{error}{AS_ALL}" if error and number in with_all else error,
            kept=appearance is not None,
        )


def day_facts(engine: Engine, since: date, until: date) -> dict[tuple[str, date], DayFacts]:
    """(source, day) -> runs, slots, lists and open addresses of that day; days without any are not in it."""
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
        for source, began, ended in session.execute(_moved_on_between(low, high)):
            for day in days_between(max(day_of(began), since), min(day_of(ended), until)):
                facts.setdefault((source, day), DayFacts()).missed_lists += 1
    for left in unfinished(engine, since, until):
        of_day = facts.setdefault((left.source, left.day), DayFacts())
        if left.kept:
            continue  # nothing is missing
        ends = of_day.unfinished.setdefault(left.ended_as, {})
        ends[left.reason] = ends.get(left.reason, 0) + 1
    return facts
