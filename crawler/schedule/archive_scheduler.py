"""The scheduler of one archive: the command lines of its crawls, and what is done after each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine

from crawler.configuration.environment import Configuration
from crawler.configuration.file import ModeTable, ScheduleFile
from crawler.schedule.after_slot import after_slot
from crawler.schedule.scheduler import TICK_S, Command, Scheduler
from crawler.schedule.slot_book import SlotBook
from crawler.schedule.trigger import boot_seconds
from crawler.sources import all_sources
from crawler.watch.alarms import tell
from crawler.watch.metrics import keep_metrics
from storage.clock import utc_now
from storage.operations.slots import Slot
from storage.seoul import SEOUL


def crawl_command(settings: Configuration) -> Command:
    """Slot -> the crawl's command line; settings of the environment are inherited."""

    def command(slot: Slot, table: ModeTable) -> Sequence[str]:
        due = slot.due_at.astimezone(SEOUL)
        words = [sys.executable, "-m", "crawler.cli", "crawl", slot.source, "--dir", str(settings.dir)]
        words += ["--slot", due.isoformat(), "--mode", slot.mode]
        if table.days is not None:
            until = due.date() - timedelta(days=1)
            since = until - timedelta(days=table.days - 1)
            words += ["--since", since.isoformat(), "--until", until.isoformat()]
        return words

    return command


def scheduler_of(
    settings: Configuration,
    engine: Engine,
    *,
    command: Command | None = None,
    clock: Callable[[], datetime] = utc_now,
    boot_clock: Callable[[], float] = boot_seconds,
    tick_s: float = TICK_S,
) -> Scheduler:
    """The scheduler of the settings' newsarchive.toml, not yet begun.

    Args:
        engine: the archive, opened for writing.
        command: ``crawl_command(settings)`` unless given.
        clock, boot_clock, tick_s: as of ``Scheduler``.

    Raises:
        WrongFile: the schedule file cannot be used.
    """

    def ended(slot: Slot, file: ScheduleFile, book: SlotBook) -> None:
        after_slot(engine, slot, file, book, settings.delay, clock())

    def look(file: ScheduleFile) -> None:
        tell(engine, file.alarms, clock())
        keep_metrics(engine, file, clock())

    return Scheduler(
        settings.config,
        sorted(all_sources()),
        engine,
        command or crawl_command(settings),
        after_slot=ended,
        on_tick=look,
        clock=clock,
        boot_clock=boot_clock,
        tick_s=tick_s,
    )
