"""A crawl that belongs to a slot of the schedule: claimed once, whoever starts it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from crawler.configuration.environment import Configuration, WrongSetting
from crawler.configuration.file import ScheduleFile, file_since, is_there, read_file
from crawler.orders.process import CrawlOrder, run_crawls
from crawler.orders.told_to_stop import NotBegun, Told, stop_noted
from crawler.reading.server import start_as_fork
from crawler.run.beginning import prepare_archive
from crawler.run.end import tell_of_slot
from crawler.schedule.claim import NOW, WrongSlot, due_moment, run_for_slot
from crawler.sources import all_sources
from storage.database.opening import open_database
from storage.database.present import archive_now
from storage.operations.slots import Slot


def crawl_for(
    slot: str | None, orders: Sequence[CrawlOrder], configuration: Configuration, *, progress: bool
) -> int:
    """Crawl, for a slot where one is named; the exit code.

    Args:
        slot: a due moment (ISO 8601), ``now`` for the newest due one, None for a crawl of its own.

    Raises:
        WrongSetting: a slot is one source's; no such slot; the schedule file cannot be used.
    """
    if slot is None:
        return run_crawls(orders, configuration, progress=progress)
    if len(orders) != 1:
        raise WrongSetting("--slot goes with exactly one source")
    return _for_slot(slot, orders[0], configuration, progress=progress)


def _for_slot(slot: str, order: CrawlOrder, configuration: Configuration, *, progress: bool) -> int:
    with stop_noted() as told:
        return _claimed(slot, order, configuration, told, progress=progress)


def _claimed(
    slot: str, order: CrawlOrder, configuration: Configuration, told: Told, *, progress: bool
) -> int:
    """The crawl, once the slot is this process's; told to stop before it began, the slot is given back."""
    prepare_archive(configuration, attended=False)
    engine = open_database(configuration.url)
    mode = str(order.arguments["mode"])

    def crawl(claimed: Slot) -> int:
        told.check()
        arguments = {**order.arguments, "slot": claimed.due_at}
        replaced = replace(order, arguments=arguments)
        return run_crawls([replaced], configuration, progress=progress, prepared=True)

    try:
        now = archive_now(engine)
        due_at = due_moment(engine, order.name, mode, slot, now, schedule_of(slot, configuration, now))
        told.check()
        start_as_fork()  # before the thread that keeps the slot
        code = run_for_slot(engine, order.name, mode, due_at, crawl, not_begun=NotBegun)
    except WrongSlot as error:
        raise WrongSetting(str(error)) from error
    else:
        # Under cron no scheduler looks what became of the slot.
        tell_of_slot(engine, order.name, mode, due_at, configuration.config)
        return code
    finally:
        engine.dispose()


def schedule_of(
    slot: str, configuration: Configuration, now: datetime
) -> tuple[ScheduleFile, datetime] | None:
    """The schedule file and since when it is so; None where there is none, or the slot is named otherwise.

    A scheduler says the moment, by the schedule that it keeps: what became of the file since is not asked.
    """
    if slot != NOW or not is_there(configuration.config):
        return None
    file = read_file(configuration.config, sorted(all_sources()))
    return file, file_since(configuration.config, now)
