"""Rests: what a host asked for when it refused us, kept in its row for every process and every later run.

A rest is asked for by the host (Retry-After, Crawl-delay), or begins by itself when the host refused several
requests in a row. It is never shortened. It is written with the moment at which it was set: a rest set well
later than now was set by a clock that has since been put back, and then counts its whole length from now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import Connection, case, update

from storage.database.by_key import row_of
from storage.models import HostRow
from storage.models.base import table_of

_HOSTS = table_of(HostRow)
_HOST = _HOSTS.c

LONGEST_WAIT_S = 120.0
"""A shorter rest is waited for; a longer one ends a run's work at the host (issue 11). Our choice."""
LONGEST_REST_S = 366 * 86400.0
"""Our choice: a year. What is longer is a mistake, and further than the calendar at the worst."""
REFUSALS = frozenset({401, 402, 403, 407, 429, 451, 418, 420, 430, 509, 529, 999})
"""Statuses by which a site says no: an outcome, not a challenge. Those from 418 on are in no standard:
servers made them up for "no robots" (418, 999) and "too many requests" (420, 430, 509, 529)."""
REFUSALS_BEFORE_REST = 3
"""So many refusals in a row, and the host rests without having asked for it (our choice): one may be about
one page, two about two."""
FIRST_REST_S = 3600.0
MOST_DOUBLINGS = 5
"""An hour, doubled with each further refusal; after five doublings the longest is reached."""
LONGEST_OWN_REST_S = 86400.0
"""The longest rest that a host did not ask for: what answers 403 today is looked at again tomorrow."""


_SKEW = timedelta(seconds=60)
"""A rest set so much later than now is no sign of a clock that was put back: a moment is read before its
transaction waits for others, and the clocks of two machines differ. Our choice."""


class Answered(Enum):
    """What an answer says of how the host takes our requests."""

    WELL = "well"
    """A page or list came, or is unchanged: refusals are counted anew."""
    REFUSED = "refused"
    NEITHER = "neither"
    """Another status, no answer, or a file about the host (robots.txt)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was heard of a host in one turn."""

    answered: Answered = Answered.NEITHER
    words: str = ""
    """The answer, in the words of a reason: ``403``."""
    rest_s: float | None = None
    """Seconds that the host asks for."""
    rest_reason: str = ""

    @property
    def turns_away(self) -> bool:
        """Whether it is a refusal, or asks for a rest."""
        return self.rest_s is not None or self.answered is Answered.REFUSED


NOTHING = Heard()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """A host is to be left alone."""

    until: datetime
    reason: str
    set_at: datetime
    left_s: float
    """Seconds that were left of it by the archive's clock when it was read."""

    @property
    def length_s(self) -> float:
        return (self.until - self.set_at).total_seconds()


class HostRests(Exception):
    """The host rests for longer than is waited for."""

    def __init__(self, rest: Rest) -> None:
        super().__init__(rest.reason)
        self.rest = rest


def rest_of(connection: Connection, row: Any, now: datetime) -> Rest | None:
    """The rest that the host of a row has at ``now``; None when it has none.

    One that was set by a clock that has since been put back is written anew, to count from now.
    """
    if row.rests_until is None or row.rest_set_at is None:
        return None
    if row.rest_set_at > now + _SKEW:
        moved = now + (row.rests_until - row.rest_set_at)
        late = update(_HOSTS).where(_HOST.name == row.name, _HOST.rest_set_at > now + _SKEW)
        connection.execute(late.values(rests_until=moved, rest_set_at=now))
        row = row_of(connection, HostRow, row.name)
    left_s = (row.rests_until - now).total_seconds()
    rest = Rest(until=row.rests_until, reason=row.rest_reason or "", set_at=row.rest_set_at, left_s=left_s)
    return rest if left_s > 0 else None


def note(connection: Connection, host: str, now: datetime, heard: Heard) -> Rest | None:
    """Keep what was heard of a host that has a row; gives the rest that it has now."""
    refusals = _counted(connection, host, heard.answered)
    if heard.rest_s is not None:
        begin(connection, host, now, heard.rest_s, heard.rest_reason)
    if heard.answered is Answered.REFUSED and refusals >= REFUSALS_BEFORE_REST:
        said = f"refused {refusals} times in a row, the last time with {heard.words}"
        begin(connection, host, now, own_rest_s(refusals), said)
    return rest_of(connection, row_of(connection, HostRow, host), now)


def own_rest_s(refusals: int) -> float:
    """Seconds that a host rests after so many refusals in a row.

    >>> [own_rest_s(n) / 3600 for n in (3, 4, 5, 6, 7, 8, 9, 10_000)]
    [1.0, 2.0, 4.0, 8.0, 16.0, 24.0, 24.0, 24.0]
    """
    doublings = min(refusals - REFUSALS_BEFORE_REST, MOST_DOUBLINGS)
    return min(FIRST_REST_S * float(2**doublings), LONGEST_OWN_REST_S)


def begin(connection: Connection, host: str, now: datetime, seconds: float, reason: str) -> None:
    """Let the host rest for so long; a rest that ends later stays."""
    until = now + timedelta(seconds=min(max(seconds, 0.0), LONGEST_REST_S))
    later = (_HOST.rests_until > until) & (_HOST.rest_set_at <= now + _SKEW)
    fields = {"rests_until": until, "rest_reason": reason, "rest_set_at": now}
    kept = {name: case((later, _HOST[name]), else_=value) for name, value in fields.items()}
    connection.execute(update(_HOSTS).where(_HOST.name == host).values(**kept))


def _counted(connection: Connection, host: str, answered: Answered) -> int:
    """Count the answer; gives the refusals in a row."""
    counted = {Answered.WELL: 0, Answered.REFUSED: _HOST.refusals + 1, Answered.NEITHER: _HOST.refusals}
    change = update(_HOSTS).where(_HOST.name == host).values(refusals=counted[answered])
    refusals: int = connection.execute(change.returning(_HOST.refusals)).scalar_one()
    return refusals
