"""Alarms: one row for each thing that can be wrong, changed when its state changes, told once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, insert, select, update

from storage.database.by_key import row_of
from storage.database.opening import writing_rows
from storage.models import AlarmRow
from storage.models.base import table_of
from storage.seoul import written

_ALARMS = table_of(AlarmRow)
_ALARM = _ALARMS.c

OK = "ok"
"""The state in which nothing is wrong; every other state is a word for what is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """What was wrong with a thing before its newest state, and not every target was told of."""

    at: str
    """When it went wrong: ISO 8601, Asia/Seoul."""
    message: str
    delivered_to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """The newest state of one thing."""

    key: str
    """What it is about: ``verdict daum latest``, ``drift daum``."""
    state: str
    message: str
    facts: Mapping[str, object]
    changed_at: datetime
    delivered_to: tuple[str, ...]
    """Targets that have been told of this state."""
    undelivered: str | None
    """Why the last attempt to tell somebody failed."""
    attempts: int
    """How often in a row it failed."""
    try_at: datetime | None
    """Not before then is it tried again."""
    missed: tuple[Missed, ...] = ()
    """Oldest first."""

    @property
    def raised(self) -> bool:
        return self.state != OK

    def missed_by(self, target: str) -> list[Missed]:
        """What was wrong meanwhile, and this target was not told of."""
        return [one for one in self.missed if target not in one.delivered_to]


_MISSED = "untold_before"
"""The fact of a row that keeps its ``Alarm.missed``."""
MOST_MISSED = 10
"""Our choice: a message stays one that is read. Of more the newest are kept; ``runs`` has every one."""


def _alarm(row: Any) -> Alarm:
    facts = json.loads(row.facts)
    missed = facts.pop(_MISSED, [])
    return Alarm(
        key=row.key,
        state=row.state,
        message=row.message,
        facts=facts,
        missed=tuple(Missed(**one | {"delivered_to": tuple(one["delivered_to"])}) for one in missed),
        changed_at=row.changed_at,
        delivered_to=tuple(json.loads(row.delivered_to)),
        undelivered=row.undelivered,
        attempts=row.attempts or 0,
        try_at=row.try_at,
    )


def _missed_until(row: Any) -> list[dict[str, Any]]:
    """What a row whose state changes leaves untold: what was wrong, were it well again in between."""
    if row is None or row.settled_at is not None:
        return []
    alarm = _alarm(row)
    one = Missed(at=written(alarm.changed_at), message=alarm.message, delivered_to=alarm.delivered_to)
    return [asdict(missed) for missed in (*alarm.missed, *([one] if alarm.raised else []))][-MOST_MISSED:]


def observe(
    engine: Engine, key: str, state: str, message: str, facts: Mapping[str, object], now: datetime
) -> Alarm | None:
    """Say how a thing is; gives the alarm when that is a change that somebody should hear of, else None.

    The first sight of something that is well is no news. The same state again changes the time of its
    last sight only, so that its first message stays.
    """
    with writing_rows(engine) as connection:
        row = row_of(connection, AlarmRow, key)
        if row is None:
            nothing = {"state": OK, "message": "", "facts": "{}", "delivered_to": "[]"}
            seen = dict.fromkeys(("changed_at", "seen_at", "settled_at"), now)
            connection.execute(insert(_ALARMS).values({"key": key, **nothing, **seen}))
        change = update(_ALARMS).where(_ALARM.key == key).values(seen_at=now)
        if state == (OK if row is None else row.state):
            connection.execute(change)
            return None
        missed = _missed_until(row)
        facts = {**facts, **({_MISSED: missed} if missed else {})}
        new = {
            "state": state,
            "message": message,
            "changed_at": now,
            "facts": json.dumps(facts, ensure_ascii=False, sort_keys=True, default=str),
            "delivered_to": "[]",
            "undelivered": None,
            "settled_at": None,
            "attempts": 0,
            "try_at": None,
        }
        connection.execute(change.values(new))
        return _alarm(row_of(connection, AlarmRow, key))


def state_of(engine: Engine, key: str) -> str:
    """The newest state of one thing; ``ok`` when nothing was ever said of it."""
    with engine.connect() as connection:
        row = row_of(connection, AlarmRow, key)
    return OK if row is None else str(row.state)


def untold(engine: Engine) -> list[Alarm]:
    """Changes that not every target has been told of, oldest first."""
    waiting = select(_ALARMS).where(_ALARM.settled_at.is_(None)).order_by(_ALARM.changed_at)
    with engine.connect() as connection:
        return [_alarm(row) for row in connection.execute(waiting)]


TELLING = timedelta(minutes=5)
"""Our choice: five targets that take their whole minute each. Who tells it may die meanwhile."""


def take(engine: Engine, alarm: Alarm, now: datetime) -> bool:
    """Be the one that tells an alarm; False: since it was read another process has told it, or does so.

    Two sources' crawls end in the same second, and each tells all that is untold.
    """
    read = (_ALARM.key == alarm.key, _ALARM.changed_at == alarm.changed_at, _ALARM.settled_at.is_(None))
    as_it_was = _ALARM.try_at.is_not_distinct_from(alarm.try_at)
    with writing_rows(engine) as connection:
        taken = update(_ALARMS).where(*read, as_it_was).values(try_at=now + TELLING)
        return connection.execute(taken).rowcount == 1


def told(engine: Engine, alarm: Alarm, to: Sequence[str], failure: str | None, now: datetime) -> None:
    """Keep who has been told; with a failure it is tried again later, the later the more often it failed.

    A newer state is left alone.
    """
    with writing_rows(engine) as connection:
        row = row_of(connection, AlarmRow, alarm.key)
        if row.state != alarm.state or row.changed_at != alarm.changed_at:
            return
        attempts = 0 if failure is None else (row.attempts or 0) + 1
        new = {
            "delivered_to": json.dumps(sorted(to)),
            "undelivered": failure,
            "settled_at": now if failure is None else None,
            "attempts": attempts,
            "try_at": None if failure is None else now + rest_after(attempts),
        }
        connection.execute(update(_ALARMS).where(_ALARM.key == alarm.key).values(new))


LONGEST_REST = timedelta(hours=6)
"""Our choice: a target that was away for days is found again within a quarter of a day."""


def rest_after(attempts: int) -> timedelta:
    """How long a target that could not be told is left alone: 1, 2, 4 ... minutes.

    >>> [int(rest_after(n).total_seconds() / 60) for n in (1, 2, 5, 30)]
    [1, 2, 16, 360]
    """
    return min(timedelta(minutes=2 ** min(attempts - 1, 20)), LONGEST_REST)


def raised(engine: Engine) -> list[Alarm]:
    """What is wrong now, oldest first."""
    wrong = select(_ALARMS).where(_ALARM.state != OK).order_by(_ALARM.changed_at)
    with engine.connect() as connection:
        return [_alarm(row) for row in connection.execute(wrong)]
