"""Names that one process holds at a time, and owners that can be told dead.

An owner is ``hostname/pid/start``, with ``task@`` before it where one process does several: where
the process runs, its number, and when it began (boot, process space and clock tick, from /proc),
since process numbers are used again. A process of this machine that was killed is seen to be dead at
once; one of another machine only by its lease's end, which is told by the archive's clock: where a call
takes an instant, None is the archive's present, read behind the lock (storage.database.present).
"""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import Engine, delete, insert, update

from storage.database.by_key import row_of
from storage.database.opening import writing_rows
from storage.database.present import present_of
from storage.models import LeaseRow
from storage.models.base import table_of

_LEASES = table_of(LeaseRow)
_LEASE = _LEASES.c
_PROC = Path("/proc")
_UNKNOWN = "-"


def this_process(part: str | None = None) -> str:
    """The owner string of this process, or of a ``part`` of it (a source's run)."""
    own = f"{socket.gethostname()}/{os.getpid()}/{_started(os.getpid()) or _UNKNOWN}"
    return own if part is None else f"{own}/{part}"


def owner_is_dead(owner: str) -> bool:
    """Whether the process that the owner string names is known to be gone.

    False whenever it cannot be known: another machine, another boot, another container.
    """
    return owner_lives(owner) is False


def owner_lives(owner: str) -> bool | None:
    """True: the process runs on this machine; False: it is gone; None: it cannot be known from here."""
    host, pid, started = _parts(owner)
    if host != socket.gethostname() or pid is None:
        return None
    if started == _UNKNOWN:
        return None if _answers(pid) else False  # the number may be another process's by now
    own = _own_start(os.getpid())
    if _world(started) != _world(own or ""):
        return None
    return (own if pid == os.getpid() else _started(pid)) == started


def place_of(owner: str) -> tuple[str, str]:
    """Where an owner runs: its host, and the boot and process space, which tell hosts of one name apart."""
    host, _pid, started = _parts(owner)
    return host, _world(started)


def _parts(owner: str) -> tuple[str, int | None, str]:
    pieces = owner.split("/", 3)
    if len(pieces) < 3 or not pieces[1].isdigit():
        return owner, None, _UNKNOWN
    return pieces[0], int(pieces[1]), pieces[2]


def _world(started: str) -> str:
    """Boot and process space of a start: numbers of other worlds say nothing about this one."""
    return started.rpartition(".")[0]


@cache
def _own_start(pid: int) -> str | None:
    """When this process began: it asks for every address that it leases. A fork has another number."""
    return _started(pid)


def _started(pid: int) -> str | None:
    """``boot.space.tick`` of a living process; None when it is gone, a zombie, or there is no /proc."""
    try:
        # The second field is the command in brackets and may hold spaces and brackets itself.
        fields = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2]
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        space = (_PROC / "self/ns/pid").readlink().name.strip("pid:[]")
    except OSError:
        return None
    state, tick = fields.split()[0], fields.split()[19]
    return None if state in {"Z", "X"} else f"{boot[:8]}.{space}.{tick}"


def _answers(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def crawl_of(source: str) -> str:
    """The name of the lease that whoever crawls a source holds."""
    return f"crawl:{source}"


def doubtful(engine: Engine, name: str, owner: str, now: datetime | None, seconds: float) -> datetime | None:
    """The end of another's lease that has passed, or is too far ahead, and whose holder may well live.

    Either the holder hangs, or a clock jumped under it: its next heart-beat tells. None: no doubt.
    """
    with engine.connect() as connection:
        row = row_of(connection, LeaseRow, name)
        if row is None or row.owner == owner or owner_is_dead(row.owner):
            return None
        now = present_of(connection, now)
        until: datetime = row.until
    return None if now < until <= now + timedelta(seconds=2 * seconds) else until


def acquire(
    engine: Engine,
    name: str,
    owner: str,
    now: datetime | None,
    seconds: float,
    *,
    forsaken: datetime | None = None,
) -> str | None:
    """Take the lease ``name`` for ``seconds`` from ``now``: None when it is ours, else its holder.

    A lease that has ended, or whose holder is dead, is taken over; so is one that still ends at
    ``forsaken``: it was :func:`doubtful`, and no heart-beat moved it. Raises DatabaseRefused's causes
    as they come; see storage.database.refusal.
    """
    with writing_rows(engine) as connection:
        now = present_of(connection, now)
        lease = {"owner": owner, "until": now + timedelta(seconds=seconds)}
        held = row_of(connection, LeaseRow, name)
        if held is None:
            connection.execute(insert(_LEASES).values(name=name, **lease))
            return None
        ended = held.until <= now or held.until == forsaken
        if held.owner != owner and not ended and not owner_is_dead(held.owner):
            return str(held.owner)
        connection.execute(update(_LEASES).where(_LEASE.name == name).values(lease))
        return None


def renew(engine: Engine, name: str, owner: str, now: datetime | None, seconds: float) -> bool:
    """Hold the lease for ``seconds`` more; False when it is another's by now."""
    with writing_rows(engine) as connection:
        until = present_of(connection, now) + timedelta(seconds=seconds)
        mine = update(_LEASES).where(_LEASE.name == name, _LEASE.owner == owner)
        return connection.execute(mine.values(until=until)).rowcount == 1


def release(engine: Engine, name: str, owner: str) -> None:
    """Give the lease back; nothing happens when it is another's."""
    with writing_rows(engine) as connection:
        connection.execute(delete(_LEASES).where(_LEASE.name == name, _LEASE.owner == owner))


def holder(engine: Engine, name: str, now: datetime | None = None) -> str | None:
    """Who holds the lease, None when nobody living does."""
    with engine.connect() as connection:
        row = row_of(connection, LeaseRow, name)
        if row is None or row.until <= present_of(connection, now) or owner_is_dead(row.owner):
            return None
        return str(row.owner)
