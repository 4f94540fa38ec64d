"""The slots of all sources and modes: written when due, handed out one for a source at a time."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Engine

from crawler.configuration.file import ModeTable, ScheduleFile
from crawler.counted import counted
from crawler.schedule.plan import Known, LastCrawl, began, extra_slot, known_until, plan_slots
from crawler.schedule.slot_end import killed_end
from crawler.watch.alarms import observe_slot
from storage.ledger.run_history import ended_run_of_slot
from storage.models import SlotState
from storage.operations.slot_claims import MAX_ATTEMPTS, SlotEnd, end_open
from storage.operations.slots import PlannedSlot, Slot, get_slot, last_planned, open_slots, write_plan
from storage.records import SCHEDULED, RunMode
from storage.seoul import shown

log = logging.getLogger("newsarchive")


class SlotBook:
    """What the schedule owes, by one file. Callers give the time.

    Args:
        since: when the file came to be what it is; a changed cron line owes nothing before it.
        opened: the present; a cron line that nobody ever planned owes nothing before it, unless a scheduler
            lived before.
    """

    def __init__(self, engine: Engine, file: ScheduleFile, since: datetime, opened: datetime) -> None:
        self._engine = engine
        self._file = file
        self._since = since
        self._opened = opened

    def plan(
        self, now: datetime, *, asleep_since: datetime | None = None, down_since: datetime | None = None
    ) -> None:
        """Write every slot that came due, and end what newer slots make superfluous.

        Args:
            asleep_since: the last moment before the clock passed over a stretch; None: it did not.
            down_since: the last sign of life of any scheduler, at the first plan of a new one.
        """
        # A clock that was ahead when the file was read: from here on, and not from each look on.
        self._opened, self._since = min(self._opened, now), min(self._since, now)
        still_open = open_slots(self._engine, now)
        self._drop_unscheduled(still_open, now)
        for source, mode, table in self._file.planned():
            ours = [slot for slot in still_open if (slot.source, slot.mode) == (source, mode)]
            known = Known(
                until=self._owed_from(source, mode, table, now, down_since),
                waiting=tuple(waiting(ours, now)),
                asleep_since=asleep_since,
                down_since=down_since,
            )
            planned = plan_slots(table.cron, known, now)
            write_plan(self._engine, source, mode, planned, now)
            self._end_dead(ours, newer=bool(planned), now=now)

    def plan_one(self, source: str, mode: str, now: datetime) -> datetime | None:
        """Plan for one source and mode without a scheduler; the due moment of the newest slot.

        None when the file has no such table.
        """
        for known_source, known_mode, table in self._file.planned():
            if (known_source, known_mode) == (source, mode):
                newest = table.cron.last_until(now)
                if last_planned(self._engine, source, mode, now) is None and newest is not None:
                    first = PlannedSlot(due_at=newest, origin=f"cron {table.cron.text}")
                    write_plan(self._engine, source, mode, [first], now)
                self.plan(now)
                return newest
        return None

    def _owed_from(
        self, source: str, mode: str, table: ModeTable, now: datetime, down_since: datetime | None
    ) -> datetime:
        last = last_planned(self._engine, source, mode, now)
        if last is None and down_since is not None:
            # Another scheduler lived before this one. What came due while it did, it has written; and
            # where the file names the mode since later, it owes nothing of the time before.
            return max(min(down_since, now), self._since)
        if last is None:
            return self._opened
        return known_until(last.due_at, last.origin, table.cron, in_force_since=self._since, now=now)

    def _drop_unscheduled(self, still_open: Iterable[Slot], now: datetime) -> None:
        scheduled = {(source, mode) for source, mode, _ in self._file.planned()}
        for slot in still_open:
            if (slot.source, slot.mode) not in scheduled and slot.state is SlotState.DUE:
                end = SlotEnd(state=SlotState.MISSED, reason="no longer in the schedule")
                end_open(self._engine, slot.id, end, now)

    def _end_dead(self, ours: Sequence[Slot], *, newer: bool, now: datetime) -> None:
        """End slots whose process died, unless they may be crawled once more."""
        for slot in ours:
            if not slot.dead or slot.started_at is None:
                continue
            if end_crawled(self._engine, slot, now):
                continue
            if newer or slot.attempts >= MAX_ATTEMPTS:
                reason = f"its process died {counted(slot.attempts, 'time')}"
                if end_open(self._engine, slot.id, killed_end(self._engine, slot, reason), now):
                    observe_slot(self._engine, get_slot(self._engine, slot.id), now)

    def next_slot(self, source: str, now: datetime) -> Slot | None:
        """The slot of this source to crawl now; None when none waits or one is being crawled."""
        ours = open_slots(self._engine, now, source)
        if any(slot.state is SlotState.RUNNING and not slot.dead for slot in ours):
            return None
        ready = [slot for slot in ours if slot.due_at <= now or slot.state is SlotState.RUNNING]
        return min(ready, key=_turn, default=None)

    def plan_extra(self, source: str, last: LastCrawl, now: datetime, delay_s: float) -> datetime | None:
        """Write a slot between those of the cron line where lists move on faster than they are read."""
        table = self._file.sources.get(source, {}).get(RunMode.LATEST)
        if table is None:
            return None
        share = self._file.scheduler.politeness_share
        at = extra_slot(table.cron, last, now, delay_s=delay_s, share=share)
        if at is not None:
            write_plan(self._engine, source, RunMode.LATEST, [PlannedSlot(due_at=at, origin="overlap")], now)
            log.info(
                "%s is crawled again at %s: its lists moved on wholly since last time", source, shown(at)
            )
        return at


def end_crawled(engine: Engine, slot: Slot, now: datetime | None) -> bool:
    """End a slot whose process died between the end of its crawl and the slot's own; whether it was such."""
    if not slot.dead or slot.started_at is None:
        return False
    run = ended_run_of_slot(engine, slot.source, slot.mode, slot.due_at)
    if run is None:
        return False
    reason = "its process died when the crawl had ended"
    end = SlotEnd(state=began(slot.due_at, slot.started_at), reason=reason, run_id=run)
    return end_open(engine, slot.id, end, now)


def _turn(slot: Slot) -> tuple[int, float]:
    """Newest news first, then what has waited longest."""
    place = next((place for place, mode in enumerate(SCHEDULED) if mode == slot.mode), len(SCHEDULED))
    return place, slot.due_at.timestamp()


def waiting(slots: Iterable[Slot], now: datetime) -> Iterable[PlannedSlot]:
    """The slots that are due and that nobody crawls."""
    for slot in slots:
        if slot.state is SlotState.DUE and slot.due_at <= now:
            yield PlannedSlot(due_at=slot.due_at, origin=slot.origin)
