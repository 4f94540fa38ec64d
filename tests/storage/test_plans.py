"""Plans: what is asked for each article or request reads no whole table and no whole source.

Held on archives of some thousand addresses with their statistics gathered: on fewer rows PostgreSQL reads
whole tables because that is cheapest.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from storage.archive.writer import Writer
from storage.database.opening import writing
from storage.frontier.frontier import Frontier
from storage.frontier.leases import this_process
from storage.frontier.runs import open_run
from storage.ledger.unshown import unshown_of_run
from storage.ledger.ways import proven
from storage.operations.slots import open_slots
from storage.records import Article, Outcome
from storage.records.discovery import Discovery
from storage.records.runs import RunSettings, Settled
from storage.search.index import misfiled
from tests.storage.samples import NOON, Desk, daum_article, unlike

ADDRESSES = 10_000
WHOLE = ("SCAN address", "SCAN capture", "Seq Scan on address", "Seq Scan on capture")
"""How SQLite's and PostgreSQL's EXPLAIN tell that a table is read from end to end."""


@pytest.fixture
def run(engine: Engine) -> int:
    """A run in an archive of many settled addresses, some of them due, some waiting."""
    number = open_run(engine, "daum", "latest", this_process("plans"), NOON, RunSettings())
    rows = [
        {
            "url": f"https://v.daum.net/v/{place:017d}",
            "state": "pending" if place % 20 == 0 else "settled",
            "seen": NOON + timedelta(seconds=place),
            "next": NOON + timedelta(days=1) if place % 3 else None,
        }
        for place in range(ADDRESSES)
    ]
    with writing(engine) as session:
        connection = session.connection()
        connection.execute(_ADDRESS, [_as_stored(engine, row) for row in rows])
        connection.execute(_CAPTURE, {"run": number})
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    return number


_ADDRESS = text(
    "INSERT INTO address (source, url, state, first_seen_at, listed_at, next_fetch_at, attempts) "
    "VALUES ('daum', :url, :state, :seen, :seen, :next, 0)"
)


_CAPTURE = text(
    "INSERT INTO capture (address_id, run_id, url, fetched_at, http_status, payload_digest, payload_length, "
    "warc_file, warc_offset, warc_length, processed_at) "
    "SELECT id, :run, url, first_seen_at, 200, 'sha1-A', 1, 'old.warc.gz', id, 1, first_seen_at FROM address"
)


def _as_stored(engine: Engine, row: dict[str, Any]) -> dict[str, Any]:
    if engine.dialect.name == "postgresql":
        return row
    return row | {key: row[key] and row[key].strftime("%Y-%m-%d %H:%M:%S.%f") for key in ("seen", "next")}


@contextmanager
def plans(engine: Engine) -> Iterator[list[tuple[str, str]]]:
    """Every statement that is run meanwhile, with its plan."""
    told: list[tuple[str, str]] = []
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "

    def ask(
        _connection: Any, cursor: Any, statement: str, parameters: Any, _context: Any, many: bool
    ) -> None:
        if many or not statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            return
        cursor.execute(explain + statement, parameters)
        told.append((statement, "\n".join(str(row[-1]) for row in cursor.fetchall())))

    event.listen(engine, "before_cursor_execute", ask)
    try:
        yield told
    finally:
        event.remove(engine, "before_cursor_execute", ask)


def read_whole(told: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [
        (statement, plan) for statement, plan in told if any(_is_whole(line) for line in plan.split("\n"))
    ]


def _is_whole(line: str) -> bool:
    return any(words in line for words in WHOLE) and "USING" not in line


def test_a_lease_a_listing_and_an_end_read_no_whole_table(engine: Engine, run: int) -> None:
    frontier = Frontier(engine)
    with plans(engine) as told:
        leased = frontier.lease(run, "daum", this_process("plans"), NOON + timedelta(hours=3), 900, 8)
        found = [(Discovery(url="https://v.daum.net/v/99990000000000001"), None)]
        frontier.discover(run, "daum", "https://news.daum.net/", found, NOON)
        ended = Settled(
            address_id=leased[0].id,
            run_id=run,
            outcome=Outcome.GONE,
            reason="404",
            at=NOON,
            capture_id=None,
            next_fetch_at=None,
        )
        frontier.settle(ended)
        frontier.take_turn("v.daum.net", this_process("plans"), NOON, 1.0, 60.0)
        frontier.unprocessed_captures("daum")
    assert len(leased) == 8
    assert [address.first_seen_at for address in leased] == sorted(
        (address.first_seen_at for address in leased), reverse=True
    )
    assert len(told) > 10
    assert read_whole(told) == []


def test_a_lease_walks_the_index_of_its_state(engine: Engine, run: int) -> None:
    with plans(engine) as told:
        Frontier(engine).lease(run, "daum", this_process("plans"), NOON + timedelta(hours=3), 900, 8)
    lease = next(plan for statement, plan in told if statement.startswith("UPDATE address"))
    assert "ix_address_waiting" in lease
    assert "ix_address_leased" in lease
    assert "ix_address_again" in lease
    if engine.dialect.name == "sqlite":
        assert "USE TEMP B-TREE FOR ORDER BY" not in lease.split("ix_address_waiting")[1].split("\n")[0]


def test_what_nobody_judged_is_found_by_its_own_index(engine: Engine, run: int) -> None:
    """With statistics SQLite went through all addresses of the source (2026-11-26)."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE capture SET processed_at = NULL WHERE id % 1000 = 0"))
    with plans(engine) as told:
        found = Frontier(engine).unprocessed_captures("daum", run)
    assert [one.id for one in found] == list(range(1000, ADDRESSES + 1, 1000))
    (_, numbers), (_, rows) = told
    assert "ix_capture_unprocessed" in numbers
    assert "ix_address_source" not in rows
    assert read_whole(told) == []


