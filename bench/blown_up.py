"""An archive of any size, filled by the database itself: what bench.query asks.

Articles every ten minutes back from a day, each with an address, a page, a byline, rights, two revisions and
an outcome. ``INSERT ... SELECT`` from numbers, the triggers of storage/query/kept.py away meanwhile (their
columns are filled with the rows); on PostgreSQL texts by COPY and the GIN indexes made afterwards. A million
articles with texts of some 160 letters take some ten minutes on SQLite, a hundred thousand with 900 letters
two.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import psycopg
from sqlalchemy import Engine, text

from bench.bare import analyse, referring_freely, without_indexes, without_triggers
from storage.query.kst import shown
from storage.search.key import TITLE, VERSIONS, grams, key_of, numbers
from storage.search.place import PLACES, minute_of

NOON = datetime(2026, 9, 27, 3, 0, tzinfo=UTC)
BATCH = 5_000
"""Texts in one transaction."""

# --- rows ---------------------------------------------------------------------------------------------

_MOMENTS = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', '2026-09-27 03:00:00', '-' || ({}) || ' minutes')",
    "postgresql": "(timestamptz '2026-09-27 03:00:00+00' - ({}) * interval '1 minute')",
}
_NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :size)",
    "postgresql": "WITH n(i) AS (SELECT generate_series(1, CAST(:size AS integer)))",
}
_FILL = (
    "INSERT INTO source (name) VALUES ('daum')",
    "INSERT INTO publisher (id, name) {numbers} SELECT i, '매체' || i FROM n WHERE i <= 50",
    "INSERT INTO reporter (id, name, email) {numbers} "
    "SELECT i, '기자' || i, 'n' || i || '@example.com' FROM n WHERE i <= :size / 20 + 1",
    "INSERT INTO run (id, source, mode, owner, started_at, settings) {numbers} "
    "SELECT i, 'daum', 'latest', 'x', {at}, '{{}}' FROM n WHERE i <= :size / 500 + 1",
    "INSERT INTO address (id, url, source, state, first_seen_at, attempts, last_outcome, day, section) "
    "{numbers} SELECT i, 'https://v.daum.net/v/' || i, 'daum', 'settled', {at}, 0, 'stored', "
    "substr({day}, 1, 10), '사회' FROM n",
    "INSERT INTO article (id, publisher_id, title, text_id, published_at, created_at, "
    "preferred_appearance_id, byline_appearance_id) {numbers} "
    "SELECT i, i % 50 + 1, '기자' || (i / 20 + 1), CASE WHEN i <= :texts THEN i END, "
    "{at}, {at}, i, i FROM n",
    "INSERT INTO rule_set (id, digest, rules) VALUES (1, {digest}, '{{}}')",
    "INSERT INTO appearance (id, address_id, article_id, publisher_id, title, tags, published_at, section, "
    "syndicated, extractor, rules_id, content_digest, first_seen_at) {numbers} "
    "SELECT i, i, i, i % 50 + 1, '기자' || (i / 20 + 1), '[]', {at}, '사회', false, 'x', 1, {digest}, "
    "{at} FROM n",
    "INSERT INTO byline (id, appearance_id, article_id, position, name, email, raw, reporter_id) {numbers} "
    "SELECT i, i, i, 1, '기자' || (i / 20 + 1), 'n' || (i / 20 + 1) || '@example.com', "
    "'기자' || (i / 20 + 1), i / 20 + 1 FROM n",
    "INSERT INTO appearance_rights (appearance_id) {numbers} SELECT i FROM n",
    "INSERT INTO revision (id, appearance_id, content_digest, valid_from, valid_to, last_seen_at) {numbers} "
    "SELECT 2 * i, i, {digest}, {at}, {later}, {at} FROM n",
    "INSERT INTO revision (id, appearance_id, content_digest, title, valid_from, last_seen_at) {numbers} "
    "SELECT 2 * i + 1, i, {digest}, 'neu', {later}, {later} FROM n",
    "INSERT INTO outcome (run_id, address_id, outcome, reason, at) {numbers} "
    "SELECT i / 500 + 1, i, 'stored', '-', {at} FROM n",
)


def fill(engine: Engine, size: int, texts: int, words: int) -> None:
    """Fill an empty archive.

    Args:
        size: articles; texts: so many of them, the newest, have a text in the index; words: of each text.
    """
    backend = engine.dialect.name
    at = _MOMENTS[backend].format("10 * i")
    digest = "x''" if backend == "sqlite" else "''"
    said = {
        "numbers": _NUMBERS[backend],
        "digest": digest,
        "at": at,
        "later": _MOMENTS[backend].format("(10 * i - 1)"),
    }
    with referring_freely(engine), without_triggers(engine):
        with engine.begin() as connection:
            for statement in _FILL:
                filled = statement.format(**said, day=shown(at, backend))
                literal = text(_colons_kept(filled))
                asked = {"size": size, "texts": texts}
                connection.execute(literal, {name: asked[name] for name in asked if f":{name}" in filled})
        with without_indexes(engine, _INDEXES[backend]):
            _fill_index(engine, texts, words)
    analyse(engine)


def _colons_kept(statement: str) -> str:
    """Colons of times and formats are no parameters."""
    kept = statement.replace(":", r"\:")
    return kept.replace(r"\:size", ":size").replace(r"\:texts", ":texts")


_INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'search_index_grams'",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '%USING gin (%'",
}
"""Of the words. SQLite's is a table of its own: there are none."""

