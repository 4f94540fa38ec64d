"""A run that asks for the ledger's gaps only, and which lists name articles of which days. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from crawler.run_plan import RunPlan
from crawler.sources.base import Seed, Source, Window

MODE = "fill"


@dataclass(frozen=True, slots=True, kw_only=True)
class FillPlan(RunPlan):
    """A run that asks for gaps only."""

    days: frozenset[date] = frozenset()
    """Days whose lists are to be read; what the lists name of other days is left alone."""

    @property
    def seeds(self) -> tuple[Seed, ...]:
        """The lists of the days, the newest day first, each once."""
        return lists_of_days(self.source, self.days)

    @property
    def only_listed(self) -> bool:
        return True


def lists_of_days(source: Source, days: Iterable[date]) -> tuple[Seed, ...]:
    """The lists that name articles of the days, each once."""
    windows = [Window(since=day, until=day) for day in sorted(days, reverse=True)]
    named = {seed.url: seed for window in windows for seed in source.seeds(window)}
    return tuple(named.values())


def newest_lists(source: Source) -> frozenset[str]:
    """Addresses of the lists that are of no day."""
    return frozenset(seed.url for seed in source.seeds(None))
