"""Runs: opened, closed, and what became of their seeds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import Engine, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from storage.database.opening import writing, writing_rows
from storage.database.prepared import Prepared
from storage.database.present import present
from storage.database.upsert import insert_missing
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


def register_source(engine: Engine, name: str, title: str | None, homepage: str | None) -> None:
    """Keep what a source declares of itself; the newest declaration wins."""
    with writing(engine) as session:
        ensure_source(session, name)
        row = session.get_one(SourceRow, name)
        row.title, row.homepage = title, homepage


def ensure_source(session: Session, name: str) -> None:
    """Make the source's row when there is none."""
    insert_missing(session, SourceRow, [{"name": name, "title": None, "homepage": None}])


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
    with writing(engine) as session:
        ensure_source(session, source)
        _close_dead(session, source, alone=alone)
        run = RunRow(
            source=source,
            mode=mode,
            slot=slot,
            owner=owner,
            started_at=now,
            settings=settings.to_json(),
        )
        session.add(run)
        session.flush()
        return run.id


def _close_dead(session: Session, source: str, *, alone: bool) -> None:
    open_runs = select(RunRow).where(RunRow.source == source, RunRow.finished_at.is_(None))
    for run in session.scalars(open_runs).all():
        lives = owner_lives(run.owner)
        if lives is None and alone and run.mode in _BY_LEASE:
            _let_go(session, run)
            lives = False
        if lives is False:
            _finish(session, run, _last_sign(session, run), Verdict.INTERRUPTED, INTERRUPTED, {})


def _let_go(session: Session, run: RunRow) -> None:
    """What another machine's run had leased is due at once, not a quarter of an hour on."""
    held = (AddressRow.lease_owner == run.owner, AddressRow.state == AddressState.LEASED.value)
    session.execute(
        update(AddressRow)
        .where(AddressRow.source == run.source, *held)
        .values(lease_until=present(session))
        .execution_options(synchronize_session=False)
    )


def _last_sign(session: Session, run: RunRow) -> datetime:
    """When the run was last seen alive: its end is not known, and not invented."""
    captured = session.scalar(select(func.max(CaptureRow.fetched_at)).where(CaptureRow.run_id == run.id))
    settled = session.scalar(select(func.max(OutcomeRow.at)).where(OutcomeRow.run_id == run.id))
    return max(sign for sign in (run.started_at, captured, settled) if sign is not None)


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
    with writing(engine) as session:
        run = session.get_one(RunRow, run_id)
        run.counts = json.dumps(dict(counts), sort_keys=True)
        _finish(session, run, now, verdict, reason, stats)
        session.execute(delete(LeaseRow).where(LeaseRow.owner == run.owner))


def mark_interrupted(session: Session, run_id: int, owner: str, at: datetime, why: str) -> bool:
    """Say of a run that it was interrupted, whatever its row says; False where it does, or is no such run."""
    run = session.get(RunRow, run_id)
    if run is None or run.owner != owner or run.verdict == Verdict.INTERRUPTED.value:
        return False
    if run.finished_at is None:
        _finish(session, run, at, Verdict.INTERRUPTED, why, {})
    else:
        run.verdict, run.reason = Verdict.INTERRUPTED.value, f"{why} (it had been closed as {run.verdict})"
    return True


def _finish(
    session: Session,
    run: RunRow,
    now: datetime,
    verdict: Verdict,
    reason: str | None,
    stats: Mapping[str, int | float | str | None],
) -> None:
    sums = select(func.count(), func.coalesce(func.sum(CaptureRow.payload_length), 0))
    requests, size = session.execute(sums.where(CaptureRow.run_id == run.id)).one()
    # A clock that was put back in mid-run must not end a run before it began.
    run.finished_at, run.verdict, run.reason = max(now, run.started_at), verdict.value, reason
    run.stats = json.dumps(dict(stats), ensure_ascii=False, sort_keys=True, default=str)
    run.requests = int(stats.get("requests") or requests)
    run.bytes = int(stats.get("bytes") or size)


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
    with Session(engine) as session:
        runs = session.scalars(select(RunRow).order_by(RunRow.id.desc()).limit(limit)).all()
        ids = [run.id for run in runs]
        counts, listed = outcomes_of(session, ids), listed_of(session, ids)
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


def outcomes_of(session: Session, runs: Sequence[int]) -> dict[int, dict[str, int]]:
    """Run -> outcome -> addresses that ended so in it, those that are known among them."""
    known = select(RunRow.id, RunRow.known).where(RunRow.id.in_(runs), RunRow.known > 0)
    counts = {run: {Outcome.KNOWN.value: count} for run, count in session.execute(known)}
    grouped = select(OutcomeRow.run_id, OutcomeRow.outcome, func.count()).where(OutcomeRow.run_id.in_(runs))
    for run, outcome, count in session.execute(grouped.group_by(OutcomeRow.run_id, OutcomeRow.outcome)):
        counts.setdefault(run, {})[outcome] = count
    return counts


def listed_of(session: Session, runs: Sequence[int]) -> dict[int, int]:
    """Run -> addresses that it saw listed, or took on from earlier runs."""
    return dict(session.execute(select(RunRow.id, RunRow.listed).where(RunRow.id.in_(runs))).all())


def _captured(session: Session, runs: Sequence[int]) -> dict[int, tuple[int, int]]:
    sums = select(CaptureRow.run_id, func.count(), func.sum(CaptureRow.payload_length))
    grouped = sums.where(CaptureRow.run_id.in_(runs)).group_by(CaptureRow.run_id)
    return {run: (count, int(size)) for run, count, size in session.execute(grouped)}
