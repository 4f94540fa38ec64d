"""What is done once a run or a slot has ended: alarms told, metrics written, crawls drawn closer."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import Engine

from crawler.alarms import observe_run, observe_slot, tell
from crawler.metrics import write_metrics
from crawler.schedule.configuration import ScheduleFile
from crawler.schedule.plan import LastCrawl
from crawler.schedule.slot_book import SlotBook
from crawler.second_opinion import SecondOpinion
from storage.models import SlotState
from storage.overlaps import breaks_in_a_row
from storage.run_history import requests_of
from storage.slots import Slot

log = logging.getLogger("newsarchive")


def after_run(
    engine: Engine,
    file: ScheduleFile,
    *,
    source: str,
    mode: str,
    run_id: int,
    opinion: SecondOpinion,
    now: datetime,
) -> None:
    """Tell what a run changed and write the metrics. A file that cannot be written is only said."""
    observe_run(engine, source, mode, run_id, opinion, now)
    tell(engine, file.alarms, now)
    keep_metrics(engine, file, now)


def after_slot(
    engine: Engine, slot: Slot, file: ScheduleFile, book: SlotBook, delay_s: float, now: datetime
) -> None:
    """Tell what became of a slot; look again sooner where the source's lists had moved on wholly."""
    observe_slot(engine, slot, now)
    tell(engine, file.alarms, now)
    keep_metrics(engine, file, now)
    if slot.mode != "latest" or slot.state not in (SlotState.RAN, SlotState.LATE) or slot.started_at is None:
        return
    breaks = breaks_in_a_row(engine, slot.source)
    if breaks and slot.run_id is not None:
        requests = requests_of(engine, slot.run_id)
        last = LastCrawl(started_at=slot.started_at, requests=requests, breaks=breaks)
        book.plan_extra(slot.source, last, now, delay_s)


def keep_metrics(engine: Engine, file: ScheduleFile, now: datetime) -> None:
    """Write the metrics file where one is named."""
    if file.metrics.file is None:
        return
    try:
        write_metrics(engine, file.metrics.file, now)
    except OSError as error:
        log.error("the metrics could not be written to %s: %s", file.metrics.file, error.strerror)
