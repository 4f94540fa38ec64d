"""When to look at a stored page again: by its age, denser while it is young. Pure: no clock here.

Korean outlets correct most in the first hours; after a month a page changes so seldom that only a new
listing brings it back. Six looks are what an article costs over its life, most of them answered by
304 (conditional requests).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

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


def next_recheck(
    born: datetime, last_fetched: datetime, now: datetime, ages: Sequence[timedelta] = AGES
) -> datetime | None:
    """When the page is to be asked again; None when it is old enough to be left alone.

    Args:
        born: when it was published, or first seen where no time is printed; aware.
        last_fetched: when it was asked last. An age that it was asked after is not asked for again,
            so that a crawler that slept for a week looks once and not six times.
        now: never earlier than this is answered.
        ages: ages of the page, ascending.
    """
    born = min(born, last_fetched)  # an embargoed page can carry a time to come
    due = next((born + age for age in ages if born + age > last_fetched), None)
    return None if due is None else max(due, now)


def requests_for(articles_per_day: float, ages: Sequence[timedelta] = AGES) -> float:
    """Requests a day that the policy costs at a steady rate of new articles: one for each age.

    >>> requests_for(1000)
    6000.0
    """
    return float(articles_per_day * len(ages))
