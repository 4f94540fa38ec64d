"""``python -m bench.reextract``: pages a second that ``reextract`` reads again, and its peak memory.

The twin is crawled once; then every row is said to be another reader's, and all are read again, with one
reading process and with two. The pages come out as they were: what is measured is reading and comparing.
Where other work goes on beside it, the CPU of a page says more than the clock.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from multiprocessing import forkserver
from pathlib import Path

from bench.crawls import crawl
from crawler import reader
from crawler.commands.demonstration import twin_process
from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from crawler.reading.limits import Limits
from crawler.reading.pool import ReadingPool
from crawler.rereading.captures import CaptureReader
from crawler.rereading.report import Report
from crawler.rereading.sweep import Order, Sweep
from crawler.sources import all_sources
from storage.archive.rereader import Rereader
from storage.archive.to_reread import Wanted
from storage.database.opening import open_database

ROUNDS = 4


def forget_readers(folder: Path) -> None:
    """Say that another reader read everything."""
    with closing(sqlite3.connect(folder / "newsarchive.db")) as archive, archive:
        for table in ("appearance", "revision"):
            archive.execute(f"UPDATE {table} SET reader = NULL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One sweep. On a machine with other work the seconds of CPU say more than those of the clock."""

    pages: int
    seconds: float
    """Without the processes' start."""
    own_cpu: float
    """Of the program: loading, comparing, storing."""
    reading_cpu: float
    """Of its reading processes."""

    @property
    def bound(self) -> float:
        """Pages a second that two cores could do with nothing else to do."""
        return 2 * self.pages / (self.own_cpu + self.reading_cpu)


def reading_cpu_s() -> float:
    """Seconds of CPU of the living reading processes: the fork server's children."""
    server = str(getattr(forkserver._forkserver, "_forkserver_pid", None))
    found = 0.0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        if fields[1] == server:
            found += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return found


async def read_again(folder: Path, processes: int) -> Measured:
    """Read everything again with so many reading processes."""
    engine = open_database(f"sqlite:///{folder / 'newsarchive.db'}")
    pool = ReadingPool(
        Limits(processes=processes, seconds=20, memory_mb=512, pages=10**6)
    )  # none is renewed: it is counted by its CPU
    report = Report()
    sweep = Sweep(
        engine,
        CaptureReader(pool, folder / "warc", all_sources()),
        Rereader(engine, decide, LIKENESSES, reader.READER),
        report.add,
    )
    order = Order(wanted=Wanted(reader=reader.READER), batch="bench", dry=False, quarantined=False)
    try:
        await pool.warm()
        forget_readers(folder)
        await sweep.run(order)  # a process is slower at its first pages
        before, began = report.pages, time.perf_counter()
        own, reading = time.process_time(), reading_cpu_s()
        for _ in range(ROUNDS):
            forget_readers(folder)
            await sweep.run(order)
        return Measured(
            pages=report.pages - before,
            seconds=time.perf_counter() - began,
            own_cpu=time.process_time() - own,
            reading_cpu=reading_cpu_s() - reading,
        )
    finally:
        await pool.close()
        engine.dispose()


def main() -> None:
    measured: dict[str, float] = {"cores": len(os.sched_getaffinity(0)), "load": round(os.getloadavg()[0], 1)}
    with tempfile.TemporaryDirectory() as scratch, twin_process() as origin:
        folder = Path(scratch) / "archive"
        crawl(folder, origin)
        for processes in (1, 2):
            found = asyncio.run(read_again(folder, processes))
            rate, pages = found.pages / found.seconds, found.pages
            own, reading = 1000 * found.own_cpu / pages, 1000 * found.reading_cpu / pages
            print(
                f"{processes} processes: {pages} pages in {found.seconds:.1f} s, {rate:.0f} a second; "
                f"CPU a page: {reading:.2f} ms reading, {own:.2f} ms comparing and storing; "
                f"two idle cores could do {found.bound:.0f} a second"
            )
            measured[f"pages_per_second_{processes}"] = round(rate, 1)
            measured[f"cpu_ms_a_page_{processes}"] = round(own + reading, 2)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    measured["parent_peak_mib"] = round(used, 1)
    print(f"the program itself held {used:.0f} MiB at most", file=sys.stderr)
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
