"""Worker processes of every machine: which live, what each crawls, when it was last heard, its clock."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from storage.database.opening import writing
from storage.database.present import present
from storage.frontier.leases import owner_lives, place_of
from storage.models import SlotRow, WorkerRow
from storage.seoul import shown

SILENT_AFTER_S = 60.0
"""Six beats of ten seconds: our choice, as long as a crawl's lease."""
FORGOTTEN_AFTER = timedelta(days=1)
"""How long a worker that ended is still shown; our choice."""

OWN_NAME = "give each its own (NEWSARCHIVE_MACHINE): numbers for Prometheus tell them apart by nothing else"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """What a worker process says of itself."""

    owner: str
    machine: str
    queues: Sequence[str]
    """Empty: every queue."""
    concurrency: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerLife:
    """One worker process as the archive knows it."""

    worker: Worker
    started_at: datetime
    beat_at: datetime
    stopped_at: datetime | None
    clock_ahead_s: float
    crawling: Sequence[str]
    """``daum latest since 2026-11-26 13:01``: each slot that it crawls; the time is Seoul's."""
    silent_s: float
    """Seconds since it was last heard, by the archive's clock."""

    @property
    def state(self) -> str:
        """``lives``, ``stopped`` (in order), ``dead`` (seen from here), or ``silent`` (not heard in time)."""
        if self.stopped_at is not None:
            return "stopped"
        if owner_lives(self.worker.owner) is False:
            return "dead"
        return "silent" if self.silent_s > SILENT_AFTER_S else "lives"


def beat(engine: Engine, worker: Worker, clock_ahead_s: float, crawling: Collection[int]) -> None:
    """Say that this worker lives, how its machine's clock differs, and which slots it crawls."""
    with writing(engine) as session:
        now, row = present(session), session.get(WorkerRow, worker.owner)
        if row is None:
            row = WorkerRow(
                owner=worker.owner,
                machine=worker.machine,
                queues=",".join(worker.queues),
                concurrency=worker.concurrency,
                started_at=now,
            )
            session.add(row)
        row.beat_at, row.clock_ahead_s, row.crawling = now, clock_ahead_s, json.dumps(sorted(crawling))


def stopped(engine: Engine, owner: str) -> None:
    """Say that this worker ended in order."""
    with writing(engine) as session:
        row = session.get(WorkerRow, owner)
        if row is not None:
            row.beat_at = row.stopped_at = present(session)
            row.crawling = "[]"


def worker_lives(engine: Engine) -> list[WorkerLife]:
    """The workers that live or were heard within a day, the machines in the order of their names."""
    with Session(engine) as session:
        now = present(session)
        heard = select(WorkerRow).where(WorkerRow.beat_at > now - FORGOTTEN_AFTER)
        rows = session.scalars(heard.order_by(WorkerRow.machine, WorkerRow.started_at)).all()
        slots = {number for row in rows for number in json.loads(row.crawling)}
        names = {row.id: _named(row) for row in session.scalars(select(SlotRow).where(SlotRow.id.in_(slots)))}
        return [_life(row, names, now) for row in rows]


def shared_names(lives: Collection[WorkerLife]) -> dict[str, list[str]]:
    """Name -> the hosts of the living workers that share it, where they run on several machines."""
    places: dict[str, dict[tuple[str, str], None]] = {}
    for life in lives:
        if life.state == "lives":
            places.setdefault(life.worker.machine, {})[place_of(life.worker.owner)] = None
    return {name: [host for host, _ in found] for name, found in places.items() if len(found) > 1}


def _named(slot: SlotRow) -> str:
    since = f" since {shown(slot.started_at)}" if slot.started_at else ""
    return f"{slot.source} {slot.mode}{since}"


def _life(row: WorkerRow, names: dict[int, str], now: datetime) -> WorkerLife:
    return WorkerLife(
        worker=Worker(
            owner=row.owner,
            machine=row.machine,
            queues=tuple(filter(None, row.queues.split(","))),
            concurrency=row.concurrency,
        ),
        started_at=row.started_at,
        beat_at=row.beat_at,
        stopped_at=row.stopped_at,
        clock_ahead_s=row.clock_ahead_s,
        crawling=[names[number] for number in json.loads(row.crawling) if number in names],
        silent_s=(now - row.beat_at).total_seconds(),
    )
