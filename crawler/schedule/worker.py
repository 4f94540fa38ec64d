"""A worker: crawls the slots that are handed to this machine, as a scheduler's child processes do.

Imported with the engine: Procrastinate is an extra. The slot says whether there is anything to crawl: a job
may come twice, late, or for a slot that is over, and then does nothing.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from procrastinate.exceptions import ConnectorException
from psycopg_pool import PoolTimeout
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, NoResultFound

from crawler.configuration.exit_codes import REFUSED
from crawler.configuration.file import DEFAULT_QUEUE, ScheduleFile
from crawler.schedule.account import account
from crawler.schedule.child import ChildEnd, Children
from crawler.schedule.fitness import Unfit
from crawler.schedule.jobs import PAUSE_S, STALLED_S, in_a_line, job_app, make_tables
from crawler.schedule.slot_job import SlotJob, parse_job
from storage.database.present import clock_ahead_s
from storage.database.refusal import DatabaseRefused, refusals
from storage.models import SlotState
from storage.operations import workers
from storage.operations.slot_claims import forsake
from storage.operations.slots import Slot, get_slot
from storage.operations.workers import OWN_NAME

log = logging.getLogger("newsarchive")

BEAT_S = 10.0
"""Between two signs of life in the table of workers: as Procrastinate's own."""
LOOK_S = 2.0
"""Between two looks for jobs. No notification is listened for: a cut line says nothing, and a slot counts as
late after a minute only."""


class Crew:
    """The crawls of one worker.

    Args:
        command: slot -> the crawl's command line.
        after_slot: called when a slot's crawl has been accounted for (alarms, metrics, extra slots).
        stop_after: seconds that the order to stop gives running crawls to end.
        unfit: why this machine cannot crawl a job's slot; it is left to another one then.
    """

    def __init__(
        self,
        engine: Engine,
        command: Callable[[Slot, SlotJob], Sequence[str]],
        after_slot: Callable[[Slot], None],
        stop_after: float,
        unfit: Unfit = lambda _job: None,
    ) -> None:
        self._engine, self._command, self._after_slot = engine, command, after_slot
        self._unfit = unfit
        self._stop_after = stop_after
        self._stop = threading.Event()
        self._children: Children[int] = Children(self._stop, "the worker was told to stop")
        self._refused: set[int] = set()

    @property
    def crawling(self) -> Collection[int]:
        """The numbers of the slots whose crawls run."""
        return self._children.running

    def crawl(self, job: SlotJob) -> None:
        """Crawl a slot, unless somebody has or had it; blocks until its process has ended.

        Raises:
            DatabaseRefused: what became of it cannot be written: the slot is handed over again.
        """
        with refusals(self._engine.url):
            slot = self._slot(job)
        if slot is None or self._stop.is_set():
            log.info("slot %s %s is over or being crawled: nothing to do", job.source, job.mode)
            return
        if (why := self._unfit(job)) is not None:
            log.error("slot %s %s is left to another machine: %s", job.source, job.mode, why)
            return
        end = self._children.crawl(slot.id, slot.source, self._command(slot, job), job.kill_after)
        with refusals(self._engine.url):
            self._account(slot, end)

    def _slot(self, job: SlotJob) -> Slot | None:
        """The slot that the job names, while it is to be crawled."""
        try:
            slot = get_slot(self._engine, job.slot)
        except NoResultFound:  # of another archive, or taken away since
            return None
        named = (slot.source, slot.mode, slot.due_at) == (job.source, job.mode, job.due_at)
        return slot if named and (slot.state is SlotState.DUE or slot.dead) else None

    def _account(self, slot: Slot, end: ChildEnd) -> None:
        not_its_fault = end.code == REFUSED or (end.code < 0 and end.stopped is None)
        if not_its_fault and slot.id not in self._refused and self._still_due(slot):
            # The line to the server was cut for a moment, or it was killed: once more, here or elsewhere.
            self._refused.add(slot.id)
            return
        settled = account(self._engine, slot, end, lambda: None, self._stop.wait)
        if settled.dead:
            forsake(self._engine, settled)  # at once for other machines too, which cannot see it
            log.warning("the crawl of %s died: its slot is to be handed over again", slot.source)
        self._after_slot(settled)

    def _still_due(self, slot: Slot) -> bool:
        return get_slot(self._engine, slot.id).state is SlotState.DUE

    def end(self) -> None:
        """Ask the running crawls to end, kill those that do not within ``stop_after``. Blocking."""
        self._stop.set()
        self._children.end(self._stop_after)


