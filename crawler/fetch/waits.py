"""How long a server says to wait, as RFC 9110 has it and as servers write it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_UNITS = {
    **dict.fromkeys(("ms", "msec", "msecs", "millisecond", "milliseconds", "밀리초"), 0.001),
    **dict.fromkeys(("", "s", "sec", "secs", "second", "seconds", "초"), 1.0),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "분"), 60.0),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "시간"), 3600.0),
    **dict.fromkeys(("d", "day", "days", "일"), 86400.0),
    **dict.fromkeys(("w", "week", "weeks", "주"), 7 * 86400.0),
}
"""A unit as written -> seconds."""
_PART = re.compile(r"([0-9]+(?:\.[0-9]*)?)[ \t]*([a-z가-힣]*)\.?[ \t]*")
_SINCE_1970 = ((1e9, 1e10, 1.0), (1e12, 1e13, 1000.0))
"""Least, below, per second: a number of this size is a moment of this century, as of 2001, in seconds or
milliseconds since 1970; as a wait it would be decades."""


def waits_in(value: str, now: datetime) -> Iterator[float]:
    """The waits that one value of Retry-After asks for, in seconds from now; none where it says no time.

    Args:
        now: what a moment is held against.

    >>> list(waits_in("120; comment=busy", datetime(2026, 11, 20, tzinfo=UTC)))
    [120.0]
    """
    if (at := date_in(value)) is not None:
        yield (at - now).total_seconds()
        return
    for seconds in seconds_in(value):
        since = next((scale for least, below, scale in _SINCE_1970 if least <= seconds < below), None)
        yield seconds if since is None else seconds / since - now.timestamp()


def seconds_in(value: str) -> Iterator[float]:
    """Each length of time in a value: seconds where no unit is written.

    >>> [list(seconds_in(said)) for said in ("1.5", '"90"', "3s, 2 minutes", "1h30m", "PT1H", "soon", "-5")]
    [[1.5], [90.0], [3.0, 120.0], [5400.0], [3600.0], [], []]
    """
    for one in re.split(r"[,;]", value.lower()):
        said = one.strip(" \t\"'=+").removeprefix("pt")
        parts = list(_PART.finditer(said))
        whole = "".join(part[0] for part in parts) == said
        if not parts or not whole or any(part[2] not in _UNITS for part in parts):
            continue
        if len(parts) > 1 and any(not part[2] for part in parts):  # "12 34": two numbers are none
            continue
        yield sum(float(part[1]) * _UNITS[part[2]] for part in parts)  # infinite at the worst


_LONGEST_DATE = 200
"""Characters of a date in a header; ``Sunday, 06-Nov-94 08:49:37 GMT`` has 30 (our choice)."""


def date_in(raw: str) -> datetime | None:
    """An HTTP date in any of its three forms, or one of ISO 8601.

    Without a zone it is in GMT (RFC 9110 section 5.6.7).
    """
    if len(raw) > _LONGEST_DATE:
        return None
    try:
        if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", raw):
            at = datetime.fromisoformat(raw)
        elif re.search(r"[A-Za-z]{3}.*[0-9]:[0-9]", raw):  # bare numbers are seconds
            at = parsedate_to_datetime(re.sub(r"\bKST\b", "+0900", raw))
        else:
            return None
    except (TypeError, ValueError, OverflowError):  # no date, or a zone beyond the clock
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
