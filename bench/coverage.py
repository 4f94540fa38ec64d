"""What ``newsarchive coverage`` costs in a large archive: the view, the report, the command.

    python -m bench.coverage --addresses 1000000 [--days 730] [--database URL]

Fills an archive with synthetic rows (addresses spread evenly over the days up to today, each listed
by two seeds, nine in ten stored, some open) and times what the command does. The database must be a new or
empty one; without one, SQLite in a scratch folder.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, insert, text

from crawler.orders.fill import fill_orders
from crawler.watch.coverage import coverage_report
from storage.database.opening import open_database, writing
from storage.database.upgrading import upgrade
from storage.frontier.runs import ensure_source
from storage.ledger.days import coverage_rows
from storage.models import (
    AddressRow,
    AppearanceRow,
    ArticleRow,
    DiscoveryRow,
    ListOverlapRow,
    RuleSetRow,
    RunRow,
    SeedRow,
    SeedVisitRow,
)
from storage.seoul import day_of

BATCH = 5_000
SOURCES = ("daum", "fnnews")
SEEDS = tuple(f"https://lists.invalid/{number}" for number in range(21))
"""As many as Daum has."""
SECTIONS = ("정치", "사회", "경제", "국제", "문화", "IT/과학", "생활", "증권", "부동산", None)
ENDS = ("stored",) * 90 + ("unchanged",) * 4 + ("failed", "blocked", "gone", "quarantined", "duplicate", None)
LISTINGS = 2
"""Of one address, by as many seeds: a section's list and the newest of all."""


def fill(engine: Engine, addresses: int, days: int, now: datetime) -> None:
    """The archive's rows, in bulk."""
    rng, began = random.Random(1), now - timedelta(days=days)
    with writing(engine) as session:
        for source in SOURCES:
            ensure_source(session, source)
    runs = _runs(engine, days, began)
    step = timedelta(days=days) / addresses
    for start in range(0, addresses, BATCH):
        numbers = range(start, min(start + BATCH, addresses))
        ends = {number: rng.choice(ENDS) for number in numbers}
        moments = {number: began + number * step for number in numbers}
        tables = _tables(numbers, ends, moments, runs, days, addresses)
        with engine.begin() as connection:
            for table, rows in tables:
                if rows:
                    connection.execute(insert(table), rows)
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))


def _runs(engine: Engine, days: int, began: datetime) -> int:
    """A run an hour for each source, each with its seeds read; gives how many there are of one source."""
    runs, visits, overlaps = [], [], []
    for hour in range(days * 24):
        for place, source in enumerate(SOURCES):
            number, at = hour * len(SOURCES) + place + 1, began + timedelta(hours=hour)
            runs.append(_run(number, source, at))
            if hour >= days * 24 - 24 * 90:  # the seeds of the last 90 days: what the report may look at
                visits += [_visit(number, seed, at) for seed in SEEDS]
            if hour and hour % 997 == 0:
                overlap = {"run_id": number, "previous_run_id": number - len(SOURCES), "seed": SEEDS[0]}
                overlaps.append(overlap | {"listed": 20, "shared": 0})
    seeds = [{"id": number, "url": url} for number, url in enumerate(SEEDS, start=1)]
    rules = [{"id": 1, "digest": "00", "rules": "{}"}]
    tables = (
        (RuleSetRow, rules),
        (RunRow, runs),
        (SeedRow, seeds),
        (SeedVisitRow, visits),
        (ListOverlapRow, overlaps),
    )
    with engine.begin() as connection:
        for table, rows in tables:
            for start in range(0, len(rows), BATCH):
                connection.execute(insert(table), rows[start : start + BATCH])
    return days * 24


def _run(number: int, source: str, at: datetime) -> dict[str, Any]:
    ends = {"verdict": "healthy", "reason": "seeded", "finished_at": at + timedelta(minutes=3)}
    mode = {"mode": "latest", "settings": "{}", "owner": "bench/1/1"}
    return {"id": number, "source": source, "started_at": at, **mode, **ends}


def _visit(run: int, seed: str, at: datetime) -> dict[str, Any]:
    end = {"outcome": "stored", "reason": "listed", "listed": 20}
    return {"run_id": run, "seed": seed, "kind": "listing", "at": at, **end}


