"""What the archive itself says of its health."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from storage.models import CaptureRow, RunRow


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


def newest_capture(engine: Engine) -> tuple[datetime, str, int, int] | None:
    """(fetched at, WARC file, offset, length) of the newest capture; None when there is none."""
    newest = select(
        CaptureRow.fetched_at, CaptureRow.warc_file, CaptureRow.warc_offset, CaptureRow.warc_length
    ).order_by(CaptureRow.id.desc())
    with Session(engine) as session:
        row = session.execute(newest.limit(1)).first()
        return None if row is None else (row[0], row[1], row[2], row[3])


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
    newest = select(func.max(RunRow.id)).group_by(RunRow.source, RunRow.mode)
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
