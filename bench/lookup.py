"""Near-duplicate look-ups per second in archives of growing size.

    python -m bench.lookup --sizes 10000,100000 [--postgresql] [--samples 2000]

Fills an archive of each size with the fingerprints of synthetic texts (a word model with Zipf
frequencies) and times ``storage.archive.fingerprints.look_up`` alone: half of the texts looked up are edited
copies of stored ones, half are new. SQLite in a scratch folder; ``--postgresql``: the server that
TEST_DATABASE_URL names, else one of its own with the memory that PostgreSQL's manual recommends.

Two costs are measured. *Cold*: the first look-ups after filling, where the disk may be most of it (58
places of one tree, 60 microseconds each on a virtual disk, November 2026). *Warm*: after the index was
read once, as in an archive that has been in use and whose machine has the memory for it. The sizes are
measured in turn, so that a machine that is slow for a minute is so for all of them.
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
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from crawler.deduplicate.fingerprint import fingerprint, resembles
from storage.archive.fingerprints import look_up
from storage.database.opening import open_database
from storage.database.upgrading import upgrade
from storage.likeness import Fingerprint
from tests.postgres import database, server

VOCABULARY = 30_000
CHUNK = 2_000
"""Articles that a worker makes at a time."""
TURN = 200
"""Look-ups in one archive before it is the next one's turn."""
Row = tuple[int, bytes, int, int, int, bytes, tuple[int, ...]]


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
        digest = hashlib.sha256(struct.pack("<q", number)).digest()
        rows.append((number, digest, made.version, made.letters, made.shingles, made.signature, made.keys))
    return rows


def fill(engine: Engine, size: int) -> None:
    """Store ``size`` articles in an empty archive."""
    with (
        ProcessPoolExecutor(max_workers=os.cpu_count()) as pool,
        engine.begin() as connection,
    ):
        driver: Any = connection.connection.driver_connection
        made = pool.map(rows_of, range(1, size + 1, CHUNK))
        if not isinstance(driver, sqlite3.Connection):
            for rows in made:
                _load_postgresql(driver, rows)
            return
        driver.execute("CREATE TEMPORARY TABLE loaded (key INTEGER, fingerprint_id INTEGER)")
        for rows in made:
            _load_sqlite(driver, rows)
        # In the order of the keys: a tree that is filled at random places is read and written whole.
        driver.execute(
            "INSERT INTO fingerprint_key SELECT DISTINCT key, fingerprint_id FROM loaded ORDER BY 1, 2"
        )
        driver.execute("DROP TABLE loaded")


def _load_sqlite(driver: sqlite3.Connection, rows: Sequence[Row]) -> None:
    driver.executemany("INSERT INTO text (id, digest, body) VALUES (?, ?, '')", [row[:2] for row in rows])
    driver.executemany(
        "INSERT INTO fingerprint (id, text_id, version, letters, shingles, signature) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        [(row[0], row[0], *row[2:6]) for row in rows],
    )
    keys = ((key, row[0]) for row in rows for key in row[6])
    driver.executemany("INSERT INTO loaded VALUES (?, ?)", keys)


