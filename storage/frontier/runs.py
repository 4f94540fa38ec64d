"""Runs: opened, closed, and what became of their seeds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from storage.database.by_key import row_of
from storage.database.opening import writing_rows
from storage.database.prepared import Prepared
from storage.database.present import present_of
from storage.database.upsert import insert_missing_rows
from storage.frontier.leases import owner_lives
from storage.models import (
    AddressRow,
    AddressState,
    CaptureRow,
    LeaseRow,
    OutcomeRow,
    RunRow,
    SeedVisitRow,
    SourceRow,
)
from storage.models.base import table_of
from storage.records import SCHEDULED, Outcome, RunMode, Verdict
from storage.records.runs import RunSettings, RunSummary, SeedVisit

_BY_LEASE = frozenset({*SCHEDULED, RunMode.FILL})
"""Crawls, of which a source has one at a time; named addresses are fetched beside it."""
INTERRUPTED = "the process ended without closing the run"

# A crawl's first and last statements: by tables, not by objects, which is two thirds of what they cost.
_RUNS, _SOURCES = table_of(RunRow), table_of(SourceRow)
_RUN, _CAPTURE, _OUTCOME = _RUNS.c, table_of(CaptureRow).c, table_of(OutcomeRow).c


def register_source(engine: Engine, name: str, title: str | None, homepage: str | None) -> None:
    """Keep what a source declares of itself; the newest declaration wins."""
    with writing_rows(engine) as connection:
        make_source(connection, name)
        source = _SOURCES.c
        declared = update(_SOURCES).where(source.name == name).values(title=title, homepage=homepage)
        connection.execute(declared)


def ensure_source(session: Session, name: str) -> None:
    """Make the source's row when there is none."""
    make_source(session.connection(), name)


def make_source(connection: Connection, name: str) -> None:
    """The same on a connection, without a session."""
    insert_missing_rows(connection, SourceRow, [{"name": name, "title": None, "homepage": None}])


def open_run(
    engine: Engine,
    source: str,
    mode: str,
    owner: str,
    now: datetime,
    settings: RunSettings,
    slot: datetime | None = None,
    *,
    alone: bool = False,
) -> int:
    """Open a run and give its number; close the source's runs whose process is dead as interrupted.

    Args:
        alone: the opener holds the source's crawl lease: a crawl of it by a process that cannot be seen
            from here (another machine's) has lost that lease, and is over as well.
    """
    opened = {
        "source": source,
        "mode": mode,
        "slot": slot,
        "owner": owner,
        "started_at": now,
        "settings": settings.to_json(),
    }
    with writing_rows(engine) as connection:
        make_source(connection, source)
        _close_dead(connection, source, alone=alone)
        run: int = connection.execute(insert(_RUNS).values(opened).returning(_RUN.id)).scalar_one()
        return run


def _close_dead(connection: Connection, source: str, *, alone: bool) -> None:
    open_runs = select(_RUNS).where(_RUN.source == source, _RUN.finished_at.is_(None))
    for run in connection.execute(open_runs).all():
        lives = owner_lives(run.owner)
        if lives is None and alone and run.mode in _BY_LEASE:
            _let_go(connection, run)
            lives = False
        if lives is False:
            _finish(connection, run, _last_sign(connection, run), Verdict.INTERRUPTED, INTERRUPTED, {})


def _let_go(connection: Connection, run: Row[Any]) -> None:
    """What another machine's run had leased is due at once, not a quarter of an hour on."""
    addresses = table_of(AddressRow)
    address = addresses.c
    held = (address.lease_owner == run.owner, address.state == AddressState.LEASED.value)
    due = update(addresses).where(address.source == run.source, *held)
    connection.execute(due.values(lease_until=present_of(connection)))


def _last_sign(connection: Connection, run: Any) -> datetime:
    """When the run was last seen alive: its end is not known, and not invented."""
    captured = connection.scalar(select(func.max(_CAPTURE.fetched_at)).where(_CAPTURE.run_id == run.id))
    settled = connection.scalar(select(func.max(_OUTCOME.at)).where(_OUTCOME.run_id == run.id))
    signs: list[datetime | None] = [run.started_at, captured, settled]
    return max(sign for sign in signs if sign is not None)


def close_run(
    engine: Engine,
    run_id: int,
    now: datetime,
    verdict: Verdict,
    reason: str | None,
    counts: Mapping[str, int],
    stats: Mapping[str, int | float | str | None],
) -> None:
    """Close a run and give back the names that its owner holds, in one transaction.

    ``stats`` may hold ``requests`` and ``bytes``; else they are counted from the captures.
    """
    with writing_rows(engine) as connection:
        run = connection.execute(select(_RUNS).where(_RUN.id == run_id)).one()
        _finish(connection, run, now, verdict, reason, stats, counts=json.dumps(dict(counts), sort_keys=True))
        leases = table_of(LeaseRow)
        connection.execute(delete(leases).where(leases.c.owner == run.owner))


