"""The scheduler whose crawls run on other machines: it plans as ever, and hands each due slot over."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from crawler.configuration.file import ModeTable
from crawler.schedule.plan import TooManySlots
from crawler.schedule.scheduler import Scheduler
from crawler.schedule.slot_job import SlotJob, job_of
from storage.database.opening import DatabaseRefused, refusals
from storage.operations.slots import Slot
from storage.seoul import shown

log = logging.getLogger("newsarchive")


def not_here(slot: Slot, _table: ModeTable) -> Sequence[str]:
    """The command of a scheduler that starts no crawl itself.

    Raises:
        RuntimeError: always.
    """
    raise RuntimeError(f"slot {slot.id} is a worker's to crawl")


class HandingScheduler(Scheduler):
    """Hands slots to workers instead of crawling them.

    At every look around, each slot that is to be crawled now (one of a source at a time) has a job, and no
    other has: so a job that was lost in whatever way is there again within ``TICK_S``.

    Args (else as ``Scheduler``):
        hand_over: has a job for each of these slots; gives those that it handed over just now.
    """

    def __init__(
        self,
        path: Path,
        known_sources: Sequence[str],
        engine: Engine,
        hand_over: Callable[[Sequence[SlotJob]], Sequence[SlotJob]],
        **named: Any,
    ) -> None:
        super().__init__(path, known_sources, engine, not_here, **named)
        self._hand_over = hand_over
        self._handing = threading.Lock()

    def _wake(self, source: str) -> None:
        """A cron line has come: what is due is handed over, whichever source's it is."""
        try:
            self._wake_all()
        except (DatabaseRefused, TooManySlots) as error:
            log.error("%s could not be handed over: %s", source, error)

    def _wake_all(self) -> None:
        with self._handing, refusals():
            now = self._plan()
            slots = [self._book.next_slot(source, now) for source in self._known_sources]
            jobs = [job_of(slot, table) for slot in slots if slot and (table := self._table(slot))]
            for job in self._hand_over(jobs):
                log.info("slot %s %s %s handed over", job.source, job.mode, shown(job.due_at))
