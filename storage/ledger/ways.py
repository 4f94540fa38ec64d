"""The unproven ways in: which were used, and whether a real answer of each was ever read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from storage.models import RunRow, SeedVisitRow
from storage.models.base import table_of
from storage.records import Outcome, RunMode, Verdict
from storage.records.runs import RunSettings

# Asked with every crawl by tables, not by objects: that takes a third.
_RUNS, _VISITS = table_of(RunRow), table_of(SeedVisitRow)
_RUN, _VISIT = _RUNS.c, _VISITS.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way in that rests on others' word."""

    source: str
    name: str
    grade: str
    last: Outcome
    """What its newest list came to, or the newest of those that are ``odd``."""
    reason: str
    odd: int
    """Lists of it that the same run got another page for, or none: quarantined or gone."""
    lists: int
    """Lists of it that the same run asked for."""

    def __str__(self) -> str:
        return f"{self.name} ({self.grade})"


def unproven(engine: Engine, source: str | None = None, run_id: int | None = None) -> list[Way]:
    """The ways that were used and of which no list was read from the real site, by name.

    What a stand-in (``--origin``) answers proves nothing.

    Args:
        run_id: only those that this run used.
    """
    newest = select(func.max(_VISIT.id)).where(_VISIT.way.is_not(None))
    if run_id is not None:
        newest = newest.where(_VISIT.run_id == run_id)
    used = (
        select(*_TOLD, _RUN.source)
        .join_from(_VISITS, _RUNS, _RUN.id == _VISIT.run_id)
        .where(_VISIT.id.in_(newest.group_by(_VISIT.way)))
    )
    if source is not None:
        used = used.where(_RUN.source == source)
    with engine.connect() as connection:
        visits = connection.execute(used.order_by(_VISIT.way)).all()
        return [_way(connection, one) for one in visits if not _is_proven(connection, one.source, one.way)]


_TOLD = (_VISIT.run_id, _VISIT.way, _VISIT.grade, _VISIT.outcome, _VISIT.reason)


def _way(connection: Connection, newest: Any) -> Way:
    """The way of a visit; of several lists it tells the newest that is odd, where one is."""
    of_way = (_VISIT.run_id == newest.run_id, _VISIT.way == newest.way)
    visits = connection.execute(select(*_TOLD).where(*of_way).order_by(_VISIT.id)).all()
    odd = [visit for visit in visits if visit.outcome in ODD]
    shown = odd[-1] if odd else newest
    return Way(
        source=newest.source,
        name=newest.way or "",
        grade=newest.grade or "",
        last=Outcome(shown.outcome),
        reason=shown.reason,
        odd=len(odd),
        lists=len(visits),
    )


ODD = (Outcome.QUARANTINED.value, Outcome.GONE.value)
"""Answers that say something of the way: of a site that is down, or refuses all, each list says the same."""


def proven(engine: Engine, source: str, names: Iterable[str]) -> set[str]:
    """Those of the source's ways of which a list was read from the real site."""
    with engine.connect() as connection:
        return {name for name in names if _is_proven(connection, source, name)}


def _is_proven(connection: Connection, source: str, name: str) -> bool:
    """Walked from the newest run on: the last poll proves most ways, whatever years are behind it."""
    stand_ins: list[str] = []
    while True:
        told = {"of_source": source, "name": name, "stand_ins": stand_ins}
        settings = connection.execute(_NEWEST_READ, told).scalar()
        if settings is None or RunSettings.from_json(settings).origin is None:
            return settings is not None
        stand_ins.append(settings)  # runs of the same settings prove no more


_NEWEST_READ = (
    select(_RUN.settings)
    .join_from(_VISITS, _RUNS, _VISIT.run_id == _RUN.id)
    .where(_RUN.source == bindparam("of_source"), _VISIT.way == bindparam("name"))
    # As the index ix_seed_visit_proves has it: a value that is bound is not known to be its.
    .where(_VISIT.outcome == literal_column("'stored'"), _VISIT.listed > literal_column("0"))
    .where(_RUN.settings.not_in(bindparam("stand_ins", expanding=True)))
    .order_by(_VISIT.run_id.desc())
    .limit(1)
)


def told(ways: Iterable[Way]) -> str:
    """The ways in one line, those of one grade together, and what was wrong with what they answered."""
    alike: dict[tuple[str, str], list[str]] = {}
    for way in ways:
        some = f" {way.odd} of {way.lists} lists are none, the newest" if way.odd < way.lists else ""
        what = f"{some} {way.last.value}: {way.reason}" if way.odd else ""
        alike.setdefault((way.grade, what), []).append(way.name)
    return ", ".join(f"{', '.join(names)} ({grade}){what}" for (grade, what), names in alike.items())


# --- where a backfill was left --------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A list that an interrupted backfill of the same days has read, or begun."""

    run_id: int
    listed: int
    next_url: str | None
    """Where it goes on; None: it was read whole."""


def left_by_interrupted(engine: Engine, run_id: int) -> Mapping[str, Left]:
    """List -> what the interrupted backfills of the same days, right before this run, have of it."""
    visits: dict[str, Left] = {}
    with Session(engine) as session:
        run = session.get_one(RunRow, run_id)
        days = _days(run)
        earlier = (
            select(RunRow)
            .where(RunRow.source == run.source, RunRow.mode == RunMode.BACKFILL.value, RunRow.id < run.id)
            .order_by(RunRow.id.desc())
        )
        for before in session.scalars(earlier):
            if _days(before) != days:
                continue
            if before.verdict not in (Verdict.INTERRUPTED.value, None):
                break
            for visit in session.scalars(select(SeedVisitRow).where(SeedVisitRow.run_id == before.id)):
                if visit.outcome in (Outcome.STORED.value, Outcome.UNCHANGED.value):
                    left = Left(run_id=before.id, listed=visit.listed, next_url=visit.next_url)
                    visits.setdefault(visit.seed, left)
    return visits


def _days(run: RunRow) -> tuple[date | None, date | None]:
    settings = RunSettings.from_json(run.settings)
    return settings.since, settings.until