def _tables(
    numbers: range,
    ends: dict[int, str | None],
    moments: dict[int, datetime],
    runs: int,
    days: int,
    addresses: int,
) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    yield AddressRow, [_address(number, ends[number], moments[number]) for number in numbers]
    shown = [number for number in numbers if ends[number] in ("stored", "unchanged")]
    yield ArticleRow, [{"id": n + 1, "title": "제목", "created_at": moments[n]} for n in shown]
    yield AppearanceRow, [_appearance(number, moments[number]) for number in shown]
    yield DiscoveryRow, [row for number in numbers for row in _listings(number, moments, runs, addresses)]


def _address(number: int, end: str | None, at: datetime) -> dict[str, Any]:
    state = "settled" if end else "pending"
    known = {"id": number + 1, "source": SOURCES[number % 2], "url": f"https://v.daum.net/v/{number:017}"}
    error = "answered 503" if end == "failed" else None
    ends = {"last_outcome": end, "last_error": error, "state": state, "attempts": 0}
    return {**known, **ends, "first_seen_at": at, "listed_at": at}


def _appearance(number: int, at: datetime) -> dict[str, Any]:
    shown = {"title": "제목", "section": SECTIONS[number % len(SECTIONS)], "published_at": at}
    raw = {"tags": "[]", "rules_id": 1, "extractor": "bench", "content_digest": "00", "syndicated": True}
    keys = {
        "id": number + 1,
        "address_id": number + 1,
        "article_id": number + 1,
        "source": SOURCES[number % 2],
    }
    return {**keys, **shown, **raw, "first_seen_at": at}


def _listings(
    number: int, moments: dict[int, datetime], runs: int, addresses: int
) -> Iterator[dict[str, Any]]:
    first = number * runs // addresses
    for turn in range(LISTINGS):
        run = min(first + turn, runs - 1) * len(SOURCES) + number % 2 + 1
        keys = {"address_id": number + 1, "seed_id": (number + turn) % len(SEEDS) + 1, "times": 1}
        seen = {"first_run_id": run, "last_run_id": run, "previous_run_id": None}
        at = {"first_seen_at": moments[number], "last_seen_at": moments[number]}
        hints = {"time_hint": moments[number] if turn == 0 else None, "section_hint": None}
        yield keys | seen | at | hints


def timed(work: Callable[[], Any], times: int = 3) -> float:
    """Seconds, the median of a few."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return sorted(taken)[len(taken) // 2]


def measure(engine: Engine, url: str, now: datetime) -> dict[str, float]:
    """What each part takes, in seconds."""
    today = day_of(now)
    since = today - timedelta(days=89)
    whole = text("SELECT source, day, sum(listed) FROM coverage GROUP BY source, day")
    report = coverage_report(engine, since, today, today)

    def ask_all() -> None:
        with engine.connect() as connection:
            connection.execute(whole).all()

    def command() -> None:
        words = [sys.executable, "-m", "crawler.cli", "coverage", "--format", "csv"]
        environment = os.environ | {"NEWSARCHIVE_DATABASE_URL": url}
        subprocess.run(words, env=environment, check=True, stdout=subprocess.DEVNULL)

    return {
        "newsarchive coverage, 90 days (with start-up)": timed(command),
        "the report, 90 days": timed(lambda: coverage_report(engine, since, today, today)),
        "the ledger's rows, 90 days": timed(lambda: coverage_rows(engine, since, today)),
        "the ledger's rows, 1 day": timed(lambda: coverage_rows(engine, today, today)),
        "the view coverage, every day": timed(ask_all),
        "what --fill would ask for": timed(lambda: fill_orders(engine, report.gaps)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--addresses", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=730, help="over which they are spread")
    parser.add_argument("--database", help="a new or empty one; none: SQLite in a scratch folder")
    options = parser.parse_args()
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as scratch:
        url = options.database or f"sqlite:///{Path(scratch) / 'archive.db'}"
        upgrade(url)
        engine = open_database(url)
        began = time.perf_counter()
        fill(engine, options.addresses, options.days, now)
        filled = time.perf_counter() - began
        taken = measure(engine, url, now)
        engine.dispose()
    kind = "PostgreSQL" if url.startswith("postgresql") else "SQLite"
    table = Table("what", "seconds", title=f"{options.addresses:,} addresses of {options.days} days, {kind}")
    for name, seconds in taken.items():
        table.add_row(name, f"{seconds:.2f}")
    console = Console(width=None if sys.stdout.isatty() else 100)
    console.print(f"filled in {filled:.0f} s; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    console.print(table)
    print(json.dumps({"addresses": options.addresses, "database": kind} | taken))


if __name__ == "__main__":
    main()
