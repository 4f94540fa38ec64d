"""How politely the hosts were asked: from the captures, each of which is one answered request."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from storage.models import CaptureRow, RunRow
from storage.records.runs import RunSettings

MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class HostHour:
    """One host in one hour."""

    host: str
    hour: datetime
    """Its first moment, UTC."""
    requests: int = 0
    bytes: int = 0
    not_modified: int = 0
    refused: int = 0
    """Answers 403, 429 and 503: the host asks for less."""
    peak_minute: int = 0
    """Most requests in any 60 seconds that end in this hour."""
    closest_s: float | None = None
    """Least seconds between two answers; None with one."""
    runs: set[int] = field(default_factory=set)
    delay_s: float | None = None
    """Longest wait promised for all runs of the hour: the least of their delays; None: not recorded."""

    @property
    def not_modified_share(self) -> float:
        return self.not_modified / self.requests if self.requests else 0.0

    @property
    def mean_per_minute(self) -> float:
        return self.requests / 60

    @property
    def ceiling_per_minute(self) -> float | None:
        """The most that the declared delay allows; None: no delay was declared (a server of our own)."""
        return 60 / self.delay_s if self.delay_s else None

    @property
    def kept(self) -> bool | None:
        """Whether the ceiling was kept; None without one."""
        ceiling = self.ceiling_per_minute
        return None if ceiling is None else self.peak_minute <= ceiling + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPromise:
    """What one run said of itself."""

    run_id: int
    source: str
    user_agent: str | None
    delay_s: float | None
    permission: str | None
    """What the operator recorded of a permission, None when none was needed."""
    requests: int
    answered: int


def host_hours(engine: Engine, since: datetime, until: datetime) -> list[HostHour]:
    """Each host and hour with a request in ``[since, until)``, by host, then by hour."""
    rows = (
        select(
            CaptureRow.url,
            CaptureRow.fetched_at,
            CaptureRow.payload_length,
            CaptureRow.http_status,
            CaptureRow.run_id,
        )
        .where(CaptureRow.fetched_at >= since, CaptureRow.fetched_at < until)
        .order_by(CaptureRow.fetched_at, CaptureRow.id)
    )
    found: dict[tuple[str, datetime], HostHour] = {}
    lately: dict[str, deque[datetime]] = {}
    with Session(engine) as session:
        delays = _delays(session, since)
        for url, at, size, status, run in session.execute(rows.execution_options(yield_per=5000)):
            host = urlsplit(url).hostname or ""
            hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
            one = found.setdefault((host, hour), HostHour(host=host, hour=hour))
            _count(one, at, size, status, lately.setdefault(host, deque()))
            one.runs.add(run)
            if (delay := delays.get(run)) is not None:
                one.delay_s = delay if one.delay_s is None else min(one.delay_s, delay)
    return [found[key] for key in sorted(found)]


def _count(one: HostHour, at: datetime, size: int, status: int, lately: deque[datetime]) -> None:
    one.requests += 1
    one.bytes += size
    one.not_modified += status == 304
    one.refused += status in (403, 429, 503)
    if lately:
        gap = (at - lately[-1]).total_seconds()
        one.closest_s = gap if one.closest_s is None else min(one.closest_s, gap)
    lately.append(at)
    while lately[0] <= at - MINUTE:
        lately.popleft()
    one.peak_minute = max(one.peak_minute, len(lately))


def _delays(session: Session, since: datetime) -> dict[int, float]:
    """Run -> the delay that it declared, seconds."""
    alive = func.coalesce(RunRow.finished_at, RunRow.started_at) >= since
    unfinished = RunRow.finished_at.is_(None)
    runs = session.execute(select(RunRow.id, RunRow.settings).where(alive | unfinished)).all()
    known = ((row.id, RunSettings.from_json(row.settings).delay_s) for row in runs)
    return {run: delay for run, delay in known if delay is not None}


def run_promises(engine: Engine, runs: Iterable[int]) -> list[RunPromise]:
    """What these runs said of themselves, and how many of their requests were answered."""
    answered = (
        (select(func.count()).select_from(CaptureRow).where(CaptureRow.run_id == RunRow.id))
        .correlate(RunRow)
        .scalar_subquery()
    )
    rows = select(RunRow, answered).where(RunRow.id.in_(list(runs))).order_by(RunRow.id)
    with Session(engine) as session:
        return [_promise(run, count) for run, count in session.execute(rows)]


def _promise(run: RunRow, answered: int) -> RunPromise:
    settings = RunSettings.from_json(run.settings)
    return RunPromise(
        run_id=run.id,
        source=run.source,
        user_agent=settings.user_agent,
        delay_s=settings.delay_s,
        permission=settings.permission,
        requests=answered if run.requests is None else run.requests,
        answered=answered,
    )
