"""The real frontier with invented addresses on hundreds of hosts: what a lease costs, who is served, when.

    python -m bench.lease --sizes 10000,10000000 --hosts 500 --seconds 10 [--postgresql]

Every host is a source's of its own; every other address waits, the rest is settled, a third of it due again
some day. Several owners, as on several machines, lease and ask in turn, in a simulated time that the callers
give, as every caller of the frontier does: each turn at a host is asked for by all of them, at every quarter
of a second. The archives are measured in turn; a lease's cost is the processor's time of the thread and, of
PostgreSQL, the clock's too. What must hold whatever the size: no two turns of a host within the delay, no
address handed out twice, and no host served more often than another.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, text

from bench.bare import analyse, without_indexes, without_triggers
from bench.growth import gone
from bench.lookup import databases
from storage.database.opening import open_database
from storage.database.upgrading import upgrade
from storage.frontier.frontier import Frontier
from storage.frontier.leases import this_process
from storage.frontier.runs import open_run
from storage.query.kst import shown
from storage.records.runs import LeasedAddress, RunSettings

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DELAY_S = 1.0
OWNERS = 3
STEP_S = 0.25
LEASED = 8
LEASE_S = 900.0
GOAL = 1.5

_AT = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', '2026-01-01', '+' || (i % 20000000) || ' seconds')",
    "postgresql": "timestamptz '2026-01-01 00:00:00+00' + (i % 20000000) * interval '1 second'",
}
_FILL = """
INSERT INTO address
    (source, url, state, first_seen_at, listed_at, next_fetch_at, attempts, last_outcome, day)
