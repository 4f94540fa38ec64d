"""What a request, a page and a run cost the database in archives of growing size, on SQLite and PostgreSQL.

    python -m bench.growth --sizes 10000,100000,1000000 [--postgresql] [--links 100000]

Each archive is filled by SQL (bench/filled.py). The archives are measured in turn, so that a machine that is
slow for a minute is so for all of them; what is told is the median of the processor's time, the database's
included (of a whole crawl on PostgreSQL: without the server's). Near-duplicates are ``bench.lookup``'s to
measure. ``--links``: a list of so many new addresses, too, in the largest archive.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.table import Table

from bench.crawls import Spent
from bench.filled import FIRST, fill
from bench.lookup import databases
from bench.seldom import ROUNDS as SELDOM
from bench.seldom import a_long_list, first_page, seldom
from bench.storing import made_capture
from bench.timed import Archive
from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from storage.archive.past import past_captures
from storage.archive.writer import Writer
from storage.database.opening import open_database
from storage.database.upgrading import upgrade
from storage.frontier.captures import record_capture
from storage.frontier.frontier import Frontier
from storage.frontier.leases import this_process
from storage.frontier.runs import open_run
from storage.records import Article, Outcome, PageKind, Person
from storage.records.discovery import Discovery
from storage.records.runs import RunSettings, Settled
from twin.invented import paragraphs

ROUNDS = 40
LISTED = 30
"""Addresses of a list, all of them known: what most lists are."""
LEASED = 8
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
GOAL = 1.5
"""No figure worse than this between the smallest and the largest archive."""


def rounds_of(archive: Archive) -> Callable[[int], None]:
    """A function that asks everything once, for the round of that number."""
    engine, owner = archive.engine, this_process("bench")
    run = open_run(engine, "daum", "latest", owner, NOW, RunSettings())
    frontier, writer = Frontier(engine), Writer(engine, decide, LIKENESSES, 1)

    def one(number: int) -> None:
        at = NOW + timedelta(minutes=number)
        url = f"https://v.daum.net/v/{9 * FIRST + number}"
        places = range(number * LISTED, (number + 1) * LISTED)
        known = [
            (Discovery(url=f"https://v.daum.net/v/{FIRST + 1 + p * 7 % archive.size}"), None) for p in places
        ]
        with archive.time("a list of 30 known addresses"):
            frontier.discover(run, "daum", "https://bench/", known, at)
        frontier.discover(run, "daum", "https://bench/", [(Discovery(url=url), None)], at)
        with archive.time("a lease of eight"):
            leased = frontier.lease(run, "daum", owner, at, 900, LEASED)
        with archive.time("a turn at the host"):
            frontier.take_turn("bench", owner, at, 0.0, 60.0)
            frontier.end_turn("bench", owner, at, 0.0)
        address = next(one.id for one in leased if one.url == url)
        with archive.time("a capture, and whether it has forerunners"):
            capture = record_capture(engine, made_capture(url, at, number), run, address, 1)
            past_captures(engine, address, url, 1)
        with archive.time("a new article"):
            article = _article(url, number)
            writer.store(article, run_id=run, address_id=address, capture_id=capture, seen_at=at)
        for other in leased:
            if other.id != address:
                with archive.time("an end without a page"):
                    frontier.settle(gone(other.id, run, at))

    return one


def gone(address: int, run: int, at: datetime) -> Settled:
    """The end of an address that is no page."""
    return Settled(
        address_id=address,
        run_id=run,
        outcome=Outcome.GONE,
        reason="404",
        at=at,
        capture_id=None,
        next_fetch_at=None,
    )


def _article(url: str, number: int) -> Article:
    return Article(
        url=url,
        source="daum",
        extractor="bench",
        kind=PageKind.ARTICLE,
        publisher="한빛일보",
        title=f"{number}번째 소식",
        body="\n".join(paragraphs(random.Random(number))),
        bylines=(Person(name=f"홍길{number % 7}", role="기자", raw=f"홍길{number % 7} 기자"),),
    )


Asking = Callable[[Archive], Callable[[int], None]]


def measure(archives: Sequence[Archive], asking: Asking, rounds: int) -> None:
    """Every step in every archive, in turn."""
    asked = [asking(archive) for archive in archives]
    for number in range(rounds):
        for archive, ask in zip(archives, asked, strict=True):
            archive.write_back()
            ask(number)


def table(backend: str, archives: Sequence[Archive], starts: Sequence[Spent], kind: str) -> Table:
    """Milliseconds by size, and the largest archive's to the smallest's; ``kind``: cpu or clock."""
    sizes = [f"{archive.size:,}" for archive in archives]
    shown = Table(
        f"ms of the {'clock' if kind == 'clock' else 'processor'}, median",
        *sizes,
        "largest to smallest",
        title=f"addresses in the archive, {backend}",
    )
    for step in archives[0].took:
        _row(shown, step, [archive.median(step, kind) for archive in archives])
    crawls = [start.wall_s if kind == "clock" else start.cpu_s for start in starts]
    _row(shown, "a crawl of one page, seconds", crawls)
    return shown


def _row(shown: Table, step: str, found: Sequence[float]) -> None:
    ratio = found[-1] / found[0]
    told = f"{ratio:.2f} x{'' if ratio <= GOAL else ', NOT MET'}"
    shown.add_row(step, *(f"{one:.2f}" for one in found), told)


def filled(urls: Mapping[int, str]) -> list[Archive]:
    """A new archive for each size."""
    archives = []
    for size, url in sorted(urls.items()):
        upgrade(url)
        engine, began = open_database(url), time.perf_counter()
        fill(engine, size)
        archives.append(Archive(engine=engine, url=url, size=size))
        print(f"{size:,} addresses filled in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    return archives


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--sizes", default="10000,100000,1000000", help="addresses, with commas")
    parser.add_argument("--clock", action="store_true", help="the clock's milliseconds, too")
    parser.add_argument("--links", type=int, default=0, help="addresses of a long list")
    parser.add_argument("--postgresql", action="store_true", help="PostgreSQL instead of SQLite")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    backend = "PostgreSQL" if options.postgresql else "SQLite"
    console = Console(width=110)
    with databases(sizes, postgresql=options.postgresql) as urls:
        archives = filled(urls)
        measure(archives, rounds_of, ROUNDS)
        measure(archives, seldom, SELDOM)
        starts = [first_page(archive) for archive in archives]
        for kind in ("cpu", "clock") if options.clock else ("cpu",):
            console.print(table(backend, archives, starts, kind))
        if options.links:
            console.print(a_long_list(archives[-1], options.links))
        for archive in archives:
            archive.engine.dispose()


if __name__ == "__main__":
    main()
