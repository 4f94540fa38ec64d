"""Cron lines as crontab(5) reads them, always in Asia/Seoul; cronsim reads them. Pure: time is an argument.

cronsim and not APScheduler, whose ``CronTrigger.from_crontab`` counts weekdays from Monday (``1-5`` is
Tuesday to Saturday there, docs/stack.md 3) and joins day of month and day of week by AND, where crontab(5)
says OR. What cronsim knows beyond crontab(5) (``L``, ``LW``, ``#``, seconds, ``5/10``) is refused: a line of
newsarchive.toml means the same in a crontab. Seoul has kept no summer time since 1988.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge

from cronsim import CronSim, CronSimError

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

_FIELDS = ("minute", "hour", "day of month", "month", "day of week")
_NAMES = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat"
_VALUE = rf"(?:[0-9]{{1,2}}|{_NAMES})"
_PART = rf"(?:{_VALUE}|(?:\*|{_VALUE}-{_VALUE})(?:/[0-9]{{1,3}})?)"
_WORD = re.compile(rf"{_PART}(?:,{_PART})*", re.IGNORECASE)
"""What crontab(5) lets stand in a field, and nothing that cronsim adds."""
_ONE = re.compile(r"\b(\w+)-\1/[0-9]+")
"""A range of one value with a step: cronsim 2.8 reads ``0-0/1`` as ``0/1``, every value from 0 on."""


class WrongCron(ValueError):
    """A line that crontab(5) does not know; the message is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cron:
    """One cron line, read."""

    text: str
    expression: str
    """Five fields: what a macro stands for."""
    more: tuple[Cron, ...] = ()
    """Lines beside this one: a time of any of them is a time of all."""

    def next_after(self, instant: datetime) -> datetime | None:
        """The first time later than ``instant`` (aware), in Asia/Seoul; None: none within 50 years."""
        return next(self._from(instant), None)

    def last_until(self, instant: datetime) -> datetime | None:
        """The newest time not later than ``instant`` (aware), in Asia/Seoul; None: none within 50 years."""
        found = [self._last_until(instant), *(one.last_until(instant) for one in self.more)]
        return max((at for at in found if at is not None), default=None)

    def _last_until(self, instant: datetime) -> datetime | None:
        later = instant.astimezone(SEOUL).replace(tzinfo=None) + timedelta(microseconds=1)
        back = CronSim(self.expression, later, reverse=True)
        return next((found.replace(tzinfo=SEOUL) for found in back), None)

    def between(self, after: datetime, until: datetime) -> Iterator[datetime]:
        """Every time in ``(after, until]``, oldest first."""
        for found in self._from(after):
            if found > until:
                return
            yield found

    def _from(self, instant: datetime) -> Iterator[datetime]:
        """Every time later than the instant, oldest first, each once."""
        local = instant.astimezone(SEOUL).replace(tzinfo=None)
        own = (found.replace(tzinfo=SEOUL) for found in CronSim(self.expression, local))
        last = None
        for found in merge(own, *(one._from(instant) for one in self.more)):
            if found != last:
                yield found
            last = found


def joined(lines: Sequence[Cron]) -> Cron:
    """Several lines as one: a mode may have its own times by day and by night.

    >>> both = joined([parse_cron("*/20 6-23 * * *"), parse_cron("0 0-5/2 * * *")])
    >>> str(both.next_after(datetime(2026, 11, 20, 23, 50, tzinfo=SEOUL))), both.text
    ('2026-11-21 00:00:00+09:00', '*/20 6-23 * * *; 0 0-5/2 * * *')
    """
    first, *more = lines
    return Cron(text="; ".join(one.text for one in lines), expression=first.expression, more=tuple(more))


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
    for name, word in zip(_FIELDS, words, strict=True):
        if _WORD.fullmatch(word) is None:
            raise WrongCron(f"{name} {word!r} is nothing that crontab(5) knows")
    cron = Cron(text=line.strip(), expression=_ONE.sub(r"\1", " ".join(words)))
    try:
        comes = cron.next_after(datetime(2000, 1, 1, tzinfo=SEOUL))
    except CronSimError as error:
        raise WrongCron(_sentence(line, words, str(error))) from error
    if comes is None:
        raise WrongCron(f"{line!r} names a day that never comes")
    return cron


def _sentence(line: str, words: list[str], said: str) -> str:
    """cronsim says ``Bad day-of-month``; a person is told which word of the line that is."""
    name = said.removeprefix("Bad ").replace("-", " ")
    if name not in _FIELDS:
        return f"{line!r} is no cron line: {said}"
    return f"{name} {words[_FIELDS.index(name)]!r} is nothing that crontab(5) knows, or never comes"


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
