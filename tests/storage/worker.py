"""A worker in a process of its own: ``python -m tests.storage.worker drain|turns|hold URL ...``."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

from storage.database.opening import open_database
from storage.frontier import leases
from storage.frontier.frontier import Frontier
from storage.records import Outcome
from storage.records.runs import Settled

DELAY = 0.1


def now() -> datetime:
    return datetime.now(UTC)


def say(*words: object) -> None:
    print(*words, flush=True)


def drain(url: str, run: str) -> None:
    """Lease and settle until nothing is left, saying so."""
    frontier, owner = Frontier(open_database(url)), leases.this_process()
    while batch := frontier.lease(int(run), "fnnews", owner, now(), 900, 5):
        say("leased", *(address.id for address in batch))
        for address in batch:
            time.sleep(0.002)
            frontier.settle(
                Settled(
                    address_id=address.id, run_id=int(run), outcome=Outcome.GONE, reason="invented", at=now()
                )
            )
            say("settled", address.id)


def turns(url: str, count: str) -> None:
    """Take turns at one host, saying when each began and ended."""
    frontier, owner = Frontier(open_database(url)), leases.this_process()
    for _ in range(int(count)):
        while (wait := frontier.take_turn("example.com", owner, now(), DELAY, 30)) > 0:
            time.sleep(wait)
        began = time.monotonic()
        time.sleep(0.02)
        say("turn", began, time.monotonic())
        frontier.end_turn("example.com", owner, now(), DELAY)


def hold(url: str, name: str) -> None:
    """Hold a lease and a turn until killed."""
    engine, owner = open_database(url), leases.this_process("part/of it")
    assert leases.acquire(engine, name, owner, now(), 3600) is None
    assert Frontier(engine).take_turn("example.com", owner, now(), DELAY, 3600) == 0.0
    say("holding", owner)
    time.sleep(600)


if __name__ == "__main__":
    {"drain": drain, "turns": turns, "hold": hold}[sys.argv[1]](*sys.argv[2:])
