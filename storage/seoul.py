"""The zone in which times are read on Korean pages and shown to people; the archive itself keeps UTC.

And what the words of a Korean clock mean: the one place where 오후, 낮 and 밤 are made hours.
"""

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


def shown(instant: datetime, precision: str | None = None) -> str:
    """An instant for a person: ``2026-11-22 06:00``, Asia/Seoul; of precision ``day`` the day alone."""
    return instant.astimezone(SEOUL).strftime("%Y-%m-%d" if precision == "day" else "%Y-%m-%d %H:%M")


def written(instant: datetime) -> str:
    """An instant for a program, as the views write it: ``2026-11-22T06:00:00+09:00``."""
    return instant.astimezone(SEOUL).isoformat(timespec="seconds")


WEEKDAYS = r"(?:[월화수목금토일](?:요일)?|[月火水木金土日](?:曜日?)?|星期[一二三四五六日天])"
"""As pages print them behind a day, in Korean, Japanese or Chinese: a pattern."""
HALVES = "오전|오후|새벽|아침|낮|저녁|밤|AM|PM|am|pm|午前|午後|上午|下午"
_LATER = {"새벽": range(0), "아침": range(0), "낮": range(1, 7), "저녁": range(1, 12), "밤": range(6, 12)}
"""The hours that mean the day's second half behind these words."""


def hour_of_day(hour: int, half: str | None) -> int:
    """The hour of 24; ``half`` is one of ``HALVES``, a, p or None: 밤 9 is 21, 밤 1 is 1, 낮 1 is 13.

    Raises:
        ValueError: a morning hour above 12, or 밤 12, which may be of this day or the next.
    """
    letter = (half or "").lower()[:2]
    if letter == "밤" and hour == 12:
        raise ValueError("midnight of which day")
    if letter in _LATER:
        letter = "pm" if hour in _LATER[letter] else ""
    if letter in ("오후", "pm", "p", "午後", "下午") and hour < 12:
        return hour + 12
    if letter in ("오전", "am", "a", "午前", "上午"):
        if hour > 12:
            raise ValueError("a morning hour above 12")
        return hour % 12
    return hour
