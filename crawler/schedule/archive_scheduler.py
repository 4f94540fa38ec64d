"""The scheduler of one archive: the command lines of its crawls, and what is done after each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from crawler.configuration.environment import Configuration
from crawler.configuration.file import ModeTable, ScheduleFile
from crawler.schedule.after_slot import after_slot
from crawler.schedule.fitness import unfit_here
from crawler.schedule.handing import HandingScheduler
from crawler.schedule.scheduler import TICK_S, Command, Scheduler
from crawler.schedule.slot_book import SlotBook
from crawler.schedule.slot_job import SlotJob
from crawler.schedule.trigger import boot_seconds
from crawler.sources import all_sources
from crawler.watch.alarms import tell
from crawler.watch.metrics import Seldom, keep_metrics
from crawler.watch.schedule_alarm import ScheduleAlarm
from storage.clock import utc_now
from storage.database.opening import refusals
from storage.database.presence import DatabasePresence
from storage.database.present import archive_now
from storage.frontier.leases import this_process
from storage.operations.slots import Slot
from storage.operations.workers import Worker
from storage.seoul import SEOUL


def crawl_command(settings: Configuration) -> Callable[[Slot, ModeTable | SlotJob], Sequence[str]]:
    """Slot -> the crawl's command line; settings of the environment are inherited."""

    def command(slot: Slot, said: ModeTable | SlotJob) -> Sequence[str]:
        due = slot.due_at.astimezone(SEOUL)
        words = [sys.executable, "-m", "crawler.cli", "crawl", slot.source, "--dir", str(settings.dir)]
        words += ["--slot", due.isoformat(), "--mode", slot.mode]
        if said.days is not None:
            until = due.date() - timedelta(days=1)
            since = until - timedelta(days=said.days - 1)
            words += ["--since", since.isoformat(), "--until", until.isoformat()]
        return words

    return command


def scheduler_of(
    settings: Configuration,
    engine: Engine,
    *,
    command: Command | None = None,
    hand_over: Callable[[Sequence[SlotJob]], Sequence[SlotJob]] | None = None,
    clock: Callable[[], datetime] | None = None,
    boot_clock: Callable[[], float] = boot_seconds,
    tick_s: float = TICK_S,
) -> Scheduler:
    """The scheduler of the settings' newsarchive.toml, not yet begun.

    Args:
        engine: the archive, opened for writing.
        command: ``crawl_command(settings)`` unless given.
        hand_over: as of ``HandingScheduler``: the crawls run elsewhere; None: they run here.
        clock: the archive's unless given, which is the database's where several machines share it.
        boot_clock, tick_s: as of ``Scheduler``.

    Raises:
        WrongFile: the schedule file cannot be used.
    """

    at = clock or archive_clock(engine)
    seldom = Seldom()

    def ended(slot: Slot, file: ScheduleFile, book: SlotBook) -> None:
        after_slot(engine, slot, file, book, settings.delay, at(), seldom)

    def look(file: ScheduleFile) -> None:
        tell(engine, file.alarms, at())
        keep_metrics(engine, file, at(), seldom)

    schedule_alarm = ScheduleAlarm()

    def kept(file: ScheduleFile, refusal: str | None) -> None:
        schedule_alarm.look(file.alarms, refusal, utc_now())

    said: dict[str, Any] = {
        "on_tick": look,
        "on_kept": kept,
        "clock": at,
        "boot_clock": boot_clock,
        "tick_s": tick_s,
    }
    known = sorted(all_sources())
    if hand_over is not None:
        return HandingScheduler(settings.config, known, engine, hand_over, **said)
    return Scheduler(
        settings.config, known, engine, command or crawl_command(settings), after_slot=ended, **said
    )


def work_here(
    settings: Configuration, engine: Engine, file: ScheduleFile, queues: Sequence[str], concurrency: int
) -> None:
    """Be a worker of this archive until told to stop. Needs the extra ``cluster``.

    Args:
        file: the schedule file of this machine: who is told of what, how often lists call for more.
        queues: whose jobs are taken; none: every one.

    Raises:
        DatabaseRefused: the database cannot be reached.
    """
    from crawler.schedule.worker import Crew, work

    clock = archive_clock(engine)

    def ended(slot: Slot) -> None:
        now = clock()
        book = SlotBook(engine, file, now, opened=now)
        after_slot(engine, slot, file, book, settings.delay, now)

    unfit = unfit_here(all_sources(), settings.warc_folder)
    crew = Crew(engine, crawl_command(settings), ended, file.scheduler.stop_after, unfit)
    worker = Worker(
        owner=this_process("worker"), machine=settings.machine, queues=queues, concurrency=concurrency
    )
    work(engine, settings.url, worker, crew)


def archive_clock(engine: Engine) -> Callable[[], datetime]:
    """The archive's present, whatever this machine's clock says.

    The clock raises DatabaseRefused when the database cannot be asked, or its file lies no longer where it
    was (a disk that was taken away): slots would be kept in what nobody sees, and each crawl begin an archive
    anew.
    """
    presence = DatabasePresence(engine)

    def clock() -> datetime:
        presence.check()
        with refusals(engine.url):
            return archive_now(engine)

    return clock