def _load_postgresql(driver: Any, rows: Sequence[Row]) -> None:
    tables = (
        ("COPY text (id, digest, body) FROM STDIN", ((*row[:2], "") for row in rows)),
        (
            "COPY fingerprint (id, text_id, version, letters, shingles, signature) FROM STDIN",
            ((row[0], row[0], *row[2:6]) for row in rows),
        ),
        (
            "COPY keys_of_fingerprint (fingerprint_id, keys) FROM STDIN",
            ((row[0], sorted(set(row[6]))) for row in rows),
        ),
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


@dataclass(slots=True, kw_only=True)
class Archive:
    """One size's archive and what was measured on it."""

    size: int
    engine: Engine
    fill_s: float
    wanted: list[Fingerprint]
    truth: list[int | None]
    """Number of the article that each is a copy of; None for a new text."""
    cold: list[float] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)
    """Milliseconds of each look-up."""
    found: int = 0
    strangers: int = 0

    def warm_up(self) -> None:
        """Time the first look-ups, then read the index whole."""
        with Session(self.engine) as session:
            for one in self.wanted[: len(self.wanted) // 10]:
                began = time.perf_counter()
                look_up(session, one, resembles)
                self.cold.append((time.perf_counter() - began) * 1000)
            read_index(session)

    def measure(self, part: slice) -> None:
        """Look up a part of what is wanted."""
        with Session(self.engine) as session:
            for one, number in zip(self.wanted[part], self.truth[part], strict=True):
                began = time.perf_counter()
                rows = look_up(session, one, resembles)
                self.spent.append((time.perf_counter() - began) * 1000)
                self.found += any(row.fingerprint_id == number for row in rows)
                self.strangers += sum(row.fingerprint_id != number for row in rows)

    def results(self) -> dict[str, float]:
        """Milliseconds a look-up, and how many copies were found and strangers returned."""
        return {
            "size": self.size,
            "fill_s": self.fill_s,
            "mean_ms": statistics.fmean(self.spent),
            "median_ms": statistics.median(self.spent),
            "p95_ms": statistics.quantiles(self.spent, n=20)[-1],
            "per_second": 1000 / statistics.fmean(self.spent),
            "cold_ms": statistics.fmean(self.cold),
            "recall": self.found / sum(number is not None for number in self.truth),
            "strangers": self.strangers / len(self.wanted),
        }


def read_index(session: Session) -> None:
    """Read every page that a look-up can touch, as months of use do."""
    if session.get_bind().dialect.name == "postgresql":
        # Of one fingerprint in twenty: its keys lie on three places of every page of the index.
        some = "keys_of_fingerprint AS held, postings_of(held.keys) AS one WHERE held.fingerprint_id % 20 = 0"
        session.execute(text(f"SELECT count(one.key) FROM {some}")).all()
    else:
        session.execute(text("SELECT count(key), sum(fingerprint_id) FROM fingerprint_key")).all()
    session.execute(text("SELECT sum(length(signature)) FROM fingerprint WHERE id > 0")).all()


def filled(url: str, size: int, samples: int) -> Archive:
    """A new archive of that size."""
    upgrade(url)
    engine, began = open_database(url), time.perf_counter()
    fill(engine, size)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE fingerprint"))
            connection.execute(text("VACUUM ANALYZE keys_of_fingerprint"))
    wanted, truth = looked_up(size, samples)
    return Archive(size=size, engine=engine, fill_s=time.perf_counter() - began, wanted=wanted, truth=truth)


def run(urls: Mapping[int, str], samples: int) -> list[dict[str, float]]:
    """Fill an archive for each size, then measure them in turn."""
    archives = [filled(url, size, samples) for size, url in sorted(urls.items())]
    for archive in archives:
        archive.warm_up()
    for start in range(0, samples, TURN):
        for archive in archives:
            archive.measure(slice(start, start + TURN))
    for archive in archives:
        print(json.dumps({name: round(value, 3) for name, value in archive.results().items()}), flush=True)
        archive.engine.dispose()
    return [archive.results() for archive in archives]


def table(backend: str, results: Sequence[dict[str, float]]) -> Table:
    shown = Table(
        "articles", "look-ups a second", "mean ms", "p95 ms", "cost to smallest", "cold ms", "copies found",
        title=f"near-duplicate look-ups, {backend}",
    )  # fmt: skip
    for row in results:
        shown.add_row(
            f"{row['size']:,.0f}",
            f"{row['per_second']:,.0f}",
            f"{row['mean_ms']:.2f}",
            f"{row['p95_ms']:.2f}",
            f"{row['mean_ms'] / results[0]['mean_ms']:.2f}",
            f"{row['cold_ms']:.2f}",
            f"{row['recall']:.1%}",
        )
    return shown


def memory_share(share: float) -> str:
    """A share of this machine's memory in the words of PostgreSQL's settings."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{int(total * share) >> 20}MB"


@contextmanager
def databases(sizes: Sequence[int], *, postgresql: bool) -> Iterator[dict[int, str]]:
    """An empty database for each size."""
    with ExitStack() as stack:
        if postgresql:
            # 25 % of the memory: PostgreSQL manual, chapter 20.4, on shared_buffers.
            base = stack.enter_context(server(shared_buffers=memory_share(0.25)))
            made = {size: stack.enter_context(database(base)) for size in sizes}
            yield {size: url.render_as_string(hide_password=False) for size, url in made.items()}
        else:
            scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            yield {size: f"sqlite:///{scratch / f'{size}.db'}" for size in sizes}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--sizes", default="10000,100000", help="articles, multiples of 2,000, with commas")
    parser.add_argument("--postgresql", action="store_true", help="PostgreSQL instead of SQLite")
    parser.add_argument("--samples", type=int, default=2000, help="look-ups in each archive")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    with databases(sizes, postgresql=options.postgresql) as urls:
        backend = "PostgreSQL" if options.postgresql else "SQLite"
        Console(width=110).print(table(backend, run(urls, options.samples)))


if __name__ == "__main__":
    main()
