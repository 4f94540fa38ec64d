"""Durations as the operator writes them: 90s, 10m, 6h, 7d. Pure."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache

DEFAULT_AGES = "10m,1h,6h,1d,7d,30d"
"""Ages of the page at which it is asked again (NEWSARCHIVE_RECHECK); empty: never."""

_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
_DURATION = re.compile(r"([0-9]{1,9})\s*([smhd])")
"""Nine digits of days are the longest that a timedelta holds."""
LONGEST = timedelta(days=36500)
"""A hundred years, so that it can be added to any day."""


def parse_duration(text: str) -> timedelta:
    """One duration: a whole number and its unit.

    Raises:
        ValueError: no such duration, or none at all (0s).

    >>> str(parse_duration("50 m"))
    '0:50:00'
    """
    found = _DURATION.fullmatch(text.strip())
    if found is None or int(found[1]) == 0:
        raise ValueError(f"a time is a number and s, m, h or d, for instance 50m; got {text!r}")
    if (time := int(found[1]) * _UNITS[found[2]]) > LONGEST:
        raise ValueError(f"a time is a hundred years at most; got {text!r}")
    return time


@cache  # asked for each page
def parse_ages(text: str) -> tuple[timedelta, ...]:
    """The ages of a setting such as ``10m,1h,6h,1d``, in order.

    Raises:
        ValueError: an age that is no duration.

    >>> [str(age) for age in parse_ages("1h, 10m")]
    ['0:10:00', '1:00:00']
    """
    parts = filter(None, (part.strip() for part in text.split(",")))
    return tuple(sorted({parse_duration(part) for part in parts}))


AGES = parse_ages(DEFAULT_AGES)
