"""``python -m bench.reextract``: pages a second that ``reextract`` reads again, and its peak memory.

The twin is crawled once; then every row is said to be another reader's, and all are read again, with one
reading process and with two. The pages come out as they were: what is measured is reading and comparing.
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
from pathlib import Path

from bench.__main__ import crawl_once
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


def forget_readers(folder: Path) -> None:
    """Say that another reader read everything."""
    with sqlite3.connect(folder / "newsarchive.db") as archive:
        for table in ("appearance", "revision"):
            archive.execute(f"UPDATE {table} SET reader = NULL")


async def read_again(folder: Path, processes: int) -> tuple[int, float]:
    """Pages, and seconds without the processes' start."""
    engine = open_database(f"sqlite:///{folder / 'newsarchive.db'}")
    pool = ReadingPool(Limits(processes=processes, seconds=20, memory_mb=512, pages=2000))
    report = Report()
    try:
        await pool.warm()
        began = time.perf_counter()
        sweep = Sweep(
            engine,
            CaptureReader(pool, folder / "warc", all_sources()),
            Rereader(engine, decide, LIKENESSES, reader.READER),
            report.add,
        )
        wanted = Wanted(reader=reader.READER)
        await sweep.run(Order(wanted=wanted, batch="bench", dry=False, quarantined=False))
        return report.pages, time.perf_counter() - began
    finally:
        await pool.close()
        engine.dispose()


def main() -> None:
    measured: dict[str, float] = {"cores": len(os.sched_getaffinity(0)), "load": round(os.getloadavg()[0], 1)}
    with tempfile.TemporaryDirectory() as scratch, twin_process() as origin:
        folder = Path(scratch) / "archive"
        crawl_once(folder, origin)
        for processes in (1, 2):
            forget_readers(folder)
            pages, seconds = asyncio.run(read_again(folder, processes))
            print(f"{processes} processes: {pages} pages in {seconds:.1f} s, {pages / seconds:.0f} a second")
            measured[f"pages_per_second_{processes}"] = round(pages / seconds, 1)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    measured["parent_peak_mib"] = round(used, 1)
    print(f"the program itself held {used:.0f} MiB at most", file=sys.stderr)
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
