"""Scheduler processes: which live, and since when none has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from storage.database.opening import writing
from storage.frontier.leases import owner_is_dead
from storage.models import SchedulerRow


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulerLife:
    """One scheduler process."""

    owner: str
    started_at: datetime
    beat_at: datetime
    stopped_at: datetime | None

    @property
    def dead(self) -> bool:
        return self.stopped_at is not None or owner_is_dead(self.owner)


def beat(engine: Engine, owner: str, now: datetime) -> None:
    """Say that this scheduler lives."""
    with writing(engine) as session:
        row = session.get(SchedulerRow, owner)
        if row is None:
            session.add(SchedulerRow(owner=owner, started_at=now, beat_at=now))
        else:
            row.beat_at = now


def stopped(engine: Engine, owner: str, now: datetime) -> None:
    """Say that this scheduler ended in order."""
    with writing(engine) as session:
        row = session.get(SchedulerRow, owner)
        if row is not None:
            row.beat_at = row.stopped_at = now


LOOKED_AT = 10
"""Signs of life: more than a clock that was ahead leaves behind."""


def newest_lives(engine: Engine, limit: int = 10) -> list[SchedulerLife]:
    """The schedulers that gave the newest signs of life: those that live, then the others, newest first.

    A dead one whose clock was ahead gave a newer sign than the one that lives.
    """
    newest = select(SchedulerRow).order_by(SchedulerRow.beat_at.desc()).limit(max(limit, LOOKED_AT))
    with Session(engine) as session:
        lives = [
            SchedulerLife(
                owner=row.owner, started_at=row.started_at, beat_at=row.beat_at, stopped_at=row.stopped_at
            )
            for row in session.scalars(newest)
        ]
    return sorted(lives, key=lambda life: life.dead)[:limit]


def down_since(engine: Engine, now: datetime) -> datetime | None:
    """The last sign of life of any scheduler, as far as it is past; None: one lives, or none ever did."""
    lives = newest_lives(engine)
    if not lives or not all(life.dead for life in lives):
        return None
    return max((life.beat_at for life in lives if life.beat_at <= now), default=lives[-1].beat_at)