WITH RECURSIVE n(i) AS (SELECT CAST(:first AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < :last)
SELECT 'host' || (i % :hosts), 'https://news' || (i % :hosts) || '.example/' || i,
    CASE WHEN (i / :hosts) % 2 = 0 THEN 'pending' ELSE 'settled' END, {at}, {at},
    CASE WHEN i % 3 = 0 THEN {later} END, 0, CASE WHEN (i / :hosts) % 2 <> 0 THEN 'stored' END,
    {day} FROM n"""
_INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master "
    "WHERE type = 'index' AND tbl_name = 'address' AND sql IS NOT NULL",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes "
    "WHERE tablename = 'address' AND indexname LIKE 'ix_%'",
}
"""What may be dropped and made again: not what holds a key unique."""
_PIECE = 500_000


@dataclass(slots=True)
class Archive:
    """One size, and what was seen there."""

    engine: Engine
    size: int
    frontier: Frontier
    runs: dict[tuple[str, str], int] = field(default_factory=dict)
    """(host, owner) -> run."""
    held: dict[tuple[str, str], list[LeasedAddress]] = field(default_factory=lambda: defaultdict(list))
    leases: list[float] = field(default_factory=list)
    """Milliseconds of the processor, of leases that gave something."""
    wall: list[float] = field(default_factory=list)
    turns: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    handed: Counter[int] = field(default_factory=Counter)

    @property
    def gaps(self) -> list[float]:
        """Seconds between two turns of a host."""
        pairs = (pairwise(at) for at in self.turns.values())
        return [(later - earlier).total_seconds() for found in pairs for earlier, later in found]


def fill(engine: Engine, size: int, hosts: int, owners: Sequence[str]) -> dict[tuple[str, str], int]:
    """Store the addresses, and open a run of each owner at each host."""
    found = {
        (f"host{number}", owner): open_run(engine, f"host{number}", "latest", owner, NOW, RunSettings())
        for number in range(hosts)
        for owner in owners
    }
    at = _AT[engine.dialect.name]
    day = f"substr({shown(at, engine.dialect.name)}, 1, 10)"
    statement = text(_FILL.format(at=at, day=day, later=at.replace("2026-01-01", "2036-01-01")))
    with without_triggers(engine), without_indexes(engine, _INDEXES[engine.dialect.name]):
        for first in range(0, size, _PIECE):
            last = min(first + _PIECE, size) - 1
            with engine.begin() as connection:
                connection.execute(statement, {"first": first, "last": last, "hosts": hosts})
    analyse(engine)
    return found


def step(archive: Archive, at: datetime) -> None:
    """Every owner tries every host once; who gets a turn asks for its next address and ends it."""
    for (host, owner), run in archive.runs.items():
        if archive.frontier.take_turn(host, owner, at, DELAY_S, 60.0) > 0.0:
            continue
        waiting = archive.held[host, owner]
        if not waiting:
            waiting += _leased(archive, host, owner, run, at)
        if waiting:
            address = waiting.pop(0)
            archive.turns[host].append(at)
            archive.frontier.settle(gone(address.id, run, at))
        archive.frontier.end_turn(host, owner, at, DELAY_S)


def _leased(archive: Archive, host: str, owner: str, run: int, at: datetime) -> list[LeasedAddress]:
    began, clock = time.thread_time(), time.perf_counter()
    found = archive.frontier.lease(run, host, owner, at, LEASE_S, LEASED)
    if found:
        archive.leases.append(1000 * (time.thread_time() - began))
        archive.wall.append(1000 * (time.perf_counter() - clock))
    archive.handed.update(one.id for one in found)
    return found


def table(archives: Sequence[Archive], hosts: int, seconds: float, backend: str) -> Table:
    """A column for each size."""
    title = f"{hosts} hosts, {OWNERS} owners, {seconds:g} simulated seconds, {backend}"
    shown = Table("addresses", *(f"{one.size:,}" for one in archives), title=title)
    first = statistics.median(archives[0].leases)

    def row(name: str, said: list[str]) -> None:
        shown.add_row(name, *said)

    row("leases of eight", [f"{len(one.leases):,}" for one in archives])
    row("a lease, ms of the processor, median", [f"{statistics.median(one.leases):.2f}" for one in archives])
    row("... to the smallest", [_ratio(statistics.median(one.leases) / first) for one in archives])
    row("a lease, ms of the clock, median", [f"{statistics.median(one.wall):.2f}" for one in archives])
    row("pages asked for", [f"{sum(map(len, one.turns.values())):,}" for one in archives])
    row("of a host, least - most", [_least_most(one, hosts) for one in archives])
    row("two turns of a host, least s", [f"{min(one.gaps):.2f}" for one in archives])
    row("addresses handed out twice", [f"{sum(n > 1 for n in one.handed.values())}" for one in archives])
    return shown


def _ratio(ratio: float) -> str:
    return f"{ratio:.2f} x{'' if ratio <= GOAL else ', NOT MET'}"


def _least_most(archive: Archive, hosts: int) -> str:
    counts = [len(archive.turns.get(f"host{number}", ())) for number in range(hosts)]
    return f"{min(counts)} - {max(counts)}"


def main() -> None:
    """Fill, simulate, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--sizes", default="10000,1000000", help="addresses, with commas")
    parser.add_argument("--hosts", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=10.0, help="simulated")
    parser.add_argument("--postgresql", action="store_true", help="PostgreSQL instead of SQLite")
    options = parser.parse_args()
    owners = [this_process(f"owner{number}") for number in range(OWNERS)]
    with databases([int(size) for size in options.sizes.split(",")], postgresql=options.postgresql) as urls:
        archives = []
        for size, url in sorted(urls.items()):
            upgrade(url)
            engine = open_database(url)
            archives.append(Archive(engine=engine, size=size, frontier=Frontier(engine)))
            archives[-1].runs = fill(engine, size, options.hosts, owners)
        for number in range(int(options.seconds / STEP_S)):
            for archive in archives:
                step(archive, NOW + timedelta(seconds=number * STEP_S))
        backend = "PostgreSQL" if options.postgresql else "SQLite"
        Console(width=110).print(table(archives, options.hosts, options.seconds, backend))
        for archive in archives:
            archive.engine.dispose()


if __name__ == "__main__":
    main()
