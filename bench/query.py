"""What questions cost as an archive grows: selective ones through the views, and searches.

    python -m bench.query --sizes 10000,100000,1000000 [--postgresql] [--plans] [--texts 100000]

Fills an archive of each size with synthetic rows (articles every ten minutes back from a day, with a page,
a byline, rights, two revisions and an outcome) and asks each question ten times: the median. ``--texts``:
so many of the articles have a text of some 900 letters in the index, of which searches are drawn.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, Engine, text

from storage.database.opening import open_database, upgrade
from storage.search.find import Bounds, newest
from storage.search.key import VERSION, bigrams, key_of
from storage.search.place import PLACES, minute_of
from storage.search.question import parse
from tests.postgres import database, server

NOON = datetime(2026, 9, 27, 3, 0, tzinfo=UTC)
BATCH, TIMES = 5_000, 10
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
FILL = (
    "INSERT INTO address (id, url, source, state, first_seen_at, attempts, last_outcome) "
    "VALUES (:n, :u, 'daum', 'settled', :at, 0, 'stored')",
    "INSERT INTO article (id, publisher_id, title, text_digest, published_at, created_at) "
    "VALUES (:n, :p, :who, :digest, :at, :at)",
    "INSERT INTO appearance (id, address_id, article_id, publisher_id, title, tags, published_at, section, "
    "syndicated, extractor, rules, content_digest, first_seen_at) "
    "VALUES (:n, :n, :n, :p, :who, '[]', :at, '사회', :no, 'x', '{}', 'x', :at)",
    "UPDATE article SET preferred_appearance_id = :n, byline_appearance_id = :n WHERE id = :n",
    "INSERT INTO byline (id, appearance_id, position, name, email, raw, reporter_id) "
    "VALUES (:n, :n, 1, :who, :mail, :who, :r)",
    "INSERT INTO appearance_rights (appearance_id) VALUES (:n)",
    "INSERT INTO revision (id, appearance_id, content_digest, valid_from, valid_to, last_seen_at) "
    "VALUES (:old, :n, 'a', :at, :later, :at)",
    "INSERT INTO revision (id, appearance_id, content_digest, title, valid_from, last_seen_at) "
    "VALUES (:new, :n, 'b', 'neu', :later, :later)",
    "INSERT INTO outcome (run_id, address_id, outcome, reason, at) VALUES (:run, :n, 'stored', '-', :at)",
)
RUN = (
    "INSERT INTO run (id, source, mode, owner, started_at, settings) "
    "VALUES (:n, 'daum', 'latest', 'x', :at, '{}')"
)


def row(number: int, *, plain: bool) -> dict[str, Any]:
    at = NOON - timedelta(minutes=10 * number)
    times: dict[str, Any] = {"at": at, "later": at + timedelta(minutes=1)}
    if plain:
        times = {name: moment.strftime("%Y-%m-%d %H:%M:%S.%f") for name, moment in times.items()}
    person = number // 20 + 1
    names = {"who": f"기자{person}", "mail": f"n{person}@example.com", "u": f"https://v.daum.net/v/{number}"}
    numbers = {"n": number, "p": number % 50 + 1, "r": person, "old": 2 * number, "new": 2 * number + 1}
    return {"no": False, "digest": None, "run": number // 500 + 1, **names, **numbers, **times}


def fill(engine: Engine, size: int, texts: int) -> None:
    plain = engine.dialect.name == "sqlite"
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO source (name) VALUES ('daum')"))
        some = [{"n": one, "name": f"매체{one}"} for one in range(1, 51)]
        connection.execute(text("INSERT INTO publisher (id, name) VALUES (:n, :name)"), some)
        people = [
            {"n": one, "name": f"기자{one}", "mail": f"n{one}@example.com"}
            for one in range(1, size // 20 + 2)
        ]
        connection.execute(text("INSERT INTO reporter (id, name, email) VALUES (:n, :name, :mail)"), people)
        connection.execute(text(RUN), [row(one, plain=plain) for one in range(1, size // 500 + 2)])
    for first in range(1, size + 1, BATCH):
        rows = [row(one, plain=plain) for one in range(first, min(first + BATCH, size + 1))]
        with engine.begin() as connection:
            index(connection, [one for one in rows if one["n"] <= texts])
            for statement in FILL:
                connection.execute(text(statement), rows)
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))


# --- texts ------------------------------------------------------------------------------------------

SYLLABLES = "".join(chr(0xAC00 + 28 * number) for number in range(399))
"""Those without a final consonant."""
WORDS = ["".join(random.Random(n).choices(SYLLABLES, k=1 + n % 5)) for n in range(8_000)]


def written(number: int) -> str:
    """Some 900 letters; the commonest words as common as in a language (Zipf)."""
    chance = random.Random(number)
    return " ".join(WORDS[int(chance.paretovariate(0.6)) % len(WORDS)] for _ in range(225))


def index(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    entries = []
    for one in rows:
        one["digest"] = f"digest{one['n']}"
        body = written(one["n"])
        at = NOON - timedelta(minutes=10 * one["n"])
        found = list(bigrams(key_of(body)))
        number = {"id": minute_of(at) * PLACES, "minute": minute_of(at), "version": VERSION}
        titles = list(bigrams(key_of(one["who"])))
        entries.append({**one, **number, "body": body, "found": found, "titles": titles})
    connection.execute(text("INSERT INTO text (digest, body) VALUES (:digest, :body)"), entries)
    if connection.dialect.name == "sqlite":
        joined = [
            {"id": one["id"], "t": " ".join(one["titles"]), "b": " ".join(one["found"])} for one in entries
        ]
        connection.execute(text("INSERT INTO search_index (rowid, title, body) VALUES (:id, :t, :b)"), joined)
    else:
        arrays = [{"id": o["id"], "t": sorted({*o["titles"]}), "w": sorted({*o["found"]})} for o in entries]
        connection.execute(text("INSERT INTO search_index (id, title, words) VALUES (:id, :t, :w)"), arrays)


def name_entries(engine: Engine, texts: int) -> None:
    """An entry for each text: after the articles, which it refers to."""
    insert = text(
        "INSERT INTO search_entry (id, article_id, minute, title, text_digest, version) "
        "VALUES (:id, :n, :minute, :who, :digest, :version)"
    )
    for first in range(1, texts + 1, BATCH):
        rows = []
        for number in range(first, min(first + BATCH, texts + 1)):
            minute = minute_of(NOON - timedelta(minutes=10 * number))
            known = {"id": minute * PLACES, "minute": minute, "version": VERSION, "n": number}
            rows.append({**known, "who": f"기자{number // 20 + 1}", "digest": f"digest{number}"})
        with engine.begin() as connection:
            connection.execute(insert, rows)
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))


def searched(engine: Engine, texts: int) -> list[float]:
    """Milliseconds of 200 searches for letters that stand side by side in some text: the 20 newest hits."""
    chance, took = random.Random(3), []
    with engine.connect() as connection:
        for _ in range(200):
            body = written(chance.randint(1, texts))
            start = chance.randrange(len(body) - 12)
            words = body[start : start + chance.randint(2, 10)].strip()
            if len(words) < 2:
                continue
            began = time.perf_counter()
            list(islice(newest(connection, parse(f'"{words}"'), Bounds()), 20))
            took.append((time.perf_counter() - began) * 1000)
    return took


# --- measuring --------------------------------------------------------------------------------------


def asked(connection: Connection, question: str) -> float:
    """Milliseconds, the median of some."""
    statement, took = text(question.replace(":", r"\:")), []
    connection.execute(statement).all()
    for _ in range(TIMES):
        began = time.perf_counter()
        connection.execute(statement).all()
        took.append((time.perf_counter() - began) * 1000)
    return median(took)


def measure(url: str, size: int, texts: int, *, plans: bool) -> dict[str, float]:
    upgrade(url)
    engine = open_database(url)
    fill(engine, size, texts)
    name_entries(engine, texts)
    with engine.connect() as connection:
        found = {name: asked(connection, question) for name, question in QUESTIONS.items()}
        for name, question in QUESTIONS.items() if plans else ():
            how = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
            print(f"\n{name}")
            for line in connection.execute(text((how + question).replace(":", r"\:"))):
                print(f"  {line[-1]}")
    if texts:
        took = searched(engine, texts)
        found |= {"search, median": median(took), "search, p95": quantiles(took, n=20)[-1]}
    engine.dispose()
    return found


@contextmanager
def archive(*, postgresql: bool) -> Iterator[str]:
    if not postgresql:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'archive.db'}"
        return
    with server("1GB") as running, database(running) as url:
        yield url.render_as_string(hide_password=False)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--texts", type=int, default=0)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--plans", action="store_true")
    options = parser.parse_args()
    sizes = [int(one) for one in options.sizes.split(",")]
    results = []
    for size in sizes:
        with archive(postgresql=options.postgresql) as url:
            results.append(
                measure(url, size, min(options.texts, size), plans=options.plans and size == sizes[-1])
            )
    table = Table(
        "ms, median",
        *(f"{size:,}" for size in sizes),
        "growth",
        title="PostgreSQL" if options.postgresql else "SQLite",
    )
    for name in results[0]:
        took = [one[name] for one in results]
        table.add_row(name, *(f"{one:.2f}" for one in took), f"{took[-1] / took[0]:.1f} x")
    Console().print(table)


if __name__ == "__main__":
    main()
