"""Cron lines as crontab(5) reads them, always in Asia/Seoul. Pure: time enters as an argument.

Written here and not taken from APScheduler because ``CronTrigger.from_crontab`` counts weekdays from
Monday (``1-5`` is Tuesday to Saturday there, measured November 2026) and joins day of month and day of
week by AND, where crontab(5) says OR. Seoul has kept no summer time since 1988, so local time is
UTC+9 without a gap or a repeated hour.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from storage.seoul import SEOUL

MACROS: Mapping[str, str] = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
"""crontab(5), EXTENSIONS. ``@reboot`` names no time of day and is refused."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")

_LONGEST_WAIT = timedelta(days=366 * 40)
"""The rarest line that comes at all: 29 February on one weekday, across a century without a leap day."""


class WrongCron(ValueError):
    """A line that crontab(5) does not know; the message is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    name: str
    low: int
    high: int
    names: Mapping[str, int]


_FIELDS = (
    _Field(name="minute", low=0, high=59, names={}),
    _Field(name="hour", low=0, high=23, names={}),
    _Field(name="day of month", low=1, high=31, names={}),
    _Field(name="month", low=1, high=12, names={name: n for n, name in enumerate(_MONTHS, start=1)}),
    _Field(name="day of week", low=0, high=7, names={name: n for n, name in enumerate(_WEEKDAYS)}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cron:
    """One cron line, read."""

    text: str
    clocks: tuple[time, ...]
    """The times of a day, in order."""
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    """0 is Sunday."""
    either_day: bool
    """Day of month and day of week are both restricted: either one is enough."""

    def next_after(self, instant: datetime) -> datetime | None:
        """The first time later than ``instant`` (aware), in Asia/Seoul; None: none within 40 years."""
        local = instant.astimezone(SEOUL).replace(tzinfo=None)
        day, last = local.date(), local.date() + _LONGEST_WAIT
        while day <= last:
            if self._is_day(day):
                for clock in self.clocks:
                    if (found := datetime.combine(day, clock)) > local:
                        return found.replace(tzinfo=SEOUL)
            day = self._following(day)
        return None

    def last_until(self, instant: datetime) -> datetime | None:
        """The newest time not later than ``instant`` (aware), in Asia/Seoul; None: none within 40 years."""
        local = instant.astimezone(SEOUL).replace(tzinfo=None)
        day, first = local.date(), local.date() - _LONGEST_WAIT
        while day >= first:
            if self._is_day(day):
                for clock in reversed(self.clocks):
                    if (found := datetime.combine(day, clock)) <= local:
                        return found.replace(tzinfo=SEOUL)
            day = day - timedelta(days=1) if day.month in self.months else day.replace(day=1) - timedelta(1)
        return None

    def between(self, after: datetime, until: datetime) -> Iterator[datetime]:
        """Every time in ``(after, until]``, oldest first."""
        first = after.astimezone(SEOUL).replace(tzinfo=None)
        last = until.astimezone(SEOUL).replace(tzinfo=None)
        day = first.date()
        while day <= last.date():
            for clock in self.clocks if self._is_day(day) else ():
                if first < (found := datetime.combine(day, clock)) <= last:
                    yield found.replace(tzinfo=SEOUL)
            day = self._following(day)

    def _following(self, day: date) -> date:
        """The next day worth looking at: the first of the next month when this month is out."""
        if day.month in self.months:
            return day + timedelta(days=1)
        return (day.replace(day=28) + timedelta(days=4)).replace(day=1)

    def _is_day(self, day: date) -> bool:
        if day.month not in self.months:
            return False
        in_month, in_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return (in_month or in_week) if self.either_day else (in_month and in_week)


def parse_cron(line: str) -> Cron:
    """Read a cron line: five fields, or one of the ``@`` words.

    Numbers, names (jan, sun), ranges, lists, steps and ``*`` mean what crontab(5) says: 0 and 7 are
    Sunday; when day of month and day of week both are restricted (neither starts with ``*``), either
    one is enough.

    >>> str(parse_cron("0 6 * * 1-5").next_after(datetime(2026, 11, 20, 12, tzinfo=SEOUL)))
    '2026-11-23 06:00:00+09:00'

    Raises:
        WrongCron: not such a line, or a day that never comes.
    """
    words = _five_words(line)
    numbers = [_numbers(word, field) for word, field in zip(words, _FIELDS, strict=True)]
    cron = Cron(
        text=line.strip(),
        clocks=tuple(time(hour, minute) for hour in sorted(numbers[1]) for minute in sorted(numbers[0])),
        days=frozenset(numbers[2]),
        months=frozenset(numbers[3]),
        weekdays=frozenset(number % 7 for number in numbers[4]),
        either_day=not words[2].startswith("*") and not words[4].startswith("*"),
    )
    if cron.next_after(datetime(2000, 1, 1, tzinfo=SEOUL)) is None:
        raise WrongCron(f"{line!r} names a day that never comes")
    return cron


def _five_words(line: str) -> list[str]:
    word = line.strip().lower()
    if word == "@reboot":
        raise WrongCron("'@reboot' names no time of day; name one, for instance '@hourly'")
    if word.startswith("@"):
        if word not in MACROS:
            raise WrongCron(f"{line.strip()!r} is none of {', '.join(MACROS)}")
        word = MACROS[word]
    words = word.split()
    if len(words) != len(_FIELDS):
        raise WrongCron(
            f"a cron line has five fields (minute hour day-of-month month day-of-week), "
            f"{line!r} has {len(words)}"
        )
    return words


def _numbers(word: str, field: _Field) -> set[int]:
    """One field's numbers: a list of single values, ranges and steps."""
    found: set[int] = set()
    for part in word.split(","):
        span, slash, step = part.partition("/")
        low, high, is_range = _span(span, field, word)
        if slash and not is_range:
            raise WrongCron(f"{field.name} {word!r}: a step needs a range or * before the '/'")
        if slash and not (step.isascii() and step.isdigit() and int(step) > 0):
            raise WrongCron(f"{field.name} {word!r}: a step is a whole number above zero, not {step!r}")
        found.update(range(low, high + 1, int(step) if slash else 1))
    return found


def _span(span: str, field: _Field, word: str) -> tuple[int, int, bool]:
    """First, last, and whether it was written as a range."""
    if span == "*":
        return field.low, field.high, True
    first, dash, last = span.partition("-")
    low = _number(first, field, word)
    if not dash:
        return low, low, False
    high = _number(last, field, word)
    if low > high:
        raise WrongCron(f"{field.name} {word!r}: the range {span!r} runs backwards")
    return low, high, True


def _number(text: str, field: _Field, word: str) -> int:
    if text in field.names:
        return field.names[text]
    if not (text.isascii() and text.isdigit()) or not field.low <= int(text) <= field.high:
        named = f" or {next(iter(field.names))} ..." if field.names else ""
        raise WrongCron(f"{field.name} {word!r}: {text!r} is not {field.low}-{field.high}{named}")
    return int(text)
