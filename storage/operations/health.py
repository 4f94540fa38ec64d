"""What the archive itself says of its health."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, func, select, true
from sqlalchemy.orm import Session

from storage.frontier.captures import warc_place
from storage.models import CaptureRow, RunRow
from storage.records import Verdict, WarcPlace
from storage.records.runs import RunSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsAnswer:
    """The newest answer to a request for a robots.txt."""

    url: str
    http_status: int
    fetched_at: datetime


def robots_answers(engine: Engine) -> list[RobotsAnswer]:
    """The newest captured answer of each robots.txt, by address."""
    newest = (
        select(func.max(CaptureRow.id)).where(CaptureRow.url.like("%/robots.txt")).group_by(CaptureRow.url)
    )
    rows = select(CaptureRow).where(CaptureRow.id.in_(newest)).order_by(CaptureRow.url)
    with Session(engine) as session:
        return [
            RobotsAnswer(url=row.url, http_status=row.http_status, fetched_at=row.fetched_at)
            for row in session.scalars(rows)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSign:
    """One run as the doctor looks at it."""

    id: int
    source: str
    mode: str
    owner: str
    started_at: datetime
    finished_at: datetime | None
    verdict: str | None
    reason: str | None


def newest_runs(engine: Engine) -> list[RunSign]:
    """The newest run of each source and mode, unfinished ones included."""
    return _newest(engine, true())


def newest_ended_runs(engine: Engine) -> list[RunSign]:
    """The newest run of each source and mode that came to its end, well or ill: none that was broken off.

    A run that ``db rebuild`` made has an end and no verdict.
    """
    broken_off = func.coalesce(RunRow.verdict, "") == Verdict.INTERRUPTED.value
    return _newest(engine, RunRow.finished_at.is_not(None) & ~broken_off)


def _newest(engine: Engine, which: ColumnElement[bool]) -> list[RunSign]:
    newest = select(func.max(RunRow.id)).where(which).group_by(RunRow.source, RunRow.mode)
    rows = select(RunRow).where(RunRow.id.in_(newest)).order_by(RunRow.source, RunRow.mode)
    with Session(engine) as session:
        return [
            RunSign(
                id=run.id,
                source=run.source,
                mode=run.mode,
                owner=run.owner,
                started_at=run.started_at,
                finished_at=run.finished_at,
                verdict=run.verdict,
                reason=run.reason,
            )
            for run in session.scalars(rows)
        ]


def runs_between(engine: Engine, behind: RunSign | None, before: RunSign) -> int:
    """How many runs of a run's source and mode were begun behind one of them (None: ever) and before it."""
    of_kind = (RunRow.source == before.source, RunRow.mode == before.mode)
    between = (RunRow.id > (behind.id if behind else 0), RunRow.id < before.id)
    with Session(engine) as session:
        return session.scalar(select(func.count()).where(*of_kind, *between)) or 0


def sample_captures(engine: Engine, count: int, turn: int) -> list[SampledCapture]:
    """Captures spread evenly over the age of the archive, the newest first; each found by its number.

    Args:
        count: at most so many.
        turn: shifts the places between one look and the next, so that many looks see many captures.
    """
    with Session(engine) as session:
        low = session.scalar(select(func.min(CaptureRow.id)))
        high = session.scalar(select(func.max(CaptureRow.id)))
        if low is None or high is None:
            return []
        step = max(1, (high - low) // count)
        wanted = {high, *range(low + turn % step, high, step)}
        found: dict[int, SampledCapture] = {}
        for number in sorted(wanted, reverse=True)[: count + 1]:
            nearest = select(CaptureRow).where(CaptureRow.id >= number).order_by(CaptureRow.id).limit(1)
            row = session.scalar(nearest)
            if row is not None and row.cut_at is None:
                found[row.id] = _sampled(row)
    return list(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledCapture:
    """One capture as the doctor reads it back."""

    id: int
    url: str
    fetched_at: datetime
    place: WarcPlace


def _sampled(row: CaptureRow) -> SampledCapture:
    return SampledCapture(id=row.id, url=row.url, fetched_at=row.fetched_at, place=warc_place(row))


def was_played(engine: Engine, capture_id: int) -> bool:
    """Whether a capture's answer came from a server in the site's place (``--origin``), a twin perhaps."""
    of_run = select(RunRow.settings).join(CaptureRow, CaptureRow.run_id == RunRow.id)
    with Session(engine) as session:
        settings = session.scalar(of_run.where(CaptureRow.id == capture_id))
    return settings is not None and RunSettings.from_json(settings).origin is not None


def last_good_runs(engine: Engine) -> dict[str, datetime]:
    """Source -> the start of its newest run that read or asked what it should, healthy or not quite."""
    good = RunRow.verdict.in_((Verdict.HEALTHY.value, Verdict.DEGRADED.value))
    newest = select(RunRow.source, func.max(RunRow.started_at)).where(good).group_by(RunRow.source)
    with Session(engine) as session:
        return {source: at for source, at in session.execute(newest) if at is not None}