def mark_interrupted(connection: Connection, run_id: int, owner: str, at: datetime, why: str) -> bool:
    """Say of a run that it was interrupted, whatever its row says; False where it does, or is no such run."""
    run = row_of(connection, RunRow, run_id)
    if run is None or run.owner != owner or run.verdict == Verdict.INTERRUPTED.value:
        return False
    if run.finished_at is None:
        _finish(connection, run, at, Verdict.INTERRUPTED, why, {})
    else:
        said = f"{why} (it had been closed as {run.verdict})"
        end = {"verdict": Verdict.INTERRUPTED.value, "reason": said}
        connection.execute(update(_RUNS).where(_RUN.id == run_id).values(end))
    return True


def _finish(
    connection: Connection,
    run: Row[Any],
    now: datetime,
    verdict: Verdict,
    reason: str | None,
    stats: Mapping[str, int | float | str | None],
    **more: str,
) -> None:
    sums = select(func.count(), func.coalesce(func.sum(_CAPTURE.payload_length), 0))
    requests, size = connection.execute(sums.where(_CAPTURE.run_id == run.id)).one()
    end = {
        # A clock that was put back in mid-run must not end a run before it began.
        "finished_at": max(now, run.started_at),
        "verdict": verdict.value,
        "reason": reason,
        "stats": json.dumps(dict(stats), ensure_ascii=False, sort_keys=True, default=str),
        "requests": int(stats.get("requests") or requests),
        "bytes": int(stats.get("bytes") or size),
    }
    connection.execute(update(_RUNS).where(_RUN.id == run.id).values(end | more))


_VISIT = table_of(SeedVisitRow)
_OF_VISIT = (_VISIT.c.run_id == bindparam("of_run"), _VISIT.c.seed == bindparam("of_seed"))
_SAID_ANEW = Prepared(
    update(_VISIT)
    .where(*_OF_VISIT)
    .values({one.name: bindparam(f"new_{one.name}") for one in fields(SeedVisit)})
)
_SAID = Prepared(insert(_VISIT))


def record_seed(engine: Engine, visit: SeedVisit) -> None:
    """Keep what became of a seed in a run; a second visit in the same run replaces the first."""
    said = {one.name: getattr(visit, one.name) for one in fields(visit)} | {"outcome": visit.outcome.value}
    anew = {f"new_{name}": value for name, value in said.items()}
    with writing_rows(engine) as connection:
        if not _SAID_ANEW.run(connection, {**anew, "of_run": visit.run_id, "of_seed": visit.seed}).rowcount:
            _SAID.run(connection, said)


def list_runs(engine: Engine, limit: int) -> list[RunSummary]:
    """The newest runs first. An unfinished run shows what it has done so far."""
    found: list[RunSummary] = []
    with Session(engine) as session:
        while len(found) < limit:
            asked = select(RunRow).order_by(RunRow.id.desc()).limit(min(PIECE, limit - len(found)))
            rows = session.scalars(asked.where(RunRow.id < found[-1].id) if found else asked).all()
            if not rows:
                break
            found += _summaries(session, rows)
    return found


PIECE = 500
"""Runs that are asked for together: a statement has 32,766 values at most on SQLite, 65,535 on PostgreSQL."""


def _summaries(session: Session, runs: Sequence[RunRow]) -> list[RunSummary]:
    ids = [run.id for run in runs]
    connection = session.connection()
    counts, listed = outcomes_of(connection, ids), listed_of(connection, ids)
    asked = _captured(session, ids)
    return [
        RunSummary(
            id=run.id,
            source=run.source,
            mode=run.mode,
            started_at=run.started_at,
            finished_at=run.finished_at,
            verdict=Verdict(run.verdict) if run.verdict else None,
            reason=run.reason,
            listed=listed.get(run.id, 0),
            counts=counts.get(run.id, {}),
            requests=asked.get(run.id, (0, 0))[0] if run.requests is None else run.requests,
            bytes=asked.get(run.id, (0, 0))[1] if run.bytes is None else run.bytes,
        )
        for run in runs
    ]


def outcomes_of(connection: Connection, runs: Sequence[int]) -> dict[int, dict[str, int]]:
    """Run -> outcome -> addresses that ended so in it, those that are known among them."""
    known = select(_RUN.id, _RUN.known).where(_RUN.id.in_(runs), _RUN.known > 0)
    counts = {run: {Outcome.KNOWN.value: count} for run, count in connection.execute(known)}
    grouped = select(_OUTCOME.run_id, _OUTCOME.outcome, func.count()).where(_OUTCOME.run_id.in_(runs))
    for run, outcome, count in connection.execute(grouped.group_by(_OUTCOME.run_id, _OUTCOME.outcome)):
        counts.setdefault(run, {})[outcome] = count
    return counts


def listed_of(connection: Connection, runs: Sequence[int]) -> dict[int, int]:
    """Run -> addresses that it saw listed, or took on from earlier runs."""
    return dict(connection.execute(select(_RUN.id, _RUN.listed).where(_RUN.id.in_(runs))).all())


def _captured(session: Session, runs: Sequence[int]) -> dict[int, tuple[int, int]]:
    sums = select(CaptureRow.run_id, func.count(), func.sum(CaptureRow.payload_length))
    grouped = sums.where(CaptureRow.run_id.in_(runs)).group_by(CaptureRow.run_id)
    return {run: (count, int(size)) for run, count, size in session.execute(grouped)}
