"""What questions and searches cost as an archive grows, on SQLite and PostgreSQL.

    python -m bench.query --sizes 10000,1000000 [--postgresql] [--plans] [--texts 1000000] [--words 40]

Fills an archive of each size (bench/blown_up.py), then asks each question in all of them in turn: the
median of ten. ``--texts``: so many of the articles, the newest, have a text in the index (``--words`` long,
some four letters each), of which searches are drawn: letters that stand side by side in a text of every
archive. What is told of a search is the time to its 20 newest hits, the least of three times, which other
processes disturb least; ``many``: of those only that have 20 hits in the smallest archive.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from statistics import median, quantiles

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, Engine, TextClause, text

from bench.blown_up import fill, written
from bench.lookup import databases
from storage.database.opening import open_database, upgrade
from storage.search.find import Bounds, newest
from storage.search.question import parse

TIMES, SEARCHES, HITS = 10, 200, 20
QUESTIONS = {
    "a day with bylines": "SELECT a.title, b.name FROM articles a "
    "LEFT JOIN bylines b ON b.article_id = a.article_id "
    "WHERE a.published_at >= '2026-09-20' AND a.published_at < '2026-09-21'",
    "newest 20": "SELECT title, published_at FROM articles ORDER BY published_at DESC LIMIT 20",
    "a publisher's month": "SELECT title FROM articles WHERE publisher = '매체7' "
    "AND published_at >= '2026-08-27' ORDER BY published_at DESC LIMIT 50",
    "one URL": "SELECT title FROM articles WHERE url = 'https://v.daum.net/v/777'",
    "a reporter by e-mail": "SELECT title FROM reporter_articles WHERE email = 'n77@example.com'",
    "a reporter by name": "SELECT publishers, articles FROM reporters WHERE name = '기자77'",
    "changes of a day": "SELECT url, title_now FROM changes "
    "WHERE changed_at >= '2026-09-20' AND changed_at < '2026-09-21'",
    "a page's revisions": "SELECT title FROM revisions WHERE url = 'https://v.daum.net/v/777'",
    "the last runs": "SELECT started_at, listed, stored FROM runs ORDER BY started_at DESC LIMIT 20",
    "permissions of a page": "SELECT collection FROM permissions WHERE url = 'https://v.daum.net/v/777'",
    "coverage of a day": "SELECT section, listed, stored FROM coverage WHERE day = '2026-09-20'",
}


def drawn(texts: int, words: int) -> list[str]:
    """Letters that stand side by side in some text, each in quotation marks: 2 to 10 of them."""
    chance = random.Random(3)
    found: list[str] = []
    while len(found) < SEARCHES:
        body = written(chance.randint(1, texts), words)
        start = chance.randrange(len(body) - 12)
        letters = body[start : start + chance.randint(2, 10)].strip()
        if len(letters) > 1:
            found.append(f'"{letters}"')
    return found


def search(connection: Connection, words: str) -> int:
    """Ask for the newest hits; how many there were."""
    return len(list(islice(newest(connection, parse(words), Bounds()), HITS)))


def milliseconds(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def answer(connection: Connection, statement: TextClause) -> None:
    connection.execute(statement).all()


def asked(connections: Sequence[Connection], question: str) -> list[float]:
    """Milliseconds in each archive, the median of some."""
    statement = text(question.replace(":", r"\:"))
    took: list[list[float]] = [[] for _ in connections]
    for _ in range(TIMES + 1):
        for times, connection in zip(took, connections, strict=True):
            times.append(milliseconds(partial(answer, connection, statement)))
    return [median(times[1:]) for times in took]


def searched(connections: Sequence[Connection], words: Sequence[str]) -> dict[str, list[float]]:
    """Median and 95th percentile of searches in each archive."""
    took: list[list[float]] = [[] for _ in connections]
    for one in words:
        for times, connection in zip(took, connections, strict=True):
            times.append(min(milliseconds(partial(search, connection, one)) for _ in range(3)))
    many = [place for place, one in enumerate(words) if search(connections[0], one) == HITS]
    return {
        f"search, {SEARCHES} of any letters, median": [median(times) for times in took],
        "search, any letters, p95": [p95(times) for times in took],
        f"search, {len(many)} of many hits, median": [median(times[n] for n in many) for times in took],
        "search, many hits, p95": [p95([times[n] for n in many]) for times in took],
    }


def p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20)[-1]


def print_plans(engine: Engine) -> None:
    how = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    with engine.connect() as connection:
        for name, question in QUESTIONS.items():
            print(f"\n{name}")
            for line in connection.execute(text((how + question).replace(":", r"\:"))):
                print(f"  {line[-1]}")


def measured(engines: Sequence[Engine], words: Sequence[str]) -> dict[str, list[float]]:
    """Question -> milliseconds in each archive."""
    connections = [engine.connect() for engine in engines]
    found = {name: asked(connections, question) for name, question in QUESTIONS.items()}
    if words:
        found |= searched(connections, words)
    for connection in connections:
        connection.close()
    return found


def table(title: str, sizes: Sequence[int], found: dict[str, list[float]]) -> Table:
    """Milliseconds by size, and the largest archive's to the smallest's."""
    shown = Table("ms", *(f"{size:,}" for size in sizes), "growth", title=title)
    for name, took in found.items():
        shown.add_row(name, *(f"{one:.2f}" for one in took), f"{took[-1] / took[0]:.1f} x")
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--texts", type=int, default=0)
    parser.add_argument("--words", type=int, default=40)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--plans", action="store_true")
    options = parser.parse_args()
    sizes = sorted(int(one) for one in options.sizes.split(","))
    words = drawn(min(options.texts, sizes[0]), options.words) if options.texts else []
    with databases(sizes, postgresql=options.postgresql) as urls:
        engines = []
        for size in sizes:
            upgrade(urls[size])
            engines.append(open_database(urls[size]))
            began = time.perf_counter()
            fill(engines[-1], size, min(options.texts, size), options.words)
            print(f"{size:,} articles filled in {time.perf_counter() - began:.0f} s", flush=True)
        if options.plans:
            print_plans(engines[-1])
        found = measured(engines, words)
        Console(width=110).print(table("PostgreSQL" if options.postgresql else "SQLite", sizes, found))
        for engine in engines:
            engine.dispose()


if __name__ == "__main__":
    main()
