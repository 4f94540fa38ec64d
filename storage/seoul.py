"""The zone in which times are read on Korean pages and shown to people; the archive itself keeps UTC."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")


def day_of(instant: datetime) -> date:
    """The day in Asia/Seoul."""
    return instant.astimezone(SEOUL).date()


def day_start(day: date) -> datetime:
    """Its first moment in Asia/Seoul."""
    return datetime.combine(day, time(), SEOUL).astimezone(UTC)


def day_end(day: date) -> datetime:
    """Its last instant in Asia/Seoul, to the microsecond: what "as of that day" means."""
    return day_start(day + timedelta(days=1)) - timedelta(microseconds=1)


def days_between(first: date, last: date) -> Iterator[date]:
    """The days from the first to the last, both included; none when the last lies before the first."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def shown(instant: datetime) -> str:
    """An instant for a person: ``2026-11-22 06:00``, Asia/Seoul."""
    return instant.astimezone(SEOUL).strftime("%Y-%m-%d %H:%M")
