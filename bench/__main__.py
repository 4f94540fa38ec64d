"""``make bench``: what a page costs, end to end and step by step, beside what others take for the same pages.

The politeness delay is off: this measures the program, not the wait it owes the sites. What is told are
processor seconds and relations within one run, never one clock reading alone.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.crawls import Spent, crawl
from bench.peers import fifty_lines, news_please
from bench.reading import ROOT, reading_costs
from bench.sizes import Size, sizes
from bench.stages import StageCosts, stage_costs
from bench.storing import Cost, storing_costs
from crawler.commands.demonstration import twin_process

GOAL_MS, GOAL_RATIO, GOAL_BYTES, GOAL_START_S = 10.0, 1.25, 8000.0, 1.5
"""100 stored pages a second of the processor; 1.25 times the fifty lines; 8 kB of rows and indexes with the
search; a crawl's start."""

LEAST = 50
"""Bytes a page below which a table has no line of its own: an empty one takes 4 kB for each tree."""


def ends(first: Spent, start: Spent, again: Spent, fifty: tuple[Spent, Spent], please: float | str) -> Table:
    """The page's cost end to end, ours and others'."""
    ours, theirs = first.ms_a_page(start), fifty[1].ms_a_page(fifty[0])
    table = Table("end to end", "ms CPU a page", "goal", "", title=f"{first.pages} pages of the twin")
    table.add_row("ours, start-up off", f"{ours:.2f}", f"{GOAL_MS:.0f}", _met(ours <= GOAL_MS))
    table.add_row("ours, start-up included", f"{1000 * first.cpu_s / first.pages:.2f}", "", "")
    table.add_row("fifty lines, start-up off", f"{theirs:.2f}", "", "")
    ratio = ours / theirs
    table.add_row("ours to the fifty lines", f"{ratio:.2f} x", f"{GOAL_RATIO} x", _met(ratio <= GOAL_RATIO))
    told = please if isinstance(please, str) else f"{please:.2f}"
    table.add_row("news-please, reading alone", told, "", "")
    started = f"{start.cpu_s:.2f} s"
    table.add_row(
        f"a crawl of {start.pages} pages, its start",
        started,
        f"{GOAL_START_S} s",
        _met(start.cpu_s <= GOAL_START_S),
    )
    known = 1000 * again.cpu_s / max(1, first.pages)
    table.add_row("a second crawl, each known page", f"{known:.2f}", "", "")
    return table


def _met(is_met: bool) -> str:
    return "met" if is_met else "NOT MET"


def stages(costs: StageCosts, stored: dict[str, Cost]) -> Table:
    """Each stage measured alone; those of the database with their statements and commits."""
    table = Table("stage", "ms", "statements", "commits", title=f"each stage, {costs.articles} articles")
    for stage, (mean, _worst) in costs.milliseconds.items():
        table.add_row(stage, f"{mean:.2f}", "", "")
    for step, cost in stored.items():
        table.add_row(step, f"{cost.cpu_ms:.2f}", f"{cost.statements:.1f}", f"{cost.commits:.2f}")
    total = [sum(getattr(cost, name) for cost in stored.values()) for name in Cost.__slots__]
    table.add_row("the database together", f"{total[0]:.2f}", f"{total[1]:.1f}", f"{total[2]:.2f}")
    return table


def bytes_a_page(taken: dict[str, Size]) -> Table:
    """By table, the largest first."""
    table = Table("table", "rows", "indexes", title="bytes a page on disk (SQLite)")
    for name, size in taken.items():
        if size.rows + size.indexes >= LEAST:
            table.add_row(name, f"{size.rows:,.0f}", f"{size.indexes:,.0f}")
    total = sum(size.rows + size.indexes for size in taken.values())
    table.add_row("together", f"{total:,.0f}", _met(total <= GOAL_BYTES))
    return table


def main() -> None:
    console = Console(width=None if sys.stdout.isatty() else 110)
    with tempfile.TemporaryDirectory() as name, twin_process() as origin:
        scratch = Path(name)
        folder = scratch / "archive"
        start = crawl(scratch / "start", origin, "--limit", "1")
        first = crawl(folder, origin)
        fifty = fifty_lines(folder, scratch, origin)
        again = crawl(folder, origin)
        taken = sizes(folder / "newsarchive.db", first.pages)
        costs, stored = stage_costs(folder), storing_costs(folder, scratch)
        please = news_please(folder, scratch)
    console.print(
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {sys.version.split()[0]}, SQLite, "
        f"the twin in another process, load {os.getloadavg()[0]:.1f}"
    )
    for table in (ends(first, start, again, fifty, please), stages(costs, stored), bytes_a_page(taken)):
        console.print(table)
    for size, cost in reading_costs(ROOT).items():
        console.print(f"reading, {size}, {cost}")
    print(
        json.dumps({"pages": first.pages, "cpu_s": round(first.cpu_s, 2), "again_s": round(again.cpu_s, 2)})
    )


if __name__ == "__main__":
    main()
