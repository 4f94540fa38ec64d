"""Turns at a host: one process at a time, and never more often than the delay.

The row of a host is the one truth that all processes share, so two of them together are as polite
as one. Each change is one UPDATE, so that it needs no other lock.

The row's instants are those of the archive's clock, read behind the row's lock (storage.database.present):
machines whose clocks differ keep one pace. Clocks are set back. A time too far ahead to be any promise is
therefore no reason to wait; what this process itself promised it also knows by its own elapsed time
(crawler.run.turns). Longer waits are rests and know when they were set (rests.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, case, or_, text, update

from storage.database.by_key import row_of
from storage.database.prepared import Prepared
from storage.database.present import present_of
from storage.database.upsert import insert_missing_rows
from storage.frontier.rests import (
    LONGEST_WAIT_S,
    NOTHING,
    Answered,
    Heard,
    HostRests,
    Rest,
    begin,
    note,
    rest_of,
)
from storage.models import HostRow
from storage.models.base import table_of

_LEAST_WAIT = 0.05
"""Seconds between two looks at a host that another holds longer than the delay: slow answers take
seconds, and a look costs a fifth of a millisecond."""
LONGEST_PROMISE_S = 600.0
"""A turn further ahead than this, and than the delay, was set by a clock that has since been put back:
what a host asks for beyond 120 s is a rest."""

# One statement each, made once: a turn begins and ends with every request.
_TABLE = table_of(HostRow)
_HOST = _TABLE.c
_FREE = or_(
    _HOST.owner.is_(None),
    _HOST.hold_until <= bindparam("now"),
    _HOST.hold_until > bindparam("no_promise"),
    _HOST.owner == bindparam("gone"),
)
_TAKE = Prepared(
    update(_TABLE)
    .where(
        _HOST.name == bindparam("host"),
        _HOST.next_turn_at <= bindparam("now"),
        _FREE,
        or_(_HOST.rests_until.is_(None), _HOST.rests_until <= bindparam("now")),
    )
    .values(owner=bindparam("by"), hold_until=bindparam("hold"), next_turn_at=bindparam("next"))
)
_LATER = case(
    (_HOST.next_turn_at > bindparam("next"), _HOST.next_turn_at),
    else_=bindparam("next", type_=_HOST.next_turn_at.type),
)
_END = Prepared(
    update(_TABLE)
    .where(_HOST.name == bindparam("host"), _HOST.owner == bindparam("by"))
    .values(next_turn_at=_LATER, owner=None, hold_until=None)
    .returning(_HOST.refusals, _HOST.rests_until)
)
_LOCKED_AT = text(
    "WITH held AS MATERIALIZED (SELECT name FROM host WHERE name = :host FOR UPDATE) "
    "SELECT clock_timestamp() FROM held"
)
"""PostgreSQL: wait for the host's row, and only then look at the clock, in one way there and back."""


def take_turn(
    engine: Engine,
    host: str,
    owner: str,
    now: datetime | None,
    delay_s: float,
    hold_s: float,
    is_dead: Callable[[str], bool],
) -> float:
    """0.0 when the host is ours until ``end_turn`` or for ``hold_s``; otherwise the seconds to wait.

    No wait is longer than the longer of ``delay_s`` and LONGEST_PROMISE_S, whatever the clock did.

    Args:
        now: None for the archive's present.

    Raises:
        HostRests: the host rests for more than LONGEST_WAIT_S from now.
    """
    with engine.begin() as connection:
        at = _locked_at(connection, host, now)
        no_promise = at + timedelta(seconds=max(delay_s, hold_s, LONGEST_PROMISE_S))
        turn = {
            "host": host,
            "by": owner,
            "now": at,
            "no_promise": no_promise,
            "hold": at + timedelta(seconds=hold_s),
            # So that the delay is kept even when this process dies before it ends its turn.
            "next": at + timedelta(seconds=delay_s),
        }
        if _took(connection, turn, gone=None):  # almost always: the host is known, free and rested
            return 0.0
        found = _otherwise(connection, turn, at, delay_s, no_promise, is_dead)
    # Raised here, or the transaction would be undone that writes a rest anew after the clock was put back.
    if isinstance(found, Rest):
        raise HostRests(found)
    return found


