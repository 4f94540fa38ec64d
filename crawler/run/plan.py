"""What one run is asked to do: source, mode, days or addresses, and the slot it is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from crawler.sources.base import Seed, Source, Window, lists, lists_of_days, windows_of_days
from storage.records import RunMode
from storage.records.discovery import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlan:
    """What one run is asked to do."""

    source: Source
    mode: RunMode = RunMode.LATEST
    limit: int | None = None
    window: Window | None = None
    urls: tuple[str, ...] = ()
    """Named addresses (``newsarchive fetch``); empty: the source's seeds."""
    slot: datetime | None = None
    """The due moment of the schedule that this run is for."""
    channels: tuple[Channel, ...] | None = None
    """The channels that the operator chose, known once the archive is open; None: the default ones."""

    @property
    def windows(self) -> tuple[Window | None, ...]:
        """What the source is asked seeds for: the newest (None) or days; nothing for known addresses."""
        return (self.window,) if self.mode in (RunMode.LATEST, RunMode.BACKFILL) else ()

    @property
    def seeds(self) -> tuple[Seed, ...]:
        """Where this run discovers."""
        return tuple(seed for window in self.windows for seed in lists(self.source, window, self.channels))

    @property
    def exclusive(self) -> bool:
        """A crawl of a source runs alone; named addresses may be fetched beside it."""
        return self.mode is not RunMode.FETCH

    @property
    def only_listed(self) -> bool:
        """Ask for what this run names itself, not for all that waits in the frontier."""
        return not self.exclusive


@dataclass(frozen=True, slots=True, kw_only=True)
class FillPlan(RunPlan):
    """A run that asks for gaps only."""

    days: frozenset[date] = frozenset()
    """Days whose lists are to be read; what the lists name of other days is left alone."""

    @property
    def windows(self) -> tuple[Window | None, ...]:
        return windows_of_days(self.days)

    @property
    def seeds(self) -> tuple[Seed, ...]:
        """The lists of the days, the newest day first, each once."""
        return lists_of_days(self.source, self.days, self.channels)

    @property
    def only_listed(self) -> bool:
        return True
