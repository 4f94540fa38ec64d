"""Near-duplicate look-ups per second in archives of growing size.

    python -m bench.lookup --sizes 10000,100000 [--postgresql | --database URL] [--samples 2000]

Fills an archive with the fingerprints of synthetic texts (a word model with Zipf frequencies) and
times ``storage.fingerprints.look_up`` alone: half of the texts looked up are edited copies of stored
ones, half are new. The database must be a new or empty one; without one, SQLite in a scratch folder;
``--postgresql`` starts a server of its own with the memory that PostgreSQL's manual recommends.

Two costs are measured. *Cold*: the first look-ups after filling, where the disk's speed is most of it
(58 places of one tree, 60 microseconds each on a virtual disk, November 2026). *Warm*: after the index
was read once, as in an archive that has been in use and whose machine has the memory for it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import sqlite3
import statistics
import struct
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from crawler.deduplicate.fingerprint import fingerprint, resembles
from storage.database import open_database, upgrade
from storage.fingerprints import look_up
from storage.likeness import Fingerprint
from tests.postgres import database, server

VOCABULARY = 30_000
CHUNK = 2_000
"""Articles that a worker makes at a time."""
Row = tuple[int, str, int, int, int, bytes, tuple[int, ...]]


@cache
def words() -> tuple[list[str], list[float]]:
    """Words of two to five invented syllables, and their cumulated Zipf weights."""
    rng = random.Random(1)
    syllables = [chr(rng.randrange(0xAC00, 0xD7A4)) for _ in range(600)]
    made = ["".join(rng.choices(syllables, k=rng.randint(2, 5))) for _ in range(VOCABULARY)]
    return made, list(accumulate(1 / (rank + 10) for rank in range(VOCABULARY)))


def article(number: int) -> str:
    """The body of synthetic article ``number``: 8 to 24 sentences, always the same for one number."""
    rng = random.Random(number)
    vocabulary, weights = words()
    sentences = []
    for _ in range(rng.randint(8, 24)):
        chosen = rng.choices(vocabulary, cum_weights=weights, k=rng.randint(8, 18))
        sentences.append(f"{' '.join(chosen)} {rng.randrange(10_000)}명이다.")
    return "\n".join(sentences)


def edited(number: int) -> str:
    """A copy of a stored article with one word in thirty replaced."""
    rng = random.Random(-number)
    vocabulary, _ = words()
    return "\n".join(
        " ".join(rng.choice(vocabulary) if rng.random() < 1 / 30 else word for word in line.split(" "))
        for line in article(number).split("\n")
    )


def rows_of(first: int) -> list[Row]:
    """Fingerprints of the articles ``first`` to ``first + CHUNK - 1``, ready to be stored."""
    rows = []
    for number in range(first, first + CHUNK):
        made = fingerprint(article(number))
        digest = hashlib.sha256(struct.pack("<q", number)).hexdigest()
        rows.append((number, digest, made.version, made.letters, made.shingles, made.signature, made.keys))
    return rows


def fill(engine: Engine, stored: int, size: int) -> None:
    """Grow the archive from ``stored`` to ``size`` articles."""
    with (
        ProcessPoolExecutor(max_workers=os.cpu_count()) as pool,
        engine.begin() as connection,
    ):
        connection.execute(text("DROP TABLE IF EXISTS loaded"))
        connection.execute(text("CREATE TEMPORARY TABLE loaded (key BIGINT, fingerprint_id BIGINT)"))
        driver: Any = connection.connection.driver_connection
        for rows in pool.map(rows_of, range(stored + 1, size + 1, CHUNK)):
            (_load_sqlite if isinstance(driver, sqlite3.Connection) else _load_postgresql)(driver, rows)
        # In the order of the keys: a tree that is filled at random places is read and written whole.
        connection.execute(
            text("INSERT INTO fingerprint_key SELECT DISTINCT key, fingerprint_id FROM loaded ORDER BY 1, 2")
        )
        connection.execute(text("DROP TABLE loaded"))


def _keys(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    return ((key, row[0]) for row in rows for key in row[6])


def _load_sqlite(driver: sqlite3.Connection, rows: Sequence[Row]) -> None:
    driver.executemany("INSERT INTO text (digest, body) VALUES (?, '')", [(row[1],) for row in rows])
    driver.executemany(
        "INSERT INTO fingerprint (id, text_digest, version, letters, shingles, signature) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        [row[:6] for row in rows],
    )
    driver.executemany("INSERT INTO loaded VALUES (?, ?)", _keys(rows))


def _load_postgresql(driver: Any, rows: Sequence[Row]) -> None:
    tables = (
        ("COPY text (digest, body) FROM STDIN", ((row[1], "") for row in rows)),
        (
            "COPY fingerprint (id, text_digest, version, letters, shingles, signature) FROM STDIN",
            (row[:6] for row in rows),
        ),
        ("COPY loaded FROM STDIN", _keys(rows)),
    )
    for statement, values in tables:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for value in values:
                copy.write_row(value)


def looked_up(size: int, samples: int) -> tuple[list[Fingerprint], list[int | None]]:
    """What is looked up in an archive of ``size``, and the article that it is a copy of."""
    rng = random.Random(size)
    copies = [rng.randint(1, size) for _ in range(samples // 2)]
    new = [10_000_000 + rng.randrange(1_000_000) for _ in range(samples - len(copies))]
    wanted = [(fingerprint(edited(number)), number) for number in copies]
    both: list[tuple[Fingerprint, int | None]] = [
        *wanted,
        *((fingerprint(article(one)), None) for one in new),
    ]
    rng.shuffle(both)
    return [pair[0] for pair in both], [pair[1] for pair in both]


def measure(engine: Engine, size: int, samples: int) -> dict[str, float]:
    """Milliseconds a look-up, and how many copies were found and strangers returned."""
    wanted, truth = looked_up(size, samples)
    spent: list[float] = []
    found = strangers = 0
    with Session(engine) as session:
        cold = [_timed(session, one) for one in wanted[: samples // 10]]
        read_index(session)
        for one, number in zip(wanted, truth, strict=True):
            began = time.perf_counter()
            rows = look_up(session, one, resembles)
            spent.append((time.perf_counter() - began) * 1000)
            found += any(row.fingerprint_id == number for row in rows)
            strangers += sum(row.fingerprint_id != number for row in rows)
    copies = sum(number is not None for number in truth)
    return {
        "mean_ms": statistics.fmean(spent),
        "median_ms": statistics.median(spent),
        "p95_ms": statistics.quantiles(spent, n=20)[-1],
        "per_second": 1000 / statistics.fmean(spent),
        "cold_ms": statistics.median(cold),
        "recall": found / copies,
        "strangers": strangers / samples,
    }


def _timed(session: Session, one: Fingerprint) -> float:
    """Milliseconds of one look-up."""
    began = time.perf_counter()
    look_up(session, one, resembles)
    return (time.perf_counter() - began) * 1000


def read_index(session: Session) -> None:
    """Read every page that a look-up can touch, as months of use do."""
    if session.get_bind().dialect.name == "postgresql":
        # Through the index, not past it; and not by workers, whose planning takes the whole table.
        session.execute(text("SET LOCAL enable_seqscan = off"))
        session.execute(text("SET LOCAL max_parallel_workers_per_gather = 0"))
    session.execute(text("SELECT count(key), sum(fingerprint_id) FROM fingerprint_key")).all()
    session.execute(text("SELECT sum(length(signature)) FROM fingerprint WHERE id > 0")).all()
    session.rollback()  # of the settings


def run(url: str, sizes: Sequence[int], samples: int) -> list[dict[str, float]]:
    """Grow one archive through the sizes and measure at each."""
    upgrade(url)
    engine = open_database(url)
    results, stored = [], 0
    for size in sorted(sizes):
        began = time.perf_counter()
        fill(engine, stored, size)
        if engine.dialect.name == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE fingerprint"))
                connection.execute(text("VACUUM ANALYZE fingerprint_key"))
        stored, filled = size, time.perf_counter() - began
        measured = {"size": float(size), "fill_s": filled, **measure(engine, size, samples)}
        print(json.dumps({name: round(value, 3) for name, value in measured.items()}), flush=True)
        results.append(measured)
    engine.dispose()
    return results


def table(url: str, results: Sequence[dict[str, float]]) -> Table:
    shown = Table(
        "articles", "look-ups a second", "median ms", "p95 ms", "cost to smallest", "cold ms", "copies found",
        title=f"near-duplicate look-ups, {url.split(':')[0]}",
    )  # fmt: skip
    for row in results:
        shown.add_row(
            f"{row['size']:,.0f}",
            f"{row['per_second']:,.0f}",
            f"{row['median_ms']:.2f}",
            f"{row['p95_ms']:.2f}",
            f"{row['median_ms'] / results[0]['median_ms']:.2f}",
            f"{row['cold_ms']:.2f}",
            f"{row['recall']:.1%}",
        )
    return shown


def memory_share(share: float) -> str:
    """A share of this machine's memory in the words of PostgreSQL's settings."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{int(total * share) >> 20}MB"


@contextmanager
def database_of(options: argparse.Namespace) -> Iterator[str]:
    """The URL of the database to fill."""
    if options.database:
        yield options.database
    elif options.postgresql:
        # 25 % of the memory: PostgreSQL manual, chapter 20.4, on shared_buffers.
        with server(shared_buffers=memory_share(0.25)) as base, database(base) as made:
            yield made.render_as_string(hide_password=False)
    else:
        with tempfile.TemporaryDirectory() as scratch:
            yield f"sqlite:///{Path(scratch) / 'bench.db'}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--sizes", default="10000,100000", help="articles, multiples of 2,000, with commas")
    parser.add_argument("--database", help="SQLAlchemy URL of an empty database")
    parser.add_argument("--postgresql", action="store_true", help="start a PostgreSQL server for it")
    parser.add_argument("--samples", type=int, default=2000)
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    with database_of(options) as url:
        Console(width=110).print(table(url, run(url, sizes, options.samples)))


if __name__ == "__main__":
    main()
