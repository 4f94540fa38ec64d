"""Durations as the operator writes them: 10m, 6h, 7d. Pure."""

from __future__ import annotations

import re
from datetime import timedelta

DEFAULT_AGES = "10m,1h,6h,1d,7d,30d"
"""Ages of the page at which it is asked again (NEWSARCHIVE_RECHECK); empty: never."""


_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


_AGE = re.compile(r"(\d+)\s*([mhd])")


def parse_ages(text: str) -> tuple[timedelta, ...]:
    """The ages of a setting such as ``10m,1h,6h,1d``, in order.

    Raises:
        ValueError: an age that is not a number and m, h or d.

    >>> [str(age) for age in parse_ages("1h, 10m")]
    ['0:10:00', '1:00:00']
    """
    ages = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        found = _AGE.fullmatch(part)
        if found is None or int(found[1]) == 0:
            raise ValueError(f"an age is a number and m, h or d, for instance 10m or 7d; got {part!r}")
        ages.append(int(found[1]) * _UNITS[found[2]])
    return tuple(sorted(set(ages)))


AGES = parse_ages(DEFAULT_AGES)
