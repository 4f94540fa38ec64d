"""What time it is for the archive: one clock for every machine that shares it.

On PostgreSQL it is the server's ``clock_timestamp()``, read after the lock that a transaction waited for (its
``now()`` is the transaction's start). An SQLite file lies on one machine, whose clock it is.
"""

from __future__ import annotations

import time
from datetime import datetime

from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from storage.clock import utc_now

_CLOCK = text("SELECT clock_timestamp()")
_LOOKS = 3
"""The quickest of so many answers tells the clocks' difference best; our choice."""


def present(session: Session, given: datetime | None = None) -> datetime:
    """The archive's present, aware; to be read behind the lock that decides.

    Args:
        given: an instant that the caller plays (a simulated month, a test): it is taken as it is.
    """
    if given is not None:
        return given
    return present_of(session.connection())  # SQLite waits for its lock here, before its clock is read


def present_of(connection: Connection, given: datetime | None = None) -> datetime:
    """The archive's present, asked on a connection that has begun its transaction; ``given``: as above."""
    if given is not None:
        return given
    if connection.dialect.name == "sqlite":
        return utc_now()
    read: datetime = connection.execute(_CLOCK).scalar_one()
    return read


def archive_now(engine: Engine) -> datetime:
    """The archive's present, without any lock."""
    if engine.dialect.name == "sqlite":
        return utc_now()
    with Session(engine) as session:
        return present(session)


def clock_ahead_s(engine: Engine) -> float:
    """Seconds that this machine's clock is ahead of the archive's; negative: behind. 0 on SQLite.

    Half of the way there and back is the error: milliseconds in one house.
    """
    if engine.dialect.name == "sqlite":
        return 0.0
    looks = []
    with engine.connect() as connection:
        connection.execute(_CLOCK)  # the first answer may wait for a plan
        for _ in range(_LOOKS):
            asked, before = time.monotonic(), utc_now()
            theirs: datetime = connection.execute(_CLOCK).scalar_one()
            took = time.monotonic() - asked
            looks.append((took, (before - theirs).total_seconds() + took / 2))
    return min(looks)[1]
