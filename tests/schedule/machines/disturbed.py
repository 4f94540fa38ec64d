"""Three hosts crawl six papers while hosts die, programs are killed and lines are cut; what is lost of it.

python -m tests.schedule.machines.disturbed --slots 60 --kills 6 --cuts 2
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.schedule.archive_scheduler import archive_clock
from crawler.schedule.handing import HandingScheduler
from crawler.schedule.jobs import Jobs, make_tables
from storage.models import SlotState
from tests.schedule.machines.cluster import Cluster, cluster
from tests.schedule.machines.hosts import Host
from tests.schedule.machines.papers import NAMES

CLOCKS = {1: 0.0, 2: -7 * 3600.0, 3: 5 * 3600.0}
"""Host -> seconds that its clock is ahead."""
CONCURRENCY = "2"
CUT_S = (5.0, 45.0)
"""A cut lasts between: shorter than the 25 seconds after which it is noticed, and longer."""
AWAY_S = 3.0
"""How long a killed worker or host stays away: its supervisor's time."""
PATIENCE_S = 240.0
"""For the last slot of a round: the lease of a host that died takes 90 seconds to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One line of the proof's table."""

    slots: int
    kills: int
    cuts: int
    seconds: float
    lost_slots: int
    """Owed and not crawled: open, missed, blocked, or given up."""
    lost_pages: int
    """Listed to a crawl, and without an appearance in the archive after a last calm round."""
    doubled_slots: int
    """Ended by more than one run of its own."""
    doubled_pages: int
    """Appearances of one address."""
    at_once: int
    """Requests that began at a host while another was being answered there."""
    requests: int
    least_gap_s: float
    """Between two requests at one host, as the host saw them."""

    def line(self) -> str:
        return (
            f"{self.slots:>5} slots, {self.kills:>2} kills, {self.cuts:>2} cuts, {self.seconds:>6.0f} s | "
            f"lost {self.lost_slots} slots, {self.lost_pages} pages | "
            f"doubled {self.doubled_slots} slots, {self.doubled_pages} pages, {self.at_once} at once | "
            f"{self.requests} requests, least gap {self.least_gap_s:.2f} s"
        )


class Disturbed:
    """A run of it."""

    def __init__(self, shared: Cluster, hosts: list[Host], seed: int) -> None:
        self._shared, self._hosts, self._rng = shared, hosts, random.Random(seed)
        self._base = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(days=1)
        self._owed: dict[str, int] = dict.fromkeys(shared.names, 0)
        self._repairs: list[tuple[float, Callable[[], None]]] = []
        self.kills = self.cuts = 0

    def owe_next(self, each: int) -> int:
        """Where a paper has no open slot, its next one comes due; how many slots are settled."""
        busy = {slot.source for slot in self._shared.open()}
        for name in self._shared.names:
            if name not in busy and self._owed[name] < each:
                self._owed[name] += 1
                self._shared.owe(name, self._base + timedelta(minutes=self._owed[name]))
                busy.add(name)
        return sum(self._owed.values()) - len(busy)

    def kill(self) -> None:
        """A crawl, a worker, or everything on a host; the worker is started again as a supervisor does."""
        host = self._rng.choice(self._hosts)
        crawls = [number for number in host.pids() if "--slot" in _command(number)]
        what = self._rng.choice(["crawl", "worker", "host"])
        if what == "crawl" and crawls:
            os.kill(self._rng.choice(crawls), 9)
        elif what == "host":
            host.die()
        else:
            host.processes[-1].kill()
        if host.processes[-1].poll() is not None or what != "crawl":
            again = lambda: self._shared.work(host, "--concurrency", CONCURRENCY)  # noqa: E731
            self._repairs.append((time.monotonic() + AWAY_S, again))
        self.kills += 1

    def cut(self) -> None:
        host = self._rng.choice(self._hosts)
        host.cut()
        self._repairs.append((time.monotonic() + self._rng.uniform(*CUT_S), host.mend))
        self.cuts += 1

    def repair(self, *, all_of_it: bool = False) -> None:
        now = time.monotonic()
        due = [repair for repair in self._repairs if all_of_it or repair[0] <= now]
        self._repairs = [repair for repair in self._repairs if repair not in due]
        for _, again in due:
            again()

    @property
    def repaired(self) -> bool:
        return not self._repairs


