"""``newsarchive schedule show``: the coming slots and what became of the last ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from crawler.configuration.file import ScheduleFile
from storage.operations.slots import Slot, last_slots, open_slots

COLUMNS = ("source", "mode", "cron", "next", "last", "became", "run", "exit", "reason")


def schedule_rows(file: ScheduleFile, engine: Engine | None, now: datetime) -> list[Sequence[Any]]:
    """One row for each source and mode, the soonest first; with instants.

    Args:
        engine: None before there is an archive.
    """
    last = {} if engine is None else last_slots(engine, now)
    waiting = [] if engine is None else open_slots(engine)
    rows = []
    for source, mode, table in file.planned():
        coming = table.cron.next_after(now)
        sooner = [one.due_at for one in waiting if _is(one, source, mode) and one.due_at > now]
        at = min([*sooner, *([coming] if coming else [])], default=None)
        rows.append((at, source, mode, table.cron.text, last.get((source, mode))))
    rows.sort(key=lambda row: (row[0] is None, row[0] or now, row[1], row[2]))
    return [(source, mode, cron, at, *_last(slot)) for at, source, mode, cron, slot in rows]


def _is(slot: Slot, source: str, mode: str) -> bool:
    return (slot.source, slot.mode) == (source, mode)


def _last(slot: Slot | None) -> Sequence[Any]:
    if slot is None:
        return (None, None, None, None, None)
    return (slot.due_at, slot.state.value, slot.run_id, slot.exit_code, slot.reason)