def _locked_at(connection: Connection, host: str, given: datetime | None) -> datetime:
    """The archive's present, once the host's row is this transaction's; a new host is known from now on."""
    if given is not None:
        return given
    if connection.dialect.name == "sqlite":
        return present_of(connection)
    at: datetime | None = connection.execute(_LOCKED_AT, {"host": host}).scalar()
    if at is None:
        _make_known(connection, host, present_of(connection))
        at = connection.execute(_LOCKED_AT, {"host": host}).scalar_one()
    return at


def _make_known(connection: Connection, host: str, at: datetime) -> None:
    insert_missing_rows(connection, HostRow, [{"name": host, "next_turn_at": at, "refusals": 0}])


def _otherwise(
    connection: Connection,
    turn: Mapping[str, Any],
    now: datetime,
    delay_s: float,
    no_promise: datetime,
    is_dead: Callable[[str], bool],
) -> float | Rest:
    """The host is new, held, not to be asked yet, or rests."""
    row = row_of(connection, HostRow, turn["host"])
    if row is None:
        _make_known(connection, turn["host"], now)
        row = row_of(connection, HostRow, turn["host"])
    if (rest := rest_of(connection, row, now)) is not None:
        return rest if rest.left_s > LONGEST_WAIT_S else rest.left_s
    if row.next_turn_at > no_promise:
        row = _put_back(connection, row.name, now + timedelta(seconds=delay_s), no_promise)
    gone = row.owner if row.owner is not None and is_dead(row.owner) else None
    return 0.0 if _took(connection, turn, gone) else _wait(row, now, delay_s)


def _took(connection: Connection, turn: Mapping[str, Any], gone: str | None) -> bool:
    """Take the turn where the host is free; ``gone``: an owner that is dead, whose hold counts no more."""
    return _TAKE.run(connection, {**turn, "gone": gone}).rowcount == 1


def _put_back(connection: Connection, host: str, at: datetime, no_promise: datetime) -> Any:
    """The clock was put back since the turn was set: the delay counts from now on. The row as it is then."""
    far = update(_TABLE).where(_HOST.name == host, _HOST.next_turn_at > no_promise)
    connection.execute(far.values(next_turn_at=at))
    return row_of(connection, HostRow, host)


def _wait(row: Any, now: datetime, delay_s: float) -> float:
    until_turn: float = (row.next_turn_at - now).total_seconds()
    return max(until_turn, delay_s / 4, _LEAST_WAIT) if until_turn <= 0 else until_turn


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnEnd:
    """A turn to be given back, and what was heard of the host meanwhile."""

    host: str
    owner: str
    delay_s: float
    """The next turn begins no earlier than so long from now."""
    heard: Heard = NOTHING
    now: datetime | None = None
    """None: the archive's present."""


def end_turn(engine: Engine, end: TurnEnd) -> Rest | None:
    """Give the host back, in a transaction of its own. Gives the rest that the host has now."""
    with engine.begin() as connection:
        return ended(connection, end)


def ended(connection: Connection, end: TurnEnd) -> Rest | None:
    """Give the host back, in the caller's transaction.

    What was heard of the host is kept in the same transaction, so that nobody's turn can begin before it is
    known. Gives the rest that the host has now.
    """
    now = _locked_at(connection, end.host, end.now)
    turn = {"host": end.host, "by": end.owner, "next": now + timedelta(seconds=end.delay_s)}
    left = _END.run(connection, turn).first()
    if left is not None and not end.heard.turns_away and left.rests_until is None and not left.refusals:
        return None
    return _noted(connection, end.host, now, end.heard)


def _noted(connection: Connection, host: str, now: datetime, heard: Heard) -> Rest | None:
    """Most answers leave a host as it was."""
    row = row_of(connection, HostRow, host)
    if row is None:
        return None
    if heard.turns_away or (heard.answered is Answered.WELL and row.refusals):
        return note(connection, host, now, heard)
    return rest_of(connection, row, now)


def let_rest(engine: Engine, host: str, now: datetime | None, seconds: float, reason: str) -> Rest | None:
    """Let nobody ask the host for so long; a rest that ends later stays. Gives the rest that it has."""
    with engine.begin() as connection:
        now = _locked_at(connection, host, now)
        _make_known(connection, host, now)
        begin(connection, host, now, seconds, reason)
        return rest_of(connection, row_of(connection, HostRow, host), now)
