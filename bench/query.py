"""What questions and searches cost as an archive grows, on SQLite and PostgreSQL.

    python -m bench.query --sizes 10000,1000000 [--postgresql] [--plans] [--texts 1000000] [--words 225]

Fills an archive of each size (bench/blown_up.py), then asks each question in all of them in turn: the
median of ten. ``--texts``: so many of the articles, the newest, have a text in the index (``--words`` long,
some four letters each: 225 are an article, 40 a short notice), of which searches of some kinds are drawn
(:func:`kinds`). What is told of a search is the time to its 20 newest hits, the least of three times: of the
thread on SQLite, which other processes disturb least, and of the clock on PostgreSQL, which is one of them.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import islice
from statistics import median, quantiles

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, Engine, TextClause, text

from bench.blown_up import SYLLABLES, common, fill, written
from bench.lookup import databases
from storage.database.opening import open_database
from storage.database.upgrading import upgrade
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


def kinds(texts: int, words: int) -> dict[str, list[str]]:
    """Questions by their kind: what a person types, and what is hardest to tell from other texts."""
    chance = random.Random(5)
    there = [word for word in written(chance.randint(1, texts), 4 * SEARCHES).split() if len(word) > 1]
    pairs = [chance.sample([word for word in common() if len(word) > 1], 2) for _ in range(SEARCHES)]
    return {
        "any letters": drawn(texts, words),
        "one word": there[:SEARCHES],
        "two words": [" ".join(chance.sample(there, 2)) for _ in range(SEARCHES)],
        "two common words side by side": [f'"{" ".join(pair)}"' for pair in pairs],
        "three letters, nowhere": ["".join(chance.choices(SYLLABLES, k=3)) for _ in range(SEARCHES)],
    }


def search(connection: Connection, words: str) -> int:
    """Ask for the newest hits; how many there were."""
    return len(list(islice(newest(connection, parse(words), Bounds()), HITS)))


def milliseconds(ask: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    began = clock()
    ask()
    return (clock() - began) * 1000


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


def searched(connections: Sequence[Connection], kind: str, words: Sequence[str]) -> dict[str, list[float]]:
    """Median and 95th percentile of searches of a kind in each archive, and of those that have 20 hits in the
    smallest, and of the others."""
    clock = time.thread_time if connections[0].dialect.name == "sqlite" else time.perf_counter
    took: list[list[float]] = [[] for _ in connections]
    for one in words:
        for times, connection in zip(took, connections, strict=True):
            times.append(min(milliseconds(partial(search, connection, one), clock) for _ in range(3)))
    many = {place for place, one in enumerate(words) if search(connections[0], one) == HITS}
    groups = {"": set(range(len(words))), ", 20 hits": many, ", fewer": set(range(len(words))) - many}
    found = {}
    for name, places in groups.items():
        if len(places) > len(words) // 10:
            chosen = [[times[place] for place in places] for times in took]
            found[f"{kind}{name} ({len(places)}), median"] = [median(times) for times in chosen]
            found[f"{kind}{name} ({len(places)}), p95"] = [p95(times) for times in chosen]
    return found


def p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20)[-1]


def print_plans(engine: Engine) -> None:
    how = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    with engine.connect() as connection:
        for name, question in QUESTIONS.items():
            print(f"\n{name}")
            for line in connection.execute(text((how + question).replace(":", r"\:"))):
                print(f"  {line[-1]}")


def measured(engines: Sequence[Engine], searches: Mapping[str, Sequence[str]]) -> dict[str, list[float]]:
    """Question -> milliseconds in each archive."""
    connections = [engine.connect() for engine in engines]
    found = {name: asked(connections, question) for name, question in QUESTIONS.items()}
    for kind, words in searches.items():
        found |= searched(connections, kind, words)
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
    parser.add_argument("--words", type=int, default=225)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--plans", action="store_true")
    options = parser.parse_args()
    sizes = sorted(int(one) for one in options.sizes.split(","))
    searches = kinds(min(options.texts, sizes[0]), options.words) if options.texts else {}
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
        found = measured(engines, searches)
        Console(width=110).print(table("PostgreSQL" if options.postgresql else "SQLite", sizes, found))
        for engine in engines:
            engine.dispose()


if __name__ == "__main__":
    main()