def test_a_run_that_ends_looks_at_its_own_addresses(engine: Engine, run: int) -> None:
    """Whether they are still stored: for half a day all addresses were read for it, 0.8 s in a million."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE address SET last_outcome = 'stored'"))
        connection.execute(_OUTCOME, {"run": run})
        connection.execute(text("ANALYZE"))
    with plans(engine) as told:
        lost = unshown_of_run(engine, run, lambda url: [url])
    assert lost == 20
    assert read_whole(told) == []


_OUTCOME = text(
    "INSERT INTO outcome (run_id, address_id, outcome, reason, at) "
    "SELECT :run, id, 'stored', '', first_seen_at FROM address WHERE id % 500 = 0"
)


def test_a_run_that_starts_looks_at_the_open_ones_alone(engine: Engine) -> None:
    """Of twenty thousand runs all of the source's were read for the few that have no end (2026-11-26)."""
    with writing(engine) as session:
        ended = [{"n": place, "at": NOON + timedelta(seconds=place)} for place in range(2_000)]
        rows = [row if engine.dialect.name == "postgresql" else row | {"at": str(row["at"])} for row in ended]
        session.connection().execute(text("INSERT INTO source (name) VALUES ('daum')"))
        session.connection().execute(_RUN, rows)
    open_run(engine, "daum", "latest", this_process("plans"), NOON, RunSettings())
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    with plans(engine) as told:
        open_run(engine, "daum", "latest", this_process("plans"), NOON, RunSettings())
    looked = [plan for statement, plan in told if "finished_at IS NULL" in statement]
    assert looked
    assert all("ix_run_open" in plan for plan in looked)


_RUN = text(
    "INSERT INTO run (source, mode, owner, started_at, finished_at, settings) "
    "VALUES ('daum', 'latest', 'dead', :at, :at, '{}')"
)


