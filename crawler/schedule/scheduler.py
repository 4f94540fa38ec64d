"""The long-running scheduler: APScheduler wakes it, the slots in the archive say what to do.

APScheduler keeps nothing: its memory job store is rebuilt at every start and reload, because its own
misfire rules drop late runs and two of its schedulers run a job twice (docs/stack.md). Each crawl is a
process of its own. Two schedulers, or a scheduler and cron, may run at once.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine

from crawler.configuration.file import (
    ModeTable,
    ScheduleFile,
    WrongFile,
    content_of,
    file_since,
    read_content,
)
from crawler.schedule.account import account
from crawler.schedule.child import Children
from crawler.schedule.plan import TooManySlots
from crawler.schedule.slot_book import SlotBook
from crawler.schedule.trigger import CrontabTrigger, boot_seconds
from storage.clock import utc_now
from storage.database.opening import DatabaseRefused, refusals
from storage.frontier.leases import this_process
from storage.models import SlotState
from storage.operations import schedulers
from storage.operations.slots import Slot
from storage.seoul import SEOUL, shown

log = logging.getLogger("newsarchive")

TICK_S = 15.0
"""How often it looks around: a changed file, a jump of the clock, waiting slots, its own heart-beat."""
SLEPT_AFTER_S = 120.0
SLEPT_AFTER_TICKS = 8
"""A gap between two looks in which slots count as slept through: two minutes (twice cron's minute), or
eight looks where it looks around more seldom."""

Command = Callable[[Slot, ModeTable], Sequence[str]]


class Scheduler:
    """Starts each slot's crawl when it is due, until told to stop.

    Args:
        path: the schedule file; read again when it changes or on SIGHUP.
        known_sources: the sources that exist.
        engine: the archive, opened for writing.
        command: slot -> the crawl's command line.
        after_slot: called when a slot's crawl has ended (alarms, metrics).
        on_tick: called at the beginning and at every look around.
        on_kept: called after every look around: why the schedule could not be kept at it; None: it could.
        clock: aware present.
        boot_clock: seconds that go on during a suspend.
        tick_s: seconds between two looks around.
    """

    def __init__(
        self,
        path: Path,
        known_sources: Sequence[str],
        engine: Engine,
        command: Command,
        *,
        after_slot: Callable[[Slot, ScheduleFile, SlotBook], None] = lambda _slot, _file, _book: None,
        on_tick: Callable[[ScheduleFile], None] = lambda _file: None,
        on_kept: Callable[[ScheduleFile, str | None], None] = lambda _file, _refusal: None,
        clock: Callable[[], datetime] = utc_now,
        boot_clock: Callable[[], float] = boot_seconds,
        tick_s: float = TICK_S,
    ) -> None:
        self._path, self._known_sources, self._engine = path, known_sources, engine
        self._command, self._after_slot, self._on_tick = command, after_slot, on_tick
        self._on_kept = on_kept
        self._clock, self._boot_clock, self._tick_s = clock, boot_clock, tick_s
        self._owner = this_process("schedule")
        self._stop, self._reload = threading.Event(), threading.Event()
        self._planning = threading.Lock()
        self._busy: dict[str, threading.Lock] = {}
        self._children: Children[str] = Children(self._stop, "the scheduler was told to stop")
        self._looked_at = (clock(), boot_clock())
        self._seen: bytes | None = b""
        """The file's content at the last look; None: it could not be read, which is told once."""
        self.load()

    # --- the file -----------------------------------------------------------------------------------

    def load(self) -> None:
        """Read the schedule file.

        Raises:
            WrongFile: it cannot be used.
        """
        self._take(content_of(self._path))

    def _take(self, content: bytes) -> None:
        self._seen = content  # also what cannot be used: it is told once
        self.file = read_content(content, self._known_sources, self._path)
        now = self._clock()
        self._book = SlotBook(self._engine, self.file, file_since(self._path, now), opened=now)

    def _reload_if_changed(self) -> None:
        asked = self._reload.is_set()
        try:
            content = content_of(self._path)
        except WrongFile as error:
            if asked or self._seen is not None:
                self._keep(error)
            self._seen = None
            return
        unchanged = content == self._seen
        if unchanged and not asked:
            return
        self._reload.clear()
        try:
            self._take(content)
        except WrongFile as error:
            self._keep(error)
            return
        self._add_jobs()
        what = "was read again and is as it was" if unchanged else "was read again"
        log.info("%s %s: %d planned crawls", self._path, what, len(self.file.planned()))
        self._tell_of_nothing()

    def _tell_of_nothing(self) -> None:
        """A scheduler without a crawl to plan lives on, and looks as well as any other."""
        if not self.file.planned():
            log.warning("%s plans no crawl: nothing is crawled on a schedule", self._path)

    def _keep(self, error: WrongFile) -> None:
        self._reload.clear()
        log.error("%s: the schedule stays as it was", error)

    # --- its life -----------------------------------------------------------------------------------

    def run(self) -> None:
        """Live until SIGTERM or SIGINT; returns when every crawl it started has ended."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGHUP, self._on_hangup)
        self.begin()
        while not self._stop.wait(self._tick_s):
            self.tick()
        self.end()

    def begin(self) -> None:
        """Take up the schedule where the last scheduler left it."""
        now = self._clock()
        with refusals():
            down_since = schedulers.down_since(self._engine, now)
            schedulers.beat(self._engine, self._owner, now)
            self._looked_at = (now, self._boot_clock())
            self._plan_first(now, down_since)
        # One thread for each source's crawl, and two to find a source busy and go.
        pool = ThreadPoolExecutor(len(self._known_sources) + 2)
        self._apscheduler = BackgroundScheduler(
            timezone=SEOUL,
            executors={"default": pool},
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
        )
        self._add_jobs()
        self._apscheduler.start()
        log.info("the scheduler lives: %d planned crawls from %s", len(self.file.planned()), self._path)
        self._tell_of_nothing()
        self._on_tick(self.file)
        self._wake_all()

    def _plan_first(self, now: datetime, down_since: datetime | None) -> None:
        """By a clock that is far off nothing is planned yet: it may be set by the next look."""
        try:
            self._book.plan(now, down_since=down_since)
        except TooManySlots as error:
            log.error("the schedule could not be kept: %s", error)

    def end(self) -> None:
        """Ask the running crawls to end, kill those that do not within ``stop_after``, stop."""
        self._stop.set()
        if not self._apscheduler.running:
            return
        # Waits for a pass over the jobs that is under way: one that ends a job once it is told to shut down
        # (APScheduler 3.11) finds none by its name, and dies of it.
        self._apscheduler.remove_all_jobs()
        self._children.end(self.file.scheduler.stop_after)
        self._apscheduler.shutdown(wait=True)
        with refusals():
            schedulers.stopped(self._engine, self._owner, self._clock())
        log.info("the scheduler ended")

    def _on_stop(self, number: int, _frame: FrameType | None) -> None:
        log.info("%s: the scheduler ends", signal.Signals(number).name)
        self._stop.set()

    def _on_hangup(self, _number: int, _frame: FrameType | None) -> None:
        self._reload.set()

    # --- looking around -----------------------------------------------------------------------------

    def tick(self) -> None:
        """Look around: the file, the clock, the slots. A database that refuses is tried again next time."""
        try:
            self._reload_if_changed()
            with refusals():
                schedulers.beat(self._engine, self._owner, self._clock())
                self._plan()
            self._on_tick(self.file)
            with refusals():
                self._wake_all()
        except (DatabaseRefused, TooManySlots) as error:
            log.error("the schedule could not be kept: %s", error)
            self._on_kept(self.file, str(error))
        else:
            self._on_kept(self.file, None)

    def _plan(self) -> datetime:
        """Write what came due, whichever thread notices first; gives the present."""
        with self._planning:
            now = self._clock()
            self._book.plan(now, asleep_since=self._passed_over(now))
            return now

    def _passed_over(self, now: datetime) -> datetime | None:
        """The last look, when the clock passed over a stretch since; jobs are set anew after any jump."""
        (then, boot_then), boot = self._looked_at, self._boot_clock()
        self._looked_at = (now, boot)
        gap, lived = (now - then).total_seconds(), boot - boot_then
        slept_after = max(SLEPT_AFTER_S, SLEPT_AFTER_TICKS * self._tick_s)
        if abs(gap - lived) > slept_after:
            log.warning("the clock jumped from %s to %s", then.isoformat(), now.isoformat())
        if gap < 0 or gap > slept_after:
            self._add_jobs()
        if gap <= slept_after:
            return None
        log.warning("nothing was awake from %s to %s", shown(then), shown(now))
        return then

    def _add_jobs(self) -> None:
        self._apscheduler.remove_all_jobs()
        for source, mode, table in self.file.planned():
            self._apscheduler.add_job(
                self._wake, CrontabTrigger(table.cron), args=[source], id=f"{source} {mode}"
            )

    def _wake_all(self) -> None:
        now, crawled = self._clock(), self._children.running
        for source in self._known_sources:
            if source not in crawled and self._book.next_slot(source, now) is not None:
                self._apscheduler.add_job(
                    self._wake, args=[source], id=f"{source} waiting", replace_existing=True
                )

    # --- crawls -------------------------------------------------------------------------------------

    def crawling(self) -> frozenset[str]:
        """The sources that are being crawled, or whose last crawl is being accounted for."""
        return frozenset(source for source, lock in list(self._busy.items()) if lock.locked())

    def _wake(self, source: str) -> None:
        """Crawl what waits for this source, one slot after the other."""
        lock = self._busy.setdefault(source, threading.Lock())
        if not lock.acquire(blocking=False):
            return
        try:
            while not self._stop.is_set() and self._crawl_next(source):
                pass
        except (DatabaseRefused, TooManySlots) as error:
            log.error("%s could not be crawled: %s", source, error)
        finally:
            lock.release()

    def _crawl_next(self, source: str) -> bool:
        with refusals():
            slot = self._book.next_slot(source, self._plan())
        table = self._table(slot)
        if slot is None or table is None:
            return False
        end = self._children.crawl(source, source, self._command(slot, table), table.kill_after)
        with refusals():
            settled = account(self._engine, slot, end, self._clock, self._stop.wait)
            self._after_slot(settled, self.file, self._book)
        return settled.state not in (SlotState.DUE, SlotState.RUNNING)

    def _table(self, slot: Slot | None) -> ModeTable | None:
        if slot is None:
            return None
        tables: dict[Any, ModeTable] = dict(self.file.sources.get(slot.source, {}))
        return tables.get(slot.mode)
