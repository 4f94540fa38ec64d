"""What a clock that was ahead has left: pages whose next look nobody lives to see.

A run under a clock of 2099 finds every page old enough to be left alone, or plans its next look for 2099.
Once the clock is right, each run begins by making such pages due: when they were fetched last is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, Select, func, literal_column, or_, select, union_all, update

from storage.database.opening import writing_rows
from storage.database.present import present_of
from storage.frontier.known import EARLY_LOOK
from storage.models import AddressRow, AddressState, OutcomeRow, RunRow
from storage.models.base import table_of

MARGIN = EARLY_LOOK
"""A clock that was ahead by less has passed over no look."""
LONGEST_RUN = timedelta(days=35)
"""Our choice: so far back a run is looked for whose clock was put ahead under it."""
_FIRST_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
"""The program is no older. A board without a battery begins in 1970: by its clock everything lies ahead."""

_ADDRESSES = table_of(AddressRow)
_ADDRESS, _RUN, _OUTCOME = _ADDRESSES.c, table_of(RunRow).c, table_of(OutcomeRow).c


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """Runs of a source under a clock that was ahead."""

    runs: tuple[int, ...]
    latest: datetime
    """The latest moment at which one of them began or ended."""
    pages: int
    """Pages that they asked and that no run has asked since, nor made due."""


def due_again(engine: Engine, source: str, longest: timedelta, now: datetime | None = None) -> int:
    """Make due what a clock that was ahead has put off; how many pages.

    Args:
        longest: no next look is planned further ahead.
        now: None for the archive's present.
    """
    with writing_rows(engine) as connection:
        now = present_of(connection, now)
        if now < _FIRST_YEAR:
            return 0
        put_off = union_all(_far(source, now + longest + MARGIN), _asked_by(_runs(source, now), now))
        due = update(_ADDRESSES).values(next_fetch_at=now, last_fetched_at=None)
        return connection.execute(due.where(_ADDRESS.id.in_(put_off))).rowcount


def _far(source: str, than: datetime) -> Select[int]:
    settled = _ADDRESS.state == literal_column(f"'{AddressState.SETTLED.value}'")
    return select(_ADDRESS.id).where(_ADDRESS.source == source, settled, _ADDRESS.next_fetch_at > than)


def _asked_by(runs: Select[int], now: datetime) -> Select[int]:
    """What the runs asked and nobody has since; other names of a page are not asked, the page is."""
    asked = _ADDRESS.id.in_(select(_OUTCOME.address_id).where(_OUTCOME.run_id.in_(runs)))
    settled = _ADDRESS.state == AddressState.SETTLED.value
    later = _ADDRESS.last_fetched_at > now + MARGIN
    return select(_ADDRESS.id).where(asked, settled, later, _ADDRESS.alias_of_id.is_(None))


def _runs(source: str, now: datetime) -> Select[int]:
    """The runs that began or ended later than now."""
    later = or_(_RUN.started_at > now + MARGIN, _RUN.finished_at > now + MARGIN)
    return select(_RUN.id).where(_RUN.source == source, _RUN.started_at > now - LONGEST_RUN, later)


def ahead(engine: Engine, source: str, now: datetime) -> Ahead | None:
    """The runs of a source that a clock ahead of ``now`` has dated; None where there are none, and by
    a clock that is far behind itself."""
    if now < _FIRST_YEAR:
        return None
    theirs = _runs(source, now)
    until = select(_RUN.id, func.coalesce(_RUN.finished_at, _RUN.started_at)).where(_RUN.id.in_(theirs))
    pages = select(func.count()).select_from(_asked_by(theirs, now).subquery())
    with engine.connect() as connection:
        runs = {row[0]: row[1] for row in connection.execute(until)}
        if not runs:
            return None
        left = connection.scalar(pages) or 0
    return Ahead(runs=tuple(sorted(runs)), latest=max(runs.values()), pages=left)
