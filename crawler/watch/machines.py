"""The machines that crawl for the archive, as the doctor sees them: whose clock is off, who is silent."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Engine

from crawler.watch.findings import Finding, Level
from storage.database.present import clock_ahead_s
from storage.operations.workers import WorkerLife, worker_lives
from storage.seoul import shown

SKEW_S = 5.0
"""NTP keeps a clock within milliseconds: five seconds off is a clock that nothing keeps. Our choice."""
_TO_DO = "let a time server keep it: captures and revisions carry that machine's instants"


def machines(engine: Engine) -> Iterator[Finding]:
    """This machine's clock and every worker, where the archive is one that several can share."""
    if engine.dialect.name == "sqlite":
        return
    yield _clock("shared clock", "this machine's clock", clock_ahead_s(engine))
    for life in worker_lives(engine):
        if life.stopped_at is None:
            yield from _worker(life)


def _worker(life: WorkerLife) -> Iterator[Finding]:
    name = f"worker {life.worker.machine}"
    if life.state == "lives":
        crawls = ", ".join(life.crawling) or "nothing for now"
        yield Finding(
            check=name, level=Level.OK, said=f"alive since {shown(life.started_at)}, crawls {crawls}"
        )
        if abs(life.clock_ahead_s) > SKEW_S:
            yield _clock(name, "its clock", life.clock_ahead_s)
        return
    said = f"{life.state}: last heard {shown(life.beat_at)}"
    todo = "look at the machine and its line to the server; what it had is handed over again"
    yield Finding(check=name, level=Level.WARN, said=said, to_do=todo)


def _clock(check: str, whose: str, ahead_s: float) -> Finding:
    if abs(ahead_s) <= SKEW_S:
        return Finding(check=check, level=Level.OK, said=f"{whose} agrees with the database's")
    off = f"{abs(ahead_s):,.0f} s {'ahead of' if ahead_s > 0 else 'behind'} the database's"
    return Finding(check=check, level=Level.WARN, said=f"{whose} is {off}", to_do=_TO_DO)
