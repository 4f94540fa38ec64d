"""Whole crawls in processes of their own, in processor seconds: ours, and what one would write instead.

Processor seconds are those of the crawler and of all that it starts, the reading processes among them
(bench/whole.py). What starting costs is measured by a crawl of one page and taken off.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from crawler.commands.demonstration import played
from storage.database.opening import open_database
from storage.query.reader import run_select

CAPTURED = "SELECT url FROM capture WHERE http_status = 200 AND address_id IS NOT NULL ORDER BY id"

UNCHANGED = "SELECT count(*) FROM capture WHERE http_status = 304"

_DUE = text(
    "UPDATE address SET next_fetch_at = last_fetched_at"
    " WHERE etag IS NOT NULL AND state = 'settled' AND id IN (SELECT address_id FROM appearance)"
)

LENGTHS = "SELECT payload_length FROM capture WHERE http_status = 200 AND address_id IS NOT NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a process and its children took."""

    cpu_s: float
    wall_s: float
    pages: int

    def ms_a_page(self, start: Spent) -> float:
        """Milliseconds of the processor for each page beyond those of ``start``, a crawl of fewer pages."""
        return 1000 * (self.cpu_s - start.cpu_s) / max(1, self.pages - start.pages)


def measured(
    command: list[str],
    pages: int = 0,
    database: str | None = None,
    variables: dict[str, str] | None = None,
) -> Spent:
    """Run a command to its end; its exit code is the crawl's verdict and no matter here.

    Args:
        database: URL of the archive's; None: the file in the folder that the command names.
        variables: of its environment, beside those that are set here.
    """
    environment = os.environ | {"NEWSARCHIVE_LOG_LEVEL": "error"} | (variables or {})
    environment.pop("NEWSARCHIVE_DATABASE_URL", None)
    if database is not None:
        environment["NEWSARCHIVE_DATABASE_URL"] = database
    began = time.perf_counter()
    whole = [sys.executable, "-m", "bench.whole", *command]
    told = subprocess.run(whole, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return Spent(cpu_s=float(told.stdout), wall_s=time.perf_counter() - began, pages=pages)


def crawl(folder: Path, origin: str, *more: str) -> Spent:
    """One crawl of both sites into a folder; ``pages``: how many it captured."""
    before = len(captured(folder)) if (folder / "newsarchive.db").exists() else 0
    command = [sys.executable, "-m", "crawler.cli", "crawl", *played(origin), "--delay", "0"]
    spent = measured([*command, "--dir", str(folder), *more])
    return Spent(cpu_s=spent.cpu_s, wall_s=spent.wall_s, pages=len(captured(folder)) - before)


def asked_again(folder: Path, origin: str) -> Spent:
    """Every stored page asked once more and answered 304, a crawl that asks nothing taken off.

    Raises:
        RuntimeError: a page was answered otherwise; it is something else that was measured.
    """
    start = crawl(folder, origin, "--mode", "recheck")
    engine = open_database(f"sqlite:///{folder / 'newsarchive.db'}")
    with engine.begin() as connection:
        due = connection.execute(_DUE).rowcount
    engine.dispose()
    before = _unchanged(folder)
    spent = crawl(folder, origin, "--mode", "recheck")
    answered = _unchanged(folder) - before
    if not due or answered != due:
        raise RuntimeError(f"{answered} of {due} pages were answered 304")
    return Spent(cpu_s=spent.cpu_s - start.cpu_s, wall_s=spent.wall_s - start.wall_s, pages=due)


def _unchanged(folder: Path) -> int:
    with run_select(f"sqlite:///{folder / 'newsarchive.db'}", UNCHANGED) as (_, rows):
        return int(str(next(iter(rows))[0]))


def captured(folder: Path) -> list[str]:
    """The addresses whose pages an archive has captured."""
    with run_select(f"sqlite:///{folder / 'newsarchive.db'}", CAPTURED) as (_, rows):
        return [str(row[0]) for row in rows]


def lengths(folder: Path) -> list[int]:
    """Bytes of each page that an archive has captured."""
    with run_select(f"sqlite:///{folder / 'newsarchive.db'}", LENGTHS) as (_, rows):
        return [int(row[0]) for row in rows]


def spider(scratch: Path, origin: str, addresses: list[str]) -> Spent:
    """The fifty lines over these addresses."""
    named, database = scratch / "addresses.txt", scratch / f"fifty-{len(addresses)}.db"
    named.write_text("\n".join(addresses))
    command = [sys.executable, "-m", "bench.spider", str(named), origin, f"sqlite:///{database}"]
    return measured(command, len(addresses))
