"""What the writers' one lock costs when several machines write: transactions a second, 1 to 3 processes.

    python -m bench.machines [--seconds 5] [--milliseconds 0,1,5]

Each process does what a crawl does with every page: takes a host's turn and ends it (the host's row alone),
and writes with as many statements as a page takes (the writers' lock), on PostgreSQL over its socket.
``--milliseconds``: how far away the server is; that long is waited with each statement, as on a line between
machines.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections.abc import Sequence
from multiprocessing.synchronize import Barrier, Event
from typing import Any

from sqlalchemy import event, text

from storage.database.opening import open_database, writing
from storage.database.upgrading import upgrade
from storage.frontier.frontier import Frontier
from storage.frontier.leases import this_process
from tests import postgres

PROCESSES = (1, 2, 3)
STATEMENTS = 30
"""In one writing transaction: as many as a page at first sight takes (tests/storage/test_statements.py)."""


def write(url: str, host: str, away_s: float, go: Barrier, stop: Event, told: Any) -> None:
    """Write until told to stop; tells (turns, transactions)."""
    engine = open_database(url)
    if away_s:
        event.listen(engine, "before_cursor_execute", lambda *_: time.sleep(away_s))
    frontier, owner, turns, done = Frontier(engine), this_process(host), 0, 0
    frontier.take_turn(host, owner, None, 0.0, 30)
    frontier.end_turn(host, owner, None, 0.0)
    go.wait()
    while not stop.is_set():
        if frontier.take_turn(host, owner, None, 0.0, 30) == 0.0:
            frontier.end_turn(host, owner, None, 0.0)
            turns += 1
        with writing(engine) as session:
            for _ in range(STATEMENTS):
                session.execute(
                    text("UPDATE lease SET owner = :owner WHERE name = :name"), {"owner": owner, "name": host}
                )
        done += 1
    told.put((turns, done))
    engine.dispose()


def measure(url: str, processes: int, away_s: float, seconds: float) -> tuple[float, float]:
    """(turns, writing transactions) a second, all processes together."""
    context = multiprocessing.get_context("spawn")
    go, stop, told = context.Barrier(processes + 1), context.Event(), context.Queue()
    workers = [
        context.Process(target=write, args=(url, f"host{number}.example", away_s, go, stop, told))
        for number in range(processes)
    ]
    for worker in workers:
        worker.start()
    go.wait()
    began = time.monotonic()
    time.sleep(seconds)
    stop.set()
    counts = [told.get() for _ in workers]
    took = time.monotonic() - began
    for worker in workers:
        worker.join()
    return sum(turns for turns, _ in counts) / took, sum(done for _, done in counts) / took


def main(words: Sequence[str] | None = None) -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--milliseconds", default="0,1,5")
    asked = parser.parse_args(words)
    print(f"{'line':>6} {'processes':>9} {'turns/s':>9} {'writes/s':>9}")
    with postgres.own_server("128MB") as server:
        url = server.url.render_as_string(hide_password=False)
        upgrade(url)
        for away in (float(one) for one in asked.milliseconds.split(",")):
            for processes in PROCESSES:
                turns, done = measure(url, processes, away / 1000, asked.seconds)
                print(f"{away:>4g}ms {processes:>9} {turns:>9.0f} {done:>9.0f}", flush=True)


if __name__ == "__main__":
    main()
