"""Which addresses are due: asked state by state, so that what is settled costs nothing however much it is.

One condition over all states makes every lease read every address of the source: 6 ms at 30,000, 113 ms at a
million, inside the write lock (measured November 2026). Each branch here is a walk along a partial index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    literal_column,
    or_,
    select,
    union_all,
    update,
)

from storage.frontier.leases import owner_lives
from storage.models import AddressRow, AddressState, OutcomeRow, UnendedRow
from storage.models.base import table_of

_TABLE = table_of(AddressRow)
_ADDRESS = _TABLE.c
_OUTCOME, _OWED = table_of(OutcomeRow).c, table_of(UnendedRow).c

# Written into the statement, not bound: a partial index is used only where its condition can be seen.
_PENDING, _LEASED, _SETTLED = (_ADDRESS.state == literal_column(f"'{state.value}'") for state in AddressState)
_OF_SOURCE = _ADDRESS.source == bindparam("of_source")
_RUN: BindParameter[int] = bindparam("of_run")
_NOW: BindParameter[datetime] = bindparam("now")
_LIMIT: BindParameter[int] = bindparam("most")
_DEAD: BindParameter[str] = bindparam("dead", expanding=True)
_LIVING: BindParameter[str] = bindparam("living", expanding=True)

_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_COUNTED = union_all(
    *(select(of.address_id).where(of.run_id == _RUN, of.address_id.in_(_IDS)) for of in (_OUTCOME, _OWED))
)

Branch = Select[int, datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a lease asks for."""

    run_id: int
    source: str
    owner: str
    now: datetime
    lease_seconds: float
    limit: int


_HOLDERS = select(_ADDRESS.lease_owner).where(_OF_SOURCE, _LEASED).distinct()


def take(connection: Connection, asked: Asked, *, only_listed: bool) -> Sequence[Row[Any]]:
    """Lease at most ``limit`` due addresses: their rows, in no order.

    The newest listed go first; of those that are due again the longest overdue are looked at, so that none is
    passed over for ever.
    """
    of_source = {"of_source": asked.source}
    holders = [owner for (owner,) in connection.execute(_HOLDERS, of_source) if owner]
    lives = {owner: owner_lives(owner) for owner in holders}
    lasts = timedelta(seconds=asked.lease_seconds)
    told = {
        "of_run": asked.run_id,
        "now": asked.now,
        "most": asked.limit,
        "no_lease": asked.now + 2 * lasts,  # given out by a clock that was since put back
        "dead": [owner for owner in holders if lives[owner] is False],
        "living": [owner for owner in holders if lives[owner]],
        "holder": asked.owner,
        "until": asked.now + lasts,
    }
    return connection.execute(_take(only_listed=only_listed), of_source | told).all()


def not_counted(connection: Connection, run_id: int, address_ids: Sequence[int]) -> list[int]:
    """Those of the addresses that have no end in the run and are owed none: it did not list them."""
    if not address_ids:
        return []
    counted = set(connection.execute(_COUNTED, {"of_run": run_id, "ids": address_ids}).scalars())
    return [address_id for address_id in address_ids if address_id not in counted]


@cache
def _take(*, only_listed: bool) -> Any:
    """Made once for each kind: building it costs SQLAlchemy more than the database needs to answer it."""
    changes = {
        "state": literal_column(f"'{AddressState.LEASED.value}'"),
        "lease_owner": bindparam("holder"),
        "lease_until": bindparam("until"),
        "attempts": _ADDRESS.attempts + 1,
    }
    taken = update(_TABLE).where(_ADDRESS.id.in_(_due(only_listed=only_listed))).values(changes)
    return taken.returning(*_TABLE.c)


def _due(*, only_listed: bool) -> Select[int]:
    branches = [_waiting(), _lapsed(), _again()]
    if only_listed:
        listed = select(_OWED.address_id).where(_OWED.run_id == _RUN)
        branches = [branch.where(_ADDRESS.id.in_(listed)) for branch in branches]
    first = [branch.limit(_LIMIT).subquery() for branch in branches]
    found = union_all(*(select(branch.c.id, branch.c.listed_at) for branch in first)).subquery()
    return select(found.c.id).order_by(found.c.listed_at.desc().nulls_last(), found.c.id).limit(_LIMIT)


def _of(condition: ColumnElement[bool]) -> Branch:
    return select(_ADDRESS.id, _ADDRESS.listed_at).where(_OF_SOURCE, condition)


def _waiting() -> Branch:
    """Listed by this run, or left by earlier ones."""
    return _of(_PENDING).order_by(_ADDRESS.listed_at.desc(), _ADDRESS.id)


def _lapsed() -> Branch:
    """Leased by an owner that is dead, or for a time that has ended and by nobody known to live."""
    ended = or_(_ADDRESS.lease_until <= _NOW, _ADDRESS.lease_until > bindparam("no_lease"))
    dead, living = _ADDRESS.lease_owner.in_(_DEAD), _ADDRESS.lease_owner.in_(_LIVING)
    return _of(and_(_LEASED, or_(dead, and_(ended, ~living)))).order_by(_ADDRESS.id)


def _again() -> Branch:
    """Settled, due to be looked at again, and not settled by this very run."""
    here = exists().where(_OUTCOME.run_id == _RUN, _OUTCOME.address_id == _ADDRESS.id)
    overdue = and_(_SETTLED, _ADDRESS.next_fetch_at.is_not(None), _ADDRESS.next_fetch_at <= _NOW)
    return _of(and_(overdue, ~here)).order_by(_ADDRESS.next_fetch_at)