# --- texts --------------------------------------------------------------------------------------------

SYLLABLES = "".join(chr(0xAC00 + 28 * number) for number in range(399))
"""Those without a final consonant."""
COMMONEST = 100
"""The commonest word is then one of 170, as among the 16,000 words of two dozen saved pages of Korean papers
(2026-11-26). It was one of three: no phrase of common words could be told from their standing apart."""


@cache
def _words() -> list[str]:
    return ["".join(random.Random(n).choices(SYLLABLES, k=1 + n % 5)) for n in range(40_000)]


def common() -> list[str]:
    """The commonest words: each stands in one article of two or three."""
    return _words()[:150]


def written(number: int, words: int) -> str:
    """A text of so many words, some four letters each, as common as in a language (Zipf, Mandelbrot)."""
    chance, known = random.Random(number), _words()
    ranks = (int(COMMONEST * (chance.paretovariate(0.6) - 1)) for _ in range(words))
    return " ".join(known[rank % len(known)] for rank in ranks)


def _fill_index(engine: Engine, texts: int, words: int) -> None:
    put = _copy if engine.dialect.name == "postgresql" else _insert
    for first in range(1, texts + 1, BATCH):
        numbers = range(first, min(first + BATCH, texts + 1))
        with engine.begin() as connection:
            driver: Any = connection.connection.driver_connection
            put(driver, [_entry(number, words) for number in numbers])


_Entry = tuple[int, int, int, str, int, str]
"""Number in the index, article, minute, title, text, body."""


def _entry(number: int, words: int) -> _Entry:
    minute, title = minute_of(NOON - timedelta(minutes=10 * number)), f"기자{number // 20 + 1}"
    return minute * PLACES, number, minute, title, number, written(number, words)


def _texts(entries: list[_Entry]) -> Iterator[tuple[int, bytes, str]]:
    return ((number, number.to_bytes(32), body) for *_, number, body in entries)


def _insert(driver: sqlite3.Connection, entries: list[_Entry]) -> None:
    driver.executemany("INSERT INTO text (id, digest, body) VALUES (?, ?, ?)", list(_texts(entries)))
    driver.executemany(
        "INSERT INTO search_entry (id, article_id, minute, title, text_id, version) "
        f"VALUES (?, ?, ?, ?, ?, {VERSIONS['sqlite']})",
        [one[:5] for one in entries],
    )
    driver.executemany(
        "INSERT INTO search_index_grams (rowid, words) VALUES (?, ?)",
        [(one[0], " ".join(_grams(one[3], one[5]))) for one in entries],
    )


def _grams(title: str, body: str) -> set[str]:
    of_title = grams(key_of(title))
    return of_title | grams(key_of(body)) | {f"{TITLE}{one}" for one in of_title}


def _copy(driver: psycopg.Connection[Any], entries: list[_Entry]) -> None:
    """As lines of COPY's text format: none of these texts holds what it escapes."""
    texts = ((number, rf"\\x{digest.hex()}", body) for number, digest, body in _texts(entries))
    _copied(driver, "text (id, digest, body)", texts)
    columns = "search_entry (id, article_id, minute, title, text_id, version)"
    _copied(driver, columns, ((*one[:5], VERSIONS["postgresql"]) for one in entries))
    arrays = ((one[0], _array(numbers(key_of(one[3]), key_of(one[5])))) for one in entries)
    _copied(driver, "search_index (id, words)", arrays)


def _array(found: set[int]) -> str:
    return f"{{{','.join(map(str, sorted(found)))}}}"


def _copied(driver: psycopg.Connection[Any], into: str, rows: Iterator[tuple[Any, ...]]) -> None:
    with driver.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        copy.write("".join("\t".join(map(str, row)) + "\n" for row in rows))
