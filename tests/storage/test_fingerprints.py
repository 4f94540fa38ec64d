"""Fingerprints: a table of keys on SQLite, arrays of them on PostgreSQL, and the same answers."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from crawler.deduplicate.fingerprint import fingerprint, resembles
from storage.archive import fingerprints
from storage.archive.fingerprints import Found, ensure, forget, look_up
from storage.database.opening import DatabaseRefused, open_database, refusals, writing
from storage.models import TextRow
from twin.invented import paragraphs, sentence

RNG = random.Random("boilerplate")
BOILERPLATE = [sentence(RNG) for _ in range(3)]


def texts(count: int) -> Iterator[str]:
    """Invented stories; of each third one a reprint with other sentences, below most a paper's own lines."""
    for number in range(count):
        story = paragraphs(random.Random(number - number % 3))
        if number % 3:
            story[number % len(story)] = sentence(random.Random(-number))
        yield "\n".join([*story, *BOILERPLATE[: number % 4]])


def stored(engine: Engine, count: int) -> list[Any]:
    """What each text finds beside it as it is stored; of some the fingerprints are taken away again."""
    told: list[Any] = []
    for number, body in enumerate(texts(count)):
        wanted = fingerprint(body)
        with writing(engine) as session:
            row = TextRow(digest=f"{number:064d}", body=body)
            session.add(row)
            session.flush()
            told.append(found(ensure(session, row.id, wanted, resembles)[1]))
            assert found(ensure(session, row.id, wanted, resembles)[1]) == told[-1]
            if number % 7 == 0:
                forget(session, row.id, wanted)
                told.append(found(look_up(session, wanted, resembles)))
    with engine.connect() as connection:
        told.append(keys(connection))
    return told


def found(rows: Sequence[Found]) -> list[tuple[int, int]]:
    """By texts: SQLite gives a number that was taken away again."""
    return [(row.text_id, row.shared) for row in rows]


def keys(connection: Connection) -> list[tuple[int, int]]:
    asked = "SELECT key, text_id FROM fingerprint_key JOIN fingerprint ON fingerprint.id = fingerprint_id "
    return [(row.key, row.text_id) for row in connection.execute(text(f"{asked} ORDER BY 1, 2"))]


def test_both_databases_find_the_same(
    sqlite_url: str, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Common keys among them, of which a look-up says nothing; after a takedown they are written again."""
    monkeypatch.setattr(fingerprints, "COMMON", 12)
    with ExitStack() as stack:
        engines = [open_database(url) for url in (sqlite_url, postgresql_url)]
        for engine in engines:
            stack.callback(engine.dispose)
        one, other = (stored(engine, 90) for engine in engines)
    assert one == other
    postings = Counter(key for key, _ in one[-1])
    assert max(postings.values()) == 12
    assert sum(number == 12 for number in postings.values()) >= 2
    assert sum(map(bool, one[:-1])) > 40


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_look_up_asks_the_index_however_small_the_table(engine: Engine) -> None:
    """Every row's keys held against sixty of a text take 0.3 ms a row."""
    stored(engine, 3)
    with engine.begin() as connection:
        plan = "SELECT one.key, held.fingerprint_id FROM unnest(ARRAY[1, 2]::bigint[]) AS one (key), LATERAL "
        plan += "(SELECT * FROM keys_of_fingerprint AS held WHERE held.keys @> ARRAY[one.key]) AS held"
        body = connection.scalar(text("SELECT prosrc FROM pg_proc WHERE proname = 'postings_of'"))
        assert "held.keys @> ARRAY[one.key]" in body
        assert connection.scalar(text("SELECT proconfig FROM pg_proc WHERE proname = 'postings_of'")) == [
            "enable_seqscan=off"
        ]
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        told = "\n".join(connection.execute(text(f"EXPLAIN {plan}")).scalars())
    assert "ix_keys_of_fingerprint_keys" in told


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    "statement", ["INSERT INTO fingerprint_key VALUES (1, 1)", "DELETE FROM fingerprint_key"]
)
def test_who_writes_rows_of_keys_is_told_of_another_version(engine: Engine, statement: str) -> None:
    """A crawl that began before the upgrade: it must end, not take its pages for ones that fail."""
    stored(engine, 1)
    with writing(engine) as session:
        row = TextRow(digest="f" * 64, body="")
        session.add(row)
        session.flush()
        ensure(session, row.id, fingerprint(next(texts(1))), resembles)
    with pytest.raises(DatabaseRefused, match="db upgrade"), refusals(), engine.begin() as connection:
        connection.execute(text(statement))


def test_a_takedown_takes_the_keys_along(engine: Engine) -> None:
    bodies = list(texts(2))
    stored(engine, 2)
    with writing(engine) as session:
        columns = "text_id, version, letters, shingles, signature"
        session.execute(text(f"INSERT INTO fingerprint ({columns}) VALUES (2, 9, 1, 1, :s)"), {"s": b""})
        forget(session, 2, fingerprint(bodies[1]))
        assert keys(session.connection()) == []
        assert session.scalar(text("SELECT count(*) FROM fingerprint")) == 0
