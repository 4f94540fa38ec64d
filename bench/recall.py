"""Whether a search finds what reading every text finds: recall and precision against a brute-force scan.

    python -m bench.recall demo-archive/newsarchive.db [postgresql://...] [--queries 2000]

The questions are letters that stand side by side in some text of the archive, 2 to 12 of them, across words
and lines: the same for each archive that holds the same texts.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, text

from storage.database.opening import open_readonly
from storage.search.find import Bounds, newest
from storage.search.key import key_of
from storage.search.question import parse
from storage.sqlite_file import url_of

Texts = Sequence[tuple[int, Sequence[str]]]
"""Article, and the keys of its title, subtitle and body."""


@dataclass(slots=True)
class Found:
    """Of all questions together."""

    queries: int = 0
    right: int = 0
    """Articles that hold the letters."""
    found: int = 0
    both: int = 0


def texts(connection: Connection) -> Texts:
    rows = connection.execute(text("SELECT article_id, title, subtitle, body FROM articles ORDER BY url"))
    return [(row[0], [key_of(part or "") for part in row[1:]]) for row in rows]


def drawn(scan: Texts, queries: int) -> Iterator[str]:
    """Letters of the texts; what holds a quotation mark cannot be quoted, and is drawn again."""
    chance = random.Random(11)
    everything = [part for _, parts in scan for part in parts if len(part) > 1]
    while queries:
        part = chance.choice(everything)
        start = chance.randrange(len(part) - 1)
        letters = part[start : start + chance.randint(2, 12)].strip()
        if len(letters) > 1 and '"' not in letters:
            queries -= 1
            yield letters


def measured(connection: Connection, scan: Texts, queries: int) -> Found:
    total = Found()
    for letters in drawn(scan, queries):
        right = {number for number, parts in scan if any(letters in part for part in parts)}
        found = {hit.article_id for hit in newest(connection, parse(f'"{letters}"'), Bounds())}
        total.queries += 1
        total.right += len(right)
        total.found += len(found)
        total.both += len(right & found)
    return total


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("archives", nargs="+", metavar="URL", help="SQLite files or URLs of databases")
    parser.add_argument("--queries", type=int, default=2000)
    options = parser.parse_args()
    table = Table(
        "database", "articles", "queries", "hits of a scan", "hits of search", "recall", "precision"
    )
    for archive in options.archives:
        engine = open_readonly(archive if "://" in archive else url_of(Path(archive)))
        with engine.connect() as connection:
            scan = texts(connection)
            total = measured(connection, scan, options.queries)
        name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[engine.dialect.name]
        counts = (len(scan), total.queries, total.right, total.found)
        rates = (total.both / total.right, total.both / total.found)
        table.add_row(name, *(f"{count:,}" for count in counts), *(f"{rate:.4f}" for rate in rates))
        engine.dispose()
    Console().print(table)


if __name__ == "__main__":
    main()
