"""After a slot: tell what became of it, look again sooner where the lists had moved on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from crawler.configuration.file import ScheduleFile
from crawler.schedule.plan import LastCrawl
from crawler.schedule.slot_book import SlotBook
from crawler.watch.alarms import observe_slot, tell
from crawler.watch.metrics import Seldom, keep_metrics
from storage.ledger.overlaps import breaks_in_a_row
from storage.ledger.run_history import requests_of
from storage.models import SlotState
from storage.operations.slots import Slot
from storage.records import RunMode


def after_slot(
    engine: Engine,
    slot: Slot,
    file: ScheduleFile,
    book: SlotBook,
    delay_s: float,
    now: datetime,
    seldom: Seldom | None = None,
) -> None:
    """Tell what became of a slot; look again sooner where the source's lists had moved on wholly."""
    observe_slot(engine, slot, now)
    tell(engine, file.alarms, now)
    keep_metrics(engine, file, now, seldom)
    if (
        slot.mode != RunMode.LATEST
        or slot.state not in (SlotState.RAN, SlotState.LATE)
        or slot.started_at is None
    ):
        return
    breaks = breaks_in_a_row(engine, slot.source)
    if breaks and slot.run_id is not None:
        requests = requests_of(engine, slot.run_id)
        last = LastCrawl(started_at=slot.started_at, requests=requests, breaks=breaks)
        book.plan_extra(slot.source, last, now, delay_s)
