"""What a request and a page cost the database in archives of growing size, on SQLite and PostgreSQL.

    python -m bench.growth --sizes 10000,100000,1000000 [--postgresql]

Each archive is filled by SQL with addresses of one source: one in twenty waits, a third is due again some
day, the rest is settled for good, each with its capture and its end. The archives are measured in turn, so
that a machine that is slow for a minute is so for all of them; what is told is the median. Near-duplicates
are ``bench.lookup``'s to measure.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, text

from bench.bare import analyse
from bench.lookup import databases
from bench.storing import made_capture
from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from storage.archive.past import past_captures
from storage.archive.writer import Writer
from storage.database.opening import open_database, upgrade
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
FIRST = 10_000_000_000_000_000
"""The site's own number before the first address's."""

# One address: its number, and moments which the two databases reckon in their own ways.
_MOMENTS = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', '2026-01-01', '+' || i || ' seconds')",
    "postgresql": "timestamptz '2026-01-01 00:00:00+00' + i * interval '1 second'",
}
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :size) "
_FILL = (
    """
INSERT INTO address (id, source, url, state, first_seen_at, listed_at, next_fetch_at, attempts, last_outcome)
{numbers} SELECT i, 'daum', 'https://v.daum.net/v/' || ({first} + i),
    CASE WHEN i % 20 = 0 THEN 'pending' ELSE 'settled' END, {at}, {at},
    CASE WHEN i % 3 = 0 THEN {later} END, 0, CASE WHEN i % 20 <> 0 THEN 'stored' END FROM n""",
    """
INSERT INTO capture (id, address_id, run_id, url, fetched_at, http_status, payload_digest, payload_length,
    warc_file, warc_offset, warc_length, processed_at, read_attempts)
SELECT id, id, :run, url, first_seen_at, 200, 'sha1:' || id, 1, 'a.warc.gz', id, 1, first_seen_at, 1
FROM address WHERE state = 'settled'""",
    """
INSERT INTO outcome (run_id, address_id, outcome, reason, at, capture_id)
SELECT :run, id, 'stored', '', first_seen_at, id FROM address WHERE state = 'settled'""",
)


def fill(engine: Engine, size: int) -> None:
    """Store ``size`` addresses, their captures and their ends in an empty archive."""
    run = open_run(engine, "daum", "latest", this_process("filling"), NOW, RunSettings())
    dialect = engine.dialect.name
    moment = _MOMENTS[dialect]
    words = {
        "numbers": _NUMBERS,
        "first": FIRST,
        "at": moment,
        "later": moment.replace("2026-01-01", "2036-01-01"),
    }
    with engine.begin() as connection:
        for statement in _FILL:
            connection.execute(text(statement.format(**words)), {"size": size, "run": run})
        if dialect == "postgresql":
            for table in ("address", "capture", "outcome"):
                connection.execute(text(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"))
    analyse(engine)


@dataclass(slots=True)
class Archive:
    """One size, and what each step took there, in milliseconds of the clock."""

    engine: Engine
    size: int
    fill_s: float
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @contextmanager
    def time(self, step: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.took[step].append(1000 * (time.perf_counter() - began))

    def median(self, step: str) -> float:
        """The first rounds are not counted: statements are compiled, pages are read."""
        return statistics.median(self.took[step][5:])


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


def measure(archives: Sequence[Archive]) -> None:
    """Every step in every archive, in turn."""
    asked = [rounds_of(archive) for archive in archives]
    for number in range(ROUNDS):
        for ask in asked:
            ask(number)


def table(backend: str, archives: Sequence[Archive]) -> Table:
    """Milliseconds by size, and the largest archive's to the smallest's."""
    sizes = [f"{archive.size:,}" for archive in archives]
    shown = Table("ms, median", *sizes, "largest to smallest", title=f"addresses in the archive, {backend}")
    for step in archives[0].took:
        medians = [archive.median(step) for archive in archives]
        ratio = medians[-1] / medians[0]
        told = f"{ratio:.2f} x{'' if ratio <= GOAL else ', NOT MET'}"
        shown.add_row(step, *(f"{median:.2f}" for median in medians), told)
    return shown


def filled(urls: Mapping[int, str]) -> list[Archive]:
    """A new archive for each size."""
    archives = []
    for size, url in sorted(urls.items()):
        upgrade(url)
        engine, began = open_database(url), time.perf_counter()
        fill(engine, size)
        archives.append(Archive(engine=engine, size=size, fill_s=time.perf_counter() - began))
    return archives


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--sizes", default="10000,100000,1000000", help="addresses, with commas")
    parser.add_argument("--postgresql", action="store_true", help="PostgreSQL instead of SQLite")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    with databases(sizes, postgresql=options.postgresql) as urls:
        archives = filled(urls)
        measure(archives)
        Console(width=110).print(table("PostgreSQL" if options.postgresql else "SQLite", archives))
        for archive in archives:
            archive.engine.dispose()


if __name__ == "__main__":
    main()
