"""When an address is asked again without being listed: soon after a failure, by its age after a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from crawler.recheck import next_recheck
from storage.records import LeasedAddress, Outcome

MAX_BACKOFF = timedelta(days=1)

RETRIED = frozenset({Outcome.FAILED, Outcome.BLOCKED})
"""Outcomes after which the address is asked again later without being listed again."""

RECHECKED = frozenset({Outcome.STORED, Outcome.UNCHANGED, Outcome.REVISED, Outcome.GONE})
"""Outcomes of pages that may change, vanish or come back."""


def next_look(
    address: LeasedAddress, outcome: Outcome, born: datetime, now: datetime, ages: Sequence[timedelta]
) -> datetime | None:
    """When to ask the address again; None: only when it is listed again.

    Args:
        born: when its article was published, or when it was first seen.
        ages: ages of a page at which it is asked again.
    """
    if outcome in RETRIED:
        return now + backoff(address.attempts)
    return next_recheck(born, now, now, ages) if outcome in RECHECKED else None


def backoff(attempts: int) -> timedelta:
    """How long an address that failed rests: 1, 2, 4 ... minutes, at most a day."""
    return min(timedelta(minutes=2 ** min(attempts, 12)), MAX_BACKOFF)