class Life:
    """The signs of life of a worker, on a thread of their own."""

    def __init__(self, engine: Engine, worker: workers.Worker, crew: Crew, beat_s: float = BEAT_S) -> None:
        self._engine, self._worker, self._crew, self._beat_s = engine, worker, crew, beat_s
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._live, name="life", daemon=True)

    def begin(self) -> None:
        """The first sign is given here: a database that refuses is told at once.

        Raises:
            DatabaseRefused: it does.
        """
        name = self._worker.machine
        with refusals(self._engine.url):
            self._beat()
            hosts = workers.shared_names(workers.worker_lives(self._engine)).get(name)
        if hosts is not None:
            log.warning("%s is the name of several machines (%s): %s", name, ", ".join(hosts), OWN_NAME)
        self._thread.start()

    def _beat(self) -> None:
        workers.beat(self._engine, self._worker, clock_ahead_s(self._engine), self._crew.crawling)

    def _live(self) -> None:
        said = None  # one line for a refusal, however long: one for each sign would fill a log's disk
        while not self._ends.wait(self._beat_s):
            try:
                with refusals(self._engine.url):
                    self._beat()
            except (DatabaseRefused, DBAPIError) as error:
                if str(error) != said:
                    log.warning("the worker's sign of life failed: %s", error)
                said = str(error)
            else:
                said = None

    def end(self) -> None:
        """Say that it ended in order, where the database takes it."""
        self._ends.set()
        self._thread.join(self._beat_s)
        try:
            with refusals(self._engine.url):
                workers.stopped(self._engine, self._worker.owner)
        except DatabaseRefused as error:
            log.warning("the worker's end could not be written: %s", error)


def work(engine: Engine, url: str, worker: workers.Worker, crew: Crew) -> None:
    """Take jobs until SIGTERM or SIGINT; returns when every crawl has ended.

    Raises:
        DatabaseRefused: the database cannot be reached at the start, or will not have the jobs' tables.
    """
    make_tables(engine)
    life = Life(engine, worker, crew)
    life.begin()
    where = ", ".join(worker.queues) or "every queue"
    log.info("the worker of %s lives: %d at a time, from %s", worker.machine, worker.concurrency, where)
    try:
        asyncio.run(_until_told(url, worker, crew))
    finally:
        life.end()
    log.info("the worker ended")


async def _until_told(url: str, worker: workers.Worker, crew: Crew) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    with ThreadPoolExecutor(worker.concurrency, thread_name_prefix="crawl") as threads:

        async def crawl(arguments: Mapping[str, Any]) -> None:
            await loop.run_in_executor(threads, _crawl, crew, arguments)

        taking = asyncio.create_task(_take_jobs(url, worker, crawl))
        await asyncio.wait({taking, asyncio.create_task(stop.wait())}, return_when=asyncio.FIRST_COMPLETED)
        ending = loop.run_in_executor(None, crew.end)
        taking.cancel()
        await asyncio.gather(taking, ending, return_exceptions=True)
        if not stop.is_set():
            taking.result()


def _crawl(crew: Crew, arguments: Mapping[str, Any]) -> None:
    try:
        job = parse_job(arguments)
    except (KeyError, TypeError, ValueError) as error:
        log.error("a job that is none of ours is left alone: %s", error)
        return
    try:
        crew.crawl(job)
    except (DatabaseRefused, DBAPIError) as error:
        log.error("slot %s %s waits to be handed over again: %s", job.source, job.mode, error)


async def _take_jobs(url: str, worker: workers.Worker, crawl: Any) -> None:
    """Procrastinate's worker; begun again where the jobs' tables were made anew under it, or refuse.

    A refusal that stays is said once.
    """
    chosen: dict[str, Any] = {"queues": list(worker.queues)} if worker.queues else {}
    said: str | None = None
    while True:
        begun = time.monotonic()
        try:
            async with job_app(url, crawl, size=worker.concurrency + 3).open_async() as app:
                await app.run_worker_async(
                    **chosen,
                    name=worker.machine,
                    concurrency=worker.concurrency,
                    fetch_job_polling_interval=LOOK_S,
                    listen_notify=False,
                    install_signal_handlers=False,
                    delete_jobs="always",
                    update_heartbeat_interval=BEAT_S,
                    stalled_worker_timeout=STALLED_S,
                )
        except (ConnectorException, PoolTimeout) as error:
            if in_a_line(error) != said or time.monotonic() - begun > STALLED_S:  # it had jobs in between
                log.warning("no jobs for now: %s", in_a_line(error))
            said = in_a_line(error)
        await asyncio.sleep(PAUSE_S)


def queues_of(named: Sequence[str] | None, file: ScheduleFile) -> tuple[str, ...]:
    """The queues that a worker takes jobs from; empty: every one.

    Raises:
        ValueError: the schedule file hands nothing over to a queue of that name.
    """
    known = {DEFAULT_QUEUE, *(table.queue for _, _, table in file.planned())}
    for name in named or ():
        if name not in known:
            there = ", ".join(sorted(known))
            raise ValueError(f"no source is handed over to the queue {name!r}; there are: {there}")
    return tuple(dict.fromkeys(named or ()))
