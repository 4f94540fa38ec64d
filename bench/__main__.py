"""``make bench``: articles per second end to end on the twin, and what each stage costs an article.

The politeness delay is off: this measures the program, not the wait it owes the sites.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.reading import ROOT, reading_costs
from bench.stages import stage_costs
from crawler.commands.demonstration import played, twin_process
from storage.query.reader import run_select


def crawl_once(folder: Path, origin: str) -> tuple[float, int]:
    """Seconds and articles of one whole crawl of both sites in a process of its own."""
    options = [*played(origin), "--delay", "0", "--dir", str(folder)]
    environment = os.environ | {"NEWSARCHIVE_LOG_LEVEL": "error"}
    environment.pop("NEWSARCHIVE_DATABASE_URL", None)
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "crawler.cli", "crawl", *options], env=environment, check=False)
    seconds = time.perf_counter() - began
    with run_select(f"sqlite:///{folder / 'newsarchive.db'}", "SELECT count(*) FROM appearances") as (
        _,
        rows,
    ):
        (count,) = next(rows)
        list(rows)  # read to the end, so that the reader closes its cursor
        return seconds, count


def main() -> None:
    console = Console(width=None if sys.stdout.isatty() else 100)
    with tempfile.TemporaryDirectory() as scratch, twin_process() as origin:
        folder = Path(scratch) / "archive"
        first, pages = crawl_once(folder, origin)
        again, _ = crawl_once(folder, origin)
        costs = stage_costs(folder)
    console.print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, SQLite, twin in another process")
    console.print(
        f"first crawl:  {pages} pages stored in {first:.1f} s, {pages / first:.1f} a second with start-up"
    )
    console.print(f"second crawl: the same pages asked conditionally in {again:.1f} s")
    table = Table(
        "stage", "ms an article (mean)", "worst", title=f"cost of each stage, {costs.articles} articles"
    )
    for stage, (mean, worst) in costs.milliseconds.items():
        table.add_row(stage, f"{mean:.2f}", f"{worst:.2f}")
    console.print(table)
    for name, cost in reading_costs(ROOT).items():
        console.print(f"reading, {name}, {cost}")
    print(json.dumps({"pages": pages, "first_s": round(first, 2), "second_s": round(again, 2)}))


if __name__ == "__main__":
    main()
