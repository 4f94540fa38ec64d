"""When APScheduler wakes us: crontab(5)'s times, and a clock that goes on during a suspend."""

from __future__ import annotations

import time
from datetime import datetime

from apscheduler.triggers.base import BaseTrigger

from crawler.configuration.cron import Cron


def boot_seconds() -> float:
    """Seconds since the machine started, those of its suspends included."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class CrontabTrigger(BaseTrigger):  # type: ignore[misc]
    """APScheduler's trigger with crontab(5)'s meaning."""

    def __init__(self, cron: Cron) -> None:
        self.cron = cron

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """The next time of the line; a time already fired is not fired again after a jump back."""
        return self.cron.next_after(max(previous_fire_time, now) if previous_fire_time else now)
