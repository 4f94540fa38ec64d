"""The machines that crawl for the archive, as the doctor sees them: whose clock is off, who is silent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import Engine

from crawler.configuration.file import ScheduleFile
from crawler.watch.findings import Finding, Level
from storage.database.present import archive_now, clock_ahead_s
from storage.models import SlotState
from storage.operations.slots import open_slots
from storage.operations.workers import OWN_NAME, WorkerLife, shared_names, worker_lives
from storage.seoul import shown

SKEW_S = 5.0
"""NTP keeps a clock within milliseconds: five seconds off is a clock that nothing keeps. Our choice."""
TAKEN_WITHIN = timedelta(minutes=5)
"""A slot is handed over within fifteen seconds and taken within two, where somebody is free. Our choice."""
_TO_DO = "let a time server keep it: captures and revisions carry that machine's instants"


def machines(engine: Engine, file: ScheduleFile | None = None) -> Iterator[Finding]:
    """This machine's clock, every worker, and what none takes, where several can share the archive."""
    if engine.dialect.name == "sqlite":
        return
    yield _clock("shared clock", "this machine's clock", clock_ahead_s(engine))
    lives = worker_lives(engine)
    for life in lives:
        if life.stopped_at is None:
            yield from _worker(life)
    for name, hosts in shared_names(lives).items():
        said = f"{len(hosts)} machines call themselves so: {', '.join(hosts)}"
        yield Finding(check=f"worker {name}", level=Level.WARN, said=said, to_do=OWN_NAME)
    if lives and file is not None:
        yield from _untaken(engine, file, lives)


def _untaken(engine: Engine, file: ScheduleFile, lives: Sequence[WorkerLife]) -> Iterator[Finding]:
    """Slots that wait for a worker. A source is crawled for one slot at a time: the others wait for that."""
    still_open, now = open_slots(engine), archive_now(engine)
    crawled = {slot.source for slot in still_open if slot.state is SlotState.RUNNING}
    queues = {(source, str(mode)): table.queue for source, mode, table in file.planned()}
    living = [life.worker for life in lives if life.state == "lives"]
    for slot in still_open:
        queue = queues.get((slot.source, slot.mode))
        if queue is None or slot.source in crawled or now - slot.due_at < TAKEN_WITHIN:
            continue
        served = any(not one.queues or queue in one.queues for one in living)
        yield Finding(
            check=f"slot {slot.source} {slot.mode}",
            level=Level.WARN if served else Level.FAIL,
            said=f"due since {shown(slot.due_at)}, it waits in the queue {queue}, "
            + ("and no worker has taken it" if served else "which no living worker serves"),
            to_do="the workers' logs say why: they may be busy, or lack the source or room on their disk"
            if served
            else f"start one that does: newsarchive worker --queue {queue}",
        )


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