def _command(number: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


@contextlib.contextmanager
def scheduler(shared: Cluster) -> Iterator[None]:
    """The scheduler that hands over, looking around each second."""
    living = HandingScheduler(
        shared.folder / "newsarchive.toml",
        list(shared.names),
        shared.engine,
        Jobs(shared.url).hand_over,
        clock=archive_clock(shared.engine),
        tick_s=1.0,
    )
    living.begin()
    ends = threading.Event()

    def look() -> None:
        while not ends.wait(1.0):
            living.tick()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield
    finally:
        ends.set()
        thread.join()
        living.end()


def run(
    folder: Path, slots: int, kills: int, cuts: int, seed: int = 1, say: Callable[[str], None] = print
) -> Told:
    """Crawl so many slots on three hosts under so many kills and cuts, then once more in peace."""
    began, each = time.monotonic(), slots // len(NAMES)
    with ExitStack() as stack:
        shared = stack.enter_context(cluster(folder, NAMES))
        make_tables(shared.engine)
        hosts = [stack.enter_context(Host(number, clock)) for number, clock in CLOCKS.items()]
        for host in hosts:
            shared.work(host, "--concurrency", CONCURRENCY)
        stack.enter_context(scheduler(shared))
        disturbed = Disturbed(shared, hosts, seed)
        _crawl(disturbed, each, kills, cuts, say)
        _settle(disturbed, each)
        ends = _ends(shared)
        disturbed.repair(all_of_it=True)
        _settle(disturbed, each + 1)  # one calm slot of each paper: it takes on what was left
        return _told(shared, ends, disturbed, time.monotonic() - began, say)


def _crawl(disturbed: Disturbed, each: int, kills: int, cuts: int, say: Callable[[str], None]) -> None:
    """Kills and cuts are spread over the slots, so that each part of the work meets some."""
    total = each * len(NAMES)
    moments = sorted(
        [((number + 1) * total / (kills + 1), disturbed.kill) for number in range(kills)]
        + [((number + 0.5) * total / cuts, disturbed.cut) for number in range(cuts)],
        key=lambda moment: moment[0],
    )
    said, quiet = -1, time.monotonic()
    while (settled := disturbed.owe_next(each)) < total:
        while moments and settled >= moments[0][0] - 1:
            moments.pop(0)[1]()
        disturbed.repair()
        if settled != said:
            said, quiet = settled, time.monotonic()
            say(f"{settled} of {total} slots, {disturbed.kills} kills, {disturbed.cuts} cuts")
        if time.monotonic() - quiet > 2 * PATIENCE_S:
            raise AssertionError(f"nothing moves any more at {settled} of {total} slots")
        time.sleep(0.5)


def _settle(disturbed: Disturbed, each: int) -> None:
    deadline = time.monotonic() + 2 * PATIENCE_S
    while disturbed.owe_next(each) < each * len(NAMES) or not disturbed.repaired:
        disturbed.repair()
        assert time.monotonic() < deadline, "the slots do not end"
        time.sleep(0.5)


def _ends(shared: Cluster) -> dict[int, SlotState]:
    return {slot.id: slot.state for slot in shared.slots()}


def _told(
    shared: Cluster,
    ends: dict[int, SlotState],
    disturbed: Disturbed,
    seconds: float,
    say: Callable[[str], None],
) -> Told:
    kept = {row[0] for row in shared.rows("SELECT url FROM appearances")}
    listed = set().union(*shared.papers.listed.values())
    for row in shared.rows("SELECT url, state, lease_owner, attempts, last_outcome FROM address"):
        if row[0] in listed - kept:
            say(f"not kept: {row}")
    say(f"never entered: {sorted(listed - {row[0] for row in shared.rows('SELECT url FROM address')})}")
    (doubled,) = shared.rows("SELECT count(*) - count(DISTINCT url) FROM appearances")
    ended_twice = shared.rows(
        "SELECT source, mode, slot FROM run WHERE verdict <> 'interrupted' AND slot IS NOT NULL "
        "GROUP BY source, mode, slot HAVING count(*) > 1"
    )
    return Told(
        slots=len(ends),
        kills=disturbed.kills,
        cuts=disturbed.cuts,
        seconds=seconds,
        lost_slots=sum(state not in (SlotState.RAN, SlotState.LATE) for state in ends.values()),
        lost_pages=len(listed - kept),
        doubled_slots=len(ended_twice),
        doubled_pages=doubled[0],
        at_once=shared.papers.overlaps(),
        requests=len(shared.papers.asked),
        least_gap_s=min(gap for gaps in shared.papers.gaps().values() for gap in gaps),
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    for name, default in (("slots", 300), ("kills", 30), ("cuts", 10), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="machines-"))
    folder.mkdir(parents=True, exist_ok=True)
    print(run(folder, asked.slots, asked.kills, asked.cuts, asked.seed).line())


if __name__ == "__main__":
    main()
