"""Unproven ways in that answer nothing of use are asked ever more seldom, as a host that refuses is.

Nothing is kept for it but what each run keeps of its lists anyway: how often in a row a way failed is read
from the visits of the last days, by every process and every later run alike. A list that is left alone ends
blocked, without a request, and such visits count for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Engine, and_, case, func, not_, select

from storage.frontier.rests import REFUSALS_BEFORE_REST, own_rest_s
from storage.ledger.readings import READ
from storage.ledger.ways import proven
from storage.models import RunRow, SeedVisitRow
from storage.models.base import table_of
from storage.records import Outcome, RunMode
from storage.records.runs import RunSettings
from storage.seoul import shown

LEFT_ALONE = "left alone until"
"""How the reason of a list begins whose way rests."""
LOOK_BACK = timedelta(days=14)
"""A way that rests for a day, the longest, is asked more often in it than it takes to rest that long."""

_RUNS, _VISITS = table_of(RunRow), table_of(SeedVisitRow)
_RUN, _VISIT = _RUNS.c, _VISITS.c


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingWay:
    """An unproven way of which no list could be read in the newest runs that asked for any."""

    name: str
    grade: str
    origin: str | None
    """The stand-in that was asked; None: the real site."""
    failures: int
    """Runs in a row."""
    last: datetime
    """When it was asked last."""

    @property
    def until(self) -> datetime | None:
        """Until when it is left alone; None: it has not failed often enough."""
        if self.failures < REFUSALS_BEFORE_REST:
            return None
        return self.last + timedelta(seconds=own_rest_s(self.failures))

    @property
    def why(self) -> str:
        """The reason of a list that is not asked for."""
        assert self.until is not None
        return f"{LEFT_ALONE} {shown(self.until)}: {self.name} failed {self.failures} times in a row"

    def rests(self, now: datetime) -> bool:
        """A moment in the future is that of a clock which has been put back since."""
        return self.until is not None and self.last <= now < self.until

    def __str__(self) -> str:
        until = f"until {shown(self.until)}, " if self.until else ""
        return f"{self.name} ({self.grade}) {until}failed {self.failures} times in a row"


def failing_ways(engine: Engine, source: str, now: datetime) -> list[FailingWay]:
    """The source's unproven ways that failed when they were asked last, by name.

    A list that was not asked for (its host rests, its robots.txt is away) says nothing of its way; nor do the
    lists of past days, which are asked for once.
    """
    visited = groupby(_visits(engine, source, now), _way)
    found = [one for name, visits in visited if (one := _failing(name, list(visits))) is not None]
    known = proven(engine, source, [one.name for one in found])
    return [one for one in found if one.name not in known]


def resting_ways(engine: Engine, source: str, origin: str | None, now: datetime) -> list[FailingWay]:
    """Those that are left alone at ``now`` by a run that asks the real site (None), or a stand-in."""
    return [one for one in failing_ways(engine, source, now) if one.origin == origin and one.rests(now)]


def _way(row: Any) -> str:
    return str(row.way)


def _visits(engine: Engine, source: str, now: datetime) -> Iterator[Any]:
    """What became of each way in each run, the ways by name, the newest run first."""
    unasked = and_(_VISIT.outcome == Outcome.BLOCKED.value, _VISIT.capture_id.is_(None))
    by = (_VISIT.way, _VISIT.run_id, _RUN.settings)
    rows = (
        select(
            *by,
            func.max(_VISIT.grade).label("grade"),
            func.max(_VISIT.at).label("at"),
            func.sum(case((_VISIT.outcome.in_(READ), 1), else_=0)).label("read"),
        )
        .join_from(_VISITS, _RUNS, _RUN.id == _VISIT.run_id)
        .where(_RUN.source == source, _RUN.started_at >= now - LOOK_BACK, _RUN.mode == RunMode.LATEST)
        .where(_VISIT.way.is_not(None), not_(unasked))
        .group_by(*by)
        .order_by(_VISIT.way, _VISIT.run_id.desc())
    )
    with engine.connect() as connection:
        yield from connection.execute(rows).all()


def _failing(name: str, visits: list[Any]) -> FailingWay | None:
    """Of the server that was asked last; None where the way was read there then."""
    origin, newest = RunSettings.from_json(visits[0].settings).origin, visits[0]
    failures = 0
    for one in visits:
        if RunSettings.from_json(one.settings).origin != origin:
            continue
        if one.read:
            break
        failures += 1
    if not failures:
        return None
    return FailingWay(name=name, grade=newest.grade or "", origin=origin, failures=failures, last=newest.at)
