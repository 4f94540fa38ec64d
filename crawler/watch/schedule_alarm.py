"""The alarm that no row can keep: the scheduler's own database, or its disk, refuses."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from crawler.configuration.file import AlarmTable
from crawler.watch.alarms import tell_one
from storage.operations.alarms import OK, Alarm, rest_after
from storage.seoul import shown

KEY = "schedule"
REFUSED_FOR = timedelta(minutes=5)
"""A restart of PostgreSQL, or a backup that locks SQLite, takes less. Our choice."""

log = logging.getLogger("newsarchive")


class ScheduleAlarm:
    """Tells that a schedule cannot be kept, and that it can again: kept by its process alone, each told once.

    Every other alarm has a row: who kept this one in it would be told of it when it is over.
    """

    def __init__(self) -> None:
        self._since: datetime | None = None
        self._alarm: Alarm | None = None
        self._heard: set[str] = set()
        self._attempts = 0
        self._try_at: datetime | None = None

    def look(self, table: AlarmTable, refusal: str | None, now: datetime) -> None:
        """After each look of the scheduler.

        Args:
            refusal: why the schedule could not be kept at this look; None: it could.
            now: this machine's clock; the database's cannot be asked.
        """
        raised = self._alarm is not None and self._alarm.raised
        if refusal is None:
            if raised and self._alarm is not None:
                ended = f"the schedule is kept again; from {shown(self._alarm.changed_at)} on: "
                self._change(OK, f"{ended}{self._alarm.message}", now)
            self._since = None
        elif self._since is None or now < self._since:  # the clock was put back
            self._since = now
        elif not raised and now - self._since >= REFUSED_FOR:
            self._change("refused", f"the schedule could not be kept: {refusal}", self._since)
        self._tell(table, now)

    def _change(self, state: str, message: str, at: datetime) -> None:
        self._heard, self._attempts, self._try_at = set(), 0, None
        self._alarm = Alarm(
            key=KEY,
            state=state,
            message=message,
            facts={},
            changed_at=at,
            delivered_to=(),
            undelivered=None,
            attempts=0,
            try_at=None,
        )

    def _tell(self, table: AlarmTable, now: datetime) -> None:
        """What fails is tried again later, and ever more seldom."""
        waits = self._try_at is not None and now < self._try_at <= now + rest_after(self._attempts)
        if self._alarm is None or waits:
            return
        failures = tell_one(self._alarm, table, self._heard, {})
        if failures:
            self._attempts += 1
            self._try_at = now + rest_after(self._attempts)
        elif not self._alarm.raised:
            self._alarm = None
