"""The values of the schedule file: what may be written for a number, a time, a day, a place. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer

from crawler.configuration.cron import Cron, joined, parse_cron
from crawler.configuration.durations import parse_duration
from crawler.configuration.words import at_home, check_line, check_place
from storage.clock import utc_now
from storage.records import SCHEDULED, RunMode
from storage.seoul import day_of

QUEUE_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}"
"""Letters, digits, dots, dashes: commas part the queues of a worker. 63 letters as a label of DNS has."""


def _number(value: object) -> object:
    """A number as TOML has it: ``"3"`` is a text, and ``true`` none though Python counts it as 1."""
    if isinstance(value, bool | str):
        written = f'"{value}"' if isinstance(value, str) else str(value).lower()
        raise ValueError(f"is a number, written without quotation marks; got {written[:80]}")  # noqa: TRY004 pydantic's rule
    return value


def _seconds(value: object) -> object:
    """``90``, ``"90s"``, ``"50m"``, ``"2h"``, ``"1d"`` -> seconds."""
    if isinstance(value, str):
        return int(parse_duration(value).total_seconds())
    return _number(value)


def _line(value: str) -> str:
    check_line(value)
    return value


def _place(value: object) -> object:
    if not isinstance(value, str | Path):
        raise ValueError("is a path, as text")  # noqa: TRY004 pydantic's rule
    check_place(str(value))
    return at_home(str(value))


def _day(value: object) -> object:
    """A day of TOML's own, or one as text; a number would be taken for seconds since 1970."""
    if isinstance(value, str):
        value = date.fromisoformat(value) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value) else None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError("is a day as YYYY-MM-DD")  # noqa: TRY004 pydantic's rule
    return value


def not_to_come(value: date) -> date:
    if value > day_of(utc_now()):
        raise ValueError(f"is {value.isoformat()}: what is not given yet permits nothing")
    return value


def _queue(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(QUEUE_NAME, value):
        raise ValueError("is a name of letters, digits, dots and dashes, 63 at most")
    return value


def _publishers(value: object) -> object:
    if value is None or value == "all":
        return value
    if not isinstance(value, list | tuple) or not all(type(one) in (int, str) for one in value):
        raise ValueError("is 'all', or a list of numbers and names")
    if none := [one for one in value if isinstance(one, int) and one < 1]:
        raise ValueError(f"has {none[0]}, and no channel has such a number")
    for name in (one for one in value if isinstance(one, str)):
        if not name.strip():
            raise ValueError("has a name without a letter")
        check_line(name)
    return value


def _age(value: object) -> object:
    """``730d`` -> that long, a day at least."""
    if isinstance(value, str):
        age = parse_duration(value)
        if age < timedelta(days=1):
            raise ValueError("is an age in days, for instance 730d")
        return age
    raise ValueError("is an age as text, for instance '730d'")


def _scheduled(mode: RunMode) -> RunMode:
    if mode not in SCHEDULED:
        raise ValueError("is not scheduled")
    return mode


def _cron(value: object) -> Cron:
    if isinstance(value, Cron):
        return value
    if isinstance(value, list) and value:
        return joined([_cron(one) for one in value])
    if not isinstance(value, str):
        raise ValueError("a cron line is text, for instance '*/20 * * * *', or a list of such")  # noqa: TRY004 pydantic's rule
    return parse_cron(value)


def _target(value: object) -> object:
    from apprise import Apprise  # a tenth of a second that most commands need not wait

    if not isinstance(value, str) or Apprise.instantiate(value) is None:
        # The value may hold a password: it is not repeated.
        raise ValueError("is no address that apprise knows (https://appriseit.com/services/)")
    return value


Queue = Annotated[str, BeforeValidator(_queue)]
Seconds = Annotated[int, BeforeValidator(_seconds), Field(ge=1, le=30 * 86400)]
Mode = Annotated[RunMode, AfterValidator(_scheduled)]
CronLine = Annotated[Cron, BeforeValidator(_cron), PlainSerializer(lambda cron: cron.text, return_type=str)]
Target = Annotated[str, BeforeValidator(_target)]
Place = Annotated[Path, BeforeValidator(_place)]
Line = Annotated[str, Field(min_length=1), AfterValidator(_line)]
Share = Annotated[float, BeforeValidator(_number), Field(gt=0, le=1)]
Days = Annotated[int, BeforeValidator(_number), Field(ge=1, le=3650)]
Day = Annotated[date, BeforeValidator(_day)]
Chosen = Annotated[Literal["all"] | tuple[int | Line, ...] | None, BeforeValidator(_publishers)]
Age = Annotated[timedelta, BeforeValidator(_age)]
