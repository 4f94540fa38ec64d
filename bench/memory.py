"""``python -m bench.memory [PAGES]``: what a crawl holds in memory after every 2,000 pages, and at its end.

The twin plays PAGES stories (20,000 unless told otherwise), each of words of its own, in another process;
one crawl of both sites takes them all, without a delay. What is told of a process is its anonymous memory
(``RssAnon`` of proc_pid_status(5)): what it made itself, and what it shares with the one that it was forked
from. Files that are mapped are left out: the system takes them back when it needs the room.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from crawler.commands.demonstration import played, twin_process

PAGES = 20_000
STEP = 2_000
"""Pages between two rows."""
LOOK_S = 0.5
GOAL_MB = 250
"""Of the program, at 100,000 pages (issue 12)."""
MB = 1_000_000
TICKS = os.sysconf("SC_CLK_TCK")
CAPTURED = "SELECT count(*) FROM capture WHERE address_id IS NOT NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Anonymous memory at one moment, in bytes, and the processor seconds taken so far."""

    pages: int
    program: int
    reading: tuple[int, ...]
    """Of each reading process; of what they share each has it whole."""
    cpu_s: float
    """Of the program alone."""


class Watch:
    """Looks at a crawl from outside."""

    def __init__(self, pid: int, database: Path) -> None:
        self.pid, self.database = pid, database
        self.highest = 0
        """Of the program, at any look."""

    def look(self) -> Held | None:
        """None once it has ended."""
        with suppress(OSError, ValueError):
            program = anonymous(self.pid)
            self.highest = max(self.highest, program)
            return Held(
                pages=captured(self.database),
                program=program,
                reading=tuple(self._reading()),
                cpu_s=processor_seconds(self.pid),
            )
        return None

    def _reading(self) -> Iterator[int]:
        """The reading processes are children of the fork server, which is one of the program's."""
        for child in children(self.pid):
            for reader in children(child):
                with suppress(OSError, ValueError):  # it has just been renewed
                    yield anonymous(reader)


def anonymous(pid: int) -> int:
    """Bytes. Raises OSError or ValueError for a process that has ended."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    found = next((line.split()[1] for line in lines if line.startswith("RssAnon:")), "")
    return 1024 * int(found)


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def children(pid: int) -> list[int]:
    """Numbers of the processes that one has started."""
    with suppress(OSError):
        tasks = Path(f"/proc/{pid}/task").glob("*/children")
        return [int(word) for one in tasks for word in one.read_text().split()]
    return []


def captured(database: Path) -> int:
    """Pages that the archive holds; 0 while it has no tables yet."""
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as connection:
            return int(connection.execute(CAPTURED).fetchone()[0])
    except sqlite3.OperationalError:
        return 0


@contextmanager
def crawling(folder: Path, origin: str, tracing: bool) -> Iterator[subprocess.Popen[bytes]]:
    """One crawl of both sites; its exit code is the verdict and no matter here."""
    environment = os.environ | {"NEWSARCHIVE_LOG_LEVEL": "error"}
    environment.pop("NEWSARCHIVE_DATABASE_URL", None)
    module = "bench.growing" if tracing else "crawler.cli"
    words = ["crawl", *played(origin), "--delay", "0", "--dir", str(folder)]
    with subprocess.Popen([sys.executable, "-m", module, *words], env=environment) as process:
        try:
            yield process
        finally:
            process.terminate()


def watched(process: subprocess.Popen[bytes], database: Path) -> tuple[list[Held], Held, int]:
    """A row for every STEP pages, what the last look saw, and the most that the program ever held."""
    watch, rows = Watch(process.pid, database), list[Held]()
    last = Held(pages=0, program=0, reading=(), cpu_s=0.0)
    while process.poll() is None and (held := watch.look()) is not None:
        if held.pages // STEP > last.pages // STEP or (held.pages and not rows):
            rows.append(held)
        last = held
        time.sleep(LOOK_S)
    return rows, last, watch.highest


def slope(rows: Sequence[Held]) -> float | None:
    """Bytes that the program grows with each page in the second half; caches fill in the first."""
    later = rows[len(rows) // 2 :]
    if len(later) < 2:
        return None
    return statistics.linear_regression([row.pages for row in later], [row.program for row in later]).slope


def told(rows: Sequence[Held], last: Held, highest: int) -> Table:
    """What was seen, a row for each step."""
    table = Table(
        *("pages", "the program, MB", "each reading process, MB", "ms CPU a page"),
        title="anonymous memory of a crawl",
    )
    before = Held(pages=0, program=0, reading=(), cpu_s=0.0)
    for row in (*rows, last):
        pages = max(1, row.pages - before.pages)
        table.add_row(
            f"{row.pages:,}",
            f"{row.program / MB:.1f}",
            ", ".join(f"{one / MB:.1f}" for one in row.reading),
            f"{1000 * (row.cpu_s - before.cpu_s) / pages:.1f}" if row.pages > before.pages else "",
        )
        before = row
    table.add_row("at most", f"{highest / MB:.1f}", f"goal {GOAL_MB}", "")
    return table


def main(words: Sequence[str] | None = None) -> None:
    """Print a table and the slope."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=int, nargs="?", default=PAGES)
    parser.add_argument("--tracing", action="store_true", help="Say what grows, by line (slow).")
    asked = parser.parse_args(words)
    console = Console(width=None if sys.stdout.isatty() else 110)
    with tempfile.TemporaryDirectory() as name, twin_process("--articles", str(asked.pages)) as origin:
        folder = Path(name)
        with crawling(folder, origin, asked.tracing) as process:
            rows, last, highest = watched(process, folder / "newsarchive.db")
    console.print(told(rows, last, highest))
    grows = slope(rows)
    print(
        "too few rows for a slope"
        if grows is None
        else f"in the second half it grows by {grows:,.0f} bytes a page"
    )


if __name__ == "__main__":
    main()
