"""An article's place in time: the number that its entry in the index has. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

PLACES = 64
"""Numbers to a minute. Korean outlets together print some twenty articles in a busy minute (our estimate of
November 2026: 10,000 to 30,000 a day); a minute that is full takes the next one's numbers."""


def minute_of(at: datetime) -> int:
    """Minutes since 1970 in UTC; what lies before is put there."""
    return max(0, int(at.astimezone(UTC).timestamp()) // 60)


def first_number(at: datetime) -> int:
    """The lowest number that an article of this minute can have."""
    return minute_of(at) * PLACES