def test_a_page_that_is_stored_reads_no_whole_table(engine: Engine, run: int) -> None:
    with engine.begin() as connection:  # as on a portal, of whose pages each has two addresses
        connection.execute(text("UPDATE address SET alias_of_id = id - 1 WHERE id % 2 = 0"))
        connection.execute(text("ANALYZE"))
    desk = Desk(engine)
    desk.writer = Writer(engine, decide, LIKENESSES, reader=7)
    desk.store(unlike(1))
    with plans(engine) as told:
        reasons = [desk.store(page).reason for page in _stored_in_turn()]
    assert [reason.split(":")[0] for reason in reasons] == ["a new article", "joined", "same content"]
    assert len(told) > 40
    assert read_whole(told) == []


def _stored_in_turn() -> Iterator[Article]:
    """A first sight with two more addresses, the portal's copy of a page, the first sight again."""
    new = unlike(2, aliases=("https://m.fnnews.com/news/2", "https://m.fnnews.com/news/3"))
    yield new
    page = unlike(1)
    yield replace(daum_article(title=page.title), body=page.body)
    yield new


def test_a_way_is_asked_of_what_proves_it(engine: Engine) -> None:
    """Of one that never proved itself every visit of its source was looked at by each crawl (2026-11-28)."""
    with writing(engine) as session:
        connection = session.connection()
        rows = [{"n": place, "at": NOON + timedelta(seconds=place)} for place in range(2_000)]
        connection.execute(text("INSERT INTO source (name) VALUES ('daum')"))
        connection.execute(_RUN, [_seen(engine, row) for row in rows])
        connection.execute(_VISITED)
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    with plans(engine) as told:
        assert proven(engine, "daum", ["good", "bad", "none"]) == {"good"}
    assert len(told) == 3
    assert all("ix_seed_visit_proves" in plan for _, plan in told)
    assert not any("B-TREE" in plan or "Seq Scan" in plan or "Sort" in plan for _, plan in told)


def _seen(engine: Engine, row: dict[str, Any]) -> dict[str, Any]:
    return row if engine.dialect.name == "postgresql" else row | {"at": str(row["at"])}


_VISITED = text(
    "INSERT INTO seed_visit (run_id, seed, kind, outcome, reason, listed, at, way) "
    "SELECT run.id, way.name, 'feed', way.outcome, '', 5, run.started_at, way.name FROM run, "
    "(SELECT 'good' AS name, 'stored' AS outcome UNION ALL SELECT 'bad', 'gone') AS way"
)


def test_what_is_due_is_asked_of_the_slots_that_are_open(engine: Engine) -> None:
    """Where somebody gave ANALYZE, every slot of all years was read for each source at each look."""
    with writing(engine) as session:
        rows = [{"n": place, "at": NOON - timedelta(hours=place)} for place in range(2_000)]
        session.connection().execute(text("INSERT INTO source (name) VALUES ('daum')"))
        session.connection().execute(_SLOT, [_seen(engine, row) for row in rows])
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    with plans(engine) as told:
        assert [slot.due_at for slot in open_slots(engine, NOON, "daum")] == [NOON]
        assert open_slots(engine, NOON, "fnnews") == []
        assert len(open_slots(engine, NOON)) == 1
    assert all("ix_slot_open" in plan for statement, plan in told if "FROM slot" in statement)


_SLOT = text(
    "INSERT INTO slot (source, mode, due_at, origin, state, planned_at, attempts) VALUES "
    "('daum', 'latest', :at, 'cron', CASE WHEN :n = 0 THEN 'due' ELSE 'ran' END, :at, 1)"
)


def test_whether_articles_are_found_is_asked_for_all_of_a_piece(engine: Engine) -> None:
    """PostgreSQL was asked for each of 120,000 articles by itself: minutes of a verify."""
    desk = Desk(engine)
    for number in range(4):
        desk.store(unlike(number))
    index = "search_index_grams" if engine.dialect.name == "sqlite" else "search_index"
    with plans(engine) as told:
        assert misfiled(engine, 0, 10) == ([], 4)
    asked = [statement for statement, _ in told if f"FROM {index}" in statement]
    assert len(asked) == (4 if engine.dialect.name == "sqlite" else 1)
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM search_index WHERE id = (SELECT min(id) FROM search_index)"))
        assert len(misfiled(engine, 0, 10)[0]) == 1
