"""A week as ISO 8601 names it, in Asia/Seoul: ``2026-W47``, Monday to Sunday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from storage.ledger.week import Span
from storage.seoul import day_start

WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Week:
    """One week.

    >>> str(Week.of(date(2027, 1, 3)))
    '2026-W53'
    """

    monday: date

    @classmethod
    def of(cls, day: date) -> Week:
        """The week that holds the day."""
        return cls(day - timedelta(days=day.weekday()))

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def span(self) -> Span:
        return Span(since=day_start(self.monday), until=day_start(self.monday + WEEK))

    def weeks_before(self, count: int) -> Span:
        """The weeks that end where this one begins."""
        return Span(since=day_start(self.monday - count * WEEK), until=day_start(self.monday))

    def __str__(self) -> str:
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02}"
